"""A watch as it would be with an object per device: slow, plain, and what the columns have to agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from octomil_tui.domain.convergence import CLOCK_SLACK, Stage, Watch
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass, classify
from octomil_tui.domain.step import failed_word

AWAY = (Connectivity.OFFLINE, Connectivity.REVOKED)


@dataclass
class Thing:
    """One device."""

    plan_class: PlanClass
    joined: bool = False
    stage: Stage = Stage.WAITING
    verified_at: float | None = None
    bounces: int = 0
    reachable: bool = True
    apart: bool = False
    looked: bool = False
    ripe: bool = False
    interval: float = 300.0


@dataclass
class Reference:
    """All devices of one rollback."""

    plan: Plan
    started_at: float
    things: dict[str, Thing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.plan.devices:
            there = one.plan_class is PlanClass.NO_OP
            self.things[one.id] = Thing(
                one.plan_class,
                stage=Stage.SETTLED if there else Stage.WAITING,
                verified_at=self.started_at if there else None,
            )

    def look(self, devices: Iterable[Device], at: float, *, is_whole: bool) -> None:
        listed = {device.id: device for device in devices}
        group = self.plan.scope.group_id
        told = any(group in device.groups for device in listed.values())
        for key, device in listed.items():
            installation = device.installations.get(self.plan.model.id)
            inside = group is None or not told or group in device.groups
            if key not in self.things:
                if installation is None or not inside or (group is not None and not told):
                    continue
                joined = classify(installation.version, self.plan.to_version, {})
                self.things[key] = Thing(joined, joined=True)
            self._see(self.things[key], device, installation, at, inside=inside, is_whole=is_whole)
        if is_whole:
            for key, thing in self.things.items():
                if key not in listed:
                    self._gone(thing, ripe=True)

    def _gone(self, thing: Thing, *, ripe: bool) -> None:
        thing.stage, thing.reachable, thing.apart = Stage.GONE, False, False
        thing.looked, thing.ripe = True, ripe

    def _see(
        self,
        thing: Thing,
        device: Device,
        installation: Installation | None,
        at: float,
        *,
        inside: bool,
        is_whole: bool,
    ) -> None:
        ripe = is_whole or at >= self.started_at + device.interval - CLOCK_SLACK
        if installation is None:
            self._gone(thing, ripe=ripe)
            return
        target = self.plan.to_version
        says = installation.version is not None and installation.by_device
        reports = says and installation.version == target
        since = installation.since
        if reports and thing.verified_at is None:
            contact = device.last_contact_at if device.last_contact_at is not None else at
            thing.verified_at = since if since is not None else contact
        elif reports and since is not None and thing.verified_at is not None:
            if since > thing.verified_at + CLOCK_SLACK and thing.plan_class is not PlanClass.NO_OP:
                thing.verified_at, thing.bounces = since, thing.bounces + 1
        elif says and not reports and thing.verified_at is not None:
            thing.verified_at = None
            thing.bounces += inside
        thing.looked, thing.ripe, thing.interval = True, ripe, device.interval
        thing.apart = thing.joined and not reports and installation.wanted not in (None, target)
        thing.stage = self._stage(thing, device, installation, at, inside=inside, reports=reports)
        thing.reachable = device.connectivity not in AWAY and thing.stage is not Stage.LEFT

    def _stage(
        self,
        thing: Thing,
        device: Device,
        installation: Installation,
        at: float,
        *,
        inside: bool,
        reports: bool,
    ) -> Stage:
        contact = device.last_contact_at
        if device.connectivity is Connectivity.REVOKED:
            return Stage.REVOKED
        if not inside and not reports:
            return Stage.LEFT
        if reports:
            assert thing.verified_at is not None
            newest = contact if contact is not None else at
            was_there = thing.plan_class is PlanClass.NO_OP and not thing.bounces
            has_stayed = newest >= thing.verified_at + device.interval - CLOCK_SLACK
            return Stage.SETTLED if was_there or has_stayed else Stage.VERIFIED
        is_told = installation.wanted in (None, self.plan.to_version)
        has_synced = contact is not None and contact >= self.started_at
        signs = (
            (Stage.OFFLINE, device.connectivity is Connectivity.OFFLINE),
            (Stage.BOUNCED, thing.bounces > 0 and thing.verified_at is None),
            (Stage.FAILED, bool(failed_word(installation))),
            (Stage.STALE, device.connectivity is Connectivity.STALE),
            (Stage.UNKNOWN, installation.version is None or not installation.by_device),
            (Stage.ON_THE_WAY, is_told and has_synced),
        )
        return next((stage for stage, is_there in signs if is_there), Stage.WAITING)

    def agrees(self, watch: Watch) -> None:
        """Compare every device, every count and both ends."""
        assert set(watch.tracks) == set(self.things)
        for key, thing in self.things.items():
            track = watch.tracks[key]
            seen = (track.plan_class, track.has_joined, track.stage, track.verified_at, track.bounces)
            assert seen == (thing.plan_class, thing.joined, thing.stage, thing.verified_at, thing.bounces), (
                key
            )
            rest = (track.is_reachable, track.is_apart, track.was_looked_at)
            assert rest == (thing.reachable, thing.apart, thing.looked), key
            assert watch.stage_of(key) is thing.stage
        self._counts(watch)
        self._ends(watch)

    def _counts(self, watch: Watch) -> None:
        everything = list(self.things.values())
        for classes, joined in (*(((one,), False) for one in PlanClass), (tuple(PlanClass), True)):
            chosen = [t for t in everything if t.plan_class in classes and t.joined is joined]
            tally = watch.newcomers if joined else watch.tally(*classes)
            assert +Counter(tally.stages) == Counter(t.stage for t in chosen)
            assert tally.devices == len(chosen)
            assert tally.ever_bounced == sum(1 for t in chosen if t.bounces)
            waited_for = [t for t in chosen if t.reachable and not t.apart]
            assert tally.reachable == len(waited_for)
            assert tally.reachable_settled == sum(1 for t in waited_for if t.stage is Stage.SETTLED)
        assert watch.whole.devices == len(everything)
        late = [t for t in everything if t.reachable and not t.apart and t.stage is not Stage.SETTLED]
        assert watch.late == len(late)
        assert watch.slowest_late == max((t.interval for t in late), default=0.0)
        assert watch.slowest == max((t.interval for t in everything), default=0.0)

    def _ends(self, watch: Watch) -> None:
        everything = list(self.things.values())
        settled = [t for t in everything if t.stage is Stage.SETTLED]
        waited_for = [t for t in everything if t.stage is not Stage.SETTLED and not t.apart]
        done = (
            any(t.looked for t in settled)
            and all(t.looked for t in settled)
            and not any(t.reachable or not t.ripe for t in waited_for)
        )
        assert watch.is_done is done
        missing = [
            t for t in waited_for if t.stage is not Stage.REVOKED and not (t.joined and t.stage is Stage.GONE)
        ]
        assert watch.is_complete is (done and not missing)
