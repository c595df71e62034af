"""Pages of lists: by offset, and by an opaque cursor."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from octomil_tui.sim.errors import RefusedError

__all__ = ["after_cursor", "cut"]

T = TypeVar("T")
MARK = "o:"


def cut(items: Sequence[T], limit: int, offset: int) -> list[T]:
    """Return at most `limit` items from `offset` on."""
    return list(items[offset : offset + limit])


def after_cursor(items: Sequence[T], limit: int, cursor: str | None) -> tuple[list[T], str | None]:
    """Return at most `limit` items from the cursor on, and the next cursor if there are more.

    Raises:
        RefusedError: 400, the cursor is none that this service issued.
    """
    offset = 0 if cursor is None else _read(cursor)
    more = offset + limit < len(items)
    return cut(items, limit, offset), _issue(offset + limit) if more else None


def _issue(offset: int) -> str:
    return base64.urlsafe_b64encode(f"{MARK}{offset}".encode()).decode()


def _read(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        if text.startswith(MARK):
            return max(0, int(text.removeprefix(MARK)))
    except (binascii.Error, ValueError):
        pass
    raise RefusedError(400, "invalid_cursor", "The cursor is not one that this service issued.")
