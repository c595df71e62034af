"""What the dashboard is about: a running rollback before all, then what needs somebody, else what is under way. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from octomil_tui.domain.convergence import Tally, Watch
from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.incident import Incident
from octomil_tui.domain.overview import ModelFacts, model_facts
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.signal import NO_SIGNALS, Signals
from octomil_tui.engine.auto_rollback import begun_by_service, unhandled
from octomil_tui.engine.hold import is_gone
from octomil_tui.engine.state import ConsoleState

STAYS = 600.0
"""Seconds that a rollback stays on the wall after it is done."""

_RUNNING = (Phase.ROLLING_BACK, Phase.WIDER, Phase.STALLED)
_TROUBLED = (Phase.REGRESSED, Phase.DIVERGED, Phase.FAILED)
_DONE = (Phase.DONE, Phase.COMPLETE)
_ENDED = (*_DONE, Phase.SUPERSEDED)


class Hold(Enum):
    """Why one thing stays on the wall."""

    NONE = "nothing is wrong"
    ROLLBACK = "a rollback runs"
    NEEDS = "somebody is needed"
    DONE = "a rollback ended just now"


_HOLDS = dict.fromkeys(_RUNNING, Hold.ROLLBACK) | dict.fromkeys(_ENDED, Hold.DONE)


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """The one thing that is big."""

    facts: ModelFacts | None = None
    """The model; None for the fleet as a whole."""
    rollback: Rollback | None = None
    """The rollback, where its devices are followed."""
    incident: Incident | None = None
    """A limit that was crossed, where nobody rolls back about it."""

    @property
    def hold(self) -> Hold:
        """Why it stays on the wall; `Hold.NONE` where nothing is wrong, and other pages may take their turn."""
        about = self.facts
        if self.rollback is not None:
            return _HOLDS.get(self.rollback.phase, Hold.NEEDS)
        if self.incident is not None:
            return Hold.NEEDS
        if about is None:
            return Hold.NONE
        if about.running is not None and about.running.is_rollback:
            return Hold.ROLLBACK
        return Hold.NEEDS if about.findings or about.silent else Hold.NONE

    @property
    def model_id(self) -> str | None:
        """The raw id of the model."""
        return self.facts.model.id if self.facts is not None else None


def listed_facts(state: ConsoleState, signals: Signals = NO_SIGNALS) -> tuple[ModelFacts, ...]:
    """Return the facts of every model that is still there, those that need somebody first; `signals` read lately."""
    facts = model_facts(state.snapshot, state.census.shown, signals)
    return tuple(one for one in facts if not is_gone(state, one.model.id))


def choose(
    state: ConsoleState, facts: Sequence[ModelFacts], now: float | None, staying: str | None
) -> Subject:
    """Return what is shown.

    Args:
        state: What is known.
        facts: Of every model that is listed, those that need somebody first.
        now: The service's clock.
        staying: The id of the model that is shown and may not be left for another running rollback yet.
    """
    listed = {one.model.id: one for one in facts}
    followed = [r for r in state.rollbacks.values() if r.model_id in listed and r.watch is not None]
    running = [r for r in followed if r.phase in _RUNNING]
    if running:
        chosen = next((r for r in running if r.model_id == staying), None) or max(running, key=_weight)
        return Subject(listed[chosen.model_id], chosen)
    over = {r.rollout_id for r in followed}
    open_ones = [f for f in facts if f.running is not None and f.running.id not in over]
    unfollowed = next((f for f in open_ones if f.running is not None and f.running.is_rollback), None)
    if unfollowed is not None:
        return Subject(unfollowed)
    incident = next(iter(unhandled(state)), None)
    if incident is not None:
        return Subject(listed.get(incident.model_id or ""), incident=incident)
    for group in (_troubled(state, followed), _just_over(state, followed, listed, now)):
        newest = max(group, key=lambda r: r.sent_at or 0.0, default=None)
        if newest is not None:
            return Subject(listed[newest.model_id], newest)
    worst = next((f for f in facts if f.silent or f.findings), None)
    return Subject(worst or next(iter(open_ones), None))


def tally_of(watch: Watch) -> Tally:
    """Return the devices that the number counts: those that change, or all where none had to."""
    change = watch.change
    return change if change.devices else watch.whole


def _weight(rollback: Rollback) -> tuple[int, float]:
    """Order running rollbacks: the most devices that are not there yet, then the newest."""
    tally = tally_of(rollback.watch) if rollback.watch is not None else Tally()
    return tally.devices - tally.verified, rollback.sent_at or 0.0


def _troubled(state: ConsoleState, followed: Iterable[Rollback]) -> list[Rollback]:
    """Return those that went wrong and of which nobody took the place."""
    return [r for r in followed if r.phase in _TROUBLED and _is_newest(state, r)]


def _is_newest(state: ConsoleState, rollback: Rollback) -> bool:
    newest = newest_of(state.snapshot.rollouts.get(rollback.model_id, ()))
    return newest is None or newest.id == rollback.rollout_id


def newest_of(rollouts: Iterable[Rollout]) -> Rollout | None:
    """Return the newest rollout that began; `rollouts` newest first."""
    return next((r for r in rollouts if r.state is not RolloutState.PENDING), None)


def _just_over(
    state: ConsoleState, followed: Iterable[Rollback], listed: dict[str, ModelFacts], now: float | None
) -> list[Rollback]:
    """Return those that ended within the time that an end stays on the wall."""
    found = []
    for rollback in followed:
        if rollback.phase in _DONE and _is_newest(state, rollback):
            ended_at = ended(state, rollback)
        elif rollback.phase is Phase.SUPERSEDED and listed[rollback.model_id].running is None:
            record = record_of(state, rollback)
            ended_at = record.cancelled_at if record is not None else None
        else:
            continue
        if ended_at is not None and now is not None and now - ended_at <= STAYS:
            found.append(rollback)
    return found


def leaves_at(state: ConsoleState, rollback: Rollback) -> float | None:
    """Return until when an end stays on the wall, by the service's clock."""
    at = ended(state, rollback)
    if rollback.phase is Phase.SUPERSEDED:
        record = record_of(state, rollback)
        at = record.cancelled_at if record is not None else None
    return at + STAYS if at is not None else None


def ended(state: ConsoleState, rollback: Rollback) -> float | None:
    """Return when a rollback was done, by the service's clock: as seen here, or as recorded where that was earlier."""
    record = record_of(state, rollback)
    known = (rollback.ended_at, record.completed_at if record is not None else None)
    return min((at for at in known if at is not None), default=None)


def record_of(state: ConsoleState, rollback: Rollback) -> Rollout | None:
    """Return the service's own record of a followed rollback."""
    rollouts = state.snapshot.rollouts.get(rollback.model_id, ())
    return next((r for r in rollouts if r.id == rollback.rollout_id), None)


def to_follow(state: ConsoleState, now: float | None) -> tuple[str, Rollout] | None:
    """Return the newest rollback that runs, or ended just now, and is not followed yet, with its model's id."""
    # What a service began by itself is taken up as soon as it is listed, before the model's own list is read again.
    found = [(key, one) for key, one in begun_by_service(state) if not is_gone(state, key)]
    for model in state.snapshot.models or ():
        if is_gone(state, model.id):
            continue
        rollouts = state.snapshot.rollouts.get(model.id, ())
        running = next((r for r in rollouts if r.is_rollback and r.state.is_running), None)
        rollout = running or _ended_just_now(newest_of(rollouts), now)
        known = state.rollbacks.get(model.id)
        if rollout is not None and (known is None or known.rollout_id != rollout.id):
            found.append((model.id, rollout))
    return max(found, key=lambda one: one[1].began_at or 0.0, default=None)


def _ended_just_now(rollout: Rollout | None, now: float | None) -> Rollout | None:
    if rollout is None or not rollout.is_rollback or rollout.completed_at is None or now is None:
        return None
    return rollout if now - rollout.completed_at <= STAYS else None
