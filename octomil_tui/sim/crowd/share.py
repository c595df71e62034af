"""A crowd's part in one rollout: whom it came to, and how far they are."""

from collections import Counter
from collections.abc import Collection, Iterator
from math import inf

from octomil_tui.sim.crowd.crowd import Crowd, Portion
from octomil_tui.sim.crowd.history import AFTER, BEFORE, Change, Verb
from octomil_tui.sim.crowd.strip import Strip
from octomil_tui.sim.device import Phase
from octomil_tui.sim.rollout import Rollout, Tracked
from octomil_tui.sim.standings import Standings

__all__ = ["Share"]


class Share:
    """The part of a rollout that the crowd is; `sim.rollout.Part` says what is asked of it.

    Args:
        crowd: The crowd.
        rollout: The rollout, of the fleet or of one group.
    """

    def __init__(self, crowd: Crowd, rollout: Rollout) -> None:
        self._crowd = crowd
        self._rollout = rollout

    @property
    def total(self) -> int:
        """How many devices its scope has."""
        return sum(len(strip.places) for strip in self._scope())

    @property
    def affected(self) -> int:
        """How many devices it came to."""
        return sum(len(strip.places) for strip in self._opened())

    def open_to(self, count: int, at: float, *, early: bool) -> None:
        """Have the first devices of its scope run the version."""
        reached = self._crowd.partition.first(self._scope(), count)
        new = [strip for strip in reached if self._rollout.id not in strip.opened]
        self._tell(new, Verb.OPEN, at, early=early, opened=True)

    def close_to(self, count: int, fallback: str, at: float, *, early: bool) -> None:
        """Have all but the first devices of its scope run again what they ran before."""
        reached = set(self._crowd.partition.first(self._scope(), count))
        rest = [strip for strip in self._opened() if strip not in reached]
        self._tell(rest, Verb.CLOSE, at, early=early, opened=False, fallback=fallback)

    def release(self, kept: Collection[int], fallback: str, at: float) -> None:
        """Have its devices go on with what they run, but for those that a rollout of `kept` has."""
        free = [strip for strip in self._opened() if strip.opened.isdisjoint(kept)]
        self._tell(free, Verb.RELEASE, at, fallback=fallback)

    def leave(self, at: float) -> None:
        """Follow nobody any more."""
        followed = [strip for strip in self._opened() if self._rollout.id not in strip.cell.past]
        self._tell(followed, Verb.LEAVE, at)

    def forget(self, at: float) -> None:
        """Have come to nobody."""
        rollout_id, partition = self._rollout.id, self._crowd.partition
        known = self._opened()
        self._tell(
            [strip for strip in known if rollout_id not in strip.cell.past], Verb.FORGET, at, opened=False
        )
        # Of what was before the crowd began its devices know nothing.
        partition.strike(known, rollout_id)

    def meets(self, other_id: int) -> bool:
        """Return whether it came to a device that another rollout came to."""
        return any(other_id in strip.opened for strip in self._opened())

    def groups_of(self, count: int) -> Counter[str]:
        """Return of which groups the first devices of its scope are."""
        found: Counter[str] = Counter()
        for strip in self._scope():
            here = max(0, min(count, len(strip.places)))
            found[strip.cell.stretch.group] += here
            count -= here
        return found

    def on_version(self) -> int:
        """Return how many devices of its scope report its version now."""
        name = ("scope", self._rollout.model_id, self._rollout.group)
        portions = self._crowd.portions(name, self._rollout.model_id, self._scope)
        return sum(self._active(portion, self._rollout.version) for portion in portions)

    def settled(self) -> int:
        """Return how many of its devices have settled on its version."""
        return sum(self._settled(portion) for portion in self.portions())

    def quiet_from(self, at: float) -> float:
        """Return the first time from `at` on at which it waits for no device."""
        levels = [p.level(("holding", self._rollout.id, True)) for p in self.portions()]
        now = at
        while now < inf:
            later = max((level.none_from(now) for level in levels), default=now)
            if later == now:
                return now
            now = later
        return inf

    def standings(self) -> Standings:
        """Return the counts over all of its devices."""
        found = Standings()
        rollout_id, model_id, now = self._rollout.id, self._rollout.model_id, self._crowd.now
        for portion in self.portions():
            chart = portion.chart
            connectivity = {
                str(key[2]): portion.level(key).at(now) for key in chart.keys("connectivity", None)
            }
            statuses = {
                key[2].word: portion.level(key).at(now)
                for key in chart.keys("phase", model_id)
                if isinstance(key[2], Phase)
            }
            found.add(
                [portion.group],
                portion.size,
                settled=self._settled(portion),
                waiting=portion.level(("holding", rollout_id, True)).at(now),
                versions={version: self._active(portion, version) for version in self._versions(portion)},
                connectivity=connectivity,
                statuses=statuses or {Phase.ACTIVE.word: portion.size},
            )
        return found

    def page(self, limit: int, offset: int) -> Iterator[Tracked]:
        """Yield at most `limit` of its devices from `offset` on, in the order in which it came to them."""
        for strip in self._opened():
            for place in strip.places[offset : offset + limit]:
                yield self.tracked(strip, place)
            limit -= len(strip.places[offset : offset + limit])
            offset = max(0, offset - len(strip.places))

    def tracked(self, strip: Strip, place: int) -> Tracked:
        """Return how far one of its devices is."""
        device = self._crowd.device(place, strip)
        entry = self._crowd.course(strip, place).entries.get(self._rollout.id)
        if entry is not None:
            return Tracked(device, entry.from_version, entry.verified_at, entry.settled_at, entry.bounced)
        # It came before the crowd began.
        return Tracked(device, self._rollout.from_version, settled_at=self._rollout.completed_at)

    def _tell(
        self,
        strips: list[Strip],
        verb: Verb,
        at: float,
        *,
        early: bool = False,
        opened: bool | None = None,
        fallback: str = "",
    ) -> None:
        rollout = self._rollout
        rank = BEFORE if early else AFTER
        change = Change(at, rank, verb, rollout.id, rollout.model_id, rollout.version, fallback)
        if strips:
            self._crowd.partition.tell(strips, change, opened=opened)

    def _scope(self) -> list[Strip]:
        """Return where the devices of its scope are, in the order in which it comes to them.

        Those that it has come to are the first, and then those that run its
        version already, or are on their way.
        """
        rollout = self._rollout

        def order(strip: Strip) -> tuple[bool, bool]:
            wants = strip.history.wanted(rollout.model_id)
            return rollout.id not in strip.opened, wants != rollout.version

        return sorted(self._crowd.strips(rollout.model_id, rollout.group), key=order)

    def _opened(self) -> list[Strip]:
        return [strip for strip in self._crowd.partition.strips if self._rollout.id in strip.opened]

    def portions(self) -> list[Portion]:
        """Return the devices that it came to, by group and history."""
        name = ("opened", self._rollout.id)
        return self._crowd.portions(name, self._rollout.model_id, self._opened)

    def _versions(self, portion: Portion) -> set[str]:
        if portion.is_inert and portion.begun is not None:
            return {portion.begun.version or "unknown"}
        keys = portion.chart.keys("active", self._rollout.model_id)
        return {str(key[2]) for key in keys}

    def _active(self, portion: Portion, version: str) -> int:
        if portion.is_inert and portion.begun is not None:
            return portion.size if portion.begun.version == version else 0
        return portion.level(("active", self._rollout.model_id, version)).at(self._crowd.now)

    def _settled(self, portion: Portion) -> int:
        rollout = self._rollout
        if not portion.chart.keys("settled", rollout.id):
            return portion.size if rollout.completed_at is not None else 0
        return portion.level(("settled", rollout.id, True)).at(self._crowd.now)
