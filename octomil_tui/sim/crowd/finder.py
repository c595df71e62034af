"""Devices of a crowd that fit a query: counted and paged without looking at each."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import compress, islice

from octomil_tui.sim.crowd.crowd import PLATFORMS, Crowd
from octomil_tui.sim.crowd.strip import Strip
from octomil_tui.sim.device import OFFLINE_AFTER, ONLINE_FOR, Connectivity
from octomil_tui.sim.query import Query

__all__ = ["Finder", "Found"]

Mask = bytes
"""One byte for each place: 1 where the device fits, 0 where it does not."""
MASKS = 12
"""How many masks are kept; one has a byte for each device."""
BLOCK = 1 << 14
WORDS = {word.value for word in Connectivity} | {"active"}


class Found:
    """The places of devices that fit, in order.

    Args:
        total: How many there are.
        page: Returns at most so many of them, from an offset on.
    """

    def __init__(self, total: int, page: Callable[[int, int], Sequence[int]]) -> None:
        self.total = total
        self.page = page


NOBODY = Found(0, lambda _limit, _offset: ())


class Finder:
    """Looks for devices of a crowd.

    A query that names a group alone is arithmetic. Every other condition is a
    mask over all places, made by operations over bytes; it is kept for as long
    as what it was made from stays the same.

    Args:
        crowd: The crowd.
    """

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._masks: OrderedDict[Hashable, Mask] = OrderedDict()
        self._unsteady: tuple[int, list[tuple[Strip, Sequence[int], Sequence[int]]]] | None = None
        self._special = [not crowd.lives[number].is_steady for number in crowd.terms.lives.dealt]

    def find(self, query: Query) -> Found:
        """Return the devices that fit."""
        window = range(self._crowd.naming.size)
        if query.group is not None:
            stretches = (s for s in self._crowd.naming.stretches if s.group == query.group)
            window = next((range(s.start, s.stop) for s in stretches), range(0))
        masks = self._conditions(query)
        if masks is None or not window:
            return NOBODY
        if not masks:
            return Found(len(window), lambda limit, offset: window[offset : offset + limit])
        return _among(_all_of([mask[window.start : window.stop] for mask in masks]), window)

    def _conditions(self, query: Query) -> list[Mask] | None:
        """Return what is asked for beside a group, or None where nothing can fit."""
        crowd = self._crowd
        masks: list[Mask] = []
        if query.platform is not None:
            if query.platform not in PLATFORMS:
                return None
            code = PLATFORMS.index(query.platform)
            masks.append(self._kept(("platform", code), lambda: _equal(crowd.platforms, code)))
        if query.status is not None:
            if query.status not in WORDS:
                return None
            masks.append(self._status(query.status))
        if query.search:
            text = query.search
            masks.append(self._kept(("search", text.lower()), lambda: crowd.naming.search(text)))
        # Devices that have left are not found; nor are those that do not have the model.
        is_whole = len(crowd.partition.strips) and crowd.count() == crowd.naming.size
        if not is_whole or query.model_id not in {None, crowd.terms.main}:
            model_id = query.model_id or crowd.terms.main
            name = ("model", model_id, crowd.count())
            masks.append(self._kept(name, lambda: self._having(model_id)))
        return masks

    def _kept(self, name: Hashable, make: Callable[[], Mask]) -> Mask:
        if name not in self._masks:
            self._masks[name] = make()
            while len(self._masks) > MASKS:
                self._masks.popitem(last=False)
        self._masks.move_to_end(name)
        return self._masks[name]

    def _having(self, model_id: str) -> Mask:
        found = bytearray(self._crowd.naming.size)
        for strip in self._crowd.strips(model_id, None):
            places = strip.places
            found[places.start : places.stop : places.step] = b"\1" * len(places)
        return bytes(found)

    def _status(self, word: str) -> Mask:
        """Return who is in a state now.

        Devices that are never out of contact are online; only the others are
        looked at, a few in a hundred, and only when one of their lives has changed.
        """
        crowd = self._crowd
        unsteady = self._out_of_contact()
        codes: dict[object, bytes] = {}
        for strip, _, _ in unsteady:
            if strip.history not in codes:
                codes[strip.history] = self._fits(strip, word)
        steady = word in {Connectivity.ONLINE.value, "active"}
        name = ("status", word, crowd.partition.version, frozenset(codes.items()))

        def make() -> Mask:
            found = bytearray((b"\1" if steady else b"\0") * crowd.naming.size)
            for strip, places, lives in unsteady:
                fits = codes[strip.history]
                differs = [fits[life] != steady for life in lives]
                for place in compress(places, differs):
                    found[place] = not steady
            return bytes(found)

        return self._kept(name, make)

    def _fits(self, strip: Strip, word: str) -> bytes:
        """Return which lives are in a state now, under the history of a strip."""
        crowd, silences = self._crowd, self._crowd.chart(strip.history).silences
        fits = bytearray(len(crowd.lives))
        for number, life in enumerate(crowd.lives):
            if not life.is_steady:
                state = _state(silences.get(number, ()), crowd.now)
                words = {"revoked"} if life.revoked else {"active", state.value}
                fits[number] = word in words
        return bytes(fits)

    def _out_of_contact(self) -> list[tuple[Strip, Sequence[int], Sequence[int]]]:
        """Return, by strip, the places and lives of devices that are ever out of contact."""
        version = self._crowd.partition.version
        if self._unsteady is None or self._unsteady[0] != version:
            self._unsteady = (version, [self._look_at(strip) for strip in self._crowd.partition.strips])
        return self._unsteady[1]

    def _look_at(self, strip: Strip) -> tuple[Strip, Sequence[int], Sequence[int]]:
        crowd = self._crowd
        lots = crowd.lots(strip.places)
        places = list(compress(strip.places, map(self._special.__getitem__, lots)))
        return strip, places, [crowd.life(place) for place in places]


def _state(silences: Sequence[tuple[float, float]], now: float) -> Connectivity:
    """Return what the age of the last contact says, for a life with these silences."""
    for heard, back in silences:
        if heard <= now < back:
            age = now - heard
            if age <= ONLINE_FOR:
                return Connectivity.ONLINE
            return Connectivity.STALE if age <= OFFLINE_AFTER else Connectivity.OFFLINE
    return Connectivity.ONLINE


def _equal(codes: bytes, code: int) -> Mask:
    table = bytearray(256)
    table[code] = 1
    return codes.translate(bytes(table))


def _all_of(masks: Sequence[Mask]) -> Mask:
    if len(masks) == 1:
        return masks[0]
    both = int.from_bytes(masks[0], "little")
    for mask in masks[1:]:
        both &= int.from_bytes(mask, "little")
    return both.to_bytes(len(masks[0]), "little")


def _among(mask: Mask, window: range) -> Found:
    """Return the places of a window that a mask over it leaves."""

    def page(limit: int, offset: int) -> Sequence[int]:
        found: list[int] = []
        for start in range(0, len(mask), BLOCK):
            block = mask[start : start + BLOCK]
            inside = block.count(1)
            if offset < inside:
                fitting = compress(window[start : start + BLOCK], block)
                found += islice(fitting, offset, offset + limit - len(found))
            offset = max(0, offset - inside)
            if len(found) >= limit:
                break
        return found

    return Found(mask.count(1), page)
