"""The look: which theme, on a terminal with how many colours, with which characters, and how calm.

A widget asks `look_of(app)` and keeps nothing of it: the app is told of
another theme once, and everything is drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from rich.color import ColorSystem
from textual.app import App

from octomil_tui.domain.appearance import DEFAULT_THEME, THEMES
from octomil_tui.ui.colours import CONTRAST, DARK, LIGHT, Colours, fitted
from octomil_tui.ui.glyphs import ASCII, UNICODE, Glyphs
from octomil_tui.ui.glyphs import calm as calmed
from octomil_tui.ui.palette import Ground, Palette

__all__ = [
    "ASCII",
    "DARK",
    "DEFAULT_LOOK",
    "DEFAULT_PALETTE",
    "THEMES",
    "UNICODE",
    "Colours",
    "Glyphs",
    "Ground",
    "Look",
    "Palette",
    "look",
    "look_of",
    "palette_of",
]

ANSI: Final = "ansi"
MONO: Final = "mono"
COLOURS: Final = {DEFAULT_THEME: DARK, "contrast": CONTRAST, "light": LIGHT}
"""The themes that choose their colours themselves."""

_SYSTEMS: Final = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT}


@lru_cache(maxsize=16)
def palette_of(theme: str, system: ColorSystem = ColorSystem.TRUECOLOR) -> Palette:
    """Return the palette of a theme on a terminal with so many colours; always the same object.

    With sixteen colours, whose values only the terminal knows, every theme
    that has colours is the one that is made of those sixteen.

    Raises:
        KeyError: There is no such theme.
    """
    if theme == MONO:
        return Palette.mono(_named(theme, system))
    if theme == ANSI:
        return Palette.ansi(_named(theme, system))
    colours = COLOURS[theme]
    if system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
        return Palette.of(_named(theme, system), fitted(colours, system))
    return Palette.ansi(_named(theme, system))


def _named(theme: str, system: ColorSystem) -> str:
    """Return the name by which Textual knows the palette; it has a theme of its own that is called `ansi`."""
    base = "octomil" if theme == DEFAULT_THEME else f"octomil-{theme}"
    return base if system is ColorSystem.TRUECOLOR else f"{base}-{system.name.lower().replace('_', '-')}"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """All that a widget needs to know to draw itself; never changed, only exchanged."""

    palette: Palette
    glyphs: Glyphs = UNICODE
    theme: str = DEFAULT_THEME
    """One of `THEMES`."""
    system: ColorSystem = ColorSystem.TRUECOLOR
    """How many colours the terminal has."""
    is_ascii: bool = False
    """Whether everything of our own has to be ASCII."""
    is_calm: bool = False
    """Whether nothing moves but what matters."""

    def in_theme(self, theme: str) -> Look:
        """Return the same look in another theme.

        Raises:
            KeyError: There is no such theme.
        """
        return replace(self, palette=palette_of(theme, self.system), theme=theme)

    def on(self, colours: str | None) -> Look:
        """Return the same look on a terminal with these colours.

        Args:
            colours: As rich calls them: `truecolor`, `256`, `standard`; None for none.
        """
        system = _SYSTEMS.get(colours or "", ColorSystem.STANDARD)
        theme = self.theme if colours is not None else MONO
        return replace(self, palette=palette_of(theme, system), theme=theme, system=system)

    @property
    def next_theme(self) -> str:
        """The theme after this one in the order of `THEMES`; after the last one the first."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]


DEFAULT_PALETTE: Final = palette_of(DEFAULT_THEME)
DEFAULT_LOOK: Final = Look(DEFAULT_PALETTE)


def look(
    *,
    theme: str = DEFAULT_THEME,
    ascii_only: bool = False,
    is_calm: bool = False,
    colours: str | None = "truecolor",
) -> Look:
    """Return the look of this process.

    Args:
        theme: One of `THEMES`.
        ascii_only: For terminals without box and block characters.
        is_calm: Nothing moves but what matters.
        colours: As for `Look.on`.

    Raises:
        KeyError: There is no such theme.
    """
    glyphs = ASCII if ascii_only else UNICODE
    made = Look(
        palette_of(theme), calmed(glyphs) if is_calm else glyphs, theme, is_ascii=ascii_only, is_calm=is_calm
    )
    return made.on(colours)


def look_of(app: App[Any]) -> Look:
    """Return the app's `look` attribute, or the default one where it has none."""
    found = getattr(app, "look", None)
    return found if isinstance(found, Look) else DEFAULT_LOOK
