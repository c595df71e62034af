"""A crowd: devices that are not kept one by one, but known from what they are and what was ordered."""

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import add
from random import Random

from octomil_tui.sim.crowd.chart import Chart, Key, Level
from octomil_tui.sim.crowd.course import Course
from octomil_tui.sim.crowd.history import Begun, History
from octomil_tui.sim.crowd.life import SLOTS, Life, Lives, Story
from octomil_tui.sim.crowd.naming import Naming, Stretch
from octomil_tui.sim.crowd.nature import Nature
from octomil_tui.sim.crowd.strip import Cell, Partition, Strip
from octomil_tui.sim.device import Device, Install, Served

__all__ = ["Crowd", "Portion", "Terms"]

COURSES = 8192
"""How many devices' courses are kept, of 2 kB each, to go on with rather than begin anew."""
HARDWARE = {
    "ios": ("iPhone 15 Pro", "iPad Air M2"),
    "android": ("Pixel 8", "Galaxy Tab Active5"),
    "linux": ("Orin NX, 8 GB", "Orin Nano, 8 GB"),
}
PLATFORMS = tuple(HARDWARE)
GIGABYTE = 10**9


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scenario says of a crowd."""

    naming: Naming
    cells: tuple[Cell, ...]
    main: str
    """The id of the model that every device has."""
    platforms: Mapping[str, Sequence[int]]
    """By group, how many of 256 of its devices have each of `PLATFORMS`."""
    story: Story
    lives: Lives
    began: float
    """When the crowd begins, epoch seconds: before its first order."""
    switch_for: float
    kept: int
    size_bytes: Callable[[str, str], int]


class Portion:
    """Devices of one group and one history, with the counts over them.

    Args:
        stretch: The group.
        strips: Where they are.
        chart: What their history comes to.
        begun: How the model in question stood on them.
    """

    def __init__(self, stretch: Stretch, strips: Sequence[Strip], chart: Chart, begun: Begun | None) -> None:
        self.group = stretch.group
        self.begun = begun
        self.size = sum(len(strip.places) for strip in strips)
        self.is_inert = begun is not None and all(
            begun.model_id != one.model_id for one in strips[0].history.begun
        )
        """Whether no order was ever about the model."""
        self.chart = chart
        self._strips = strips
        self._levels: dict[Key, Level] = {}

    @cached_property
    def weights(self) -> Sequence[int]:
        """How many of the devices lead each life."""
        return added(strip.weights for strip in self._strips)

    def level(self, key: Key) -> Level:
        """Return how many of the devices a key holds for, over time."""
        found = self._levels.get(key)
        if found is None:
            found = self._levels[key] = self.chart.level(key, self.weights)
        return found


class Crowd:
    """Devices by their places, from 0 on.

    Args:
        terms: What they are.
        seed: Which of the possible crowds.
    """

    def __init__(self, terms: Terms, seed: int) -> None:
        self.terms = terms
        self.naming = terms.naming
        self.lives: Sequence[Life] = terms.lives.all
        self.clock: Callable[[], float] = lambda: terms.story.start_at
        """Tells the scenario's time."""
        dice = Random(f"{seed}:crowd")
        size = self.naming.size
        low = int.from_bytes((SLOTS - 1).to_bytes(2, "little") * size, "little")
        drawn = int.from_bytes(dice.randbytes(2 * size), "little") & low
        self._slots = array("H")
        self._slots.frombytes(drawn.to_bytes(2 * size, "little"))
        self.platforms = b"".join(self._deal_platforms(dice, stretch) for stretch in self.naming.stretches)
        """The platform of each place, as its number in `PLATFORMS`."""
        root = History((Begun(terms.main, None),))
        self.partition = Partition(terms.cells, self.naming, root, self._weigh)
        self.nature = Nature(terms.began, terms.switch_for, terms.kept, terms.size_bytes, self._install)
        self._charts: dict[History, Chart] = {}
        self._courses: dict[tuple[History, int], Course] = {}
        self._portions: dict[Hashable, list[Portion]] = {}
        self._seen = self.partition.version
        self._classes: dict[str, Mapping[str, float]] = {}

    @property
    def now(self) -> float:
        """The scenario's time, epoch seconds."""
        return self.clock()

    def strips(self, model_id: str, group: str | None) -> list[Strip]:
        """Return where a model's devices are, in the order in which rollouts come to them."""
        return [
            strip
            for strip in self.partition.strips
            if group in {None, strip.cell.stretch.group} and strip.begun(model_id) is not None
        ]

    def count(self, model_id: str | None = None, group: str | None = None) -> int:
        """Return how many devices there are, those of a group, or those that have a model."""
        strips = self.strips(model_id or self.terms.main, group)
        return sum(len(strip.places) for strip in strips)

    def versions(self, model_id: str) -> set[str]:
        """Return the versions that some device ran of a model when the crowd began."""
        begun = {strip.begun(model_id) for strip in self.partition.strips}
        known = {one.version for one in begun if one is not None and one.version is not None}
        return known | (
            {self.terms.story.old, self.terms.story.good} if model_id == self.terms.main else set()
        )

    def prepare(self) -> None:
        """Find out what all histories come to, so that nobody who asks has to wait for it."""
        for strip in self.partition.strips:
            self.chart(strip.history)
            self.classes(strip.cell.stretch.group)

    def portions(self, name: Hashable, model_id: str, strips: Callable[[], Iterable[Strip]]) -> list[Portion]:
        """Return some devices by group and history.

        Args:
            name: A name for them, under which they are kept until something is ordered.
            model_id: The model in question.
            strips: Returns where they are.
        """
        self._forget_outdated()
        if name not in self._portions:
            parts: dict[tuple[Stretch, History, Begun | None], list[Strip]] = {}
            for strip in strips():
                key = (strip.cell.stretch, strip.history, strip.begun(model_id))
                parts.setdefault(key, []).append(strip)
            self._portions[name] = [
                Portion(stretch, found, self.chart(history), begun)
                for (stretch, history, begun), found in parts.items()
            ]
        return self._portions[name]

    def chart(self, history: History) -> Chart:
        """Return what a history comes to."""
        if history not in self._charts:
            concerned = (s.weights for s in self.partition.strips if s.history is history)
            self._charts[history] = Chart(history, self.lives, self.nature, added(concerned))
        return self._charts[history]

    def lots(self, places: range) -> Sequence[int]:
        """Return which of all lots some devices drew."""
        return self._slots[places.start : places.stop : places.step]

    def life(self, place: int) -> int:
        """Return the number of the life that a device leads."""
        return self.terms.lives.dealt[self._slots[place]]

    def course(self, strip: Strip, place: int) -> Course:
        """Return what a device does, up to now."""
        number = self.life(place)
        found = self._courses.get((strip.history, number))
        if found is None:
            if len(self._courses) >= COURSES:
                for outdated in list(islice(self._courses, COURSES // 4)):
                    del self._courses[outdated]
            found = Course(self.lives[number], strip.history, self.nature)
            self._courses[strip.history, number] = found
        found.advance(self.now)
        return found

    def classes(self, group: str) -> Mapping[str, float]:
        """Return which share of a group's devices is of which hardware."""
        if group not in self._classes:
            stretch = next(stretch for stretch in self.naming.stretches if stretch.group == group)
            found: Counter[str] = Counter()
            for parity in (0, 1):
                first = stretch.start + (parity - stretch.start) % 2
                platforms = Counter(self.platforms[first : stretch.stop : 2])
                found.update({HARDWARE[PLATFORMS[n]][parity]: devices for n, devices in platforms.items()})
            size = stretch.stop - stretch.start
            self._classes[group] = {name: devices / size for name, devices in found.items()}
        return self._classes[group]

    def device(self, place: int, strip: Strip) -> Device:
        """Return a device as it is now.

        It shares what it runs with all devices of its life and history: it is
        to be looked at before time goes on, and not to be changed.
        """
        course = self.course(strip, place)
        stretch = strip.cell.stretch
        platform = PLATFORMS[self.platforms[place]]
        return Device(
            self.naming.id(place),
            self.naming.identifier(place, stretch.prefix),
            platform,
            HARDWARE[platform][place % 2],
            (stretch.group,),
            course.heard,
            {begun.model_id: course.report(begun) for begun in strip.cell.models},
            rate=course.life.rate,
            network="ethernet" if platform == "linux" else "wifi",
            storage_free_bytes=(11 + place % 20) * GIGABYTE,
            revoked=course.life.revoked,
            one_contact=course.is_down,
            kept=course.life.kept,
        )

    def pages(self, places: Iterable[int]) -> Iterator[Device]:
        """Yield the devices at some places that are still in the crowd."""
        for place in places:
            strip = self.partition.at(place)
            if strip is not None:
                yield self.device(place, strip)

    def _forget_outdated(self) -> None:
        """Drop what was counted before the last order."""
        if self._seen != self.partition.version:
            self._seen = self.partition.version
            self._portions.clear()
            alive = {strip.history for strip in self.partition.strips}
            self._charts = {history: chart for history, chart in self._charts.items() if history in alive}

    def _weigh(self, places: range) -> Sequence[int]:
        lots = Counter(self.lots(places))
        weights = [0] * len(self.lives)
        dealt = self.terms.lives.dealt
        for slot, devices in lots.items():
            weights[dealt[slot]] += devices
        return array("L", weights)

    def _deal_platforms(self, dice: Random, stretch: Stretch) -> bytes:
        table = b"".join(
            bytes((number,)) * share for number, share in enumerate(self.terms.platforms[stretch.group])
        )
        return dice.randbytes(stretch.stop - stretch.start).translate(table)

    def _install(self, begun: Begun, life: Life) -> Install:
        """Return a model on a device as it was when the crowd began."""
        if begun.version is None:
            return self.terms.story.install(begun.model_id, life)
        held = [begun.version] if begun.previous is None else [begun.version, begun.previous]
        return Install(
            begun.model_id,
            active=begun.version,
            desired=begun.version,
            active_since=begun.since,
            previous=begun.previous,
            on_disk=held,
            status_since=begun.since,
            history=[Served(begun.version, begun.since)],
        )


def added(weights: Iterable[Sequence[int]]) -> Sequence[int]:
    """Return the sums, life by life."""
    total: Sequence[int] = ()
    for one in weights:
        total = one if not total else list(map(add, total, one))
    return total
