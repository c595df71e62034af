"""The lines of the timeline: a table, a few lines for a pane, and one event whole."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.text import clean
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.domain.timeline_words import actor_of, sentence_of, tellers_of
from octomil_tui.report.words import moment
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_TOKENS = {
    Act.CROSSED: Token.NEEDS,
    Act.BOUNCED: Token.NEEDS,
    Act.FAILED: Token.NEEDS,
    Act.ROLLBACK: Token.STRONG,
    Act.CONFIRMED: Token.STRONG,
    Act.DONE: Token.FINE,
    Act.MEMO: Token.LIGHT,
}
_RECENT = 6 * 3_600.0
"""Seconds for which a time of day says enough, also where the day has changed since."""
_WHEN, _LONG_WHEN = 6, 9
_WHO, _LONG_WHO = 7, 10
_MODEL, _LONG_MODEL = 12, 16


def event_key(event: TimelineEvent) -> str:
    """Return what identifies an event in a list: nothing that another teller may still add."""
    about = event.rollout_id or event.incident_id or event.text or event.word or ""
    return f"{event.at:.3f} {event.act} {event.model or event.model_id or ''} {about} {event.version or ''}"


def when(event: TimelineEvent, now: float | None, *, wide: bool) -> str:
    """Return the time of an event of today or of the last hours, else its day; UTC."""
    day = as_text.day(event.at, now) if now is not None else "today"
    if now is not None and event.at < now - _RECENT and not day.startswith("today"):
        return day
    return as_text.clock_utc(event.at) if wide else as_text.short_clock(event.at)


def timeline_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the list."""
    gap = 2 if wide else 1
    return (
        Column("utc", "UTC", _LONG_WHEN if wide else _WHEN, gap=gap, sort_value=0),
        Column("ago", "AGO", 6 if wide else 5, "right", gap=gap),
        Column("who", "WHO", _LONG_WHO if wide else _WHO, gap=gap, sort_value=1),
        Column("model", "MODEL", _LONG_MODEL if wide else _MODEL, gap=gap, priority=1, sort_value=2),
        Column("what", "WHAT", 0, sort_value=3),
    )


def timeline_row(event: TimelineEvent, key: str, now: float | None, *, wide: bool) -> Row:
    """Return an event's line."""
    token = _TOKENS.get(event.act, Token.TEXT)
    who, said = actor_of(event), sentence_of(event)
    model = clean(event.model or event.model_id or "")
    age = as_text.brief_age(now - event.at) if now is not None else as_text.UNKNOWN
    cells = (
        line(when(event, now, wide=wide)),
        line((age, Token.MUTED)),
        line(who),
        line(model),
        line((said, token)),
    )
    return Row(key, cells, (-event.at, who, model, event.act.value))


def event_lines(event: TimelineEvent | None, now: float | None) -> list[Line]:
    """Return one event whole: what, when exactly, by whom, and who tells of it."""
    if event is None:
        return [muted("nothing is known of the past yet")]
    ago = f", {as_text.age(now - event.at)} ago" if now is not None else ""
    model = event.model or event.model_id
    about = f"   {clean(model)}" if model else ""
    by = clean(event.by) if event.by else actor_of(event)
    window = event.breach.window_words if event.breach is not None else ""
    over = f"   over {window}" if window else ""
    return [
        line((sentence_of(event), _TOKENS.get(event.act, Token.TEXT))),
        muted(f"{moment(event.at)}{ago}   by {by}{about}{over}"),
        muted(f"told by {', '.join(tellers_of(event))}"),
    ]


def brief_lines(
    events: Sequence[TimelineEvent],
    now: float | None,
    cells: int,
    *,
    most: int,
    wide: bool,
    with_model: bool = True,
) -> list[Line]:
    """Return the newest events for a pane, one line each.

    Args:
        events: Newest first.
        now: The service's clock.
        cells: How wide a line may be.
        most: Lines at most.
        wide: Whether seconds are shown.
        with_model: Whether the model is named; else all of them are about the same one.
    """
    rows: list[Line] = []
    for event in events[:most]:
        model = clean(event.model or event.model_id or "")
        named = (fit(line(model), _LONG_MODEL), "  ") if wide and with_model else ()
        told = sentence_of(event)
        if not wide and with_model and model:
            told = f"{model} {told}"
        head = fit(line((when(event, now, wide=wide), Token.MUTED)), _LONG_WHEN if wide else _WHEN)
        who = fit(line(actor_of(event)), _LONG_WHO if wide else _WHO)
        gap = "  " if wide else " "
        row = line(head, gap, who, gap, *named, (told, _TOKENS.get(event.act, Token.TEXT)))
        rows.append(fit(row, cells))
    return rows or [muted("nothing is known of the past yet")]
