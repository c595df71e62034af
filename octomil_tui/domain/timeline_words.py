"""An event of the timeline as a sentence: the same on a screen, in a script and in a report."""

from __future__ import annotations

from octomil_tui.domain.text import MESSAGE_LIMIT, clean, version_label, whole_percent
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent

_VERBS = {
    Act.CREATED: "created",
    Act.STARTED: "started",
    Act.RESUMED: "resumed",
    Act.PAUSED: "paused",
    Act.CANCELLED: "cancelled",
    Act.FAILED: "failed",
    Act.COMPLETED: "completed",
    Act.DELETED: "deleted",
}
_WHERE = {Act.STARTED, Act.PAUSED, Act.CANCELLED, Act.RESUMED, Act.FAILED}
"""Acts that tell how far the rollout was."""

SERVICE_WORDS = frozenset({"auto", "service", "system"})
"""How services call themselves where nobody did it."""


def actor_of(event: TimelineEvent) -> str:
    """Return who did it, in a word, safe to show: `policy` for a rule, `auto` for the service, `?` for nobody knows."""
    if event.act is Act.CROSSED:
        return "policy"
    if event.by is None:
        return "console" if Teller.CONSOLE in event.tellers else "?"
    if event.by.casefold() in SERVICE_WORDS:
        return "auto"
    return clean(event.by.partition("@")[0] or event.by)


def sentence_of(event: TimelineEvent) -> str:
    """Return what happened, without the model's name and without a full stop; safe to show."""
    if event.text is not None:
        said = event.text + (f"; {event.reason}" if event.act is Act.CONFIRMED and event.reason else "")
        return clean(said, MESSAGE_LIMIT)
    match event.act:
        case Act.CROSSED:
            said = _crossed(event)
        case Act.RESOLVED:
            said = _resolved(event)
        case Act.REGISTERED:
            said = f"{version_label(event.version)} registered"
        case Act.HELD:
            said = f"{version_label(event.version)} held{_because(event)}"
        case Act.ROLLBACK:
            said = f"{_rollback(event)} began{_because(event)}"
        case Act.ADVANCED:
            said = f"{_rollout(event)} advanced{_step(event)}{_because(event)}"
        case _ if event.act in _VERBS:
            said = f"{_rollout(event)} {_VERBS[event.act]}{_at(event)}{_because(event)}"
        case _:
            said = _other(event)
    return said


def _at(event: TimelineEvent) -> str:
    if event.share is None or event.is_rollback or event.act not in _WHERE:
        return ""
    return f" at {whole_percent(event.share)}%"


def _rollout(event: TimelineEvent) -> str:
    if event.is_rollback:
        return _rollback(event)
    return " ".join(
        part for part in ("rollout", _number(event), version_label(event.version), _of(event)) if part
    )


def _rollback(event: TimelineEvent) -> str:
    way = version_label(event.version)
    if event.from_version is not None:
        way = f"{version_label(event.from_version)} -> {way}"
    return " ".join(part for part in ("rollback", _number(event), way, _of(event)) if part)


def _number(event: TimelineEvent) -> str:
    return clean(event.rollout_id) if event.rollout_id is not None else ""


def _of(event: TimelineEvent) -> str:
    return f"of {clean(event.group)}" if event.group is not None else ""


def _step(event: TimelineEvent) -> str:
    if event.share is None:
        return ""
    to = f"{whole_percent(event.share)}%"
    return f" {whole_percent(event.former_share)}% -> {to}" if event.former_share is not None else f" to {to}"


def _because(event: TimelineEvent) -> str:
    if event.breach is not None:
        return f": {clean(event.breach.words)}"
    return f": {clean(event.reason, MESSAGE_LIMIT)}" if event.reason else ""


def _crossed(event: TimelineEvent) -> str:
    said = clean(event.breach.words) if event.breach is not None else "a limit was crossed"
    on = f"{version_label(event.version)}: " if event.version is not None else ""
    auto = f", auto-rollback {'on' if event.is_armed else 'OFF'}" if event.is_armed is not None else ""
    return f"{on}{said}{auto}"


def _resolved(event: TimelineEvent) -> str:
    about = f"{clean(event.breach.name)}, " if event.breach is not None else ""
    on = f"{version_label(event.version)}: " if event.version is not None else ""
    return f"{on}{about}incident resolved{_because_of(event)}"


def _because_of(event: TimelineEvent) -> str:
    return f", {clean(event.reason, MESSAGE_LIMIT)}" if event.reason else ""


def _other(event: TimelineEvent) -> str:
    word = clean(event.word or event.act.value).replace("_", " ").replace(".", " ")
    about = f" {clean(event.subject)}" if event.subject else ""
    version = f" {version_label(event.version)}" if event.version is not None else ""
    return f"{word}{about}{version}{_because(event)}"


def tellers_of(event: TimelineEvent) -> tuple[str, ...]:
    """Return who tells of it, the service first."""
    return tuple(teller.value for teller in Teller if teller in event.tellers)
