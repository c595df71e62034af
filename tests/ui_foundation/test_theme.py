from __future__ import annotations

from dataclasses import fields

import pytest
from rich.cells import cell_len
from textual.app import App

from octomil_tui.ui.spans import Token
from octomil_tui.ui.theme import (
    ASCII,
    DARK,
    DEFAULT_LOOK,
    DEFAULT_PALETTE,
    UNICODE,
    Colours,
    Glyphs,
    Ground,
    Look,
    look,
    look_of,
)

MAY_BE_WORDS = {"enter", "arrow", "checked", "unchecked"}


@pytest.mark.parametrize("ground", Ground)
def test_every_token_has_a_style_on_every_ground(ground: Ground) -> None:
    styles = DEFAULT_PALETTE.on(ground)
    assert set(styles) == set(Token)
    assert all(style.color and style.bgcolor for style in styles.values())


def test_nothing_is_drawn_in_the_colour_behind_it() -> None:
    for ground in Ground:
        assert all(style.color != style.bgcolor for style in DEFAULT_PALETTE.on(ground).values())


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_marks_take_one_cell(glyphs: Glyphs) -> None:
    for field in fields(Glyphs):
        value = getattr(glyphs, field.name)
        if field.name == "grain":
            continue
        cells = {"corners": 4, "steps": 9}.get(field.name, 1)
        assert cell_len(value) == cells or (field.name in MAY_BE_WORDS and glyphs is ASCII)


def test_ascii_is_ascii() -> None:
    assert all(getattr(ASCII, field.name).isascii() for field in fields(Glyphs) if field.name != "grain")


def test_the_fills_of_a_bar_differ_without_colour() -> None:
    for glyphs in (UNICODE, ASCII):
        fills = (
            glyphs.verified,
            glyphs.on_the_way,
            glyphs.waiting,
            glyphs.offline,
            glyphs.failed,
            glyphs.bounced,
        )
        assert len(set(fills)) == len(fills)


def test_the_theme_carries_every_colour_of_the_look_into_css() -> None:
    app: App[None] = App()
    app.register_theme(DEFAULT_PALETTE.theme())
    app.theme = DEFAULT_PALETTE.name
    variables = app.get_css_variables()
    for name in (
        "panel",
        "selection",
        "strong",
        "muted",
        "dim",
        "fine",
        "light",
        "needs",
        "red",
        "rule",
        "accent",
    ):
        assert variables[f"octo-{name}"] == getattr(DARK, name)
    assert variables["background"].lower() == DARK.background


def test_an_app_may_bring_its_look() -> None:
    app: App[None] = App()
    assert look_of(app) is DEFAULT_LOOK
    mine = look(ascii_only=True)
    app.look = mine  # type: ignore[attr-defined]
    assert look_of(app) is mine
    assert isinstance(mine, Look)
    assert mine.glyphs is ASCII


def test_colours_are_hexadecimal() -> None:
    for field in fields(Colours):
        value = getattr(DARK, field.name)
        assert isinstance(value, bool) or (len(value) == 7 and value.startswith("#"))
