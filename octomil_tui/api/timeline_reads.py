"""What the service tells of the past, in one read: audit log, incidents, and how some rollouts went."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from octomil_tui.api import convert_audit, convert_history, convert_policy, wire_audit, wire_policy
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.decode import RowsDecoder
from octomil_tui.api.errors import ForbiddenError, NotFoundError
from octomil_tui.api.exchange import Reader
from octomil_tui.domain.order import Reading
from octomil_tui.domain.service_events import of_history, of_incident
from octomil_tui.domain.timeline import ServiceLog, TimelineEvent

T = TypeVar("T")

_AUDIT = RowsDecoder(wire_audit.AuditRecord, "events")
_INCIDENTS = RowsDecoder(wire_policy.Incident, "incidents")
_HISTORY = RowsDecoder(wire_policy.StatusChange, "history")

ROWS = 100
"""Records of the audit log on one page, and incidents: what every service gives at once."""

AUDIT_CAP = 1000
"""Records of the audit log that are read at most."""


@dataclass(frozen=True, slots=True)
class _Part(Generic[T]):
    """What one route brought back."""

    value: T
    served_at: float | None
    unreadable: int
    total: int | None = None


class TimelineReads:
    """The part of the client that reads the past."""

    _address: Address
    _reader: Reader
    _org: Mapping[str, str]

    async def timeline(
        self, rollouts: Sequence[tuple[str, str]] = (), *, most: int = ROWS
    ) -> Reading[ServiceLog]:
        """Return what the service tells of the past, as far as it has it.

        `GET {base}/logs/audit` and `GET {base}/monitoring/incidents`, the newest
        ones, and for each rollout that is named
        `GET {base}/models/{model}/rollouts/{rollout}/status-history`. A part that
        the service does not have, or that this key may not read, is None.

        Args:
            rollouts: Model id and rollout id of the rollouts whose history is read.
            most: Records of the audit log that are read at most, in pages of a hundred.

        Raises:
            NotFoundError: The service has none of it.
            OctomilError: A part that it has could not be read.

        Source: the service's Audit logs page and its API reference, "Monitoring";
        the status history is a route of its Python package.
        """
        audit, incidents, *histories = await asyncio.gather(
            _if_there(self._audit(min(most, AUDIT_CAP))),
            _if_there(self._incidents()),
            *(_if_there(self._history(model_id, rollout_id)) for model_id, rollout_id in rollouts),
        )
        found = [one for one in (audit, incidents, *histories) if one is not None]
        if not found:
            raise NotFoundError("this service keeps no audit log, no incidents and no status history")
        log = ServiceLog(
            audit=audit.value if audit is not None else None,
            incidents=incidents.value if incidents is not None else None,
            histories={
                rollout_id: one.value
                for (_, rollout_id), one in zip(rollouts, histories, strict=True)
                if one is not None
            },
            audit_total=audit.total if audit is not None else None,
        )
        served_at = max((one.served_at for one in found if one.served_at is not None), default=None)
        return Reading(log, served_at, sum(one.unreadable for one in found))

    async def _audit(self, most: int) -> _Part[tuple[TimelineEvent, ...]]:
        path = self._address.path("logs", "audit")
        events: list[TimelineEvent] = []
        seen: set[str] = set()
        offset = unreadable = 0
        while True:
            params = {**self._org, "limit": str(ROWS), "offset": str(offset)}
            told = await self._reader.read(
                Asked(path, params, page=1 + offset // ROWS), self._reader.patience()
            )
            page = _AUDIT.decode(told.body)
            unreadable += page.unreadable
            offset += page.count
            # A service that does not heed the offset sends the same page again; one to which something was added overlaps.
            fresh = [row for row in page.rows if str(row.id) not in seen]
            seen.update(str(row.id) for row in fresh)
            events += [event for row in fresh if (event := convert_audit.record(row)) is not None]
            is_end = not fresh or page.count < ROWS or offset >= most
            if is_end or (page.total is not None and offset >= page.total):
                return _Part(tuple(events), told.served_at, unreadable, page.total)

    async def _incidents(self) -> _Part[tuple[TimelineEvent, ...]]:
        path = self._address.path("monitoring", "incidents")
        told = await self._reader.read(
            Asked(path, {**self._org, "limit": str(ROWS)}), self._reader.patience()
        )
        page = _INCIDENTS.decode(told.body)
        events = tuple(event for row in page.rows for event in of_incident(convert_policy.incident(row)))
        return _Part(events, told.served_at, page.unreadable)

    async def _history(self, model_id: str, rollout_id: str) -> _Part[tuple[TimelineEvent, ...]]:
        path = self._address.path("models", model_id, "rollouts", rollout_id, "status-history")
        told = await self._reader.read(Asked(path), self._reader.patience())
        page = _HISTORY.decode(told.body)
        events = of_history(convert_history.history(page.rows), rollout_id, model_id)
        return _Part(events, told.served_at, page.unreadable)


async def _if_there(part: Awaitable[_Part[T]]) -> _Part[T] | None:
    """Return a part, None where the service has no such thing or does not show it to this key."""
    try:
        return await part
    except (NotFoundError, ForbiddenError):
        return None
