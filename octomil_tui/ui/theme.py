"""The look: colours, and the characters that bars, rules and boxes are drawn with.

Three meanings only: needs you (orange), fine (blue), not alive (dim); red is
for the place mark and for a rollback that went wider than asked. Blue and
orange differ for every common kind of colour blindness, and no meaning is in
colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rich.style import Style
from textual.app import App
from textual.theme import Theme

from octomil_tui.ui.spans import Token


class Ground(StrEnum):
    """What a line is drawn on."""

    SCREEN = "screen"
    PANEL = "panel"
    SELECTED = "selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The characters of bars, rules and marks.

    All take one cell, but for `enter`, `arrow`, `checked` and `unchecked`: these
    stand in sentences and are words in the ASCII set.
    """

    verified: str = "█"
    on_the_way: str = "▒"
    waiting: str = "·"
    offline: str = "×"  # noqa: RUF001 - a multiplication sign is meant
    failed: str = "!"
    bounced: str = "^"
    old: str = "░"
    """What was verified when it was last known: not live."""
    rule: str = "─"
    side: str = "│"
    corners: str = "┌┐└┘"
    """Top left, top right, bottom left, bottom right."""
    cursor: str = "▌"
    below: str = "▾"
    above: str = "▴"
    live: str = "●"
    enter: str = "⏎"
    arrow: str = "→"
    times: str = "×"  # noqa: RUF001 - a multiplication sign is meant
    nothing: str = "–"  # noqa: RUF001 - an en dash is meant
    checked: str = "☑"
    unchecked: str = "☐"
    steps: str = " ▁▂▃▄▅▆▇█"
    """Heights of a sparkline, lowest first."""


UNICODE = Glyphs()
ASCII = Glyphs(
    verified="#",
    on_the_way="=",
    waiting=".",
    offline="x",
    old=":",
    rule="-",
    side="|",
    corners="++++",
    cursor=">",
    below="v",
    above="^",
    live="*",
    enter="enter",
    arrow="->",
    times="x",
    nothing="-",
    checked="[x]",
    unchecked="[ ]",
    steps=" ._-=+*%#",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The colours of one look, each `#rrggbb`."""

    background: str
    panel: str
    selection: str
    text: str
    strong: str
    muted: str
    dim: str
    fine: str
    light: str
    needs: str
    red: str
    on_red: str
    rule: str
    accent: str
    """The background of a chosen button."""
    dark: bool = True


DARK = Colours(
    background="#0e1216",
    panel="#131920",
    selection="#1d3347",
    text="#d5dce4",
    strong="#ffffff",
    muted="#8290a0",
    dim="#56616e",
    fine="#5aa9e6",
    light="#9fd0f5",
    needs="#ffb347",
    red="#d64550",
    on_red="#ffffff",
    rule="#2f3a46",
    accent="#2f5f8f",
)


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """The rich style of every token on every ground.

    Compared by identity: a widget that sees another palette redraws everything.
    """

    name: str
    colours: Colours
    _styles: Mapping[Ground, Mapping[Token, Style]]

    @classmethod
    def of(cls, name: str, colours: Colours) -> Palette:
        """Return the palette of these colours."""
        grounds = {
            Ground.SCREEN: colours.background,
            Ground.PANEL: colours.panel,
            Ground.SELECTED: colours.selection,
        }
        styles = {ground: _styles(colours, ground, behind) for ground, behind in grounds.items()}
        return cls(name, colours, MappingProxyType(styles))

    def on(self, ground: Ground) -> Mapping[Token, Style]:
        """Return the style of each token on `ground`, background included."""
        return self._styles[ground]

    def theme(self) -> Theme:
        """Return the Textual theme that belongs to the palette, for the widgets that Textual draws."""
        colours = self.colours
        return Theme(
            name=self.name,
            primary=colours.fine,
            secondary=colours.light,
            warning=colours.needs,
            error=colours.needs,
            success=colours.fine,
            accent=colours.accent,
            foreground=colours.text,
            background=colours.background,
            surface=colours.background,
            panel=colours.panel,
            dark=colours.dark,
            variables={
                "octo-panel": colours.panel,
                "octo-selection": colours.selection,
                "octo-strong": colours.strong,
                "octo-muted": colours.muted,
                "octo-dim": colours.dim,
                "octo-fine": colours.fine,
                "octo-light": colours.light,
                "octo-needs": colours.needs,
                "octo-red": colours.red,
                "octo-rule": colours.rule,
                "octo-accent": colours.accent,
            },
        )


def _styles(colours: Colours, ground: Ground, behind: str) -> Mapping[Token, Style]:
    # Dim text would drown in the colour of the selected row.
    dim = colours.muted if ground is Ground.SELECTED else colours.dim
    styles = {
        Token.TEXT: Style(color=colours.text, bgcolor=behind),
        Token.STRONG: Style(color=colours.strong, bgcolor=behind, bold=True),
        Token.MUTED: Style(color=colours.muted, bgcolor=behind),
        Token.DIM: Style(color=dim, bgcolor=behind),
        Token.FINE: Style(color=colours.fine, bgcolor=behind),
        Token.LIVE: Style(color=colours.fine, bgcolor=behind, bold=True),
        Token.LIGHT: Style(color=colours.light, bgcolor=behind),
        Token.KEY: Style(color=colours.light, bgcolor=behind, bold=True),
        Token.NEEDS: Style(color=colours.needs, bgcolor=behind, bold=True),
        Token.NOTICE: Style(color=colours.needs, bgcolor=behind),
        Token.RED: Style(color=colours.red, bgcolor=behind, bold=True),
        Token.PLACE: Style(color=colours.on_red, bgcolor=colours.red, bold=True),
        Token.PLACE_QUIET: Style(color=colours.strong, bgcolor=colours.accent, bold=True),
        Token.RULE: Style(color=colours.rule, bgcolor=behind),
        Token.SELECTED: Style(color=colours.strong, bgcolor=colours.accent, bold=True),
    }
    return MappingProxyType(styles)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A palette and a set of glyphs: all that a widget needs to know to draw itself."""

    palette: Palette
    glyphs: Glyphs = UNICODE


DEFAULT_PALETTE = Palette.of("octomil", DARK)
DEFAULT_LOOK = Look(DEFAULT_PALETTE)


def look(*, ascii_only: bool) -> Look:
    """Return the look of this process; `ascii_only` for terminals without box and block characters."""
    return Look(DEFAULT_PALETTE, ASCII) if ascii_only else DEFAULT_LOOK


def look_of(app: App[Any]) -> Look:
    """Return the app's `look` attribute, or the default one where it has none."""
    found = getattr(app, "look", None)
    return found if isinstance(found, Look) else DEFAULT_LOOK
