"""What happened to models, rollouts and the console, as one list from several tellers.

The service tells of the same event in its audit log, in the history of a
rollout and in an incident; this console knows what it sent itself. Each teller
gives `TimelineEvent`s, and `merged` makes one list of them, in which nothing
stands twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from octomil_tui.domain.incident import Breach


class Act(StrEnum):
    """What happened."""

    CREATED = "created"
    STARTED = "started"
    ADVANCED = "advanced"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DELETED = "deleted"
    ROLLBACK = "rollback"
    """The service took a rollback."""
    CROSSED = "crossed"
    """A figure crossed its limit."""
    RESOLVED = "resolved"
    """An incident ended."""
    REGISTERED = "registered"
    """A version was registered."""
    HELD = "held"
    """A version was held: no rollout brings it until somebody releases it."""
    CONFIRMED = "confirmed"
    """Somebody confirmed a rollback at this console."""
    VERIFIED = "verified"
    """The first device reported the target."""
    DONE = "done"
    """Every reachable device settled, as this console saw it."""
    BOUNCED = "bounced"
    CONSOLE = "console"
    """Anything else that this console did or learnt."""
    MEMO = "memo"
    OTHER = "other"
    """Anything else that the service tells."""


class Teller(StrEnum):
    """Who tells of an event; where two of them tell different times, the first counts."""

    AUDIT = "audit"
    HISTORY = "history"
    INCIDENT = "incident"
    ROLLOUT = "rollout"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened. A field that nobody tells is None; texts are safe to show, ids and versions raw."""

    at: float
    """The service's clock, epoch seconds; of an event of this console as near to it as is known."""
    act: Act
    tellers: frozenset[Teller]
    by: str | None = None
    model_id: str | None = None
    model: str | None = None
    """The model's name as the teller has it, raw."""
    rollout_id: str | None = None
    incident_id: str | None = None
    intent_id: str | None = None
    """The idempotency key of a rollback of this console."""
    version: str | None = None
    from_version: str | None = None
    group: str | None = None
    share: float | None = None
    """How far a rollout was opened, 0..1."""
    former_share: float | None = None
    is_rollback: bool | None = None
    reason: str | None = None
    breach: Breach | None = None
    """The limit that was crossed, or why the service did it by itself."""
    is_armed: bool | None = None
    """Whether auto-rollback was on when the limit was crossed."""
    text: str | None = None
    """A sentence where the teller has one of its own."""
    word: str | None = None
    """The teller's own word for what happened."""
    subject: str | None = None
    """What it happened to, where that is no model and no rollout."""


@dataclass(frozen=True, eq=False, slots=True)
class ServiceLog:
    """What the service tells of the past; None for a part that it does not have."""

    audit: tuple[TimelineEvent, ...] | None = None
    incidents: tuple[TimelineEvent, ...] | None = None
    histories: Mapping[str, tuple[TimelineEvent, ...]] = field(default_factory=dict)
    """The status history of some rollouts, by rollout id."""
    audit_total: int | None = None
    """How many records the audit log has."""

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """Everything that it tells, in no order; one thing may be told twice."""
        told = [*(self.audit or ()), *(self.incidents or ())]
        for history in self.histories.values():
            told += history
        return tuple(told)

    @property
    def left_out(self) -> int:
        """How many older records of the audit log were not read."""
        return max(0, (self.audit_total or 0) - len(self.audit or ())) if self.audit is not None else 0


_NEAR = 5.0
"""Seconds between two tellers' times of what can happen several times."""

_ONCE_NEAR = 120.0
"""The same for what happens once to one thing: the clocks of this machine and of the service may differ."""

_ONCE = frozenset({Act.CREATED, Act.STARTED, Act.COMPLETED, Act.CANCELLED, Act.FAILED, Act.ROLLBACK})
_BY_INTENT = frozenset({Act.CONFIRMED, Act.VERIFIED, Act.DONE})
_RANK = {teller: rank for rank, teller in enumerate(Teller)}
_IDENTITY = ("at", "act", "tellers")


def merged(events: Iterable[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    """Return the events newest first, each once; what several tell is put together from all of them."""
    alone: list[TimelineEvent] = []
    same: dict[tuple[object, ...], list[TimelineEvent]] = defaultdict(list)
    for event in sorted(events, key=_first):
        key = _key(event)
        if key is None:
            alone.append(event)
            continue
        near = _ONCE_NEAR if event.act in _ONCE or event.act in _BY_INTENT else _NEAR
        known = same[key]
        place = next((n for n, one in enumerate(known) if abs(one.at - event.at) <= near), None)
        if place is None:
            known.append(event)
        else:
            known[place] = _joined(known[place], event)
    found = [*dict.fromkeys(alone), *(event for several in same.values() for event in several)]
    backs = {event.rollout_id for event in found if event.is_rollback} - {None}
    found = [
        replace(e, is_rollback=True) if e.rollout_id in backs and not e.is_rollback else e for e in found
    ]
    return tuple(sorted(found, key=lambda event: (-event.at, _ORDER[event.act], event.rollout_id or "")))


_ORDER = {act: -place for place, act in enumerate(Act)}
"""Of one moment what follows from the other stands above it."""


def _first(event: TimelineEvent) -> tuple[int, float]:
    return min(_RANK[teller] for teller in event.tellers), event.at


def _key(event: TimelineEvent) -> tuple[object, ...] | None:
    """Return what two tellers of one thing have in common; None for what only one can tell."""
    if event.act in (Act.CROSSED, Act.RESOLVED):
        return (event.act, event.incident_id) if event.incident_id is not None else None
    if event.act in _BY_INTENT:
        return (event.act, event.intent_id) if event.intent_id is not None else None
    if event.rollout_id is None or event.act in (Act.OTHER, Act.CONSOLE, Act.MEMO, Act.BOUNCED):
        return None
    is_once = event.act in _ONCE
    return (event.act, event.rollout_id, None if is_once else event.share)


def _joined(first: TimelineEvent, second: TimelineEvent) -> TimelineEvent:
    """Return the first one, with what only the second one tells."""
    more = {
        name: getattr(second, name)
        for name in (one.name for one in fields(TimelineEvent))
        if name not in _IDENTITY and getattr(first, name) is None and getattr(second, name) is not None
    }
    return replace(first, tellers=first.tellers | second.tellers, **more)


def about(events: Iterable[TimelineEvent], model_id: str, model_name: str = "") -> tuple[TimelineEvent, ...]:
    """Return the events of one model, in their order; a teller may know it by its name alone."""
    names = {model_id, model_name} - {""}
    return tuple(event for event in events if event.model_id in names or event.model in names)
