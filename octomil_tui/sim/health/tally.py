"""Who tells of which version at a moment: the devices that report, counted by version, group and class.

The past stays as it was: a device was heard at a moment or it was not. So it is
counted once and kept, but where a drill says that a device was heard long ago.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from octomil_tui.sim.crowd.crowd import Crowd, Portion
from octomil_tui.sim.crowd.share import Share
from octomil_tui.sim.device import Device, Install
from octomil_tui.sim.population import Population
from octomil_tui.sim.rollout import Rollout

__all__ = ["Cell", "Tally"]

Cell = tuple[str, str, str]
"""A version, a group, and a class of devices."""
MOST_KEPT = 2000


class Tally:
    """Counts of the devices that report.

    Args:
        population: The devices.
    """

    def __init__(self, population: Population) -> None:
        self._population = population
        self._kept: dict[tuple[object, float], Mapping[Cell, float]] = {}
        self._kept_of = 0

    @property
    def edition(self) -> int:
        """Says, by being another one, that the past is not what it was."""
        return self._population.fleet.rewritten

    def is_past(self, at: float) -> bool:
        """Return whether nothing more can come in a moment; of the present one something may be still to come."""
        return at < self._population.now

    def of_model(self, model_id: str, at: float) -> Mapping[Cell, float]:
        """Return how many devices report each version of a model at a moment, epoch seconds."""
        return self._remember(
            ("model", model_id),
            at,
            lambda: self._count(
                model_id, self._population.fleet.having(model_id), self._portions(model_id), at
            ),
        )

    def of_rollout(self, rollout: Rollout, at: float) -> Mapping[Cell, float]:
        """Return the same of the devices that a rollout found on the version that it leads away from.

        They are those that it changes: neither those that ran its version
        already, nor those that come to it from elsewhere. One that leads away
        from no version counts all it came to.
        """
        # A rollout that is opened to more devices counts others, also in the past.
        return self._remember(
            ("rollout", rollout.id, rollout.started_at, rollout.affected),
            at,
            lambda: self._count(
                rollout.model_id, self._changed(rollout), self._changed_portions(rollout), at
            ),
        )

    def _remember(
        self, name: object, at: float, count: Callable[[], Mapping[Cell, float]]
    ) -> Mapping[Cell, float]:
        if self._kept_of != self.edition or len(self._kept) >= MOST_KEPT:
            self._kept.clear()
            self._kept_of = self.edition
        if not self.is_past(at):
            return count()
        key = (name, at)
        if key not in self._kept:
            self._kept[key] = count()
        return self._kept[key]

    def _count(
        self, model_id: str, devices: Iterable[Device], portions: Iterable[Portion], at: float
    ) -> Mapping[Cell, float]:
        found: Counter[Cell] = Counter()
        for device in devices:
            version = _version(device.installs[model_id], at)
            if version is not None and device.was_online(at):
                found[version, device.groups[0] if device.groups else "", device.hardware] += 1
        counts: dict[Cell, float] = dict(found)
        crowd = self._population.crowd
        if crowd is not None:
            _add_crowd(counts, crowd, model_id, portions, at)
        return counts

    def _portions(self, model_id: str) -> list[Portion]:
        crowd = self._population.crowd
        if crowd is None:
            return []
        return crowd.portions(("model", model_id), model_id, lambda: crowd.strips(model_id, None))

    def _changed(self, rollout: Rollout) -> list[Device]:
        former = rollout.from_version
        entries = rollout.tracked.values()
        return [entry.device for entry in entries if former is None or entry.from_version == former]

    def _changed_portions(self, rollout: Rollout) -> list[Portion]:
        """Return the portions of which most ran the version that the rollout leads away from."""
        part, former, since = rollout.crowd, rollout.from_version, rollout.started_at
        if not isinstance(part, Share):
            return []
        portions = part.portions()
        if former is None or since is None:
            return portions
        key = ("active", rollout.model_id, former)
        return [portion for portion in portions if portion.level(key).at(since) * 2 > portion.size]


def _version(install: Install, at: float) -> str | None:
    """Return the version that a device ran at a moment."""
    history = install.history
    if history and history[-1].since <= at:
        return history[-1].version
    return next((served.version for served in reversed(history) if served.since <= at), None)


def _add_crowd(
    counts: dict[Cell, float], crowd: Crowd, model_id: str, portions: Iterable[Portion], at: float
) -> None:
    by_group: Counter[tuple[str, str]] = Counter()
    for portion in portions:
        for version, devices in _reporting(portion, model_id, at):
            by_group[version, portion.group] += devices
    for (version, group), devices in by_group.items():
        for device_class, share in crowd.classes(group).items():
            cell = (version, group, device_class)
            counts[cell] = counts.get(cell, 0) + devices * share


def _reporting(portion: Portion, model_id: str, at: float) -> Iterable[tuple[str, int]]:
    if portion.is_inert and portion.begun is not None:
        yield portion.begun.version or "unknown", portion.level(("reporting", None, True)).at(at)
        return
    for key in portion.chart.keys("reporting", model_id):
        yield str(key[2]), portion.level(key).at(at)
