"""Names and ids by rule, so that a device is found by arithmetic and a million names are never made."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Naming", "Stretch"]

SCRAMBLE = 0x5DEECE66D1F5
"""Odd, so that multiplying by it can be undone."""
BITS = 48
SPACE = 1 << BITS
UNSCRAMBLE = pow(SCRAMBLE, -1, SPACE)
ID = re.compile(r"dev_([0-9a-f]{12})")


class Stretch(NamedTuple):
    """A group's devices: those with places from `start` up to `stop`, whose names begin alike."""

    group: str
    prefix: str
    """Lower case, and ends with what parts it from the number, such as `kiosk-eu-`."""
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of a crowd: the group's prefix, and the device's place, counted from 1, with leading zeros."""

    stretches: Sequence[Stretch]
    """All places from 0 on, without gaps."""

    @property
    def size(self) -> int:
        """How many devices there are."""
        return self.stretches[-1].stop

    @property
    def digits(self) -> int:
        """How many digits a name has."""
        return len(str(self.size))

    def stretch(self, place: int) -> Stretch:
        """Return the group's stretch that a place is in."""
        return next(stretch for stretch in self.stretches if place < stretch.stop)

    def identifier(self, place: int, prefix: str) -> str:
        """Return the name of a device."""
        return f"{prefix}{place + 1:0{self.digits}d}"

    @staticmethod
    def id(place: int) -> str:
        """Return the id of a device."""
        return f"dev_{(place + 1) * SCRAMBLE % SPACE:012x}"

    def find(self, reference: str) -> int | None:
        """Return the place of the device with this id or name, if there is one."""
        match = ID.fullmatch(reference)
        if match is not None:
            place = int(match[1], 16) * UNSCRAMBLE % SPACE - 1
            return place if 0 <= place < self.size else None
        number = reference[-self.digits :]
        if not (number.isascii() and number.isdigit()):
            return None
        place = int(number) - 1
        if not 0 <= place < self.size:
            return None
        return place if self.identifier(place, self.stretch(place).prefix) == reference else None

    def search(self, text: str) -> bytes:
        """Return which names contain a text, whatever its case: one byte for each place, 1 or 0.

        It costs one pass over as many bytes as there are devices for each place
        that the text may have among the digits, so a few of them: 8 for a million.
        """
        wanted = text.lower()
        found = bytearray(self.size)
        numbers = self._containing(wanted)
        for stretch in self.stretches:
            if wanted in stretch.prefix:
                found[stretch.start : stretch.stop] = b"\1" * (stretch.stop - stretch.start)
                continue
            if numbers is not None:
                found[stretch.start : stretch.stop] = numbers[stretch.start + 1 : stretch.stop + 1]
            for start, stop in self._straddling(wanted, stretch):
                found[start:stop] = b"\1" * (stop - start)
        return bytes(found)

    def _straddling(self, wanted: str, stretch: Stretch) -> Iterator[tuple[int, int]]:
        """Yield the places where a text ends the prefix and begins the number."""
        for cut in range(1, len(wanted)):
            number = wanted[cut:]
            if not stretch.prefix.endswith(wanted[:cut]) or not _is_number(number, self.digits):
                continue
            span = 10 ** (self.digits - len(number))
            first = int(number) * span - 1
            start, stop = max(first, stretch.start), min(first + span, stretch.stop)
            if start < stop:
                yield start, stop

    def _containing(self, wanted: str) -> bytes | None:
        """Return which numbers from 0 on have these digits in a row, or None where the text is no number."""
        if not _is_number(wanted, self.digits):
            return None
        length, found = self.size + 1, 0
        for behind in range(self.digits - len(wanted) + 1):
            span = 10**behind
            turn = span * 10 ** len(wanted)
            before = min(int(wanted) * span, length)
            once = bytes(before) + b"\1" * min(span, length - before)
            once += bytes(min(turn, length) - len(once))
            repeated = (once * (length // len(once) + 1))[:length]
            found |= int.from_bytes(repeated, "little")
        return found.to_bytes(length, "little")


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits
