"""What a change other than a rollback leaves on this machine: lines of the audit log, before it is sent and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from octomil_tui.engine.audit import AuditLog, AuditRecord, Whoami
from octomil_tui.engine.private import RecordError
from octomil_tui.engine.recording import LocalRecords, Origin, Records

__all__ = ["ChangeLine", "ChangeRecords", "LocalChanges", "changes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What is about to be done, or was done."""

    action: str
    """`rollout.pause`, `version.hold`, `policy.set`."""
    step: str
    """`intent` before it is sent, then how it ended: `done`, `rejected`, `not_sent`, `unknown`."""
    intent_id: str
    model: str = ""
    scope: str = "fleet"
    from_version: str | None = None
    to_version: str | None = None
    reason: str | None = None
    status: int | None = None
    """The HTTP status of the answer."""
    words: str = ""
    """What is to be done, or what came of it, as a sentence."""


class ChangeRecords(Protocol):
    """Where changes are written down."""

    def trouble(self) -> str:
        """Return why nothing can be written down, a clause; empty where it can."""

    def write(self, line: ChangeLine) -> None:
        """Write one line; it is on the disk when this returns.

        Raises:
            RecordError: It cannot be written.
        """


@dataclass(frozen=True, slots=True)
class LocalChanges:
    """The audit log of this machine; fits `ChangeRecords`.

    Args:
        audit: The append-only log.
        origin: The service.
        whoami: Who runs this.
    """

    audit: AuditLog
    origin: Origin
    whoami: Callable[[], Whoami]

    def trouble(self) -> str:
        """Return why nothing can be written down, a clause; empty where it can."""
        return self.audit.trouble()

    def write(self, line: ChangeLine) -> None:
        """Write one line; it is on the disk when this returns.

        Raises:
            RecordError: It cannot be written.
        """
        self.audit.append(
            AuditRecord(
                whoami=self.whoami(),
                api_host=self.origin.host,
                key_fingerprint=self.origin.key_fingerprint,
                action=f"{line.action}.{line.step}",
                scope=line.scope,
                model=line.model,
                from_version=line.from_version,
                to_version=line.to_version,
                reason=line.reason,
                intent_id=line.intent_id,
                status=line.status,
                outcome=line.words,
            )
        )


def changes_of(records: Records | None) -> ChangeRecords | None:
    """Return where changes are written down, beside the rollbacks of these records; None where those are not kept."""
    if not isinstance(records, LocalRecords):
        return None
    return LocalChanges(records.audit, records.origin, records.whoami)


def note(records: ChangeRecords | None, line: ChangeLine) -> None:
    """Write a line of which the loss stops nothing: what was done is done."""
    if records is None:
        return
    try:
        records.write(line)
    except RecordError:
        return
