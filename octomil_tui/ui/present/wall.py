"""What the dashboard says, as values; `dashboard` fills them and `dashboard_layout` draws them."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.ui.bars import Kind
from octomil_tui.ui.spans import Line, Token


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group; its texts are safe to show."""

    label: str
    done: int
    devices: int
    segments: tuple[tuple[int, Kind], ...]
    words: Line = ()
    """What the bar does not tell."""


@dataclass(frozen=True, slots=True)
class Count:
    """One of the counts that add up to the number's total."""

    number: int
    words: str
    token: Token = Token.TEXT
    is_fixed: bool = True
    """Whether it is shown while it is zero, so that nothing moves when it no longer is."""
    beside: tuple[int, str] | None = None
    """Another count with its words, in the same row."""

    @property
    def total(self) -> int:
        """Both counts of the row together."""
        return self.number + (self.beside[0] if self.beside is not None else 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the devices that the wall is about; its texts are safe to show."""

    name: str
    now: str
    token: Token = Token.TEXT
    """How loud it is said now."""
    usual: str = ""
    """What is usual, in the same unit; empty where nobody tells."""
    going: Line = ()
    """Where it goes, as a word."""
    was: str = ""
    """What it was when the rollback began; empty where none did, or nobody measured."""
    peak: str = ""
    """The worst that it came to since then, and just before."""


@dataclass(frozen=True, slots=True)
class Signal:
    """How the devices do that the wall is about."""

    figures: tuple[Figure, ...]
    """The one that needs somebody first."""
    since: str = ""
    """The moment of `was`, as a clock; empty without one."""
    verdict: Line = ()
    """Whether it helps, in two or three words."""


@dataclass(frozen=True, slots=True)
class Wall:
    """What the dashboard says, before it is known how large it is; its texts are safe to show."""

    verb: str
    token: Token = Token.STRONG
    """How loud the verb is."""
    about: Line = ()
    """The model and the way it goes."""
    done: int = 0
    of: int = 0
    """The number is `done` of `of`; none is shown for 0."""
    counts: tuple[Count, ...] = ()
    segments: tuple[tuple[int, Kind], ...] = ()
    who: Line = ()
    """Who began it, when and why."""
    notes: tuple[Line, ...] = ()
    """What is worth a glance, and when it ends."""
    groups: tuple[GroupRow, ...] = ()
    untouched: Line = ()
    """The groups that have nothing to do with it."""
    others: tuple[Line, ...] = ()
    """The models that it is not about, a clause each."""
    others_title: str = "OTHER MODELS"
    signal: Signal | None = None
    """None where nobody tells figures, or told none lately."""
    rest: str = "farther ahead"
    """What those groups are that have no room."""
    fired: tuple[Line, ...] = ()
    """What fired, and what was done about it: right below the verb."""
    is_bad: bool = False
    """Whether what the number and the bars count is what is wrong."""
    about_rollback: bool = False
    """Whether a rollback runs, which goes on without this screen."""
