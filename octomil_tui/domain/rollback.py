"""What is known of one rollback, and what can happen to it. `advance` says what follows from what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt
from octomil_tui.domain.plan import Plan


class Phase(StrEnum):
    """What is known of a rollback."""

    PLANNED = "planned"
    """Nothing was sent."""
    SENDING = "sending"
    """The request is on its way; no answer yet."""
    ROLLING_BACK = "rolling_back"
    """The service took it; devices move at their next sync."""
    UNCONFIRMED = "unconfirmed"
    """Sent once, the answer was lost: the server's records are being read."""
    NOT_FOUND = "not_found"
    """As far as the server tells, it did not begin."""
    NOT_SENT = "not_sent"
    """Nothing reached the service."""
    REJECTED = "rejected"
    """The service refused it; nothing was changed."""
    WIDER = "wider"
    """The service moves devices outside the scope that was asked for."""
    STALLED = "stalled"
    """It runs, and no reachable device that is missing has moved for a long time."""
    DIVERGED = "diverged"
    """What the service says of it, and what was asked for or what the devices say, are two things."""
    DONE = "done"
    """Every reachable device settled."""
    COMPLETE = "complete"
    """Done, and nobody offline is left."""
    REGRESSED = "regressed"
    """It was done, and a device left the target again."""
    SUPERSEDED = "superseded"
    """Another rollout or rollback took its place."""
    FAILED = "failed"
    """The service says that it failed."""

    @property
    def is_watched(self) -> bool:
        """Whether the devices still have something to tell."""
        return self in _WATCHED

    @property
    def is_over(self) -> bool:
        """Whether a watch that waits for the end may stop here."""
        return self in _OVER


_WATCHED = frozenset(
    {
        Phase.ROLLING_BACK,
        Phase.WIDER,
        Phase.STALLED,
        Phase.DIVERGED,
        Phase.DONE,
        Phase.REGRESSED,
        Phase.COMPLETE,
    }
)
_OVER = frozenset(
    {
        Phase.NOT_FOUND,
        Phase.NOT_SENT,
        Phase.REJECTED,
        Phase.WIDER,
        Phase.DONE,
        Phase.COMPLETE,
        Phase.SUPERSEDED,
        Phase.DIVERGED,
        Phase.FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing that was done or learnt about a rollback."""

    at: float
    """The service's clock."""
    text: str
    """Safe to show."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the service's own records say of a watched rollback, and where that does not fit."""

    was_listed: bool = False
    """Whether its record was ever among the model's rollouts."""
    missed: int = 0
    """Reads in a row, after that, in which it was not."""
    completed_at: float | None = None
    """When the service was first seen to call it completed, by the service's clock."""
    taken_by: Rollout | None = None
    """The newer rollout that decides for the same devices."""
    diverged: str = ""
    """Why the record cannot be trusted any more, a clause; safe to show."""
    mismatch: str = ""
    """Which of the service's counts does not add up, a clause; safe to show."""


@dataclass(frozen=True, eq=False, slots=True)
class Rollback:
    """One rollback, as far as it is known."""

    model_id: str
    order: RollbackOrder
    phase: Phase = Phase.PLANNED
    key: str | None = None
    """The idempotency key it was sent with; None for one that somebody else began."""
    plan: Plan | None = None
    """What the operator saw; None for one that somebody else began."""
    watch: Watch | None = None
    rollout_id: str | None = None
    from_version: str | None = None
    affected: int | None = None
    """Devices that the service said it moves."""
    sent_at: float | None = None
    """When the request left, by the service's clock."""
    ended_at: float | None = None
    """When it was first seen to be done, by the service's clock."""
    server_state: RolloutState | None = None
    server_word: str = ""
    """The service's own word for it, safe to show."""
    by_server_word: bool = False
    """Whether the end rests on the service's word, since devices do not say what they run."""
    sentence: str = ""
    """What the service, or what failed, said; safe to show."""
    refused_with: int | None = None
    """The HTTP status of a refusal."""
    refusal_code: str | None = None
    """The service's own word for the refusal, safe to show."""
    tries: int = 1
    """How often it was sent, each time confirmed anew and with the same key."""
    receipt: RollbackReceipt | None = None
    """The answer that accepted it."""
    active_before: str | None = None
    """Id of the rollout that ran when it was confirmed."""
    scope_size: int | None = None
    """Devices in its scope as planned; None for one that was not planned here."""
    group_id: str | None = None
    """The raw id of its one group, where it is known; the order has the name."""
    signs: Signs = Signs()
    left_at: float | None = None
    """When the console that sent it last looked at it, by the service's clock; None for one that was not left."""
    wanted_outside: Mapping[str, str | None] = field(default_factory=dict)
    """For one group: what devices outside it were meant to run before, by device id."""
    strays: tuple[str, ...] = ()
    """Ids of devices outside the scope that the service moves to the target."""
    log: tuple[LogLine, ...] = ()
    """What was sent, answered and looked up, in order."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The request is about to leave."""

    at: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took it."""

    receipt: RollbackReceipt
    at: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The request left, and no answer tells what came of it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing reached the service."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The service refused."""

    sentence: str
    status: int | None = None
    """The HTTP status of the refusal."""
    code: str | None = None
    """The service's own word for it, safe to show."""


@dataclass(frozen=True, slots=True)
class Found:
    """The server's records show the rollback whose answer was lost."""

    rollout: Rollout
    at: float


@dataclass(frozen=True, slots=True)
class NotFound:
    """The server's records were read long enough and show nothing of it."""


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """The operator asked to keep looking for a rollback that no record showed."""


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The operator has seen how a rollback stands that was left alone meanwhile."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth keeping was done or learnt; it changes no phase."""

    at: float
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Observed:
    """The devices, and the service's record of the rollback, were read."""

    devices: Iterable[Device]
    rollouts: tuple[Rollout, ...]
    """The rollouts of the model, newest first."""
    at: float
    are_rollouts_new: bool = True
    """Whether the rollouts were read just now; else they are those of an earlier read."""
    are_devices_new: bool = True
    """Whether the devices were read just now; else they were looked at already and are left aside."""
    is_whole: bool = True
    """Whether `devices` are all that the service lists; else those that are missing were not looked at."""
    size: int | None = None
    """Bytes of the target version, where the service tells."""
    missed_since: float | None = None
    """Where pages have shown the whole scope since that moment: a device that was on none of them is gone."""


Event = (
    Sent
    | Accepted
    | Lost
    | NotSent
    | Rejected
    | Found
    | NotFound
    | LookedAgain
    | Dismissed
    | Noted
    | Observed
)
