"""From shapes to domain values: what a rollout has been through."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.api.convert import newest_first, person, rollout_state, share, text
from octomil_tui.api.convert_policy import trigger
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.api.wire_policy import StatusChange as Row
from octomil_tui.domain.history import StatusChange


def history(rows: Iterable[Row], *, is_rollback: bool = False) -> tuple[StatusChange, ...]:
    """Return the history newest first: by time where every row has one, else as the service sent it, turned round.

    Args:
        rows: What the service sent, the oldest first as its own is.
        is_rollback: Whether it is that of a rollback, for which `rolled_back` is the end.
    """
    found = [
        StatusChange(
            state=rollout_state(row.status, is_rollback=is_rollback),
            word=row.status,
            at=epoch_seconds(row.at),
            share=share(row.percentage),
            by=person(row.by),
            version=text(row.version),
            reason=row.reason or None,
            trigger=trigger(row.trigger),
        )
        for row in rows
    ]
    # Of two at the same second the later row is the newer one.
    return newest_first(found[::-1], lambda change: change.at)
