"""What fired, and what was done about it: the lines right below the verb of the dashboard."""

from __future__ import annotations

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.incident import Incident, Trigger
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal_words import finding_words
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.auto_rollback import trigger_of, unhandled
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.subject import Subject
from octomil_tui.ui.spans import Line, Token, line


def rollback_fired(state: ConsoleState, rollback: Rollback) -> tuple[Line, ...]:
    """Return that the service rolls back by itself, and why; empty where somebody sent it."""
    return _by_itself(trigger_of(state, rollback))


def begun_fired(rollout: Rollout) -> tuple[Line, ...]:
    """Return the same of a rollback whose devices are not followed yet."""
    return _by_itself(rollout.trigger)


def _by_itself(trigger: Trigger | None) -> tuple[Line, ...]:
    if trigger is None:
        return ()
    return (line(("By the server itself: ", Token.STRONG), (f"{trigger.breach.sentence}.", Token.NEEDS)),)


def incident_fired(incident: Incident, now: float | None) -> tuple[Line, ...]:
    """Return which limit was crossed, by how much, and that nothing was rolled back."""
    opened = f"crossed {as_text.moment(incident.created_at, now)}" if incident.created_at is not None else ""
    told = ", ".join(one for one in (opened, _status(incident)) if one)
    return (
        line((f"{_capital(incident.fired)}.", Token.NEEDS)),
        line((f"{incident.answer}.", Token.STRONG), (f"  {told}" if told else "", Token.MUTED)),
    )


def _status(incident: Incident) -> str:
    return "" if incident.status in ("", "open") else incident.status


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def facts_fired(about: ModelFacts) -> tuple[Line, ...]:
    """Return what is far worse than usual about a model, and which devices fell silent."""
    said = []
    if about.findings:
        worst = about.findings[0]
        told = ", ".join(finding_words(one) for one in about.findings if one.version == worst.version)
        said.append(line((f"{version_label(worst.version)}: {told}.", Token.NEEDS)))
    if about.silent:
        fell = as_text.count(about.silent, "device")
        said.append(line((f"!! {fell} fell silent right after {version_label(about.subject)}.", Token.NEEDS)))
    return tuple(said)


def also_fired(state: ConsoleState, subject: Subject) -> tuple[Line, ...]:
    """Return the newest crossed limit that the wall is not about, and how many more there are."""
    others = [one for one in unhandled(state) if one is not subject.incident]
    if not others:
        return ()
    first, more = others[0], len(others) - 1
    is_same = subject.incident is not None and first.model_id == subject.incident.model_id
    who = "" if is_same else f"{clean(first.subject)}: "
    rest = f"  +{more} more" if more else ""
    return (line((f"!! also {who}{first.fired}.{rest}", Token.NEEDS)),)
