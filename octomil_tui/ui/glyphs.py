"""The characters that bars, rules and boxes are drawn with."""

from __future__ import annotations

from dataclasses import dataclass, replace

CALM_STEPS = 20
"""Steps in which a bar of a calm screen grows: 5 % each."""


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
    moving: str = "▓"
    """On the version of a rollout that is under way, beside those that are not."""
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
    grain: int = 0
    """Steps in which a bar grows; 0 for as many as it has cells."""


UNICODE = Glyphs()
ASCII = Glyphs(
    verified="#",
    on_the_way="=",
    waiting=".",
    offline="x",
    moving="%",
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


def calm(glyphs: Glyphs) -> Glyphs:
    """Return the same characters, with bars that grow in steps of 5 %."""
    return replace(glyphs, grain=CALM_STEPS)
