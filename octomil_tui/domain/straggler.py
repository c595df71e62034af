"""The devices that a rollback still waits for, each with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import NamedTuple, overload

from octomil_tui.domain.bounce import Bounce
from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import Stage, Track, Watch, failed_word
from octomil_tui.domain.fleet import Device, Installation
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.step import progress_words
from octomil_tui.domain.text import clean, version_label

__all__ = ["Straggler", "Stragglers", "away", "devices_in", "missed_beats", "progress_words", "stragglers"]

_ORDER = (
    Stage.BOUNCED,
    Stage.FAILED,
    Stage.OFFLINE,
    Stage.GONE,
    Stage.LEFT,
    Stage.STALE,
    Stage.UNKNOWN,
    Stage.ON_THE_WAY,
)
"""Stages of stragglers, those that will not come by themselves first."""

_RANK = {stage: rank for rank, stage in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class Straggler:
    """One device that the rollback waits for; its texts are safe to show."""

    device_id: str
    name: str
    group: str
    """Row key of its group."""
    platform: str
    version: str | None
    """What it runs now, raw."""
    stage: Stage
    plan_class: PlanClass
    """UP for a device that moves up, which the sentence counts apart."""
    why: str
    last_contact_at: float | None
    expected_at: float | None
    """When it is expected to report the target; None where nothing tells, and for one that is away."""
    is_moving: bool
    """Whether it is on the way by itself; the others need a look."""
    is_silenced: bool
    """Whether it fell silent right after it got the version that is left: it may need hands."""


class _Place(NamedTuple):
    """What a straggler is ordered by, and where it is found; cheap enough to make of tens of thousands."""

    rank: int
    is_up: bool
    soonness: float
    """Those without an expected time first, then those that take longest."""
    contact_at: float
    name: str
    device_id: str
    group: str


class Stragglers(Sequence[Straggler]):
    """Every straggler in order, put into words when it is asked for: a list of thousands costs what a screen costs."""

    def __init__(self, watch: Watch, listed: Mapping[str, Device], places: Sequence[_Place]) -> None:
        self._watch = watch
        self._listed = listed
        self._places = places
        self._bounces = {bounce.device_id: bounce for bounce in watch.bounces}

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Straggler: ...

    @overload
    def __getitem__(self, index: slice) -> Stragglers: ...

    def __getitem__(self, index: int | slice) -> Straggler | Stragglers:
        if isinstance(index, slice):
            return Stragglers(self._watch, self._listed, self._places[index])
        place = self._places[index]
        return self._straggler(place.device_id, self._listed.get(place.device_id))

    def __iter__(self) -> Iterator[Straggler]:
        return (self[index] for index in range(len(self._places)))

    def device_id(self, index: int) -> str:
        """Return the id of the straggler at `index`."""
        return self._places[index].device_id

    def name(self, index: int) -> str:
        """Return its name, safe to show."""
        return self._places[index].name

    def group(self, index: int) -> str:
        """Return the row key of its group."""
        return self._places[index].group

    def contact_at(self, index: int) -> float | None:
        """Return when it was last heard of."""
        return self._places[index].contact_at or None

    def expected_at(self, index: int) -> float | None:
        """Return when it is expected to report the target."""
        return -self._places[index].soonness if isfinite(self._places[index].soonness) else None

    @property
    def ups(self) -> int:
        """How many of them move up; the sentence counts these apart."""
        return sum(1 for place in self._places if place.is_up)

    @property
    def silenced(self) -> int:
        """How many fell silent right after they got the version that is left."""
        return sum(1 for place in self._places if place.rank == _SILENCED)

    def _straggler(self, device_id: str, device: Device | None) -> Straggler:
        watch = self._watch
        # It was found in this watch, which never changes.
        track = watch.track(device_id) or Track(PlanClass.UNKNOWN, "", None)
        installation = device.installations.get(watch.model_id) if device is not None else None
        due = watch.due(device_id) if track.stage is Stage.ON_THE_WAY else None
        return Straggler(
            device_id=device_id,
            name=device.name if device is not None else clean(device_id),
            group=track.group,
            platform=device.platform_label if device is not None else "?",
            version=installation.version if installation is not None else None,
            stage=track.stage,
            plan_class=track.plan_class,
            why=_why(watch, track, device, installation, self._bounces.get(device_id)),
            last_contact_at=device.last_contact_at if device is not None else None,
            expected_at=due.at if due is not None else None,
            is_moving=track.stage is Stage.ON_THE_WAY,
            is_silenced=device is not None and is_silenced(device, watch, track),
        )


_SILENCED = _RANK[Stage.OFFLINE] * 2
"""Rank of devices that fell silent after the version that is left; other offline ones come right after."""


def stragglers(watch: Watch, devices: Iterable[Device]) -> Stragglers:
    """Return every device that is neither verified nor merely waiting for its next sync.

    Those that will not come by themselves are first, among them the ones that
    fell silent after the version that is left; within a kind the longest
    silence is. Of those on the way the ones without an expected time are first,
    then the ones that take longest. Devices that move up are among them.

    Where the scope is so large that ids are not kept, only devices that are
    among `devices` can be named.
    """
    listed = {device.id: device for device in devices}
    late = watch.ids_in(*_ORDER)
    if watch.ids is None:
        late = [key for key in listed if watch.stage_of(key) in _RANK]
    places = [place for key in late if (place := _place(watch, key, listed.get(key))) is not None]
    places.sort()
    return Stragglers(watch, listed, places)


def _place(watch: Watch, key: str, device: Device | None) -> _Place | None:
    track = watch.track(key)
    if track is None or (track.plan_class is PlanClass.NO_OP and not track.bounces):
        return None
    due = watch.due(key)
    rank = _RANK[track.stage] * 2
    if track.stage is Stage.OFFLINE:
        rank += device is None or not is_silenced(device, watch, track)
    return _Place(
        rank,
        track.plan_class is PlanClass.UP,
        -due.at if due is not None else -inf,
        (device.last_contact_at or 0.0) if device is not None else 0.0,
        device.name if device is not None else clean(key),
        key,
        track.group,
    )


def is_silenced(device: Device, watch: Watch, track: Track) -> bool:
    """Say whether a device of a watch fell silent right after it got the version that it came from."""
    return track.stage is Stage.OFFLINE and went_silent(device, watch.model_id, track.from_version)


def _why(
    watch: Watch,
    track: Track,
    device: Device | None,
    installation: Installation | None,
    bounce: Bounce | None,
) -> str:
    if device is None or installation is None:
        return "no longer listed by the server"
    if track.stage is Stage.BOUNCED and bounce is not None:
        return bounce.why
    match track.stage:
        case Stage.OFFLINE:
            why = away(device, watch.model_id, track.from_version)
        case Stage.STALE:
            why = f"stale, {missed_beats(device, watch.at)} beats missed"
        case Stage.FAILED:
            why = failed_word(installation).replace("_", " ")
        case Stage.BOUNCED:
            why = f"left {version_label(watch.to_version)} again"
        case Stage.UNKNOWN:
            why = "does not say what it runs"
        case Stage.LEFT:
            why = "left the group that is rolled back"
        case _:
            why = progress_words(installation)
    return why


def devices_in(watch: Watch, devices: Iterable[Device], *stages: Stage) -> list[Device]:
    """Return those of the devices that stand in one of the stages, in their order."""
    if watch.ids is not None:
        wanted = set(watch.ids_in(*stages))
        return [device for device in devices if device.id in wanted] if wanted else []
    return [device for device in devices if watch.stage_of(device.id) in stages]


def away(device: Device, model_id: str, version: str | None) -> str:
    """Say why an offline device is away, as far as its last word tells."""
    if went_silent(device, model_id, version):
        return f"silent since {version_label(version)}"
    return "offline"


def missed_beats(device: Device, at: float | None) -> int:
    """Return how many heartbeats the device has missed at `at`."""
    if at is None or device.last_contact_at is None:
        return 0
    return max(0, int((at - device.last_contact_at) / device.interval))
