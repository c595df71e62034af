"""What can be done about a rollback that needs a person: numbered, none chosen, nothing sent by choosing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.beginning import has_no_route
from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, counted, version_label
from octomil_tui.domain.wording import rollout_words

_CONFLICT = 409


class Act(StrEnum):
    """What a choice does."""

    WATCH_WHOLE = "watch_whole"
    """Take a rollback that went wider for what it is, and watch the whole fleet."""
    COPY = "copy"
    LOOK_AGAIN = "look_again"
    SEND_AGAIN = "send_again"
    """Open the preview; it goes out with the same key if it is confirmed."""
    GIVE_UP = "give_up"
    WATCH_RIVAL = "watch_rival"
    AS_ROLLOUT = "as_rollout"
    """Open the preview of a rollout to 100 %, for a service without rollbacks."""
    START_OVER = "start_over"


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the choices; its number is its place."""

    act: Act
    text: str
    """Safe to show."""


def choices(rollback: Rollback, rival: Rollout | None) -> tuple[Choice, ...]:
    """Return what a person can choose now; empty where there is nothing to decide.

    Args:
        rollback: As far as it is known.
        rival: The rollback that is in the way, if there is one; see `rival_of`.
    """
    match rollback.phase:
        case Phase.WIDER:
            more = len(rollback.wanted_outside)
            also = f" ({counted(more, 'more device')} {_leaves(more)})" if more else ""
            return (
                Choice(Act.WATCH_WHOLE, f"accept: watch it as a rollback of the fleet{also}"),
                Choice(Act.COPY, "copy the facts and the request id for the incident channel"),
            )
        case Phase.NOT_FOUND:
            return (
                Choice(Act.LOOK_AGAIN, "keep looking"),
                _again(rollback),
                Choice(Act.GIVE_UP, "give up; what is known of it stays in the journal"),
            )
        case Phase.NOT_SENT:
            return (_again(rollback),)
        case Phase.REJECTED:
            return _refused(rollback, rival)
        case Phase.SUPERSEDED | Phase.DIVERGED if rival is not None:
            return (Choice(Act.WATCH_RIVAL, f"watch {rollout_words(rival)}"),)
        case _:
            return ()


def _again(rollback: Rollback) -> Choice:
    key = f" {rollback.key[:4]}" if rollback.key else ""
    if rollback.phase is Phase.NOT_SENT:
        return Choice(Act.SEND_AGAIN, "try again: opens the preview, and asks for the name again")
    return Choice(
        Act.SEND_AGAIN,
        f"send again with the SAME key{key} (safe where the server honours keys)",
    )


def _refused(rollback: Rollback, rival: Rollout | None) -> tuple[Choice, ...]:
    if has_no_route(rollback) and rollback.order.group is None:
        version = version_label(rollback.order.to_version)
        what = f"preview a rollout of {version} to 100%, as the vendor's SDK sends it instead"
        return (Choice(Act.AS_ROLLOUT, what),)
    watch = (Choice(Act.WATCH_RIVAL, f"watch {rollout_words(rival)}"),) if rival is not None else ()
    return (*watch, Choice(Act.START_OVER, "start over with a fresh preview"))


def why_no_other_way(rollback: Rollback) -> str:
    """Return why nothing is offered to a service without rollbacks, where one group was asked for; else nothing."""
    if not has_no_route(rollback) or rollback.order.group is None:
        return ""
    return (
        f"There is no safe other way for one group: a rollout to 100% would move the whole fleet, "
        f"not {clean(rollback.order.group)} alone."
    )


def rival_of(rollback: Rollback, snapshot: FleetSnapshot) -> Rollout | None:
    """Return the rollback of somebody else that is in the way of this one, if it can be seen."""
    taken = rollback.signs.taken_by
    if taken is not None:
        return taken if taken.is_rollback else None
    if rollback.phase is Phase.REJECTED and rollback.refused_with != _CONFLICT:
        return None
    rollouts = snapshot.rollouts.get(rollback.model_id, ())
    return next(
        (r for r in rollouts if r.is_rollback and r.state.is_running and r.id != rollback.rollout_id), None
    )


def _leaves(count: int) -> str:
    return "changes" if count == 1 else "change"
