"""Bars that tell the truth in a few cells.

Whole cells only, since block fractions look full too early: what is verified is
rounded down, what is left over always keeps a cell, and a class with a single
device is still seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from octomil_tui.ui.spans import Line, Span, Token
from octomil_tui.ui.theme import UNICODE, Glyphs


class Kind(StrEnum):
    """What a device of the bar is doing."""

    VERIFIED = "verified"
    ON_THE_WAY = "on_the_way"
    WAITING = "waiting"
    OFFLINE = "offline"
    FAILED = "failed"
    BOUNCED = "bounced"


_TOKENS: Mapping[Kind, Token] = {
    Kind.VERIFIED: Token.FINE,
    Kind.ON_THE_WAY: Token.LIGHT,
    Kind.WAITING: Token.DIM,
    Kind.OFFLINE: Token.NEEDS,
    Kind.FAILED: Token.NEEDS,
    Kind.BOUNCED: Token.NEEDS,
}
_URGENCY = (Kind.FAILED, Kind.BOUNCED, Kind.OFFLINE, Kind.WAITING, Kind.ON_THE_WAY, Kind.VERIFIED)
"""Which classes get the cells of a bar that is narrower than it has classes."""


def token_of(kind: Kind) -> Token:
    """Return the token that a class of the bar and its number in the sentence share."""
    return _TOKENS[kind]


def bar(parts: Sequence[tuple[int, Kind]], total: int, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """Return a bar of exactly `width` cells, the parts in the order given.

    Args:
        parts: Counts of devices with their class; each class at most once.
        total: The devices that the bar stands for. What the parts leave over
            is drawn as waiting; parts that exceed it share the bar.
        width: Cells to fill.
        glyphs: The characters to draw with.
    """
    if total <= 0 or width <= 0:
        return (Span(" " * width),) if width > 0 else ()
    counts = {kind: count for count, kind in parts if count > 0}
    rest = total - sum(counts.values())
    if rest > 0:
        counts[Kind.WAITING] = counts.get(Kind.WAITING, 0) + rest
    seen = sorted(counts, key=_URGENCY.index)[:width]
    shown = {kind: count for kind, count in counts.items() if kind in seen}
    cells = _cells_of_kinds(shown, width, glyphs.grain)
    return tuple(Span(_glyph(kind, glyphs) * cells[kind], _TOKENS[kind]) for kind in shown)


def _cells_of_kinds(counts: Mapping[Kind, int], width: int, grain: int) -> Mapping[Kind, int]:
    verified = counts.get(Kind.VERIFIED, 0)
    others = [kind for kind in counts if kind is not Kind.VERIFIED]
    if not others:
        return {Kind.VERIFIED: width}
    full = _grown(verified, sum(counts.values()), width, grain)
    sure = min(max(full, 1), width - len(others)) if verified else 0
    spread = proportions([counts[kind] for kind in others], width - sure)
    return {Kind.VERIFIED: sure, **dict(zip(others, spread, strict=True))}


def _grown(count: int, total: int, width: int, grain: int) -> int:
    """Return how many cells `count` of `total` fills, rounded down to a step where bars grow in steps."""
    if 0 < grain < width:
        return width * (grain * count // total) // grain
    return width * count // total


def proportions(counts: Sequence[int], width: int) -> list[int]:
    """Return how many of `width` cells each count gets, by largest remainder.

    Every count above zero gets at least one cell where there are enough.
    """
    total = sum(counts)
    if total <= 0 or width <= 0:
        return [0] * len(counts)
    present = sum(1 for count in counts if count > 0)
    least = 1 if present <= width else 0
    cells = [max(least, width * count // total) if count > 0 else 0 for count in counts]
    while (surplus := sum(cells) - width) > 0:
        # Only the smallest classes were lifted to one cell, so the widest can give some back.
        widest = max(range(len(cells)), key=cells.__getitem__)
        cells[widest] -= min(surplus, max(1, cells[widest] - least - 1))
    by_remainder = sorted(
        (index for index, count in enumerate(counts) if count > 0),
        key=lambda index: width * counts[index] / total - cells[index],
        reverse=True,
    )
    missing = width - sum(cells)
    for step in range(missing):
        cells[by_remainder[step % len(by_remainder)]] += 1
    return cells


def stack(parts: Sequence[tuple[int, str, Token]], width: int) -> Line:
    """Return a bar of `width` cells of free parts: `(count, glyph, token)`, such as versions in a group."""
    cells = proportions([count for count, _, _ in parts], width)
    spans = tuple(Span(glyph * n, token) for (_, glyph, token), n in zip(parts, cells, strict=True) if n)
    return spans or ((Span(" " * width),) if width > 0 else ())


def share_bar(share: float, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """Return `████······`: a rollout's share, never full before it is and never empty once it began."""
    if width <= 0:
        return ()
    known = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
    steps = glyphs.grain if 0 < glyphs.grain < width else width
    full = width * int(known * steps + _EPSILON) // steps
    cells = min(full, width if known >= 1 else width - 1)
    cells = max(cells, 1) if known > 0 and width > 1 else cells
    return (Span(glyphs.verified * cells, Token.FINE), Span(glyphs.waiting * (width - cells), Token.DIM))


_EPSILON = 1e-9
"""0.29 * 100 is 28.999999999999996; the floor of it has to be 29."""


def percent(share: float) -> str:
    """Return the share as `40%`, rounded down, so that 100% is never shown early; `?` for no number."""
    if not math.isfinite(share):
        return "?"
    whole = math.floor(max(share, 0.0) * 100 + _EPSILON)
    return f"{min(whole, 99) if share < 1 else whole}%"


def _glyph(kind: Kind, glyphs: Glyphs) -> str:
    match kind:
        case Kind.VERIFIED:
            return glyphs.verified
        case Kind.ON_THE_WAY:
            return glyphs.on_the_way
        case Kind.WAITING:
            return glyphs.waiting
        case Kind.OFFLINE:
            return glyphs.offline
        case Kind.FAILED:
            return glyphs.failed
        case Kind.BOUNCED:
            return glyphs.bounced
