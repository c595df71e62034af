"""What the console knows, and what can happen to it; `engine.reduce` says what follows from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from octomil_tui.domain import rollback as events
from octomil_tui.domain.census import Census
from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Rollout
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import Reading
from octomil_tui.domain.policy import Policy
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal import NO_SIGNALS, Signals
from octomil_tui.domain.timeline import ServiceLog, TimelineEvent
from octomil_tui.domain.watch import Watch
from octomil_tui.engine.asker import OWN_LIMIT
from octomil_tui.engine.topic import Topic


class Cause(StrEnum):
    """What kind of failure a read met: how it is said, and how soon it is tried again."""

    LINK = "link"
    """No whole answer, or one that says "not now": the next try may well succeed."""
    TLS = "tls"
    """The certificate does not pass."""
    KEY = "key"
    """The key is not, or no longer, accepted."""
    PERMISSION = "permission"
    """The key may not read this one thing."""
    MISSING = "missing"
    """There is no such thing, or no such route."""
    LIMITED = "limited"
    """Too many requests; all reads wait, not only this one."""
    CONTRACT = "contract"
    """An answer that this console cannot read, or a refusal that makes no sense for a read."""
    HERE = "here"
    """A mistake of this console."""

    @property
    def is_local(self) -> bool:
        """Whether only the one read is concerned: it costs a pane, never the screen."""
        return self in (Cause.PERMISSION, Cause.MISSING)


@dataclass(frozen=True, slots=True)
class Read:
    """How the newest tries of one topic went; times named `*_mono` are this machine's monotonic clock."""

    ok_mono: float | None = None
    """When it last succeeded."""
    tried_mono: float | None = None
    """When it was last tried, with either end."""
    failures: int = 0
    """Tries that failed since it last succeeded."""
    sentence: str = ""
    """Why it failed last; empty after a success."""
    wait: float | None = None
    """After a failure: seconds from that try to the next one."""
    unreadable: int = 0
    """Rows that were left out of the last success."""
    rows: int | None = None
    """Rows of the last success that could be read; None where it brought back no list."""
    began_mono: float | None = None
    """When the newest try was begun."""
    ok_began_mono: float | None = None
    """When the try that last succeeded was begun: what an answer shows is as old as its request."""
    cause: Cause | None = None
    """What kind of failure the last one was; None after a success."""
    in_a_row: int = 0
    """Failures of that kind, one after the other."""
    since_mono: float | None = None
    """When the first of these was begun."""
    is_silent: bool = False
    """Whether the failure is not worth a word: the first one after this machine slept."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What somebody looks at, so that it is asked for first."""

    model_id: str | None = None
    device_id: str | None = None
    topics: tuple[Topic, ...] = ()
    """What only the screen in front reads besides."""
    has_timeline: bool = False
    """Whether what happened is looked at."""
    with_figures: bool = False
    """Whether it is looked at on a screen that says how versions do; a command that watches need not pay for it."""


@dataclass(frozen=True, eq=False, slots=True)
class ConsoleState:
    """Everything the console knows; compared by identity."""

    snapshot: FleetSnapshot = field(default_factory=FleetSnapshot)
    reads: Mapping[Topic, Read] = field(default_factory=dict)
    rollbacks: Mapping[str, Rollback] = field(default_factory=dict)
    """The newest rollback of each model that this console sent or watches, by model id."""
    focus: Focus = field(default_factory=Focus)
    raw_devices: tuple[Device, ...] | None = None
    """As read, before they were matched with the groups."""
    raw_groups: tuple[DeviceGroup, ...] | None = None
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scopes: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)
    """Devices of each group that is watched by itself, since the fleet is too large to be read whole."""
    census: Census = field(default_factory=Census)
    """What was counted of a fleet too large to be read whole."""
    policy: Policy | None = None
    """What the organisation has set; read while somebody looks at it."""
    incidents: tuple[Incident, ...] | None = None
    """Limits that were crossed, the newest first."""
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    """How the policy's rules stand, by rollout id; of those that somebody looks at."""
    histories: Mapping[tuple[str, str], tuple[StatusChange, ...]] = field(default_factory=dict)
    """What rollouts have been through, by the ids of model and rollout; the newest few that were looked at."""
    active: tuple[Rollout, ...] | None = None
    """Running rollouts of all models, from one read."""
    details: Mapping[str, Device] = field(default_factory=dict)
    """Devices read by themselves, by id; the newest few."""
    signals: Signals = NO_SIGNALS
    """How the versions do."""
    server_at: float | None = None
    """The service's clock at the newest answer."""
    server_mono: float | None = None
    """This machine's monotonic clock at that answer."""
    woke_mono: float | None = None
    """When this machine last woke up; what was read before is of another time."""
    allowance: float = OWN_LIMIT
    """Requests a minute that this console may make of its own accord now."""
    held_mono: float | None = None
    """Until when the service asked for no requests at all, by the monotonic clock."""
    service_log: ServiceLog | None = None
    """What the service tells of the past."""
    own_events: tuple[TimelineEvent, ...] = ()
    """What this machine's records tell of it, memos among them."""

    def devices_of(self, watch: Watch) -> tuple[Device, ...]:
        """Return the devices that were read of what is watched; those of the fleet where its group was not read by itself."""
        alone = self.scopes.get(watch.group_id) if watch.group_id is not None else None
        return alone if alone is not None else self.snapshot.devices or ()

    def server_now(self, mono: float) -> float | None:
        """Return the service's clock now, as far as the newest answer tells."""
        if self.server_at is None or self.server_mono is None:
            return None
        return self.server_at + max(0.0, mono - self.server_mono)


@dataclass(frozen=True, eq=False, slots=True)
class Polled:
    """A read succeeded."""

    topic: Topic
    reading: Reading[object]
    mono: float
    began: float | None = None
    """When it was asked, by the monotonic clock; where it is told, an older request never replaces a newer one."""


@dataclass(frozen=True, slots=True)
class PollFailed:
    """A read failed; what was known stays."""

    topic: Topic
    sentence: str
    mono: float
    wait: float
    """Seconds until it is worth another try."""
    cause: Cause = Cause.LINK
    began: float | None = None
    """When it was asked, by the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Focused:
    """Somebody looks at something else."""

    focus: Focus


@dataclass(frozen=True, eq=False, slots=True)
class Planned:
    """A rollback was confirmed, or one that runs is watched from now on."""

    rollback: Rollback


@dataclass(frozen=True, eq=False, slots=True)
class Moved:
    """Something happened to the newest rollback of a model."""

    model_id: str
    event: events.Event


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The operator asked for everything to be read again now."""

    mono: float | None = None
    """When, by the monotonic clock: what changes slowly and was read just before is not read again; None reads all."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """What this console may ask of its own accord is another number now, or it was asked to pause."""

    allowance: float
    """Requests a minute."""
    held_mono: float | None = None
    """Until when nothing may be asked at all, by the monotonic clock; None where that did not change."""


@dataclass(frozen=True, slots=True)
class Woke:
    """This machine slept, or the console was stopped, until now."""

    mono: float


@dataclass(frozen=True, slots=True)
class Recalled:
    """The records of this machine were read: what they tell of the past."""

    events: tuple[TimelineEvent, ...]


Event = Polled | PollFailed | Focused | Planned | Moved | Refreshed | Throttled | Woke | Recalled
