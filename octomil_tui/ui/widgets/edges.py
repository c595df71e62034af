"""The first, second and last line of every screen: the place, the sentence, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from textual.geometry import Size

from octomil_tui.ui.format import UNKNOWN
from octomil_tui.ui.keys_now import keys_now
from octomil_tui.ui.spans import Line, Token, fit, join, line, width, wrap
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.lines import LineWidget, Painted

LEAST = Size(40, 12)
"""Columns and rows below which panes are cut to pieces, and only lines 1 and 2 are shown."""

LEAST_FORM = Size(60, 12)
"""The same for what is filled in: nobody is to confirm what is shown in pieces."""

LEAST_CHANGE = Size(60, 16)
"""The same for a form that does not scroll."""

THIN, SLIM = 60, 80
"""Columns below which a place shows its one list alone, and below which nothing stands side by side."""

LOW, SHORT = 16, 24
"""Rows below which a place shows its one list alone, and below which a form has no blank rows."""

_MARGIN = 1
_GAP = 2
_CLOCK_GAP = 3
_KEY_GAP = 3
_LEAST_WORDS = 8
"""Words of the first line with less room than this are left out."""


class Freshness(StrEnum):
    """Whether what the screen shows is true now."""

    LIVE = "LIVE"
    STALE = "STALE"
    OFFLINE = "OFFLINE"
    FROZEN = "FROZEN"
    """The person stopped the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the first line says."""

    mark: str
    """`PROD`, `DEMO`, `STAG`."""
    org: str
    guarded: bool = True
    """Whether a mistake costs something here: production, and the demo that teaches it."""
    crumbs: str = ""
    """Where in the console: `Groups > eu-kiosks`."""
    freshness: Freshness = Freshness.OFFLINE
    age: str = UNKNOWN
    """Age of the oldest data on the screen, from `format.age`."""
    clock: str = ""
    read_only: bool = False


class PlaceLine(LineWidget):
    """Line 1: where am I, and is this true now."""

    DEFAULT_CSS = "PlaceLine { height: 1; }"
    TICKS = True

    def __init__(self, place: Place | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._place = place

    @property
    def preferred_height(self) -> int:
        return 1

    def set_place(self, place: Place) -> None:
        """Show this place."""
        if place == self._place and self._is_painted():
            return
        self._place = place
        self.repaint()

    def paint(self, width: int, height: int) -> list[Painted]:
        return [
            Painted(
                place_line(self._place, width, self.look.glyphs.live) if self._place else (), Ground.PANEL
            )
        ]


def place_line(place: Place, cells: int, dot: str) -> Line:
    """Return line 1 in `cells` cells: the mark and the freshness stay longest, the crumbs go first."""
    live = place.freshness is Freshness.LIVE
    pad = " " if live else "?"
    mark = line((f"{pad}{place.mark}{pad}", Token.PLACE if place.guarded else Token.PLACE_QUIET))
    fresh = line(
        (f"{dot} " if live else "", Token.LIVE), (_fresh_words(place), Token.LIVE if live else Token.NEEDS)
    )
    right = join([fresh, line((place.clock, Token.MUTED)) if place.clock else ()], _CLOCK_GAP)
    left = [
        line((place.org, Token.STRONG)),
        line(("READ-ONLY", Token.MUTED)) if place.read_only else (),
        line((place.crumbs, Token.MUTED)) if place.crumbs else (),
    ]
    if width(mark) + _MARGIN + _LEAST_WORDS + _GAP + width(right) + _MARGIN > cells:
        right = fresh
    room = cells - width(mark) - 2 * _MARGIN - _GAP - width(right)
    if width(join(left[:2], _GAP)) + _GAP + _LEAST_WORDS > room < width(join(left, _GAP)):
        left.pop()
    return fit(line(mark, " ", fit(join(left, _GAP), room), " " * _GAP, right, " "), cells)


def _fresh_words(place: Place) -> str:
    return place.freshness if place.freshness is Freshness.FROZEN else f"{place.freshness} {place.age}"


class Sentence(LineWidget):
    """Line 2, or as many as it takes: better or worse, in words."""

    DEFAULT_CSS = "Sentence { height: auto; }"

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines = tuple(lines)

    @property
    def preferred_height(self) -> int:
        return max(1, len(self._lines))

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Say these lines; each is cut with an ellipsis where it is too long."""
        said = tuple(lines)
        if said == self._lines and self._is_painted():
            return
        self._lines = said
        self.resized_content()

    def paint(self, width: int, height: int) -> list[Painted]:
        return [Painted(line(" ", fit(one, width - 1))) for one in self._lines]


class Bigger(LineWidget):
    """What a screen says that is too small for its panes; lines 1 and 2 go before it."""

    DEFAULT_CSS = "Bigger { height: auto; dock: bottom; display: none; }"
    _SAID = line(("make me bigger, or use: watch --plain", Token.MUTED))
    _BEFORE = 2
    """Rows of the place and the sentence."""

    @property
    def preferred_height(self) -> int:
        width, height = self.app.size
        return max(0, min(len(self._lines(width)), height - self._BEFORE))

    def _lines(self, width: int) -> list[Line]:
        return wrap([self._SAID], width - 2 * _MARGIN)

    def paint(self, width: int, height: int) -> list[Painted]:
        return [Painted(line(" " * _MARGIN, one), Ground.PANEL) for one in self._lines(width)]


class Key(NamedTuple):
    """A key that works here and now, and a word for what it does."""

    key: str
    word: str
    enabled: bool = True
    name: str = ""
    """Name of the intent that it is a key of; empty for a key that no keymap changes."""

    @property
    def now(self) -> Key:
        """The same with the key that was given to its intent, where one was."""
        given = keys_now().shown(self.name) if self.name else ""
        return self._replace(key=given) if given else self


class KeyBar(LineWidget):
    """The last line: what can be pressed, as much of it as fits."""

    DEFAULT_CSS = "KeyBar { height: 1; dock: bottom; }"

    def __init__(self, keys: Sequence[Key] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keys = tuple(keys)
        self._lead: Line = ()

    @property
    def preferred_height(self) -> int:
        return 1

    def set_keys(self, keys: Sequence[Key], lead: Line = ()) -> None:
        """Show these keys in this order, after `lead`; those that do not work now are left out."""
        shown = (tuple(one.now for one in keys), lead)
        if shown == (self._keys, self._lead) and self._is_painted():
            return
        self._keys, self._lead = shown
        self.repaint()

    def paint(self, width: int, height: int) -> list[Painted]:
        return [
            Painted(line(" " * _MARGIN, key_line(self._keys, self._lead, width - 2 * _MARGIN)), Ground.PANEL)
        ]


def key_line(keys: Sequence[Key], lead: Line, cells: int) -> Line:
    """Return as many of the enabled keys as `cells` hold, whole or not at all; the last one stays longest."""
    words = [line((key, Token.KEY), (f" {word}", Token.MUTED)) for key, word, enabled, _ in keys if enabled]
    head, tail = [lead] if lead else [], words[-1:]
    for one in words[:-1]:
        if width(join([*head, one, *tail], _KEY_GAP)) > cells:
            break
        head.append(one)
    return join([*head, *tail], _KEY_GAP)
