"""What a rollback leaves on this machine: its journal entry and its audit records, and what was left open before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from octomil_tui.domain.order import RollbackOrder, Way
from octomil_tui.domain.rollback import LogLine, Phase, Rollback
from octomil_tui.domain.text import clean
from octomil_tui.engine.audit import AuditLog, AuditRecord, Whoami
from octomil_tui.engine.journal import Entry, Intent, IntentState, Journal, RecordError
from octomil_tui.engine.writing import AtOnce, Writing

__all__ = ["LocalRecords", "RecordError", "Records", "restored", "shown_path"]

_PATH_LIMIT = 1_000

SEEN_EVERY = 15.0
"""Seconds between two notes that somebody still looks at a rollback."""


class Records(Protocol):
    """What a session writes down about the rollbacks that it sends."""

    def trouble(self) -> str:
        """Return why nothing can be written down, a clause; empty where it can."""

    def intend(self, rollback: Rollback, *, must: bool = True) -> None:
        """Write down, before anything is sent, what is about to be sent.

        Raises:
            RecordError: It must be written, and could not be.
        """

    def note(self, rollback: Rollback) -> None:
        """Write down how a rollback stands now; what cannot be written any more stops nothing."""

    def place(self, rollback: Rollback) -> str:
        """Return where a rollback is written down, safe to show; empty where it is not."""

    def left_open(self, model_id: str | None = None) -> tuple[Rollback, ...]:
        """Return the rollbacks, of one model or of all, that an earlier life left open, as far as the records tell."""

    def close(self, rollback: Rollback, outcome: str) -> None:
        """Write down that nobody has to look at this rollback again."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rollbacks of one session go."""

    service: str
    """Origin and base path of the service."""
    host: str
    org: str | None
    key_fingerprint: str


_STATES = {
    Phase.SENDING: IntentState.SENT,
    Phase.UNCONFIRMED: IntentState.UNKNOWN,
    Phase.NOT_FOUND: IntentState.UNKNOWN,
    Phase.REJECTED: IntentState.CLOSED,
    Phase.NOT_SENT: IntentState.CLOSED,
    Phase.COMPLETE: IntentState.CLOSED,
    Phase.SUPERSEDED: IntentState.CLOSED,
    Phase.FAILED: IntentState.CLOSED,
}
"""The journal's state for each phase; all others are accepted ones that run."""


@dataclass(slots=True)
class _Noted:
    """What was written down last of one rollback."""

    path: Path
    phase: Phase = Phase.PLANNED
    rollout_id: str | None = None
    seen_at: float = 0.0


@dataclass(slots=True)
class LocalRecords:
    """Journal and audit log of this machine; fits `Records`.

    Args:
        journal: One file per intent.
        audit: The append-only log.
        origin: The service.
        whoami: Who runs this.
        writing: Who writes; what was done already is noted without waiting for the disk where that can be later.
    """

    journal: Journal
    audit: AuditLog
    origin: Origin
    whoami: Callable[[], Whoami]
    writing: Writing = field(default_factory=AtOnce)
    _noted: dict[str, _Noted] = field(default_factory=dict)

    def trouble(self) -> str:
        """Return why nothing can be written down, a clause; empty where it can."""
        return self.journal.trouble() or self.audit.trouble()

    def intend(self, rollback: Rollback, *, must: bool = True) -> None:
        """Write down, on the disk before it returns, what is about to be sent.

        Raises:
            RecordError: It must be written, and could not be.
        """
        try:
            self.writing.now(partial(self._begin, rollback))
        except RecordError:
            if must:
                self.close(rollback, "not_sent")
                raise

    def _begin(self, rollback: Rollback) -> None:
        entry = self.journal.begin(self._intent(rollback))
        self._noted[entry.intent.id] = _Noted(entry.path)
        self.audit.append(self._record(rollback, "rollback.intent"))

    def note(self, rollback: Rollback) -> None:
        """Write down how a rollback of this console stands now, where that is news."""
        key = rollback.key
        noted = self._noted.get(key or "")
        if key is None or noted is None:
            return
        has_changed = (noted.phase, noted.rollout_id) != (rollback.phase, rollback.rollout_id)
        # Until somebody has seen what went on meanwhile, the gap stays as long as it was.
        is_looked_at = rollback.watch is not None and rollback.left_at is None
        seen_at = rollback.watch.at if rollback.watch is not None and is_looked_at else None
        was_seen = seen_at is not None and seen_at - noted.seen_at >= SEEN_EVERY
        if not has_changed and not was_seen:
            return
        self._noted[key] = _Noted(noted.path, rollback.phase, rollback.rollout_id, seen_at or noted.seen_at)
        is_another = noted.phase is not rollback.phase
        self.writing.later(partial(self._write_down, key, rollback, seen_at, is_audited=is_another))

    def _write_down(self, key: str, rollback: Rollback, seen_at: float | None, *, is_audited: bool) -> None:
        try:
            self.journal.update(
                key,
                _STATES.get(rollback.phase, IntentState.ACCEPTED),
                sent_at=rollback.sent_at,
                rollout_id=rollback.rollout_id,
                sentence=rollback.sentence,
                seen_at=seen_at,
                outcome=rollback.phase.value,
            )
            if is_audited:
                self.audit.append(self._record(rollback, f"rollback.{rollback.phase.value}"))
        except RecordError:
            # The rollback is what counts; that its record is missing was said before it was sent, or is said next time.
            return

    def place(self, rollback: Rollback) -> str:
        """Return the path of its journal file, safe to show; empty where it has none."""
        noted = self._noted.get(rollback.key or "")
        return shown_path(noted.path) if noted is not None else ""

    def left_open(self, model_id: str | None = None) -> tuple[Rollback, ...]:
        """Return the rollbacks that an earlier life left open and that no other console looks after."""
        try:
            self.journal.tidy()
            found = self.journal.open_entries(self.origin.service, self.origin.org)
            open_ones = [
                entry
                for entry in found
                if model_id in (None, entry.intent.model_id)
                and self.journal.claim(entry.intent.id) is not None
            ]
        except RecordError:
            # What cannot be read back is not known; that nothing can be written is said before the next rollback.
            return ()
        for entry in open_ones:
            self._noted[entry.intent.id] = _Noted(entry.path, rollout_id=entry.rollout_id)
        return tuple(restored(entry) for entry in open_ones)

    def release(self) -> None:
        """Let other consoles of this user look after what is still open."""
        self.writing.now(self.journal.close)

    def close(self, rollback: Rollback, outcome: str) -> None:
        """Write down that nobody has to look at this rollback again."""
        key = rollback.key
        if key is None or self._noted.pop(key, None) is None:
            return
        self.writing.later(partial(self._write_end, key, rollback, outcome))

    def _write_end(self, key: str, rollback: Rollback, outcome: str) -> None:
        try:
            self.journal.update(key, IntentState.CLOSED, outcome=outcome)
            self.audit.append(self._record(rollback, f"rollback.{outcome}"))
        except RecordError:
            return

    def _intent(self, rollback: Rollback) -> Intent:
        plan = rollback.plan
        if plan is None or rollback.key is None:
            raise ValueError("only a rollback that was planned here is written down")
        return Intent(
            id=rollback.key,
            at=self.journal.now(),
            service=self.origin.service,
            org=self.origin.org,
            model_id=rollback.model_id,
            model_name=plan.model.name,
            from_version=plan.from_version,
            to_version=plan.to_version,
            group=rollback.order.group,
            group_id=plan.scope.group_id,
            reason=rollback.order.reason,
            devices=plan.total.devices,
            plan=plan.digest,
            active_rollout_id=rollback.active_before,
            key_fingerprint=self.origin.key_fingerprint,
            way=rollback.order.way.value,
        )

    def _record(self, rollback: Rollback, action: str) -> AuditRecord:
        order, receipt = rollback.order, rollback.receipt
        return AuditRecord(
            whoami=self.whoami(),
            api_host=self.origin.host,
            key_fingerprint=self.origin.key_fingerprint,
            action=action,
            scope=f"group {order.group}" if order.group is not None else "fleet",
            model=rollback.plan.model.name if rollback.plan is not None else rollback.model_id,
            from_version=rollback.from_version,
            to_version=order.to_version,
            reason=order.reason,
            intent_id=rollback.key or "",
            status=rollback.refused_with or (receipt.status if receipt is not None else None),
            outcome=rollback.sentence or rollback.server_word,
            service_at=_service_at(rollback),
            org=self.origin.org,
            rollout_id=rollback.rollout_id,
        )


def _service_at(rollback: Rollback) -> float | None:
    """Return the service's clock at the newest thing that is known of a rollback."""
    plan, watch = rollback.plan, rollback.watch
    known = (
        watch.at if watch is not None else None,
        rollback.sent_at,
        plan.made_at if plan is not None else None,
    )
    return next((at for at in known if at is not None), None)


def shown_path(path: Path) -> str:
    """Return the path as people write it, safe to show."""
    try:
        return clean(f"~/{path.relative_to(Path.home())}", _PATH_LIMIT)
    except (ValueError, RuntimeError):
        return clean(str(path), _PATH_LIMIT)


def restored(entry: Entry) -> Rollback:
    """Return the rollback of a journal entry; how it stands is for the server's records to say."""
    intent = entry.intent
    sent_at = entry.sent_at if entry.sent_at is not None else intent.at
    way = Way(intent.way) if intent.way in tuple(Way) else Way.ROLLBACK
    return Rollback(
        model_id=intent.model_id,
        order=RollbackOrder(intent.to_version, intent.reason, intent.group, way),
        phase=Phase.UNCONFIRMED,
        key=intent.id,
        rollout_id=entry.rollout_id,
        from_version=intent.from_version,
        sent_at=sent_at,
        sentence=entry.sentence,
        tries=entry.tries,
        active_before=intent.active_rollout_id,
        scope_size=intent.devices,
        group_id=intent.group_id,
        left_at=entry.seen_at if entry.seen_at is not None else sent_at,
        log=(LogLine(sent_at, "sent by this console before it was closed"),),
    )
