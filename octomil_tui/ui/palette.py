"""The style of every token on every ground, in colours, in the terminal's own sixteen, and without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rich.style import Style
from textual.theme import Theme

from octomil_tui.ui.colours import Colours
from octomil_tui.ui.spans import Token


class Ground(StrEnum):
    """What a line is drawn on."""

    SCREEN = "screen"
    PANEL = "panel"
    SELECTED = "selected"


Styles = Mapping[Token, Style]

_DEFAULT = "default"
"""The terminal's own colour of text, or of what is behind it."""

_VARIABLES = (
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
)


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """The rich style of every token on every ground.

    Compared by identity: a widget that sees another palette redraws everything.
    """

    name: str
    _styles: Mapping[Ground, Styles]
    _theme: Theme
    has_colours: bool = True
    """Whether anything is told by colour; else by bold, underline, reverse and dim alone."""

    @classmethod
    def of(cls, name: str, colours: Colours) -> Palette:
        """Return the palette of these colours."""
        grounds = {
            Ground.SCREEN: colours.background,
            Ground.PANEL: colours.panel,
            Ground.SELECTED: colours.selection,
        }
        styles = {ground: _styles(colours, ground, behind) for ground, behind in grounds.items()}
        return cls(name, MappingProxyType(styles), _theme(name, colours))

    @classmethod
    def ansi(cls, name: str) -> Palette:
        """Return the palette of the terminal's own sixteen colours, on its own background.

        Nothing is drawn in black, white or grey, which one or the other
        terminal has for its background: dim is an attribute, and the row under
        the cursor is reversed.
        """
        styles = {ground: _on(ground, _ANSI) for ground in Ground}
        return cls(name, MappingProxyType(styles), _terminal_theme(name, _ANSI_THEME))

    @classmethod
    def mono(cls, name: str) -> Palette:
        """Return the palette without any colour."""
        styles = {ground: _on(ground, _MONO) for ground in Ground}
        return cls(name, MappingProxyType(styles), _terminal_theme(name, {}), has_colours=False)

    @property
    def is_of_terminal(self) -> bool:
        """Whether the terminal decides what its colours look like."""
        return self._theme.ansi

    def on(self, ground: Ground) -> Styles:
        """Return the style of each token on `ground`, background included."""
        return self._styles[ground]

    def theme(self) -> Theme:
        """Return the Textual theme that belongs to the palette, for the widgets that Textual draws."""
        return self._theme


def _styles(colours: Colours, ground: Ground, behind: str) -> Styles:
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


_ANSI: Styles = {
    Token.TEXT: Style(),
    Token.STRONG: Style(bold=True),
    Token.MUTED: Style(),
    Token.DIM: Style(dim=True),
    Token.FINE: Style(color="bright_blue"),
    Token.LIVE: Style(color="bright_blue", bold=True),
    Token.LIGHT: Style(color="cyan"),
    Token.KEY: Style(color="cyan", bold=True),
    Token.NEEDS: Style(color="yellow", bold=True),
    Token.NOTICE: Style(color="yellow"),
    Token.RED: Style(color="red", bold=True),
    Token.PLACE: Style(color="red", bold=True, reverse=True),
    Token.PLACE_QUIET: Style(color="blue", bold=True, reverse=True),
    Token.RULE: Style(dim=True),
    Token.SELECTED: Style(bold=True, reverse=True),
}
_MONO: Styles = {
    Token.TEXT: Style(),
    Token.STRONG: Style(bold=True),
    Token.MUTED: Style(),
    Token.DIM: Style(dim=True),
    Token.FINE: Style(),
    Token.LIVE: Style(bold=True),
    Token.LIGHT: Style(),
    Token.KEY: Style(bold=True),
    Token.NEEDS: Style(bold=True, underline=True),
    Token.NOTICE: Style(underline=True),
    Token.RED: Style(bold=True, reverse=True),
    Token.PLACE: Style(bold=True, reverse=True),
    Token.PLACE_QUIET: Style(bold=True, reverse=True),
    Token.RULE: Style(dim=True),
    Token.SELECTED: Style(bold=True, reverse=True),
}


def _on(ground: Ground, styles: Styles) -> Styles:
    """Return the styles on one ground of a terminal whose colours nobody knows."""
    base = Style(color=_DEFAULT, bgcolor=_DEFAULT)
    if ground is not Ground.SELECTED:
        return MappingProxyType({token: base + style for token, style in styles.items()})
    # Reversed, every colour has the terminal's own background as its letters, and none of them drowns.
    row = base + Style(reverse=True)
    marked = {Token.NEEDS, Token.NOTICE, Token.RED}
    found = {
        token: row + (style if token in marked else style.without_color + Style(dim=False))
        for token, style in styles.items()
    }
    return MappingProxyType(found)


def _theme(name: str, colours: Colours) -> Theme:
    return Theme(
        name=name,
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
        variables={f"octo-{one}": getattr(colours, one) for one in _VARIABLES},
    )


_ANSI_THEME = {
    "octo-muted": "ansi_default",
    "octo-fine": "ansi_bright_blue",
    "octo-light": "ansi_cyan",
    "octo-needs": "ansi_yellow",
    "octo-red": "ansi_red",
}


def _terminal_theme(name: str, variables: Mapping[str, str]) -> Theme:
    """Return the theme of what Textual draws on a terminal whose colours nobody knows."""
    own = "ansi_default"
    return Theme(
        name=name,
        ansi=True,
        primary=own,
        secondary=own,
        warning=variables.get("octo-needs", own),
        error=variables.get("octo-needs", own),
        success=variables.get("octo-fine", own),
        accent=own,
        foreground=own,
        background=own,
        surface=own,
        panel=own,
        boost=own,
        variables={
            **{f"octo-{one}": own for one in _VARIABLES},
            **variables,
            "ansi-background": own,
            "ansi-foreground": own,
            "border": own,
            "border-blurred": own,
            "block-cursor-foreground": own,
            "block-cursor-background": own,
            "block-cursor-text-style": "bold reverse",
            "block-cursor-blurred-foreground": own,
            "block-cursor-blurred-background": own,
            "block-cursor-blurred-text-style": "bold reverse",
            "block-hover-background": own,
            "input-cursor-background": own,
            "input-cursor-foreground": own,
            "input-cursor-text-style": "reverse",
            "input-selection-background": own,
            "input-selection-foreground": own,
            "scrollbar": own,
            "scrollbar-hover": own,
            "scrollbar-active": own,
            "scrollbar-background": own,
            "scrollbar-background-hover": own,
            "scrollbar-background-active": own,
            "scrollbar-corner-color": own,
            "screen-selection-background": own,
            "screen-selection-foreground": own,
        },
    )
