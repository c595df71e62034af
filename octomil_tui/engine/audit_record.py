"""One record of the audit log, and the line that it is in the file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from octomil_tui.api.redact import hide_known
from octomil_tui.domain.text import MESSAGE_LIMIT, NAME_LIMIT, clean
from octomil_tui.engine.fields import UnreadableError, parse_fields
from octomil_tui.engine.whoami import Whoami

_ID_LIMIT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One thing that was done. Texts are made safe when they are written."""

    whoami: Whoami
    api_host: str
    key_fingerprint: str
    action: str
    """`rollback.intent`, `rollback.accepted`, …"""
    scope: str
    model: str
    from_version: str | None
    to_version: str | None
    reason: str | None
    intent_id: str
    status: int | None = None
    """The HTTP status of the answer."""
    outcome: str = ""
    at: float | None = None
    """Epoch seconds; None for the moment at which it is written."""
    service_at: float | None = None
    """The service's clock then, as far as it was known."""
    org: str | None = None
    """The organisation at the service."""
    rollout_id: str | None = None
    """The service's id of what was begun, raw."""


def encode_record(record: AuditRecord, now: float) -> bytes:
    """Return the line of a record, ASCII only, with its line break.

    Args:
        record: What was done.
        now: The moment of a record that has none, epoch seconds.

    Raises:
        ValueError: The moment cannot be written as a date; also `OverflowError` and `OSError`.
    """
    me = record.whoami
    moment = datetime.fromtimestamp(now if record.at is None else record.at, UTC)
    values = {
        "ts": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
        "user": clean(me.user),
        "sudo_user": _clean_or_none(me.sudo_user),
        "ssh_host": _clean_or_none(me.ssh_host),
        "pid": me.pid,
        "version": clean(me.version),
        "api_host": clean(record.api_host),
        "key": clean(record.key_fingerprint),
        "action": clean(record.action),
        "model": clean(record.model),
        "scope": clean(record.scope),
        "from": _clean_or_none(record.from_version),
        "to": _clean_or_none(record.to_version),
        "reason": _clean_or_none(record.reason and hide_known(record.reason), MESSAGE_LIMIT),
        "intent": clean(record.intent_id, _ID_LIMIT),
        "status": record.status,
        "outcome": clean(record.outcome, MESSAGE_LIMIT),
        "service_at": record.service_at,
        "org": record.org,
        "rollout_id": record.rollout_id,
    }
    return json.dumps(values).encode("ascii") + b"\n"


def decode_record(line: bytes) -> AuditRecord:
    """Return the record of a line; every text is safe to show.

    Raises:
        UnreadableError: It is none.
    """
    fields = parse_fields(line)
    return AuditRecord(
        whoami=Whoami(
            user=fields.shown("user"),
            sudo_user=fields.shown_or_none("sudo_user"),
            ssh_host=fields.shown_or_none("ssh_host"),
            pid=fields.count("pid"),
            version=fields.shown("version"),
        ),
        api_host=fields.shown("api_host"),
        key_fingerprint=fields.shown("key"),
        action=fields.shown("action"),
        scope=fields.shown("scope"),
        model=fields.shown("model"),
        from_version=fields.shown_or_none("from"),
        to_version=fields.shown_or_none("to"),
        reason=fields.shown_or_none("reason", MESSAGE_LIMIT),
        intent_id=fields.shown("intent", _ID_LIMIT),
        status=fields.count_or_none("status"),
        outcome=fields.shown("outcome", MESSAGE_LIMIT),
        at=_moment(fields.raw("ts")),
        service_at=fields.moment_or_none("service_at"),
        org=fields.raw_or_none("org"),
        rollout_id=fields.raw_or_none("rollout_id"),
    )


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
        at = moment.timestamp()
    except (ValueError, OverflowError):
        raise UnreadableError("ts is not a moment") from None
    if moment.tzinfo is None or at < 0:
        raise UnreadableError("ts is before 1970, or has no time zone")
    return at


def _clean_or_none(text: str | None, limit: int = NAME_LIMIT) -> str | None:
    return None if text is None else clean(text, limit)
