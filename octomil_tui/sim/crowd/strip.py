"""Which devices of a crowd share a history: strips of places, cut where an order ends."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from octomil_tui.sim.crowd.history import Begun, Change, History
from octomil_tui.sim.crowd.naming import Naming, Stretch

__all__ = ["COLUMNS", "Cell", "Partition", "Strip"]

COLUMNS = 20
"""Every so many places are a column: a rollout comes to one after the other, so that its devices are everywhere."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The devices of one group in one column, as they were when the crowd began."""

    stretch: Stretch
    column: int
    rank: int
    """Rollouts come to lower ranks first."""
    models: tuple[Begun, ...]
    """The models that its devices have, the main one first."""
    past: frozenset[int] = frozenset()
    """Rollouts that came to it before, and that still have it on their list."""


@dataclass(slots=True, eq=False)
class Strip:
    """Devices of one cell that were told the same."""

    cell: Cell
    places: range
    history: History
    opened: frozenset[int]
    """The rollouts that have it on their list."""
    weights: Sequence[int] = field(default=())
    """How many of its devices lead each life."""

    def begun(self, model_id: str) -> Begun | None:
        """Return how a model stood on its devices, or None where they do not have it."""
        return next((one for one in self.cell.models if one.model_id == model_id), None)


class Partition:
    """All devices of a crowd, as strips in the order in which rollouts come to them.

    Args:
        cells: The groups' columns.
        naming: Where the groups are.
        history: What all begin with.
        weigh: Returns how many of some places lead each life.
    """

    def __init__(
        self,
        cells: Iterable[Cell],
        naming: Naming,
        history: History,
        weigh: Callable[[range], Sequence[int]],
    ) -> None:
        self._weigh = weigh
        self._bounds = [stretch.stop for stretch in naming.stretches]
        self._cells: list[list[list[Strip]]] = [[[] for _ in range(COLUMNS)] for _ in self._bounds]
        self.strips: list[Strip] = []
        self.version = 0
        """Counts the changes."""
        for cell in sorted(cells, key=lambda cell: (cell.rank, cell.stretch.start)):
            first = cell.stretch.start + (cell.column - cell.stretch.start) % COLUMNS
            places = range(first, cell.stretch.stop, COLUMNS)
            if places:
                strip = Strip(cell, places, history, cell.past, weigh(places))
                self.strips.append(strip)
                self._pieces(places[0]).append(strip)

    def at(self, place: int) -> Strip | None:
        """Return the strip that a place is in, or None where its device has left."""
        pieces = self._pieces(place)
        if len(pieces) == 1 and place in pieces[0].places:
            return pieces[0]
        number = bisect_right(pieces, place, key=_first) - 1
        return pieces[number] if number >= 0 and place in pieces[number].places else None

    def first(self, strips: Iterable[Strip], count: int) -> list[Strip]:
        """Return the strips with the first `count` devices of some, cut where that is inside of one."""
        found = []
        for strip in strips:
            if count <= 0:
                break
            if len(strip.places) > count:
                strip = self._cut(strip, count)[0]  # noqa: PLW2901 - what is wanted of it
            found.append(strip)
            count -= len(strip.places)
        return found

    def tell(self, strips: Iterable[Strip], change: Change, *, opened: bool | None = None) -> None:
        """Give an order to some strips.

        Args:
            strips: Who is told.
            change: What.
            opened: Whether they go on the rollout's list, or, with False, come off it.
        """
        told: dict[tuple[History, Begun], History] = {}
        for strip in strips:
            begun = strip.begun(change.model_id)
            if begun is None:
                continue
            if (strip.history, begun) not in told:
                told[strip.history, begun] = strip.history.then(change, begun)
            strip.history = told[strip.history, begun]
            if opened is not None:
                mine = {change.rollout_id}
                strip.opened = strip.opened | mine if opened else strip.opened - mine
        self.version += 1

    def strike(self, strips: Iterable[Strip], rollout_id: int) -> None:
        """Take some strips off a rollout's list."""
        for strip in strips:
            strip.opened -= {rollout_id}
        self.version += 1

    def remove(self, place: int) -> Strip | None:
        """Take one device out, and return what was its strip; None where it had left before."""
        strip = self.at(place)
        if strip is None:
            return None
        number = strip.places.index(place)
        if number:
            strip = self._cut(strip, number)[1]
        if len(strip.places) > 1:
            strip = self._cut(strip, 1)[0]
        self.strips.remove(strip)
        self._pieces(place).remove(strip)
        self.version += 1
        return strip

    def _pieces(self, place: int) -> list[Strip]:
        return self._cells[bisect_right(self._bounds, place)][place % COLUMNS]

    def _cut(self, strip: Strip, count: int) -> tuple[Strip, Strip]:
        """Cut a strip behind its first `count` devices."""
        parts = [
            replace(strip, places=places, weights=self._weigh(places))
            for places in (strip.places[:count], strip.places[count:])
        ]
        for strips in (self.strips, self._pieces(strip.places[0])):
            number = strips.index(strip)
            strips[number : number + 1] = parts
        self.version += 1
        return parts[0], parts[1]


def _first(strip: Strip) -> int:
    return strip.places[0]
