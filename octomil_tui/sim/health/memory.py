"""How much memory the classes of devices have: what a model's peak is held against."""

from typing import NamedTuple

__all__ = ["Memory", "memory_of"]


class Memory(NamedTuple):
    """The memory of one class of devices, in megabytes."""

    total_mb: int
    available_mb: int
    """What the system leaves to one application; one that takes more is ended."""


CLASSES = {
    "iPhone 15 Pro": Memory(8192, 4096),
    "iPad Air M2": Memory(8192, 5120),
    "Pixel 8": Memory(8192, 4608),
    "Galaxy Tab Active5": Memory(6144, 3584),
    "Orin NX, 8 GB": Memory(8192, 6144),
    "Orin Nano, 8 GB": Memory(8192, 6144),
}


def memory_of(device_class: str) -> Memory | None:
    """Return the memory of a class, or None where nobody knows it."""
    return CLASSES.get(device_class)
