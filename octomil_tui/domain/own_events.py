"""What this console, and the list of rollouts, add to the timeline: events that need no audit log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.scope import Scope
from octomil_tui.domain.text import clean, counted, version_label
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent


def of_rollouts(rollouts: Iterable[Rollout], model_id: str, model: str) -> Iterator[TimelineEvent]:
    """Yield what the rollouts of a model tell of themselves: when each began, and how it ended.

    Args:
        rollouts: As the service lists them.
        model_id: The raw id of the model.
        model: Its raw name.
    """
    for one in rollouts:
        event = TimelineEvent(
            at=0.0,
            act=Act.ROLLBACK if one.is_rollback else Act.STARTED,
            tellers=frozenset({Teller.ROLLOUT}),
            model_id=model_id,
            model=model,
            rollout_id=one.id,
            version=one.version,
            from_version=one.from_version,
            group=one.group,
            is_rollback=one.is_rollback or None,
        )
        has_begun = one.state is not RolloutState.PENDING
        if has_begun and one.began_at is not None:
            yield replace(event, at=one.began_at, by=one.by, reason=one.reason)
        if one.completed_at is not None:
            yield replace(event, at=one.completed_at, act=Act.COMPLETED)
        if one.cancelled_at is not None:
            yield replace(
                event, at=one.cancelled_at, act=Act.CANCELLED, share=one.share, reason=_displaced(one)
            )


def _displaced(one: Rollout) -> str | None:
    return f"displaced by {clean(one.cancelled_by)}" if one.cancelled_by is not None else None


def confirmed_words(plan: str, scope: Scope | None, devices: int | None) -> str:
    """Return `confirmed plan f960 at this console: the whole fleet, 124 devices`.

    Args:
        plan: The plan's short name; empty where it is not known.
        scope: What it covers, where that is known.
        devices: Devices of the scope.
    """
    named = f"confirmed plan {clean(plan)} at this console" if plan else "confirmed at this console"
    if scope is None:
        return named
    where = "the whole fleet" if scope.is_fleet else f"group {clean(scope.group_name or scope.group_id)}"
    return f"{named}: {where}" + (f", {counted(devices, 'device')}" if devices is not None else "")


def log_events(rollback: Rollback) -> Iterator[TimelineEvent]:
    """Yield what was sent, answered and looked up, line for line: more than the timeline of a fleet wants."""
    for one in rollback.log:
        yield TimelineEvent(one.at, Act.CONSOLE, frozenset({Teller.CONSOLE}), text=one.text)


def of_rollback(rollback: Rollback, model: str) -> Iterator[TimelineEvent]:
    """Yield what this console did and saw of a rollback: that it was confirmed, the first device, bounces, the end.

    Args:
        rollback: As far as it is known.
        model: The raw name of its model.
    """
    target = version_label(rollback.order.to_version)
    event = TimelineEvent(
        at=0.0,
        act=Act.CONSOLE,
        tellers=frozenset({Teller.CONSOLE}),
        model_id=rollback.model_id,
        model=model,
        rollout_id=rollback.rollout_id,
        # One that was begun elsewhere has no key, and is known by its number.
        intent_id=rollback.key or rollback.rollout_id,
        is_rollback=True,
    )
    plan = rollback.plan
    if rollback.sent_at is not None and rollback.key is not None:
        said = confirmed_words(
            plan.name if plan is not None else "",
            plan.scope if plan is not None else None,
            plan.total.devices if plan is not None else rollback.scope_size,
        )
        yield replace(event, at=rollback.sent_at, act=Act.CONFIRMED, text=said, reason=rollback.order.reason)
    watch = rollback.watch
    if watch is None:
        return
    if watch.first_verified is not None:
        name, at = watch.first_verified
        yield replace(event, at=at, act=Act.VERIFIED, text=f"first device verified on {target}: {name}")
    for bounce in watch.bounces:
        yield replace(event, at=bounce.at, act=Act.BOUNCED, text=bounce.sentence)
    if rollback.ended_at is not None:
        moved = watch.change if watch.change.devices else watch.whole
        said = f"DONE: every reachable device settled on {target}"
        if not rollback.by_server_word:
            said += f", {moved.reachable_settled} of {moved.reachable}"
        yield replace(event, at=rollback.ended_at, act=Act.DONE, text=said)
