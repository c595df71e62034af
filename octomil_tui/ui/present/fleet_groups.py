"""The lines of the device groups on the Fleet screen and in the list of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.overview import GroupFacts, ModelFacts
from octomil_tui.domain.text import clean
from octomil_tui.ui.bars import stack
from octomil_tui.ui.present.words import counts, dim, muted, name, number
from octomil_tui.ui.spans import Line, Token
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_NEARLY = 100
"""Where no more than one device in so many was not counted, the figures of a group stand for all of it."""

_GROUP_BAR = 8
_WIDE_GROUP_BAR = 24


def group_columns(about: str | None, facts: Sequence[GroupFacts] = (), *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the groups' table, wide enough for the numbers of these.

    Args:
        about: The raw name of the model that is counted.
        facts: The groups.
        wide: Whether there is room.
    """
    most = max((len(f"{one.devices or 0:,}") for one in facts), default=0)
    title = f"{clean(about)} is on" if about is not None else ""
    return (
        Column("group", "GROUP", 14 if wide else 10, sort_value=0),
        Column("devices", "DEV", max(5, most), "right", gap=1, sort_value=1),
        Column("online", "ON", max(4, most), "right", gap=1, sort_value=2),
        Column("stale", "STALE", 6, "right", gap=1, priority=2, sort_value=3),
        Column("offline", "OFF", 4, "right", gap=1, priority=1, sort_value=4),
        Column("revoked", "REVOKED", 7, "right", gap=3 if wide else 2, priority=4),
        Column("bar", title, _WIDE_GROUP_BAR if wide else _GROUP_BAR, priority=3),
        Column("versions", "", 0, priority=3),
    )


def group_row(facts: GroupFacts, model: ModelFacts | None, glyphs: Glyphs, *, wide: bool) -> Row:
    """Return a group's line; of one that was not read whole, only what the service itself counts."""
    by_state = facts.by_connectivity
    if facts.uncounted * _NEARLY > (facts.devices or 0):
        read = (facts.devices or 0) - facts.uncounted
        some = f"{read:,} counted so far" if read else "not counted yet"
        unknown = (dim(),) * 4
        return Row(
            facts.key,
            (name(facts.label), number(facts.devices, Token.STRONG), *unknown, (), muted(some)),
            (facts.label, facts.devices, None, None, None),
        )
    width = _WIDE_GROUP_BAR if wide else _GROUP_BAR
    offline = by_state.get(Connectivity.OFFLINE, 0)
    return Row(
        facts.key,
        (
            name(facts.label),
            number(facts.devices, Token.STRONG),
            number(by_state.get(Connectivity.ONLINE, 0)),
            number(by_state.get(Connectivity.STALE, 0)),
            number(offline, Token.NEEDS if facts.silent else Token.TEXT),
            number(by_state.get(Connectivity.REVOKED, 0)),
            _version_bar(facts.by_version, model, width, glyphs),
            counts(facts.by_version, glyphs, most=3 if wide else 2),
        ),
        (
            facts.label,
            facts.devices,
            by_state.get(Connectivity.ONLINE, 0),
            by_state.get(Connectivity.STALE, 0),
            offline,
        ),
    )


def _version_bar(by_version: Mapping[str, int], model: ModelFacts | None, width: int, glyphs: Glyphs) -> Line:
    """Draw a group's devices by version: the one under way first, the active one, then the rest."""
    if not by_version or model is None:
        return ()
    moving = model.running.version if model.running is not None and not model.running.is_rollback else None
    is_bad = bool(model.silent) or any(one.version == moving for one in model.findings)
    fills = {
        moving: (0, glyphs.moving, Token.NOTICE if is_bad else Token.LIGHT),
        model.serving: (1, glyphs.verified, Token.FINE),
    }
    other = (2, glyphs.on_the_way, Token.MUTED)
    parts = [(fills.get(key, other), count) for key, count in by_version.items()]
    return stack(
        [(count, glyph, token) for (_, glyph, token), count in sorted(parts, key=lambda part: part[0])], width
    )
