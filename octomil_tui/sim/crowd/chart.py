"""Counts over time, in closed form: every change that a history leads to, sorted once, and looked up ever after."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import inf, nextafter

from octomil_tui.sim.crowd.course import Course
from octomil_tui.sim.crowd.history import History
from octomil_tui.sim.crowd.life import Life
from octomil_tui.sim.crowd.nature import Mark, Nature
from octomil_tui.sim.device import OFFLINE_AFTER, ONLINE_FOR, Connectivity, Phase
from octomil_tui.sim.fleet import JUST_AFTER

__all__ = ["Chart", "Key", "Level"]

Key = tuple[str, Hashable, Hashable]
"""What is counted: `active` (model, version), `phase` (model, phase), `settled` and `holding` (rollout, True),
`connectivity` (None, word), or `reporting`: on which version of a model a device is that is online, (model, version),
and whether it is online at all, (None, True)."""
Step = tuple[float, int, int]
"""When, which life, and 1 or -1."""


class Level:
    """How many devices something holds for, from each moment on.

    Args:
        steps: The moments at which that changes for a life, the earliest first.
        weights: How many devices lead each life.
    """

    __slots__ = ("_times", "_totals")

    def __init__(self, steps: Sequence[Step], weights: Sequence[int]) -> None:
        self._times = [at for at, _, _ in steps]
        self._totals = list(accumulate((weights[life] * sign for _, life, sign in steps), initial=0))

    def at(self, moment: float) -> int:
        """Return how many there are at a moment, epoch seconds."""
        return self._totals[bisect_right(self._times, moment)]

    def none_from(self, moment: float) -> float:
        """Return the first time from `moment` on at which there are none; infinity where there is no such time."""
        place = bisect_right(self._times, moment)
        if self._totals[place] == 0:
            return moment
        for later in range(place, len(self._times)):
            # Of several changes in one instant only the last one counts.
            is_last = later + 1 == len(self._times) or self._times[later + 1] > self._times[later]
            if is_last and self._totals[later + 1] == 0:
                return self._times[later]
        return inf


class Chart:
    """What every life comes to under one history.

    Args:
        history: The orders.
        lives: All lives.
        nature: What holds for all of them.
        weights: How many devices lead each life; nobody looks at those that none leads.
    """

    def __init__(
        self, history: History, lives: Sequence[Life], nature: Nature, weights: Sequence[int]
    ) -> None:
        self._steps: dict[Key, list[Step]] = defaultdict(list)
        self._sorted: set[Key] = set()
        self.silences: dict[int, list[tuple[float, float]]] = {}
        """Of each life that is ever out of contact: when it was heard last, and when it comes back."""
        for number, life in enumerate(lives):
            if weights[number]:
                self._follow(number, life, history, nature)

    def keys(self, what: str, about: Hashable) -> list[Key]:
        """Return all keys of a kind, such as every version that some device ever runs of a model."""
        return [key for key in self._steps if key[0] == what and key[1] == about]

    def level(self, key: Key, weights: Sequence[int]) -> Level:
        """Return how many of some devices a key holds for, over time."""
        steps = self._steps.get(key, [])
        if key not in self._sorted:
            steps.sort()
            self._sorted.add(key)
        return Level(steps, weights)

    def _follow(self, number: int, life: Life, history: History, nature: Nature) -> None:
        marks: list[Mark] = []
        course = Course(life, history, nature, marks)
        steps = self._steps
        held: dict[tuple[str, Hashable], Hashable] = {}
        began = {model_id: install.active for model_id, install in course.installs.items()}
        for model_id, install in course.installs.items():
            held["active", model_id], held["phase", model_id] = install.active, Phase.ACTIVE
        for (what, about), value in held.items():
            steps[what, about, value].append((-inf, number, 1))
        course.advance(inf)
        silences = [] if life.last_heard is None else [(life.last_heard, inf)]
        for at, what, _, _ in marks:
            if what == "lost":
                silences.append((at, inf))
            elif what == "back":
                silences[-1] = (silences[-1][0], at)
        if silences:
            self.silences[number] = silences
        self._connect(number, life, silences)
        if not life.revoked:
            self._report(number, began, marks, silences)
        waits = self._turn(number, held, marks)
        if not life.revoked:
            for about, turns in waits.items():
                self._hold(number, about, turns, silences)

    def _turn(
        self, number: int, held: dict[tuple[str, Hashable], Hashable], marks: Iterable[Mark]
    ) -> dict[Hashable, list[tuple[float, bool]]]:
        """Write down what changes, and return when each rollout begins and ends to wait for it to settle."""
        steps = self._steps
        waits: dict[Hashable, list[tuple[float, bool]]] = {}
        for at, what, about, value in marks:
            if what == "settled":
                waits.setdefault(about, []).append((at, value is False))
            was = held.get((what, about))
            if was == value:
                continue
            held[what, about] = value
            if was is not None:
                steps[what, about, was].append((at, number, -1))
            if value is not None:
                steps[what, about, value].append((at, number, 1))
        return waits

    def _report(
        self,
        number: int,
        began: Mapping[str, str | None],
        marks: Iterable[Mark],
        silences: Iterable[tuple[float, float]],
    ) -> None:
        """Write down which versions a life reports: those that it runs while it is online."""
        turns: list[tuple[float, str, bool, Hashable, Hashable]] = []
        for heard, back in silences:
            unheard = nextafter(heard + ONLINE_FOR, inf)
            if unheard < back:
                turns.append((unheard, "online", False, None, None))
                if back < inf:
                    turns.append((back, "online", True, None, None))
        turns += [(at, what, True, about, value) for at, what, about, value in marks if what == "active"]
        running: dict[Hashable, Hashable] = {None: True}
        running.update(began)
        for about, value in running.items():
            self._steps["reporting", about, value].append((-inf, number, 1))
        is_online = True
        for at, what, goes_on, about, value in sorted(turns, key=lambda turn: turn[0]):
            if what == "online":
                is_online = goes_on
                for model_id, version in running.items():
                    self._steps["reporting", model_id, version].append((at, number, 1 if goes_on else -1))
                continue
            if is_online:
                self._steps["reporting", about, running[about]].append((at, number, -1))
                self._steps["reporting", about, value].append((at, number, 1))
            running[about] = value

    def _connect(self, number: int, life: Life, silences: Iterable[tuple[float, float]]) -> None:
        """Write down when a life is online, stale and offline."""
        steps = self._steps
        if life.revoked:
            steps["connectivity", None, Connectivity.REVOKED].append((-inf, number, 1))
            return
        steps["connectivity", None, Connectivity.ONLINE].append((-inf, number, 1))
        for heard, back in silences:
            word = Connectivity.ONLINE
            for following, at in (
                (Connectivity.STALE, nextafter(heard + ONLINE_FOR, inf)),
                (Connectivity.OFFLINE, nextafter(heard + OFFLINE_AFTER, inf)),
                (Connectivity.ONLINE, back),
            ):
                if at < inf and at <= back and word is not following:
                    steps["connectivity", None, word].append((at, number, -1))
                    steps["connectivity", None, following].append((at, number, 1))
                    word = following

    def _hold(
        self,
        number: int,
        about: Hashable,
        turns: Sequence[tuple[float, bool]],
        silences: Iterable[tuple[float, float]],
    ) -> None:
        """Write down from when to when a rollout waits for a life: while it is reachable and not settled."""
        steps = self._steps["holding", about, True]
        for place, (begins, is_waiting) in enumerate(turns):
            if not is_waiting:
                continue
            at = begins
            until = turns[place + 1][0] if place + 1 < len(turns) else inf
            for heard, back in silences:
                silent = heard + OFFLINE_AFTER + JUST_AFTER
                if silent >= back or silent >= until or back <= at:
                    continue
                if silent > at:
                    steps += [(at, number, 1), (silent, number, -1)]
                at = back
            if at < until:
                steps.append((at, number, 1))
                if until < inf:
                    steps.append((until, number, -1))
