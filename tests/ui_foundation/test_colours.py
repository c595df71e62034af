"""That everybody can tell the colours apart: contrasts, and what people with one kind of cones less still see."""

from __future__ import annotations

import itertools
import math
from dataclasses import fields, replace

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from octomil_tui.ui.colours import CONTRAST, DARK, LIGHT, Colours, fitted, written_as
from octomil_tui.ui.palette import Palette
from octomil_tui.ui.spans import Token, line, segments
from octomil_tui.ui.theme import THEMES, Ground, look, palette_of

SETS = {"default": DARK, "contrast": CONTRAST, "light": LIGHT}
AA, LARGE, AAA = 4.5, 3.0, 7.0
"""WCAG 2.2, 1.4.3 and 1.4.6: text, large text and what is no text, enhanced."""

LEAST = {
    # What is dim does not apply, or is a zero: WCAG asks nothing of it, and it has to be seen all the same.
    "default": {Token.DIM: 2.8, Token.RULE: 1.0, Token.RED: 2.9, Token.PLACE: 4.3, Token.MUTED: 3.9},
    "contrast": {Token.RULE: LARGE},
    "light": {Token.DIM: LARGE, Token.RULE: 1.3, Token.LIGHT: AA},
}
USUAL = {"default": AA, "contrast": AAA, "light": AA}

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15(6), 2009: severity 1.0, for linear RGB.
SEEN = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
FAR = 25.0
"""Least distance in CIELAB (CIE 1976) between two meanings; 2.3 is just seen side by side."""


def linear(colour: str) -> tuple[float, float, float]:
    channels = (value / 255 for value in Color.parse(colour).get_truecolor())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in SEEN[eyes])
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_black_on_white_has_the_contrast_that_everybody_knows() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("theme", SETS)
def test_every_token_can_be_read_on_every_ground(theme: str, ground: Ground) -> None:
    for token, style in palette_of(theme).on(ground).items():
        assert style.color is not None
        assert style.bgcolor is not None
        found = contrast(style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)
        assert found >= LEAST[theme].get(token, USUAL[theme]), (token, ground, found)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("theme", SETS)
def test_fine_needs_you_and_red_differ_for_all_eyes(theme: str, eyes: str) -> None:
    colours = SETS[theme]
    for one, other in itertools.combinations((colours.fine, colours.needs, colours.red), 2):
        assert math.dist(lab(one, eyes), lab(other, eyes)) >= FAR, (one, other)


def test_red_and_green_would_not_pass() -> None:
    assert math.dist(lab("#c05030", "deuteranopia"), lab("#7c7c20", "deuteranopia")) < FAR


@pytest.mark.parametrize("theme", SETS)
def test_with_256_colours_everything_is_still_told_apart(theme: str) -> None:
    asked = fitted(SETS[theme], ColorSystem.EIGHT_BIT)
    names = [field.name for field in fields(Colours) if field.name != "dark"]
    written = {name: written_as(getattr(asked, name)).hex for name in names}
    near = replace(asked, **written)  # type: ignore[arg-type] # every field but `dark` is a text
    assert len({near.background, near.panel, near.selection}) == 3
    assert near.rule not in (near.background, near.panel)
    assert contrast(near.text, near.selection) >= AA
    assert contrast(near.dim, near.background) >= 2.8
    for eyes in SEEN:
        for one, other in itertools.combinations((near.fine, near.needs, near.red), 2):
            assert math.dist(lab(one, eyes), lab(other, eyes)) >= 20.0


def test_true_colours_stay_what_they_are() -> None:
    assert fitted(DARK, ColorSystem.TRUECOLOR) is DARK


@pytest.mark.parametrize("palette", [palette_of("ansi"), palette_of("mono")], ids=["ansi", "mono"])
def test_the_terminals_own_colours_are_asked_for_by_name(palette: Palette) -> None:
    for ground in Ground:
        for style in palette.on(ground).values():
            codes = style.render("x", color_system=ColorSystem.TRUECOLOR)
            assert "38;" not in codes
            assert "48;" not in codes


def test_mono_has_no_colour_and_still_tells_what_matters() -> None:
    styles = palette_of("mono").on(Ground.SCREEN)
    assert not palette_of("mono").has_colours
    assert all(is_colourless(style) for ground in Ground for style in palette_of("mono").on(ground).values())
    told = {
        token: attributes(styles[token])
        for token in (Token.TEXT, Token.STRONG, Token.NEEDS, Token.RED, Token.DIM)
    }
    assert len(set(told.values())) == len(told)


def is_colourless(style: Style) -> bool:
    return all(colour is None or colour.is_default for colour in (style.color, style.bgcolor))


def attributes(style: Style) -> tuple[bool, ...]:
    return tuple(bool(one) for one in (style.bold, style.dim, style.underline, style.reverse))


def test_a_terminal_with_sixteen_colours_gets_those_whatever_the_theme() -> None:
    for theme in THEMES:
        palette = look(theme=theme, colours="standard").palette
        style = palette.on(Ground.SCREEN)[Token.NEEDS]
        assert style.color is not None
        assert style.color.is_default is (theme == "mono")
        assert style.color.is_system_defined or style.color.is_default
    assert not look(theme="light", colours=None).palette.has_colours


def test_a_reversed_mark_ends_where_it_ends() -> None:
    styles = palette_of("mono").on(Ground.PANEL)
    drawn = segments(line((" PROD ", Token.PLACE), " ", ("acme", Token.STRONG)), styles)
    assert [text for text, style, _ in drawn if style is not None and style.reverse] == [" PROD "]
    drawn = segments(line(("!! bad", Token.NEEDS), "   ", ("x", Token.TEXT)), styles)
    assert [text for text, style, _ in drawn if style is not None and style.underline] == ["!! bad"]


def test_there_is_a_palette_for_every_name_and_no_other() -> None:
    assert [palette_of(theme) for theme in THEMES] == [palette_of(theme) for theme in THEMES]
    with pytest.raises(KeyError):
        palette_of("solarized")
