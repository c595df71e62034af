"""The faults that are on: which of them a request meets, and how often they did."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Self, TypeVar

from octomil_tui.sim.presets import preset
from octomil_tui.sim.rules import RULES, AnyRule, Latency, Skew, Switch

__all__ = ["NOTHING", "Faults", "Fired", "Standing"]

S = TypeVar("S", bound=Switch)


@dataclass(frozen=True, slots=True)
class Fired:
    """What becomes of one request."""

    latency: float = 0.0
    """Seconds before its answer."""
    skew: float = 0.0
    """Seconds by which its `Date` is off."""
    switches: tuple[Switch, ...] = ()
    answer: AnyRule | None = None
    """What it gets instead of its answer."""
    names: tuple[str, ...] = ()
    """All of that, for the log."""

    def switch(self, kind: type[S]) -> S | None:
        """Return the switch of this kind, if it is on for the request."""
        return next((switch for switch in self.switches if isinstance(switch, kind)), None)


NOTHING = Fired()


@dataclass(slots=True)
class Standing:
    """One rule that was set, and what came of it.

    Args:
        id: Its number, from 1; never given twice in a run.
        rule: The rule.
        since: When it was set, on the clock of its `Faults`.
    """

    id: int
    rule: AnyRule
    since: float
    fired: int = 0
    """How many requests it has met."""

    def is_on(self, now: float) -> bool:
        """Return whether it may still happen."""
        is_spent = self.rule.times is not None and self.fired >= self.rule.times
        is_over = self.rule.lasts is not None and now - self.since >= self.rule.lasts
        return not is_spent and not is_over

    def is_for(self, method: str, paths: Iterable[str]) -> bool:
        """Return whether a request is one of those that it is for."""
        is_method = self.rule.method in {None, method}
        return is_method and any(fnmatchcase(path, self.rule.path) for path in paths)


@dataclass(slots=True)
class Faults:
    """All rules that are set, in the order in which they were.

    The first rule that answers instead of the service wins, and those after it
    do not count the request; delays add up, and switches work side by side.

    Args:
        clock: Seconds that only grow, for `lasts`.
        dice: Returns a number from 0 up to 1, for `chance`.
    """

    clock: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = field(default_factory=lambda: random.Random(0).random)
    standing: list[Standing] = field(default_factory=list)
    _issued: int = 0

    @classmethod
    def named(cls, names: Iterable[str], seed: int = 0) -> Self:
        """Return the faults of the given names, such as `ignore-group`.

        Raises:
            ValueError: There is no fault of one of the names.
        """
        faults = cls(dice=random.Random(seed).random)
        faults.add(read_rules(preset(names)))
        return faults

    def add(self, rules: Iterable[AnyRule]) -> list[Standing]:
        """Set more rules, behind those that are set."""
        added = []
        for rule in rules:
            self._issued += 1
            added.append(Standing(self._issued, rule, self.clock()))
        self.standing += added
        return added

    def clear(self) -> None:
        """Take all rules away."""
        self.standing.clear()

    def remove(self, number: int) -> bool:
        """Take one rule away, and return whether there was one."""
        before = len(self.standing)
        self.standing = [one for one in self.standing if one.id != number]
        return len(self.standing) < before

    def fire(self, method: str, paths: Sequence[str]) -> Fired:
        """Return what becomes of a request, and count it.

        Args:
            method: The request's method.
            paths: Its path, and the same without the API's prefix.
        """
        if not self.standing:
            return NOTHING
        now = self.clock()
        latency, skew = 0.0, 0.0
        switches: list[Switch] = []
        answer: AnyRule | None = None
        names: list[str] = []
        for one in self.standing:
            rule = one.rule
            if not one.is_on(now) or not one.is_for(method, paths):
                continue
            is_modest = isinstance(rule, Latency | Skew | Switch)
            if (answer is not None and not is_modest) or (rule.chance < 1 and self.dice() >= rule.chance):
                continue
            one.fired += 1
            names.append(rule.fault)
            if isinstance(rule, Latency):
                latency += rule.seconds
            elif isinstance(rule, Skew):
                skew += rule.seconds
            elif isinstance(rule, Switch):
                switches.append(rule)
            else:
                answer = rule
        return Fired(latency, skew, tuple(switches), answer, tuple(names))


def read_rules(data: Iterable[Mapping[str, Any]]) -> list[AnyRule]:
    """Return the rules in plain data.

    Raises:
        pydantic.ValidationError: One of them is none.
    """
    return RULES.validate_python([dict(one) for one in data])
