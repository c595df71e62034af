"""One rollback as the journal keeps it: what was confirmed, and how it went as far as this console knows."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from octomil_tui.api.redact import hide_known
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.engine.fields import Fields, UnreadableError, parse_fields

FILE_LIMIT: Final = 65_536
"""Bytes that a file may have; an ordinary one has about 1,000."""

REASON_LIMIT: Final = 500
"""Characters of the reason that are kept."""

_FORMAT = 1
_ID = re.compile(r"[\x21-\x7e]{1,255}")
_WAY = re.compile(r"[a-z_]{1,20}")
_DOCUMENTED = "rollback"
_DIGEST_LIMIT = 128


class IntentState(StrEnum):
    """How far a rollback got, as far as the console that sent it knows."""

    INTENT = "intent"
    """Confirmed; nothing was sent yet."""
    SENT = "sent"
    """The request left, or was about to; no answer yet."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    """The answer was lost: it may or may not have begun."""
    CLOSED = "closed"
    """Nobody has to look at it again."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What was confirmed; written once, never changed."""

    id: str
    """The idempotency key."""
    at: float
    """When it was confirmed, by this machine's clock, epoch seconds."""
    service: str
    """Origin and base path of the API."""
    org: str | None
    model_id: str
    model_name: str
    from_version: str | None
    to_version: str
    group: str | None
    """The raw name of the group, or None for the whole fleet."""
    group_id: str | None
    reason: str | None
    devices: int
    """Size of the scope as planned."""
    plan: str
    """The plan's digest."""
    active_rollout_id: str | None
    """The rollout that ran when it was confirmed."""
    key_fingerprint: str
    way: str = _DOCUMENTED
    """By which of the service's routes; see `domain.order.Way`."""

    def asks_the_same(self, other: Intent) -> bool:
        """Say whether both ask the service for the same thing."""
        return self._asked() == other._asked()

    def _asked(self) -> tuple[str | None, ...]:
        return (self.id, self.service, self.org, self.model_id, self.to_version, self.group, self.way)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the journal."""

    intent: Intent
    state: IntentState
    path: Path
    updated_at: float
    """When it was written last, by this machine's clock."""
    sent_at: float | None = None
    """The service's clock when the request left, the first time if it was sent again."""
    rollout_id: str | None = None
    """Raw."""
    sentence: str = ""
    """What the service or the failure said."""
    seen_at: float | None = None
    """The service's clock when a console last looked at it."""
    outcome: str = ""
    """How it ended."""
    tries: int = 1
    """How often it was confirmed; more than 1 where it was sent again with the same key."""


def encode(entry: Entry) -> bytes:
    """Return the file of an entry, ASCII only; free texts are cut, everything else is whole.

    Raises:
        UnreadableError: Something in it could not be read back.
    """
    intent = asdict(entry.intent)
    intent["model_name"] = clean(entry.intent.model_name)
    if entry.intent.reason is not None:
        intent["reason"] = clean(hide_known(entry.intent.reason), REASON_LIMIT)
    values = {
        "format": _FORMAT,
        "state": entry.state.value,
        "outcome": clean(entry.outcome, MESSAGE_LIMIT),
        "sentence": clean(entry.sentence, MESSAGE_LIMIT),
        "tries": entry.tries,
        "sent_at": entry.sent_at,
        "seen_at": entry.seen_at,
        "updated_at": entry.updated_at,
        "rollout_id": entry.rollout_id,
        "intent": intent,
    }
    try:
        content = json.dumps(values, indent=1, allow_nan=False).encode("ascii") + b"\n"
    except (TypeError, ValueError):
        raise UnreadableError("a number is not finite") from None
    if len(content) > FILE_LIMIT:
        raise UnreadableError(f"the record would be larger than {FILE_LIMIT} bytes")
    decode(content, entry.path)
    return content


def decode(content: bytes, path: Path) -> Entry:
    """Return the entry in a file.

    Names and sentences are safe to show; ids, versions and the group are raw.

    Raises:
        UnreadableError: It is not an entry, or one of another format.
    """
    fields = parse_fields(content)
    if fields.count("format") != _FORMAT:
        raise UnreadableError("the format is another one")
    try:
        state = IntentState(fields.raw("state"))
    except ValueError:
        raise UnreadableError("the state is unknown") from None
    return Entry(
        intent=_intent(fields.inner("intent")),
        state=state,
        path=path,
        updated_at=fields.moment("updated_at"),
        sent_at=fields.moment_or_none("sent_at"),
        rollout_id=fields.raw_or_none("rollout_id"),
        sentence=fields.shown("sentence", MESSAGE_LIMIT),
        seen_at=fields.moment_or_none("seen_at"),
        outcome=fields.shown("outcome", MESSAGE_LIMIT),
        tries=max(1, fields.count("tries")),
    )


def _intent(fields: Fields) -> Intent:
    way = fields.raw_or_none("way") or _DOCUMENTED
    if not _ID.fullmatch(fields.raw("id")):
        raise UnreadableError("the id is not one that can be sent")
    if not _WAY.fullmatch(way):
        raise UnreadableError("the way is unknown")
    return Intent(
        id=fields.raw("id"),
        at=fields.moment("at"),
        service=fields.raw("service"),
        org=fields.raw_or_none("org"),
        model_id=fields.raw("model_id"),
        model_name=fields.shown("model_name"),
        from_version=fields.raw_or_none("from_version"),
        to_version=fields.raw("to_version"),
        group=fields.raw_or_none("group"),
        group_id=fields.raw_or_none("group_id"),
        reason=fields.shown_or_none("reason", REASON_LIMIT),
        devices=fields.count("devices"),
        plan=fields.shown("plan", _DIGEST_LIMIT),
        active_rollout_id=fields.raw_or_none("active_rollout_id"),
        key_fingerprint=fields.shown("key_fingerprint"),
        way=way,
    )
