"""From shapes to domain values: models, versions, rollouts, groups, and the answer to a rollback.

Units change here and nowhere else: percent becomes share, times become epoch
seconds, identifiers become text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from octomil_tui.api import wire
from octomil_tui.api.answer import Answer
from octomil_tui.api.convert_policy import trigger
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.fleet import DeviceGroup, Hold, Lifecycle, Model, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.text import clean

T = TypeVar("T")

_STATES = {
    "pending": RolloutState.PENDING,
    "created": RolloutState.PENDING,
    "draft": RolloutState.PENDING,
    "queued": RolloutState.PENDING,
    "scheduled": RolloutState.PENDING,
    "active": RolloutState.ACTIVE,
    "started": RolloutState.ACTIVE,
    "deploying": RolloutState.ACTIVE,
    "rolling_out": RolloutState.ACTIVE,
    "in_progress": RolloutState.ACTIVE,
    "running": RolloutState.ACTIVE,
    "paused": RolloutState.PAUSED,
    "rolling_back": RolloutState.ROLLING_BACK,
    "completed": RolloutState.COMPLETED,
    "cancelled": RolloutState.CANCELLED,
    "canceled": RolloutState.CANCELLED,
    "superseded": RolloutState.CANCELLED,
    "failed": RolloutState.FAILED,
}

_LIFECYCLES = {
    "preview": Lifecycle.PREVIEW,
    "draft": Lifecycle.PREVIEW,
    "active": Lifecycle.ACTIVE,
    "published": Lifecycle.ACTIVE,
    "deprecated": Lifecycle.DEPRECATED,
    "retired": Lifecycle.RETIRED,
    "archived": Lifecycle.RETIRED,
}

_ROLLED_BACK = "rolled_back"
_ROLLBACK = "rollback"
_ALL_PERCENT = 100.0


def text(value: str | int | None) -> str | None:
    """Return an identifier or a version as text, or None for none."""
    return None if value is None else str(value)


def share(percent: float | None) -> float | None:
    """Return 0 to 100 as 0 to 1, and None for anything outside."""
    return percent / _ALL_PERCENT if percent is not None and 0 <= percent <= _ALL_PERCENT else None


def group_key(value: wire.GroupKey | None) -> str | None:
    """Return the raw key of a group that is given by id, by name, or as an object."""
    if isinstance(value, wire.GroupRef):
        return text(value.id) or text(value.name)
    return text(value)


def group_name(value: wire.GroupKey | None) -> str | None:
    """Return the raw name of a group, or its id where that is all there is."""
    if isinstance(value, wire.GroupRef):
        return text(value.name) or text(value.id)
    return text(value)


def person(value: wire.Who | None) -> str | None:
    """Return who it was, safe to show."""
    if isinstance(value, wire.Person):
        return value.email or value.name or (None if value.id is None else clean(value.id))
    return value or None


def model(row: wire.Model) -> Model:
    """Return a model; one without a name is called by its id."""
    identity = str(row.id)
    return Model(identity, text(row.name) or identity, row.device_count, epoch_seconds(row.updated_at))


def version(row: wire.ModelVersion) -> ModelVersion:
    """Return a version; `lifecycle_status` counts before `status` where it says something known."""
    words = [word for word in (row.lifecycle_status, row.status) if word]
    word = next((word for word in words if word.casefold() in _LIFECYCLES), words[0] if words else "")
    return ModelVersion(
        version=str(row.version),
        lifecycle=_LIFECYCLES.get(word.casefold(), Lifecycle.OTHER),
        word=word,
        size_bytes=row.size_bytes,
        created_at=epoch_seconds(row.created_at),
        published_by=person(row.published_by),
        id=text(row.id),
        hold=None if row.held is None else hold(row.held),
    )


def hold(row: wire.Hold) -> Hold:
    """Return by whom and why a version is held."""
    return Hold(epoch_seconds(row.at), person(row.by), row.reason or None)


def versions(rows: Iterable[wire.ModelVersion]) -> tuple[ModelVersion, ...]:
    """Return versions newest first: by time where every row has one, else as the service sent them."""
    return newest_first([version(row) for row in rows], lambda item: item.created_at)


def rollout(row: wire.Rollout, model_id: str | None = None) -> Rollout:
    """Return a rollout.

    Args:
        row: What the service sent.
        model_id: The model it was asked for, where the row does not say.
    """
    word = row.status or ""
    kind = _kind(row)
    percent = next(
        (p for p in (row.rollout_percentage, row.percentage, row.current_percentage) if p is not None), None
    )
    cancelled_at = epoch_seconds(row.cancelled_at)
    cancelled_by = text(row.cancelled_by_rollout_id) or text(row.cancelled_by)
    is_displaced = cancelled_at is not None or cancelled_by is not None
    return Rollout(
        id=str(row.id),
        version=str(row.version),
        state=rollout_state(word, is_rollback=kind == _ROLLBACK and not is_displaced),
        word=word,
        model_id=text(row.model_id) or model_id,
        share=share(percent),
        target_share=share(row.target_percentage),
        kind=kind,
        from_version=text(row.from_version),
        group=group_name(row.group) or text(row.group_name) or text(row.group_id),
        reason=row.reason or None,
        by=person(row.created_by),
        affected=row.affected_devices,
        on_version=row.on_version,
        created_at=epoch_seconds(row.created_at),
        started_at=epoch_seconds(row.started_at),
        completed_at=epoch_seconds(row.completed_at),
        cancelled_at=cancelled_at,
        cancelled_by=cancelled_by,
        next_step_at=epoch_seconds(row.next_step_at),
        updated_at=epoch_seconds(row.updated_at),
        step=share(row.increment_step),
        trigger=trigger(row.trigger),
    )


def rollout_state(word: str, *, is_rollback: bool = False) -> RolloutState:
    """Return what a status word means.

    `rolled_back` is the end of whatever it is said of: of a rollback, that it
    is done; of any other rollout, that it was displaced by one. A word that is
    not known is `OTHER`, which is neither an end nor a success.
    """
    known = word.strip().casefold().replace("-", "_").replace(" ", "_")
    if known == _ROLLED_BACK:
        return RolloutState.COMPLETED if is_rollback else RolloutState.CANCELLED
    return _STATES.get(known, RolloutState.OTHER)


def _kind(row: wire.Rollout) -> str | None:
    words = [word for word in (row.kind, row.type, row.strategy) if word]
    if (
        any(word.casefold() == _ROLLBACK for word in words)
        or row.rollback_id is not None
        or rollout_state(row.status or "") is RolloutState.ROLLING_BACK
    ):
        return _ROLLBACK
    return words[0] if words else None


def rollouts(rows: Iterable[wire.Rollout], model_id: str | None = None) -> tuple[Rollout, ...]:
    """Return rollouts newest first: by time, else by numeric id, else as the service sent them."""
    items = [rollout(row, model_id) for row in rows]

    def began(item: Rollout) -> float | None:
        return item.created_at if item.created_at is not None else item.started_at

    if all(began(item) is not None for item in items):
        # Rows of the same second are told apart by their ids.
        return newest_first(newest_first(items, _number), began)
    return newest_first(items, _number)


def _number(item: Rollout) -> float | None:
    return float(item.id) if item.id.isascii() and item.id.isdigit() else None


def newest_first(items: Sequence[T], key: Callable[[T], float | None]) -> tuple[T, ...]:
    """Return `items` with the greatest key first; unchanged where any of them has none."""
    keys = [key(item) for item in items]
    known = [value for value in keys if value is not None]
    if len(known) < len(items):
        return tuple(items)
    order = sorted(range(len(items)), key=lambda i: known[i], reverse=True)
    return tuple(items[i] for i in order)


def group(row: wire.Group) -> DeviceGroup:
    """Return a group; one without a name is called by its id."""
    identity = str(row.id)
    return DeviceGroup(
        identity, text(row.name) or identity, row.device_count, description=row.description or None
    )


def receipt(row: wire.RollbackReply, answer: Answer) -> RollbackReceipt:
    """Return the answer to an accepted rollback; what it does not say is None, but for the state."""
    word = row.status or RolloutState.ROLLING_BACK.value
    replayed = answer.headers.get("idempotency-replayed") or answer.headers.get("idempotent-replayed")
    return RollbackReceipt(
        state=rollout_state(word, is_rollback=True),
        word=word,
        rollout_id=text(row.rollout_id) or text(row.rollback_id),
        affected_devices=row.affected_devices,
        from_version=text(row.from_version),
        to_version=text(row.to_version),
        group=group_name(row.group),
        cancelled_rollout_id=text(row.cancelled_rollout_id),
        request_id=None if answer.request_id is None else clean(answer.request_id),
        server_at=answer.served_at,
        status=answer.status,
        replayed=(replayed or "").strip().casefold() == "true",
    )
