"""A watch told as full sentences: for screen readers, tickets and logs. Pure.

Each sentence has its time in UTC first, and nothing is said twice: a sentence
stands for something that changed, or, rarely, for the fact that nothing did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from octomil_tui.domain.convergence import MOVING, Stage, Tally, Watch
from octomil_tui.domain.radius import PlanClass, row_label
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, counted, version_label
from octomil_tui.domain.wording import parts, trouble
from octomil_tui.report.sentences import progress_sentence
from octomil_tui.report.words import clock, day, devices, moment

HEARTBEAT: Final = 300.0
"""Seconds without a sentence after which one says that this still watches."""

GAP: Final = 30.0
"""Seconds of the service's clock between two sentences about the same counts; the later one has all that changed."""

_MOVED_ETA: Final = 120.0
"""Seconds by which an expected time has to move to be worth a sentence."""
_GROUPS: Final = 12
"""Groups up to which each has sentences of its own; of more, the total is told alone."""
_SHARE: Final = 100
"""A change counts from one device in so many on, so that 10,000 devices make no more sentences than 100."""
_BOUNCES: Final = 5
"""Bounces that are named at once; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What is known at one moment of a watch."""

    rollback: Rollback
    model: str
    """The model's name, safe to show."""
    labels: Mapping[str, str]
    """Names of the groups by id, raw."""
    now: float | None
    """The service's clock, epoch seconds."""
    mono: float
    """Seconds of this machine."""
    silent_since: float | None = None
    """The service's clock at its last answer, while it does not answer; else None."""
    is_silent: bool = False
    """Whether the service does not answer."""
    why: str = ""
    """What failed, safe to show."""


@dataclass(slots=True)
class _Told:
    """Counts that were told, and when."""

    tally: tuple[tuple[Stage, int], ...]
    at: float
    """By the service's clock."""


class Narrator:
    """Says what changed since it was last asked; one for each watch."""

    def __init__(self) -> None:
        self._has_begun = False
        self._day = ""
        self._said_mono = 0.0
        self._counts: dict[str | None, _Told] = {}
        self._bounced = 0
        self._warned = ""
        self._was_silent = False
        self._dues: tuple[float | None, float | None] = (None, None)

    def hear(self, glance: Glance) -> list[str]:
        """Return the sentences that are due, in order; none where nothing changed."""
        if not self._has_begun:
            if not _is_looked_at(glance.rollback) and not glance.is_silent:
                return []
            said = [*self._begin(glance)]
        else:
            said = [*self._news(glance)]
        if not said and glance.mono - self._said_mono >= HEARTBEAT:
            said = [self._heartbeat(glance)]
        if said:
            self._said_mono = glance.mono
        return [self._stamped(one, glance.now) for one in said]

    def end(self, verdict: str, now: float | None) -> str:
        """Return the last sentence: how it ended."""
        return self._stamped(verdict if verdict.endswith(".") else f"{verdict}.", now)

    def _stamped(self, sentence: str, now: float | None) -> str:
        at = moment(now)
        today = day(now)
        stamp = at if today != self._day else at.partition("T")[2] or at
        self._day = today
        return f"{stamp} {sentence}"

    def _begin(self, glance: Glance) -> Iterable[str]:
        rollback, watch = glance.rollback, glance.rollback.watch
        order = rollback.order
        number = f" {clean(rollback.rollout_id)}" if rollback.rollout_id is not None else ""
        source = f" from {version_label(rollback.from_version)}" if rollback.from_version else ""
        where = f"group {clean(order.group)} only" if order.group is not None else "the whole fleet"
        self._has_begun = True
        what = f"Watching rollback{number} of {glance.model}{source} to {version_label(order.to_version)}, {where}"
        if watch is None or watch.at is None:
            yield f"{what}."
        else:
            self._remember(watch, watch.at)
            self._bounced = watch.bounced
            yield f"{what}: {_as_sentence(progress_sentence(watch))}"
            yield from self._eta(watch)
        yield from self._link(glance)
        yield from self._trouble(rollback)

    def _news(self, glance: Glance) -> Iterable[str]:
        rollback, watch = glance.rollback, glance.rollback.watch
        yield from self._link(glance)
        if watch is not None and watch.at is not None:
            yield from self._bounces(watch)
            yield from self._changes(watch, watch.at, glance.labels)
            yield from self._eta(watch)
        yield from self._trouble(rollback)

    def _remember(self, watch: Watch, at: float) -> None:
        for key, tally in _tallies(watch):
            self._counts[key] = _Told(_stages_of(tally), at)

    def _changes(self, watch: Watch, at: float, labels: Mapping[str, str]) -> Iterable[str]:
        for key, tally in _tallies(watch):
            told = self._counts.get(key)
            stages = _stages_of(tally)
            if told is not None:
                moved = _moved(told.tally, stages)
                is_due = at - told.at >= GAP
                is_enough = moved >= max(1, tally.devices // _SHARE)
                is_late = at - told.at >= HEARTBEAT
                if not moved or not is_due or not (is_enough or is_late):
                    continue
            self._counts[key] = _Told(stages, at)
            if key is None:
                yield _as_sentence(progress_sentence(watch))
            else:
                yield _group_sentence(row_label(key, labels), tally)

    def _bounces(self, watch: Watch) -> Iterable[str]:
        new = watch.bounced - self._bounced
        self._bounced = watch.bounced
        if new <= 0:
            return
        named = watch.bounces[-min(new, _BOUNCES) :]
        yield from (f"{one.sentence}." for one in named)
        if new > len(named):
            yield f"{counted(new - len(named), 'more device')} bounced."

    def _eta(self, watch: Watch) -> Iterable[str]:
        due = watch.pace.last_due(watch.started_at, is_download=False)
        load = watch.pace.last_due(watch.started_at, is_download=True)
        dues = (due.at if due is not None else None, load.at if load is not None else None)
        if dues == (None, None) or not any(map(_has_moved, self._dues, dues)):
            return
        self._dues = dues
        told = []
        if dues[0] is not None:
            told.append(f"devices that only switch by about {clock(dues[0])}")
        if dues[1] is not None:
            told.append(f"{counted(watch.pace.downloads(), 'download')} by about {clock(dues[1])}")
        left = f"; {devices(watch.untimed)} without an estimate" if watch.untimed else ""
        yield f"Expected: {', '.join(told)}{left}."

    def _trouble(self, rollback: Rollback) -> Iterable[str]:
        odd = rollback.signs.mismatch
        warning = trouble(rollback) or (f"The service's records do not add up: {odd}" if odd else "")
        # Other numbers in the same warning are no news.
        kind = warning.partition(":")[0]
        if kind == self._warned:
            return
        was, self._warned = self._warned, kind
        if warning:
            yield f"{warning}."
        elif was == Phase.STALLED.value.upper():
            yield "Devices move again."

    def _link(self, glance: Glance) -> Iterable[str]:
        if glance.is_silent == self._was_silent:
            return
        self._was_silent = glance.is_silent
        if glance.is_silent:
            why = f" ({glance.why})" if glance.why else ""
            yield f"{_no_answer(glance)}{why}; what was begun goes on, and this keeps asking."
        else:
            yield "The service answers again."

    def _heartbeat(self, glance: Glance) -> str:
        if glance.is_silent:
            return f"Still: {_no_answer(glance)[0].lower()}{_no_answer(glance)[1:]}."
        watch = glance.rollback.watch
        state = (
            progress_sentence(watch)
            if watch is not None and watch.at is not None
            else "nobody has looked yet."
        )
        return f"Nothing new, and the service answers: {state}"


def _no_answer(glance: Glance) -> str:
    since = glance.silent_since
    return (
        f"No answer from the service since {moment(since).partition('T')[2]}"
        if since is not None
        else ("No answer from the service")
    )


def _is_looked_at(rollback: Rollback) -> bool:
    return rollback.watch is not None and rollback.watch.at is not None


def _as_sentence(clauses: str) -> str:
    """Return `31 of 50 verified. 12 on the way.` as one sentence."""
    return clauses.rstrip(".").replace(". ", ", ") + "."


def _tallies(watch: Watch) -> list[tuple[str | None, Tally]]:
    """Return the counts of all, and of each group where there are several and not too many; the fewest verified first."""
    classes = MOVING if watch.change.devices else (PlanClass.UP,) if watch.up.devices else tuple(PlanClass)
    keys = watch.groups(*classes)
    groups = [(key, watch.tally(*classes, group=key)) for key in keys] if 1 < len(keys) <= _GROUPS else []
    groups.sort(key=lambda one: (one[1].verified / one[1].devices if one[1].devices else 1.0, one[0]))
    return [(None, watch.whole), *groups]


def _stages_of(tally: Tally) -> tuple[tuple[Stage, int], ...]:
    """Return what a sentence says of a tally; verified and settled are one thing there."""
    return ((Stage.VERIFIED, tally.verified), *((one.stage, one.count) for one in parts(tally)))


def _moved(before: tuple[tuple[Stage, int], ...], after: tuple[tuple[Stage, int], ...]) -> int:
    """Return how many devices stand elsewhere, at least."""
    old, new = dict(before), dict(after)
    return max(
        sum(max(0, new.get(stage, 0) - old.get(stage, 0)) for stage in new),
        sum(max(0, old.get(stage, 0) - new.get(stage, 0)) for stage in old),
    )


def _group_sentence(label: str, tally: Tally) -> str:
    told = [
        f"{tally.verified} of {tally.devices} verified",
        *(f"{one.count} {one.words}" for one in parts(tally)),
    ]
    return f"{clean(label)}: {', '.join(told)}."


def _has_moved(before: float | None, after: float | None) -> bool:
    """Say whether an expected time is another one; one that is no longer expected came true, or the counts tell."""
    return after is not None and (before is None or abs(after - before) > _MOVED_ETA)
