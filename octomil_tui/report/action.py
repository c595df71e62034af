"""Actions on rollouts and versions, and a rollout's history, as lines and as objects."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.action import Preview, percent
from octomil_tui.domain.action_outcome import Outcome
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.text import clean
from octomil_tui.report.table import table
from octomil_tui.report.words import moment


def preview_lines(preview: Preview) -> list[str]:
    """Return what an action would do."""
    rows = [(part.name, str(part.devices), str(part.on_version)) for part in preview.groups]
    lines = [f"{preview.action.title[:1].upper()}{preview.action.title[1:]} ({clean(preview.model.name)})"]
    lines += [f"  {sentence}" for sentence in preview.effect]
    if rows:
        lines += [f"  {row}" for row in table(("GROUP", "DEVICES", "RUN IT NOW"), rows, right=(1, 2))]
    return lines


def outcome_data(preview: Preview, outcome: Outcome) -> dict[str, object]:
    """Return what of an action's end scripts get beside the verdict."""
    action = preview.action
    return {
        "action": action.kind.value,
        "model_id": preview.model.id,
        "model": preview.model.name,
        "version": action.version,
        "rollout_id": action.rollout.id if action.rollout is not None else None,
        "from_percent": _percent(action.rollout.share if action.rollout is not None else None),
        "to_percent": _percent(action.share),
        "device_count": preview.total,
        "status": outcome.status,
        "request_id": outcome.request_id,
        "is_confirmed_by_reading": outcome.is_shown,
    }


def held_data(version: str | None, outcome: Outcome) -> dict[str, object]:
    """Return what became of holding the version that a rollback left; `version` is raw."""
    return {
        "event": "hold",
        "version": version,
        "result": outcome.result.value,
        "sentence": outcome.sentence,
        "status": outcome.status,
        "request_id": outcome.request_id,
    }


def history_lines(changes: Iterable[StatusChange]) -> list[str]:
    """Return the table of what a rollout has been through."""
    rows = [
        (moment(change.at), change.word, percent(change.share), change.by or "-", _why(change))
        for change in changes
    ]
    return table(("TIME UTC", "STATUS", "SHARE", "BY", "WHY"), rows, right=(2,))


def history_data(change: StatusChange) -> dict[str, object]:
    """Return one line of the history as an object for scripts."""
    breach = change.trigger.breach if change.trigger is not None else None
    return {
        "at": change.at,
        "status": change.word,
        "percent": _percent(change.share),
        "by": change.by,
        "reason": change.reason,
        "trigger": None
        if breach is None
        else {
            "rule": breach.rule,
            "metric": breach.metric,
            "value": breach.value,
            "limit": breach.limit,
            "window_minutes": breach.window_minutes,
        },
    }


def _why(change: StatusChange) -> str:
    if change.reason:
        return change.reason
    return change.trigger.breach.sentence if change.trigger is not None else "-"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 4)
