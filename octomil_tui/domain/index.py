"""Which row of a watch a device has.

Up to `NAMED_UP_TO` devices the ids themselves are kept. Above that a row is
found by a hash of 64 bits, which costs 12 bytes a device whatever the length
of its id. Two ids with the same hash share one row: the look that comes last
decides it, and one device fewer is counted. Among a million devices the chance
that there is any such pair is below one in ten million, and the hash is keyed
anew in every process, so that nobody can choose names that meet.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

NAMED_UP_TO = 10_000
"""Devices of a scope whose ids are kept whole."""

_HASH = (1 << 64) - 1
_SHIFT = 56
_BUCKETS = 1 << (64 - _SHIFT)
_MERGED_AT = 32
"""Rows that wait in a bucket until they are sorted in: a merge costs what the whole bucket costs."""


class _Bucket(NamedTuple):
    """The rows of one part of all hashes."""

    hashes: array[int]
    """Sorted."""
    rows: array[int]
    recent: Mapping[int, int]
    """Rows by hash that are not sorted in yet."""

    def find(self, key: int) -> int:
        place = bisect_left(self.hashes, key)
        found = place < len(self.hashes) and self.hashes[place] == key
        return self.rows[place] if found else self.recent.get(key, -1)

    def extended(self, fresh: Mapping[int, int]) -> _Bucket:
        recent = {**self.recent, **fresh}
        if len(recent) <= _MERGED_AT:
            return self._replace(recent=recent)
        hashes, rows, begin = array("Q"), array("I"), 0
        for key in sorted(recent):
            end = bisect_left(self.hashes, key, begin)
            hashes += self.hashes[begin:end]
            rows += self.rows[begin:end]
            hashes.append(key)
            rows.append(recent[key])
            begin = end
        hashes += self.hashes[begin:]
        rows += self.rows[begin:]
        # Copies, without the room that growing leaves at the end.
        return _Bucket(hashes[:], rows[:], {})


_EMPTY = _Bucket(array("Q"), array("I"), {})


class Index:
    """Rows by device id; a value: `extended` returns another one, which shares what did not change."""

    __slots__ = ("_buckets", "_rows", "ids", "size")

    def __init__(
        self,
        ids: tuple[str, ...] | None,
        rows: Mapping[str, int],
        buckets: tuple[_Bucket, ...],
        size: int,
    ) -> None:
        self.ids = ids
        """By row; None where only hashes are kept."""
        self.size = size
        """Rows that there are."""
        self._rows = rows
        self._buckets = buckets

    @classmethod
    def of(cls, ids: Sequence[str]) -> Index:
        """Return the index in which each of these ids has its place as its row."""
        return cls((), {}, (), 0).extended(ids)

    def find(self, device_id: str) -> int:
        """Return the row of a device, -1 where it has none."""
        if self.ids is not None:
            return self._rows.get(device_id, -1)
        # As `_Bucket.find` has it; a look calls this for every device.
        key = hash(device_id) & _HASH
        hashes, rows, recent = self._buckets[key >> _SHIFT]
        place = bisect_left(hashes, key)
        found = place < len(hashes) and hashes[place] == key
        return rows[place] if found else recent.get(key, -1)

    def extended(self, ids: Sequence[str]) -> Index:
        """Return the index with a row more for each new id, in their order; ids that meet another share its row."""
        if self.ids is None:
            return _hashed(self._buckets, ids, self.size)
        if self.size + len(ids) > NAMED_UP_TO:
            return _hashed((_EMPTY,) * _BUCKETS, (*self.ids, *ids), 0)
        fresh = tuple(key for key in dict.fromkeys(ids) if key not in self._rows)
        rows = {**self._rows, **{key: self.size + place for place, key in enumerate(fresh)}}
        return Index((*self.ids, *fresh), rows, (), self.size + len(fresh))


def _hashed(buckets: tuple[_Bucket, ...], ids: Iterable[str], size: int) -> Index:
    fresh: dict[int, dict[int, int]] = defaultdict(dict)
    for device_id in ids:
        key = hash(device_id) & _HASH
        number = key >> _SHIFT
        if key not in fresh[number] and buckets[number].find(key) < 0:
            fresh[number][key] = size
            size += 1
    grown = (
        bucket.extended(fresh[number]) if fresh.get(number) else bucket
        for number, bucket in enumerate(buckets)
    )
    return Index(None, {}, tuple(grown), size)
