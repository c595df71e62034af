"""The devices of one rollback, followed from its start: a value that is read here and made in `domain.look`.

Nothing is held by device but a few bytes of columns, so that a million devices
take 27 MB, and what is asked for is answered from counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from octomil_tui.domain.bounce import Bounce
from octomil_tui.domain.columns import (
    APART,
    JOINED,
    LOOKED,
    MASK,
    OVERDUE,
    REACHABLE,
    SHIFT,
    STAGES,
    TOLD,
    Block,
    moment_at,
    rows_in,
)
from octomil_tui.domain.counts import Counts, Origin, Unlisted
from octomil_tui.domain.eta import USUAL, Rates
from octomil_tui.domain.fleet import DEFAULT_INTERVAL
from octomil_tui.domain.index import Index
from octomil_tui.domain.laps import Coverage, Laps, coverage
from octomil_tui.domain.pace import Due, Pace, code_due
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.step import Step, step_of
from octomil_tui.domain.track import Stage, Tally, Track

JOINED_KEPT = 10_000
"""Devices that join during a watch and are followed one by one; more than these are only counted."""

Words = tuple[str, str, str | None]
"""Artifact word, model word and activation of an installation."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What the numbers in the columns stand for."""

    origins: tuple[Origin, ...] = ()
    words: tuple[Words, ...] = (("", "", None),)
    paces: tuple[float, ...] = (DEFAULT_INTERVAL,)
    """Seconds between two syncs."""

    def steps(self) -> tuple[Step, ...]:
        """Return the step of each entry of `words`."""
        return tuple(step_of(*one) for one in self.words)


@dataclass(frozen=True, eq=False, slots=True)
class Watch:
    """The devices of one rollback; compared by identity, like everything that is made of columns."""

    model_id: str
    to_version: str
    started_at: float
    """When devices began to be told, by the service's clock."""
    index: Index
    blocks: tuple[Block, ...]
    counts: Counts
    tables: Tables
    laps: Laps
    group_id: str | None = None
    """The one group that is rolled back, raw; None for the fleet."""
    order: Mapping[str, int] = field(default_factory=dict)
    """Age ranks of the model's versions, for devices whose plan class nobody knew at the start."""
    leaving: str | None = None
    """The version that the rollback leaves, raw, for the same devices."""
    pace: Pace = field(default_factory=Pace)
    paces: Mapping[int, int] = field(default_factory=dict)
    """Devices by their entry in the table of intervals."""
    late_paces: Mapping[int, int] = field(default_factory=dict)
    """The same for those that are reachable and have not settled."""
    bounces: tuple[Bounce, ...] = ()
    """The newest bounces with their particulars, the newest last."""
    bounced: int = 0
    """Bounces so far, each time of each device."""
    returned: int = 0
    """How often an offline device was heard of again without the target."""
    first_verified: tuple[str, float] | None = None
    """Name, safe to show, of the first device that changed and reported the target, and when."""
    joined: int = 0
    """Devices that came into the scope during the watch and are followed."""
    crowd: int = 0
    """Devices that came into it at the newest look, and are too many to be followed."""
    rates: Rates = USUAL
    is_measured: bool = False
    """Whether `rates` was measured in this rollback."""
    size: int | None = None
    """Bytes of the target, where the service tells."""
    has_said: bool = False
    """Whether any device said itself, during the watch, what it runs."""
    at: float | None = None
    """The service's clock at the newest look."""
    moved_at: float | None = None
    """The service's clock at the newest look at which a device had moved."""

    def __len__(self) -> int:
        """Return how many devices are followed one by one."""
        return self.index.size

    def __contains__(self, device_id: object) -> bool:
        return isinstance(device_id, str) and self.index.find(device_id) >= 0

    @property
    def ids(self) -> tuple[str, ...] | None:
        """The ids of the devices that are followed; None where the scope is too large to keep them."""
        return self.index.ids

    @property
    def unlisted(self) -> Unlisted:
        """Devices of the scope that are known by their count alone and that no look has shown yet."""
        return self.counts.unlisted

    def track(self, device_id: str) -> Track | None:
        """Return what is known of a device, None of one that is not followed."""
        row = self.index.find(device_id)
        return self.row(row) if row >= 0 else None

    @property
    def tracks(self) -> Mapping[str, Track]:
        """What is known of every device that is followed, by its id; each is put together when it is asked for.

        Where the scope is too large for the ids to be kept, a device can be
        looked up, and going through all of them raises `LookupError`.
        """
        return _Tracks(self)

    def ids_in(self, *stages: Stage) -> list[str]:
        """Return the ids of the devices in these stages; none where the scope is too large to keep them."""
        ids = self.index.ids
        return [ids[row] for row in rows_in(self.blocks, stages)] if ids is not None else []

    def stage_of(self, device_id: str) -> Stage | None:
        """Return where a device stands, None for one that is not followed."""
        row = self.index.find(device_id)
        return STAGES[self.blocks[row >> SHIFT].stage[row & MASK]] if row >= 0 else None

    def due(self, device_id: str) -> Due | None:
        """Return when a device is expected to report the target, to ten seconds; None where nothing tells."""
        row = self.index.find(device_id)
        return code_due(self.blocks[row >> SHIFT].due[row & MASK], self.started_at) if row >= 0 else None

    def row(self, row: int) -> Track:
        """Return what is known of the device in a row."""
        cell = self.blocks[row >> SHIFT].cell(row & MASK)
        origin = self.tables.origins[cell.origin]
        return Track(
            plan_class=origin.plan_class,
            group=origin.group,
            from_version=origin.from_version,
            interval=self.tables.paces[cell.pace],
            stage=STAGES[cell.stage],
            verified_at=moment_at(cell.verified),
            bounces=cell.bounces,
            is_reachable=bool(cell.flags & REACHABLE),
            was_told=bool(cell.flags & TOLD),
            step=step_of(*self.tables.words[cell.words]),
            has_joined=bool(cell.flags & JOINED),
            is_apart=bool(cell.flags & APART),
            is_overdue=bool(cell.flags & OVERDUE),
            was_looked_at=bool(cell.flags & LOOKED),
        )

    def tally(self, *classes: PlanClass, group: str | None = None) -> Tally:
        """Return the counts over the devices of these plan classes, of one group or of all.

        Devices that joined during the watch are in none of them: `newcomers` has those.
        """
        return self.counts.tally(classes, group)

    @property
    def change(self) -> Tally:
        """The devices that must change, and those of which nobody knew what they run."""
        return self.tally(PlanClass.CHANGE, PlanClass.UNKNOWN)

    @property
    def up(self) -> Tally:
        """The devices that move up from an older version."""
        return self.tally(PlanClass.UP)

    @property
    def newcomers(self) -> Tally:
        """The devices that came into the scope during the watch."""
        return self.counts.tally((None,), None)

    @property
    def whole(self) -> Tally:
        """Every device of the scope."""
        return self.counts.tally((*PlanClass, None), None)

    def groups(self, *classes: PlanClass) -> list[str]:
        """Return the row keys of the groups that have a device of these plan classes."""
        return self.counts.groups(classes)

    def from_versions(self, plan_class: PlanClass) -> set[str | None]:
        """Return the versions, raw, that the devices of a plan class came from."""
        return self.counts.from_versions(plan_class)

    def steps(self, *classes: PlanClass) -> Mapping[Step, int]:
        """Return how many devices of these plan classes that are on the way are at which step."""
        return self.counts.steps(classes)

    @property
    def is_done(self) -> bool:
        """Whether every reachable device of the scope settled; never where no device did.

        Where the scope is read page by page, every device must have been looked
        at, and one that was away since it could have settled.
        """
        return self.counts.is_done and not self.crowd

    @property
    def is_complete(self) -> bool:
        """Whether it is done and no device is missing, revoked ones left aside."""
        return self.counts.is_complete and not self.crowd

    @property
    def says_versions(self) -> bool:
        """Whether any device itself says what it runs; without it only the service's word is left."""
        return self.at is None or self.has_said

    @property
    def coverage(self) -> Coverage:
        """How much of the scope was looked at, and how long ago."""
        return coverage(self.laps, self.index.size + sum(self.unlisted.values()), self.at)

    @property
    def slowest(self) -> float:
        """The longest interval of a device of the scope, seconds; 0 without devices."""
        return self._longest(self.paces)

    @property
    def slowest_late(self) -> float:
        """The longest interval of a reachable device that has not settled, seconds; 0 where there is none."""
        return self._longest(self.late_paces)

    def _longest(self, counts: Mapping[int, int]) -> float:
        return max((self.tables.paces[code] for code, count in counts.items() if count), default=0.0)

    @property
    def late(self) -> int:
        """How many reachable devices have not settled."""
        return sum(self.late_paces.values())

    @property
    def untimed(self) -> int:
        """How many devices are not there and have no expected time."""
        whole = self.whole
        there = whole.verified + whole.count(Stage.REVOKED)
        return whole.devices - there - sum(count for code, count in self.pace.dues.items() if code)

    def bounce_of(self, device_id: str) -> Bounce | None:
        """Return the newest bounce of a device, None where its particulars are not known any more."""
        return next((one for one in reversed(self.bounces) if one.device_id == device_id), None)


class _Tracks(Mapping[str, Track]):
    """The devices of a watch as if they were a dictionary."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __getitem__(self, device_id: str) -> Track:
        track = self._watch.track(device_id)
        if track is None:
            raise KeyError(device_id)
        return track

    def __iter__(self) -> Iterator[str]:
        ids = self._watch.ids
        if ids is None:
            raise LookupError("the ids of so large a scope are not kept")
        return iter(ids)

    def __len__(self) -> int:
        return len(self._watch)
