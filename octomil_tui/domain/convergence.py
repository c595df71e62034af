"""How far the devices of a rollback are: every one in exactly one stage, by its own reports.

Words of the service ("accepted", "completed") do not enter here. A device is
verified when it reports the target itself, and settled when it still does at
its next sync. A watch remembers what it saw, so that a device that comes and
goes between two reads is still counted as bounced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from octomil_tui.domain.fleet import DEFAULT_INTERVAL, Connectivity, Device, Installation
from octomil_tui.domain.plan import Plan, PlanClass

CLOCK_SLACK = 1.0
"""Seconds by which two times of the service may differ through rounding to whole seconds."""

FAILED_WORDS = ("failed", "corrupt")


class Stage(StrEnum):
    """Where one device of the scope stands."""

    SETTLED = "settled"
    VERIFIED = "verified"
    ON_THE_WAY = "on_the_way"
    WAITING = "waiting"
    STALE = "stale"
    OFFLINE = "offline"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    GONE = "gone"
    """No longer listed by the service."""


ON_TARGET = (Stage.VERIFIED, Stage.SETTLED)


@dataclass(frozen=True, slots=True)
class Track:
    """What a watch knows of one device."""

    plan_class: PlanClass
    group: str
    """Row key, as the plan has it."""
    from_version: str | None
    interval: float = DEFAULT_INTERVAL
    stage: Stage = Stage.WAITING
    verified_at: float | None = None
    """When it last began to report the target; None once it reports another version."""
    bounces: int = 0
    """How often it left the target again."""
    is_reachable: bool = True
    says_version: bool = False
    """Whether the device itself ever said, during the watch, what it runs."""
    was_told: bool = False
    """Whether it contacted the service since the start."""
    doing: tuple[str, str, float | None] = ("", "", None)
    """What it said last of the artifact and the model, and the share of its download."""

    @property
    def position(self) -> tuple[object, ...]:
        """How far it is: changes when the device moves, not when it merely comes or goes."""
        return (self.was_told, self.verified_at, self.bounces, self.stage is Stage.SETTLED, self.doing)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some devices of a watch; the stages add up to `devices`."""

    devices: int = 0
    stages: Mapping[Stage, int] = field(default_factory=dict)
    ever_bounced: int = 0
    """Devices that left the target at least once, also those that came back."""
    reachable: int = 0
    reachable_settled: int = 0

    def count(self, *stages: Stage) -> int:
        """Return how many devices are in any of the stages."""
        return sum(self.stages.get(stage, 0) for stage in stages)

    @property
    def verified(self) -> int:
        """How many devices report the target now."""
        return self.count(*ON_TARGET)

    @property
    def share(self) -> float:
        """The verified share of the devices, 0..1; 1 where there is none to move."""
        return self.verified / self.devices if self.devices else 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Watch:
    """The devices of one rollback, followed from its start."""

    model_id: str
    to_version: str
    started_at: float
    """When devices began to be told, by the service's clock."""
    tracks: Mapping[str, Track]
    """By device id; fixed at the start, so that the denominator is."""
    at: float | None = None
    """The service's clock at the newest look."""
    moved_at: float | None = None
    """The service's clock at the newest look at which a device had moved."""

    def tally(self, *classes: PlanClass, group: str | None = None) -> Tally:
        """Return the counts over the devices of these plan classes, of one group or of all."""
        chosen = [
            t for t in self.tracks.values() if t.plan_class in classes and (group is None or t.group == group)
        ]
        return Tally(
            devices=len(chosen),
            stages=Counter(t.stage for t in chosen),
            ever_bounced=sum(1 for t in chosen if t.bounces),
            reachable=sum(1 for t in chosen if t.is_reachable),
            reachable_settled=sum(1 for t in chosen if t.is_reachable and t.stage is Stage.SETTLED),
        )

    @property
    def change(self) -> Tally:
        """The devices that must change, and those of which nobody knew what they run."""
        return self.tally(PlanClass.CHANGE, PlanClass.UNKNOWN)

    @property
    def up(self) -> Tally:
        """The devices that move up from an older version."""
        return self.tally(PlanClass.UP)

    @property
    def whole(self) -> Tally:
        """Every device of the scope."""
        return self.tally(*PlanClass)

    @property
    def is_done(self) -> bool:
        """Whether every reachable device of the scope settled; never where no device did."""
        whole = self.whole
        return whole.count(Stage.SETTLED) > 0 and whole.reachable == whole.reachable_settled

    @property
    def is_complete(self) -> bool:
        """Whether it is done and no device is missing, revoked ones left aside."""
        whole = self.whole
        return self.is_done and whole.count(Stage.SETTLED, Stage.REVOKED) == whole.devices

    @property
    def says_versions(self) -> bool:
        """Whether any device itself says what it runs; without it only the service's word is left."""
        return self.at is None or any(t.says_version for t in self.tracks.values())


def begin_watch(plan: Plan, started_at: float) -> Watch:
    """Return the watch of a plan that is sent at `started_at`, by the service's clock."""
    tracks = {
        d.id: Track(
            plan_class=d.plan_class,
            group=d.group,
            from_version=d.version,
            verified_at=started_at if d.plan_class is PlanClass.NO_OP else None,
            stage=Stage.SETTLED if d.plan_class is PlanClass.NO_OP else Stage.WAITING,
        )
        for d in plan.devices
    }
    return Watch(plan.model.id, plan.to_version, started_at, tracks)


def observe(watch: Watch, devices: Iterable[Device], at: float) -> Watch:
    """Return the watch after one read of the devices.

    Args:
        watch: What was known before.
        devices: Every device that the service lists now.
        at: The service's clock at that read, epoch seconds.
    """
    listed = {device.id: device for device in devices}
    tracks = {key: _follow(watch, track, listed.get(key), at) for key, track in watch.tracks.items()}
    has_moved = watch.at is None or any(
        track.position != watch.tracks[key].position for key, track in tracks.items()
    )
    return replace(watch, tracks=tracks, at=at, moved_at=at if has_moved else watch.moved_at)


def _follow(watch: Watch, track: Track, device: Device | None, at: float) -> Track:
    installation = device.installations.get(watch.model_id) if device is not None else None
    if device is None or installation is None:
        return replace(track, stage=Stage.GONE, is_reachable=False)
    says = installation.version is not None and installation.by_device
    track = replace(
        track,
        is_reachable=device.connectivity.is_reachable,
        interval=device.interval,
        says_version=track.says_version or says,
        was_told=track.was_told or (device.last_contact_at or 0.0) >= watch.started_at,
        doing=(installation.artifact_word, installation.word, installation.progress),
    )
    if says and installation.version == watch.to_version:
        track = _arrive(track, installation, device.last_contact_at, at)
    elif says and track.verified_at is not None:
        track = replace(track, verified_at=None, bounces=track.bounces + 1)
    return replace(track, stage=_stage(watch, track, device, installation, at))


def _arrive(track: Track, installation: Installation, contact_at: float | None, at: float) -> Track:
    since = installation.since
    if track.verified_at is None:
        seen = contact_at if contact_at is not None else at
        return replace(track, verified_at=since if since is not None else seen)
    # It reports the target since a later moment than before: it left and came back between two reads.
    came_back = since is not None and since > track.verified_at + CLOCK_SLACK
    if came_back and track.plan_class is not PlanClass.NO_OP:
        return replace(track, verified_at=since, bounces=track.bounces + 1)
    return track


def _stage(watch: Watch, track: Track, device: Device, installation: Installation, at: float) -> Stage:
    if device.connectivity is Connectivity.REVOKED:
        return Stage.REVOKED
    # A device that says nothing at this read neither counts as verified nor has it left.
    reports = installation.version == watch.to_version and installation.by_device
    if reports and track.verified_at is not None:
        contact = device.last_contact_at if device.last_contact_at is not None else at
        settles_at = track.verified_at + track.interval - CLOCK_SLACK
        settled = track.plan_class is PlanClass.NO_OP and not track.bounces
        return Stage.SETTLED if settled or contact >= settles_at else Stage.VERIFIED
    return _stage_off_target(watch, track, device, installation)


def _stage_off_target(watch: Watch, track: Track, device: Device, installation: Installation) -> Stage:
    if device.connectivity is Connectivity.OFFLINE:
        return Stage.OFFLINE
    if track.bounces and track.verified_at is None:
        return Stage.BOUNCED
    if failed_word(installation):
        return Stage.FAILED
    if device.connectivity is Connectivity.STALE:
        return Stage.STALE
    if installation.version is None or not installation.by_device:
        return Stage.UNKNOWN
    contact = device.last_contact_at
    told = installation.wanted in (None, watch.to_version)
    return Stage.ON_THE_WAY if told and contact is not None and contact >= watch.started_at else Stage.WAITING


def failed_word(installation: Installation) -> str:
    """Return the status word that says the model failed on the device, else an empty one."""
    words = (installation.artifact_word, installation.word)
    return next((word for word in words if any(sign in word.lower() for sign in FAILED_WORDS)), "")
