"""One sheet for each look: every screen at 80x24 as the terminal shows it, in one small SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME
from textual.app import App

from octomil_tui.ui.theme import THEMES, Look, look

SIZE: Final = (80, 24)
ASCII: Final = "ascii"
"""The look without a colour and without anything but ASCII: the least that a terminal can show."""

LOOKS: Final[Mapping[str, Look]] = {
    **{theme: look(theme=theme) for theme in THEMES},
    ASCII: look(theme="mono", ascii_only=True),
}
"""Every look that has a sheet, by its name."""

_WIDE, _HIGH, _GAP, _COLUMNS = 6, 12, 14, 3
_INK, _PAPER = "#d4d4d4", "#0c0c0c"
"""What stands for the colours of a terminal that nobody knows."""

_TILE: Final = re.compile(r'<g id="([^"]+)"[^\n]*\n(.*?)</g>', re.DOTALL)
_STYLE: Final = re.compile(r"\.(s\d+)\{([^}]*)\}")

Run = tuple[int, str, Style]
"""A column, a text without styles within, and its style."""


@dataclass(slots=True)
class Sheet:
    """Tiles of one look, and the styles that they share."""

    styles: dict[str, str] = field(default_factory=dict)
    """CSS of each style by its class."""
    tiles: dict[str, str] = field(default_factory=dict)
    """What is drawn of each scene, by its name."""

    @classmethod
    def read(cls, svg: str) -> Sheet:
        """Return a sheet that was written."""
        css = svg.partition("white-space:pre}")[2].partition("</style>")[0]
        tiles = dict(_TILE.findall(svg))
        return cls(dict(_STYLE.findall(css)), tiles)

    def tile(self, app: App[Any]) -> str:
        """Return what an app shows now, in the styles of this sheet."""
        return "".join(self._rows(app))

    def _rows(self, app: App[Any]) -> Iterable[str]:
        screen = app.screen
        for y, strip in enumerate(screen._compositor.render_strips(screen.size)):  # noqa: SLF001 - as a picture is made
            x, runs = 0, []
            for text, style, _ in strip:
                runs.append((x, text, style or Style()))
                x += cell_len(text)
            yield from _grounds(y, runs)
            drawn = "".join(
                f'<tspan x="{column * _WIDE}" class="{self._class(style)}">{escape(text.rstrip(), quote=False)}</tspan>'
                for column, text, style in _inked(runs)
            )
            if drawn:
                yield f'<text y="{y * _HIGH + 9}">{drawn}</text>'

    def _class(self, style: Style) -> str:
        css = f"fill:{_colours(style)[0]}"
        css += ";font-weight:bold" if style.bold else ""
        css += ";text-decoration:underline" if style.underline else ""
        css += ";opacity:.6" if style.dim else ""
        return next((key for key, known in self.styles.items() if known == css), None) or self._new(css)

    def _new(self, css: str) -> str:
        name = f"s{len(self.styles)}"
        self.styles[name] = css
        return name

    def svg(self, title: str) -> str:
        """Return the sheet."""
        rows = -(-len(self.tiles) // _COLUMNS)
        wide, high = SIZE[0] * _WIDE + _GAP, SIZE[1] * _HIGH + 2 * _GAP
        css = "".join(f".{name}{{{style}}}" for name, style in self.styles.items())
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {_COLUMNS * wide + _GAP} {rows * high + _GAP}">'
            f"<title>octomil-console: {title}</title>"
            f"<style>text{{font:10px 'DejaVu Sans Mono',monospace;white-space:pre}}{css}</style>"
            '<rect width="100%" height="100%" fill="#444"/>'
        )
        parts = [head]
        for place, (name, tile) in enumerate(self.tiles.items()):
            x, y = _GAP + place % _COLUMNS * wide, 2 * _GAP + place // _COLUMNS * high
            parts.append(
                f'<g id="{name}" transform="translate({x} {y})">'
                f'<text y="-3" fill="#fff">{title}: {name}</text>\n{tile}</g>'
            )
        return "\n".join([*parts, "</svg>\n"])


def _inked(runs: Iterable[Run]) -> list[Run]:
    """Return the runs that show something beside their ground; what is drawn alike and side by side is one."""
    joined: list[Run] = []
    for x, text, style in runs:
        if joined and joined[-1][2] == style and joined[-1][0] + cell_len(joined[-1][1]) == x:
            joined[-1] = (joined[-1][0], joined[-1][1] + text, style)
        else:
            joined.append((x, text, style))
    return [
        (x + len(text) - len(text.lstrip(" ")), text.lstrip(" "), style)
        for x, text, style in joined
        if text.strip(" ")
    ]


def _grounds(y: int, runs: Iterable[Run]) -> Iterable[str]:
    start, ground = 0, ""
    for x, _, style in [*runs, (SIZE[0], "", Style(bgcolor="#000001"))]:
        paper = _colours(style)[1]
        if paper != ground:
            if x > start:
                yield f'<rect x="{start * _WIDE}" y="{y * _HIGH}" width="{(x - start) * _WIDE}" height="{_HIGH}" fill="{ground}"/>'
            start, ground = x, paper


def _colours(style: Style) -> tuple[str, str]:
    ink, paper = _hex(style.color, _INK), _hex(style.bgcolor, _PAPER)
    return (paper, ink) if style.reverse else (ink, paper)


def _hex(colour: Color | None, default: str) -> str:
    if colour is None or colour.is_default:
        return default
    return colour.get_truecolor(SVG_EXPORT_THEME).hex
