"""What is measured of every version, now and before: behaviours, weighed by the devices that report.

Nothing is stored. Every figure follows from the time, the seed and the devices
that reported then, so that an answer does not depend on who asked before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui.sim.catalog import Catalog, Model
from octomil_tui.sim.health.behaviour import Behaviour, Service, invent, seeded
from octomil_tui.sim.health.figures import NO_FIGURES, Figures, mean, towards
from octomil_tui.sim.health.tally import Cell, Tally
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.rollout import Kind, Rollout

__all__ = ["MINUTE", "Monitor", "Reading"]

MINUTE = 60.0
MOST_KEPT = 1000
WARM_UP = 900.0
"""Seconds for which a version does a little worse on devices that have just come to it."""
WARMING = {
    "error_rate_percent": 1.14,
    "latency_p50_ms": 1.02,
    "latency_p95_ms": 1.02,
    "latency_p99_ms": 1.02,
}
"""By how much worse, at first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What some devices tell."""

    figures: Figures
    devices: float
    """How many of them report."""


SILENCE = Reading(NO_FIGURES, 0)
"""Nobody reports."""


class Monitor:
    """The health of all versions.

    Args:
        catalog: The models.
        tally: Who reports.
        ledger: The rollouts, of which the behaviours know nothing.
        behaviours: What the scenario says, by model id and version.
        seed: Which of the possible runs.
        start_at: When the scenario starts, epoch seconds.
    """

    def __init__(
        self,
        catalog: Catalog,
        tally: Tally,
        ledger: Ledger,
        behaviours: Mapping[tuple[str, str], Behaviour],
        *,
        seed: int,
        start_at: float,
    ) -> None:
        self._tally = tally
        self._ledger = ledger
        self._catalog = catalog
        self._minutes: dict[tuple[str, str, float, str | None], Reading] = {}
        self._seen_of = tally.edition
        self._behaviours = {
            (model.id, version.version): seeded(behaviours[key], seed, *key)
            if (key := (model.id, version.version)) in behaviours
            else invent(seed, *key, start_at)
            for model in catalog.models.values()
            for version in model.versions
        }

    def knows(self, model_id: str, version: str) -> bool:
        """Return whether a version is registered; a real device may say that it runs another."""
        return (model_id, version) in self._behaviours

    def usual(self, model_id: str, version: str) -> Figures:
        """Return what a version does over the whole time for which it serves."""
        return self._behaviours[model_id, version].usual

    def usual_version(self, model: Model, at: float) -> str:
        """Return the version that says what is usual for a model: the one before the newest rollout.

        A rollout that has ended a day ago is no news any more, and a rollback never was.
        """
        watched = self._ledger.newest(model, at)
        return model.active_version if watched is None else watched.from_version or watched.version

    def service(self, model: Model, version: str, at: float) -> Service | None:
        """Return when a version served, by the scenario or by its rollouts; None where nobody knows."""
        told = self._behaviours[model.id, version].service
        if told is not None:
            return told
        rollouts = [r for r in self._ledger.of(model) if r.version == version and r.started_at is not None]
        if not rollouts:
            return None
        runs = any(cell[0] == version for cell in self.reporting(model.id, at))
        ends = [end for r in rollouts if (end := r.cancelled_at or r.completed_at) is not None]
        since = min(r.started_at for r in rollouts if r.started_at is not None)
        return Service(since, None if runs or not ends else max(ends), max(r.affected for r in rollouts))

    def reporting(self, model_id: str, at: float) -> Mapping[Cell, float]:
        """Return how many devices report each version of a model."""
        return self._tally.of_model(model_id, at)

    def readings(
        self, model_id: str, at: float, group: str | None = None, device_class: str | None = None
    ) -> dict[str, Reading]:
        """Return what is told of each version that reports at a moment, epoch seconds.

        Args:
            model_id: The model.
            at: When, not later than now.
            group: The only group that counts. A device in several counts for its first one.
            device_class: The only class of devices that counts.
        """
        counts = {
            cell: devices
            for cell, devices in self.reporting(model_id, at).items()
            if group in {None, cell[1]} and device_class in {None, cell[2]} and self.knows(model_id, cell[0])
        }
        return {
            version: self._read(model_id, {c: n for c, n in counts.items() if c[0] == version}, at)
            for version in sorted({cell[0] for cell in counts})
        }

    def by_group(self, model_id: str, version: str, at: float) -> dict[str, Reading]:
        """Return what each group's devices on a version tell at a moment."""
        return self._split(model_id, version, at, 1)

    def by_class(self, model_id: str, version: str, at: float) -> dict[str, Reading]:
        """Return what each class of devices on a version tells at a moment."""
        return self._split(model_id, version, at, 2)

    def cell(self, model_id: str, cell: Cell, at: float) -> Figures:
        """Return what one device tells, by its version, group and class."""
        return self._read(model_id, {cell: 1}, at).figures

    def window(
        self, model_id: str, version: str, until: float, minutes: int, group: str | None = None
    ) -> Reading:
        """Return what the devices on a version told in the minutes up to `until`, taken together."""
        moments = [until - MINUTE * place for place in range(minutes)]
        found = [self._minute(model_id, version, at, group) for at in moments]
        return Reading(mean((r.figures, r.devices) for r in found), max(r.devices for r in found))

    def _minute(self, model_id: str, version: str, at: float, group: str | None) -> Reading:
        """Return one minute of a window; each is in several windows, and looked at anew only once."""
        key = (model_id, version, at, group)
        if self._seen_of != self._tally.edition or len(self._minutes) >= MOST_KEPT:
            self._minutes.clear()
            self._seen_of = self._tally.edition
        if key not in self._minutes:
            reading = self.readings(model_id, at, group).get(version, SILENCE)
            if not self._tally.is_past(at):
                return reading
            self._minutes[key] = reading
        return self._minutes[key]

    def cohort(self, rollout: Rollout, at: float) -> dict[str, Reading]:
        """Return what the devices that a rollout changes tell at a moment, by the version that they run.

        The versions together are at the key "".
        """
        counts = self._tally.of_rollout(rollout, at)
        found: dict[str, Reading] = {}
        for version in sorted({cell[0] for cell in counts if self.knows(rollout.model_id, cell[0])}):
            mine = {cell: devices for cell, devices in counts.items() if cell[0] == version}
            reading = self._read(rollout.model_id, mine, at)
            if version == rollout.version and rollout.started_at is not None:
                reading = Reading(_warmed(reading.figures, at - rollout.started_at), reading.devices)
            found[version] = reading
        together = mean((reading.figures, reading.devices) for reading in found.values())
        return {"": Reading(together, sum(reading.devices for reading in found.values())), **found}

    def baseline(self, rollout: Rollout) -> tuple[str, Figures]:
        """Return the version that a rollout is held against, and what is usual for that one.

        One that goes back is held against the version that it brings back.
        """
        version = rollout.version
        if rollout.from_version is not None and not self._ledger.goes_back(rollout):
            version = rollout.from_version
        return version, self.usual(rollout.model_id, version)

    def _split(self, model_id: str, version: str, at: float, place: int) -> dict[str, Reading]:
        counts = self.reporting(model_id, at)
        mine = {cell: devices for cell, devices in counts.items() if cell[0] == version}
        return {
            name: self._read(model_id, {c: n for c, n in mine.items() if c[place] == name}, at)
            for name in sorted({cell[place] for cell in mine})
        }

    def _read(self, model_id: str, counts: Mapping[Cell, float], at: float) -> Reading:
        """Return what some devices tell, all on one version."""
        total = sum(counts.values())
        if not counts or not total:
            return SILENCE
        version = next(iter(counts))[0]
        behaviour = self._behaviours[model_id, version]
        load = 1.0 if behaviour.eases_to is None else self._load(model_id, version, at)
        if behaviour.is_even:
            return Reading(behaviour.figures(at, None, None, load), total)
        parts = (
            (behaviour.figures(at, group, device_class, load), devices)
            for (_, group, device_class), devices in counts.items()
        )
        return Reading(mean(parts), total)

    def _load(self, model_id: str, version: str, at: float) -> float:
        """Return which share of its devices a version still has since it was rolled back from."""
        model = self._catalog.models[model_id]
        rollback = _left(self._ledger.of(model), version, at)
        if rollback is None or rollback.started_at is None:
            return 1.0
        before, now = (
            sum(
                devices
                for cell, devices in self._tally.of_model(model_id, moment).items()
                if cell[0] == version
            )
            for moment in (rollback.started_at, at)
        )
        return min(1.0, now / before) if before else 1.0


def _left(rollouts: list[Rollout], version: str, at: float) -> Rollout | None:
    """Return the last rollback away from a version before `at`."""
    return next(
        (
            r
            for r in rollouts
            if r.kind is not Kind.PROGRESSIVE
            and r.from_version == version != r.version
            and r.started_at is not None
            and r.started_at <= at
        ),
        None,
    )


def _warmed(figures: Figures, age: float) -> Figures:
    if age >= WARM_UP:
        return figures
    worse = Figures(
        **{
            name: value * factor
            for name, factor in WARMING.items()
            if (value := getattr(figures, name)) is not None
        }
    )
    return towards(figures, worse, 1 - max(age, 0.0) / WARM_UP)
