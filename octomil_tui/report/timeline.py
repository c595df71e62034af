"""The timeline as a table of plain text."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.domain.timeline_words import actor_of, sentence_of
from octomil_tui.report.table import table
from octomil_tui.report.words import age, moment


def timeline_lines(events: Iterable[TimelineEvent], now: float | None) -> list[str]:
    """Return the table of events, in their order; `now` is the service's clock."""
    return table(
        ("UTC", "AGO", "WHO", "MODEL", "WHAT"),
        [
            (
                moment(event.at),
                age(now - event.at if now is not None else None),
                actor_of(event),
                event.model or event.model_id or "",
                sentence_of(event),
            )
            for event in events
        ],
        right=(1,),
    )
