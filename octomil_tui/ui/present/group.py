"""What the page of one group says: its devices, the worst first (E-80, E-160)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import ON_TARGET, Stage, Tally, Track, Watch
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.reason import WITHOUT, reason
from octomil_tui.domain.text import clean
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import bar, percent
from octomil_tui.ui.present.watch import segments_of
from octomil_tui.ui.present.words import connectivity, counts, dim, muted, version
from octomil_tui.ui.spans import Line, Token, line, width
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Orderable, Row

_ORDER = (
    Connectivity.OFFLINE,
    Connectivity.STALE,
    Connectivity.UNKNOWN,
    Connectivity.ONLINE,
    Connectivity.REVOKED,
)
_PLACES = {state: place for place, state in enumerate(_ORDER)}
_STAGE_ORDER = (
    Stage.BOUNCED,
    Stage.FAILED,
    Stage.OFFLINE,
    Stage.GONE,
    Stage.STALE,
    Stage.UNKNOWN,
    Stage.ON_THE_WAY,
    Stage.WAITING,
    Stage.VERIFIED,
    Stage.SETTLED,
    Stage.REVOKED,
)
_STAGE_PLACES = {stage: place for place, stage in enumerate(_STAGE_ORDER)}
_LAST = len(_STAGE_ORDER)
_LONGEST_NAME = 20
_AWAY = (Connectivity.OFFLINE, Connectivity.STALE, Connectivity.REVOKED)


def device_columns(*, wide: bool, is_watched: bool = False, name: int = 0) -> tuple[Column, ...]:
    """Return the columns of a group's devices; of a watched rollback also when each is expected.

    `name` is how many cells the longest name takes: names of large fleets differ at their ends.
    """
    least = 14 if not wide else 15 if is_watched else 20
    return (
        Column("device", "DEVICE", max(least, min(name, _LONGEST_NAME)), sort_value=0),
        Column("platform", "PLATFORM", 11, priority=3, sort_value=1),
        Column("on", "ON", 6, sort_value=2),
        *((Column("wants", "WANTS", 7, priority=4),) if wide else ()),
        Column("state", "STATE", 9 if wide else 8, sort_value=3, gap=2 if wide else 1),
        Column("why", "WHY", 0, sort_value=4),
        Column("contact", "LAST SYNC", 9, "right", sort_value=5),
        *((Column("expect", "EXPECT", 6, priority=5, sort_value=6),) if wide and is_watched else ()),
    )


def ordered(
    devices: Sequence[Device], model_id: str | None, watch: Watch | None, blamed: str | None
) -> list[Device]:
    """Return the devices, the worst first: those that will not come by themselves before those that will."""
    stage_of = watch.stage_of if watch is not None else None

    def rank(device: Device) -> tuple[int, bool, int, float, str]:
        stage = stage_of(device.id) if stage_of is not None else None
        return (
            _STAGE_PLACES.get(stage, _LAST) if stage is not None else _LAST,
            model_id is None or not went_silent(device, model_id, blamed),
            _PLACES[device.connectivity],
            device.last_contact_at or 0.0,
            device.name,
        )

    return sorted(devices, key=rank)


def device_row(
    device: Device, facts: ModelFacts | None, watch: Watch | None, now: float | None, *, wide: bool
) -> Row:
    """Return a device's line with everything that it sorts by."""
    sort = tuple(device_sort(device, value, facts, watch, now) for value in range(7))
    return Row(device.id, device_cells(device, facts, watch, now, wide=wide), sort)


def device_cells(
    device: Device, facts: ModelFacts | None, watch: Watch | None, now: float | None, *, wide: bool
) -> tuple[Line, ...]:
    """Return what each column says of a device."""
    installation = _installation(device, facts)
    track = watch.track(device.id) if watch is not None else None
    silent = _silence(device, now)
    return (
        line((device.name, Token.TEXT)),
        muted(device.platform_label),
        version(installation.version if installation is not None else None),
        *((version(installation.wanted if installation is not None else None, Token.MUTED),) if wide else ()),
        _state(device, track, wide=wide),
        _why(device, track, facts, now),
        line(as_text.age(silent)) if silent is not None else dim("?"),
        *((_expect(device, track, watch),) if wide and watch is not None else ()),
    )


def device_sort(
    device: Device, value: int, facts: ModelFacts | None, watch: Watch | None, now: float | None
) -> Orderable | None:
    """Return one of the values that the columns sort by."""
    match value:
        case 0:
            return device.name
        case 1:
            return device.platform_label
        case 2:
            installation = _installation(device, facts)
            return (installation.version or "") if installation is not None else ""
        case 3:
            stage = watch.stage_of(device.id) if watch is not None else None
            return (
                _PLACES[device.connectivity],
                _STAGE_PLACES.get(stage, _LAST) if stage is not None else _LAST,
            )
        case 4:
            track = watch.track(device.id) if watch is not None else None
            return reason(device, facts.model.id, track, now) if facts is not None else WITHOUT
        case _:
            return _silence(device, now) if value == _CONTACT else _due_at(device, watch)


_CONTACT = 5
"""Which sort value is the time since the last contact."""


def _due_at(device: Device, watch: Watch | None) -> float | None:
    due = watch.due(device.id) if watch is not None else None
    return due.at if due is not None else None


def _installation(device: Device, facts: ModelFacts | None) -> Installation | None:
    return device.installations.get(facts.model.id) if facts is not None else None


def _silence(device: Device, now: float | None) -> float | None:
    return now - device.last_contact_at if now is not None and device.last_contact_at is not None else None


_STATE_WORDS = {
    Stage.SETTLED: ("settled", Token.FINE),
    Stage.VERIFIED: ("verified", Token.FINE),
    Stage.ON_THE_WAY: ("on way", Token.LIGHT),
    Stage.WAITING: ("waiting", Token.TEXT),
    Stage.BOUNCED: ("BOUNCED", Token.NEEDS),
    Stage.FAILED: ("FAILED", Token.NEEDS),
}


def _state(device: Device, track: Track | None, *, wide: bool) -> Line:
    """Return how far a device is that can be reached, else why it is not expected."""
    if track is None or track.stage not in _STATE_WORDS or device.connectivity in _AWAY:
        return connectivity(device.connectivity)
    if _was_there(track):
        return muted("was there" if wide else "no-op")
    return line(_STATE_WORDS[track.stage])


def _expect(device: Device, track: Track | None, watch: Watch) -> Line:
    """Return when the device is expected to report the target, as far as anything tells."""
    if track is None or _was_there(track):
        return dim()
    if track.stage in ON_TARGET:
        return muted("done")
    due = watch.due(device.id) if track.stage in (Stage.ON_THE_WAY, Stage.WAITING) else None
    return line(as_text.short_clock(due.at)) if due is not None else dim("?")


def _was_there(track: Track) -> bool:
    return track.stage is Stage.SETTLED and track.plan_class is PlanClass.NO_OP and not track.bounces


_WHY_TOKENS = {
    Connectivity.REVOKED: Token.DIM,
    Connectivity.OFFLINE: Token.NEEDS,
    Connectivity.STALE: Token.NOTICE,
}
_STAGE_TOKENS = {
    Stage.BOUNCED: Token.NEEDS,
    Stage.FAILED: Token.NEEDS,
    Stage.UNKNOWN: Token.NOTICE,
    Stage.SETTLED: Token.MUTED,
    Stage.VERIFIED: Token.MUTED,
    Stage.WAITING: Token.MUTED,
}


def _why(device: Device, track: Track | None, facts: ModelFacts | None, now: float | None) -> Line:
    if facts is None or facts.model.id not in device.installations:
        return dim(WITHOUT)
    words = reason(device, facts.model.id, track, now)
    if not words:
        return dim()
    if (token := _WHY_TOKENS.get(device.connectivity)) is not None:
        return line((words, token))
    if track is None:
        return line((words, Token.LIGHT))
    return line((words, Token.DIM if _was_there(track) else _STAGE_TOKENS.get(track.stage, Token.LIGHT)))


def group_sentence(
    devices: Sequence[Device],
    facts: ModelFacts | None,
    watch: Watch | None,
    glyphs: Glyphs,
    *,
    size: int | None = None,
) -> Line:
    """Return how many devices there are, in which state, and what they run, or how many are back.

    `size` is how many the group has where not all of them were read.
    """
    read = f"{len(devices):,} of " if size is not None and size > len(devices) else ""
    total = size if read and size is not None else len(devices)
    if read and not devices:
        return line(f"   0 of {as_text.count(total, 'device')} read.")
    head = f"   {read}{as_text.count(total, 'device')}{' read' if read else ''}: {reach_words(devices)}."
    if facts is None:
        return line(head)
    if watch is not None:
        tally = group_tally(devices, watch)
        back = f"{tally.verified} back, {tally.devices - tally.verified} not yet"
        return line(f"{head}   ", (f"{clean(facts.model.name)}: ", Token.MUTED), back)
    return line(f"{head}   ", counts(versions_of(devices, facts.model.id), glyphs))


def reach_words(devices: Sequence[Device]) -> str:
    """Return `34 online, 2 stale, 4 offline`; they add up to the devices."""
    by_state = Counter(d.connectivity for d in devices)
    return ", ".join(f"{by_state[state]:,} {state}" for state in Connectivity if by_state[state])


def versions_of(devices: Sequence[Device], model_id: str) -> Counter[str]:
    """Return how many of the devices run each version of a model."""
    return Counter(
        i.version
        for d in devices
        if (i := d.installations.get(model_id)) is not None and i.version is not None
    )


def group_tally(devices: Sequence[Device], watch: Watch) -> Tally:
    """Return how far a watched rollback has these devices; those that it does not know are left out."""
    stages = Counter(stage for d in devices if (stage := watch.stage_of(d.id)) is not None)
    return Tally(devices=stages.total(), stages=stages)


def bar_line(devices: Sequence[Device], watch: Watch, cells: int, glyphs: Glyphs, *, margin: int) -> Line:
    """Return the group's bar with the percentage that is back."""
    tally = group_tally(devices, watch)
    tail = line((f" {percent(tally.share):>4}", Token.STRONG))
    room = max(10, cells - margin - width(tail) - 1)
    return line(" " * margin, bar(segments_of(tally), tally.devices, room, glyphs), tail)
