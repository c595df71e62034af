"""Pages of lists: by offset, and by an opaque cursor."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from octomil_tui.sim.errors import RefusedError

__all__ = ["cursor_for", "cut", "offset_of"]

T = TypeVar("T")
MARK = "o:"


def cut(items: Sequence[T], limit: int, offset: int) -> list[T]:
    """Return at most `limit` items from `offset` on."""
    return list(items[offset : offset + limit])


def cursor_for(offset: int) -> str:
    """Return a cursor that stands for an offset."""
    return base64.urlsafe_b64encode(f"{MARK}{offset}".encode()).decode()


def offset_of(cursor: str) -> int:
    """Return the offset that a cursor stands for.

    Raises:
        RefusedError: 400, the cursor is none that this service issued.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        if text.startswith(MARK):
            return max(0, int(text.removeprefix(MARK)))
    except (binascii.Error, ValueError):
        pass
    raise RefusedError(400, "invalid_cursor", "The cursor is not one that this service issued.")
