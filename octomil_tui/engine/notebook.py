"""This machine's own part of the timeline: what its audit log tells of rollbacks, and the memos of people."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from octomil_tui.domain.text import MESSAGE_LIMIT, clean, version_label
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent
from octomil_tui.engine.audit import AuditLog, AuditRecord, RecordError, Whoami, read, whoami
from octomil_tui.engine.recording import Origin

__all__ = ["Notebook", "RecordError"]

MEMO = "memo"
"""The action of a memo in the audit log."""

_PREFIX = "rollback."
_SAID = {
    "not_sent": "was not sent",
    "rejected": "was refused by the service",
    "unconfirmed": "got no answer; looking in the server's records",
    "not_found": "got no answer, and the server's records show nothing of it",
    "wider": "went WIDER THAN ASKED",
    "stalled": "STALLED",
    "diverged": "DIVERGED",
    "complete": "COMPLETE: nobody is left",
    "regressed": "REGRESSED: a device left the target again",
    "superseded": "SUPERSEDED by another rollout or rollback",
    "failed": "FAILED, as the server says",
    "given_up": "given up: nothing more was sent",
}
"""What the timeline says of an action; those that the service tells as well are left to it."""


def _me() -> Whoami:
    return whoami(os.environ)


@dataclass(slots=True)
class Notebook:
    """Reads the records of this machine, and takes memos. Calls read and write files, from any thread.

    Args:
        audit: Where both are; None keeps memos for as long as this process lives.
        origin: The service, whose events are wanted.
        whoami: Who runs this.
    """

    audit: AuditLog | None = None
    origin: Origin | None = None
    whoami: Callable[[], Whoami] = _me
    _memos: list[TimelineEvent] = field(default_factory=list)

    def past(self) -> tuple[TimelineEvent, ...]:
        """Return what is written down here about this service, the oldest first.

        Raises:
            RecordError: The audit log is there and cannot be read.
        """
        if self.audit is None or self.origin is None:
            return tuple(self._memos)
        records, _ = read(self.audit.path)
        mine = (one for one in records if self._is_of_here(one))
        return tuple(event for one in mine if (event := event_of(one)) is not None)

    def _is_of_here(self, record: AuditRecord) -> bool:
        origin = self.origin
        # A record from before organisations were written down is of whichever it was.
        return (
            origin is not None and record.api_host == clean(origin.host) and record.org in (None, origin.org)
        )

    def memo(
        self,
        text: str,
        at: float | None,
        *,
        model: str | None = None,
        rollout_id: str | None = None,
    ) -> None:
        """Keep a memo; it is on the disk when this returns, where there is one.

        Args:
            text: What somebody wants to be remembered.
            at: The service's clock, epoch seconds; None for this machine's.
            model: The raw name of the model that it is about.
            rollout_id: The raw id of the rollback that it is about.

        Raises:
            RecordError: It cannot be written.
        """
        origin = self.origin
        record = AuditRecord(
            whoami=self.whoami(),
            api_host=origin.host if origin is not None else "",
            key_fingerprint=origin.key_fingerprint if origin is not None else "",
            action=MEMO,
            scope="timeline",
            model=model or "",
            from_version=None,
            to_version=None,
            reason=text,
            intent_id="",
            service_at=at,
            org=origin.org if origin is not None else None,
            rollout_id=rollout_id,
        )
        if self.audit is not None and origin is not None:
            self.audit.append(record)
        elif (event := event_of(record)) is not None:
            self._memos.append(event)


def event_of(record: AuditRecord) -> TimelineEvent | None:
    """Return what a record of the audit log adds to the timeline, None where it is said elsewhere."""
    at = record.service_at if record.service_at is not None else record.at
    if at is None:
        return None
    name = record.action.removeprefix(_PREFIX)
    is_memo = record.action == MEMO
    act = Act.MEMO if is_memo else {"intent": Act.CONFIRMED, "done": Act.DONE}.get(name, Act.CONSOLE)
    if act is Act.CONSOLE and (name not in _SAID or not record.action.startswith(_PREFIX)):
        return None
    return TimelineEvent(
        at=at,
        act=act,
        tellers=frozenset({Teller.CONSOLE}),
        by=clean(record.whoami.sudo_user or record.whoami.user),
        model=record.model or None,
        rollout_id=record.rollout_id,
        intent_id=record.intent_id or None,
        group=record.scope.removeprefix("group ") if record.scope.startswith("group ") else None,
        is_rollback=None if is_memo else True,
        reason=record.reason if act is Act.CONFIRMED else None,
        text=_text(record, act, name),
    )


def _text(record: AuditRecord, act: Act, name: str) -> str:
    target = version_label(record.to_version)
    match act:
        case Act.MEMO:
            return clean(record.reason or "", MESSAGE_LIMIT)
        case Act.CONFIRMED:
            return f"confirmed a rollback to {target} at this console: {clean(record.scope)}"
        case Act.DONE:
            return f"DONE: every reachable device settled on {target}"
        case _:
            why = f": {record.outcome}" if name in ("not_sent", "rejected") and record.outcome else ""
            return f"rollback to {target} {_SAID[name]}{why}"
