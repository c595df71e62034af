"""What the title of the window and a notification say: how far a rollback is, for whoever looks elsewhere. Pure."""

from __future__ import annotations

from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label, whole_percent
from octomil_tui.engine.freshness import PRIMARY, Link, freshness
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import rollouts_of
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bell import News
from octomil_tui.ui.place import PlaceInfo

_NAME_LIMIT = 40
_STAYS = 600.0
"""Seconds for which an end stays in the title."""

_TROUBLED = (Phase.WIDER, Phase.STALLED, Phase.REGRESSED, Phase.DIVERGED, Phase.UNCONFIRMED)
_RUNNING = (Phase.SENDING, Phase.ROLLING_BACK)
_FAILED = (Phase.FAILED, Phase.SUPERSEDED, Phase.NOT_FOUND)
_DONE = (Phase.DONE, Phase.COMPLETE)
_MINUTE = 60.0


def title_of(state: ConsoleState, mono: float, info: PlaceInfo) -> str:
    """Return the title: `62% phi-4-mini -> v1.0.0 (31/50)`, `!! STALLED phi-4-mini`, `STALE 4m, was …`.

    Args:
        state: What is known.
        mono: Seconds of this machine, as in `state`.
        info: What stands there while there is nothing to tell.
    """
    rollback = _chosen(state)
    said = _said(state, rollback) if rollback is not None else f"{info.mark} {info.org}".rstrip()
    topics = PRIMARY if rollback is None else (*PRIMARY, rollouts_of(rollback.model_id))
    fresh = freshness(state, mono, topics)
    if fresh.link not in (Link.STALE, Link.OFFLINE):
        return said
    if fresh.age is None:
        return f"{fresh.link} {said}"
    # Whole minutes: the title of a window is no clock.
    age = f" {as_text.brief_age(fresh.age)}" if fresh.age >= _MINUTE else ""
    return f"{fresh.link}{age}, was {said}"


def news_text(state: ConsoleState, news: News, info: PlaceInfo) -> str:
    """Return what a notification says of something that the terminal rings for."""
    place = f"{info.mark} {info.org}".rstrip()
    rollback = state.rollbacks.get(news.model_id)
    if rollback is None:
        return place
    if news.is_alarm and rollback.watch is not None:
        watch = rollback.watch
        counts = ((watch.bounced, "bounced"), (watch.whole.overdue, "overdue"), (watch.returned, "came back"))
        told = ", ".join(f"{count:,} {word}" for count, word in counts if count)
        return f"{place}: !! {_name(state, rollback)} -> {_target(rollback)}: {told or 'look at it'}"
    return f"{place}: {_said(state, rollback)}"


def _chosen(state: ConsoleState) -> Rollback | None:
    """Return the rollback that the title is about: in trouble, else running, else just over; the newest of each."""
    now, rollbacks = state.server_at, state.rollbacks.values()

    def is_new(rollback: Rollback) -> bool:
        return rollback.ended_at is None or now is None or now - rollback.ended_at <= _STAYS

    for phases in (_TROUBLED, _RUNNING, (*_DONE, *_FAILED)):
        found = [
            one for one in rollbacks if one.phase in phases and (phases[0] is not Phase.DONE or is_new(one))
        ]
        if found:
            return max(found, key=lambda one: one.sent_at or 0.0)
    return None


def _said(state: ConsoleState, rollback: Rollback) -> str:
    name, phase = _name(state, rollback), rollback.phase
    word = phase.value.upper().replace("_", " ")
    if phase in (*_TROUBLED, *_FAILED):
        return f"!! {word} {name}"
    if phase in _DONE:
        return f"{word} {name} {_target(rollback)}"
    watch = rollback.watch
    if watch is None:
        return f"{word} {name} -> {_target(rollback)}"
    tally = watch.change if watch.change.devices else watch.whole
    counts = f"({tally.verified:,}/{tally.devices:,})"
    return f"{whole_percent(tally.share)}% {name} -> {_target(rollback)} {counts}"


def _name(state: ConsoleState, rollback: Rollback) -> str:
    model = state.snapshot.model(rollback.model_id)
    name = clean(model.name if model is not None else rollback.model_id, _NAME_LIMIT)
    group = rollback.order.group
    return name if group is None else f"{name} {clean(group, _NAME_LIMIT)}"


def _target(rollback: Rollback) -> str:
    return version_label(
        rollback.watch.to_version if rollback.watch is not None else rollback.order.to_version
    )
