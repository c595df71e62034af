"""What the timeline can be asked in the filter language."""

from __future__ import annotations

from octomil_tui.domain.filter_keys import A_NAME, A_TIME, A_VERSION, version_ways
from octomil_tui.domain.filter_subject import Subject
from octomil_tui.domain.filter_term import PLAIN, Key, Keys, Kind
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.domain.timeline_words import actor_of, sentence_of, tellers_of


def _of(name: str, kind: Kind, example: str, words: tuple[str, ...] = ()) -> Key[Subject]:
    return Key(kind, example, lambda row: row[name], words, version_ways if name == "ver" else None)


TIMELINE_KEYS: Keys[Subject] = {
    PLAIN: _of(PLAIN, Kind.PART, "a word such as paused"),
    "model": _of("model", Kind.PART, A_NAME),
    "ver": _of("ver", Kind.WHOLE, A_VERSION),
    "id": _of("id", Kind.WHOLE, "the number of a rollout such as 4131"),
    "kind": _of("kind", Kind.WORD, "a word such as rollback", tuple(act.value for act in Act)),
    "by": _of("by", Kind.PART, "a person such as ana"),
    "told": _of("told", Kind.WHOLE, "a teller such as audit"),
    "seen": _of("seen", Kind.AGE, A_TIME),
}


def timeline_subject(event: TimelineEvent, now: float | None) -> Subject:
    """Return what an event's line can be asked; `now` is the service's clock."""
    versions = (event.version, event.from_version)
    return {
        PLAIN: (sentence_of(event), event.model or ""),
        "model": (event.model or event.model_id or "",),
        "ver": tuple(version for version in versions if version is not None),
        "id": (event.rollout_id or "",),
        "kind": (event.act.value,),
        "by": (actor_of(event), event.by or ""),
        "told": tellers_of(event),
        "seen": None if now is None else now - event.at,
    }
