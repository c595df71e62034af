"""Whole lists: the pages of one list asked for one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from octomil_tui.api import wire
from octomil_tui.api.answer import Answer
from octomil_tui.api.decode import RowsDecoder
from octomil_tui.api.errors import StatusError
from octomil_tui.api.exchange import Reader
from octomil_tui.api.paging import Pager
from octomil_tui.domain.order import Reading

RowT = TypeVar("RowT", bound=wire.Shape)
T = TypeVar("T")

SMALL, LARGE = 100, 1000
"""Rows per page: what every service takes, and what lists of devices take in most."""

_TOO_MANY_AT_ONCE = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Listing(Generic[RowT]):
    """A list that was read to its end."""

    rows: tuple[RowT, ...]
    first: Answer
    """The answer with the first page, for what stands beside the rows."""
    served_at: float | None
    """The service's clock at the last page."""
    unreadable: int
    total: int | None

    def reading(self, value: T) -> Reading[T]:
        """Return `value`, made of these rows, as what a read brought back."""
        return Reading(value, self.served_at, self.unreadable, self.total)


class ListReader:
    """Reads lists to their end.

    Args:
        reader: Asks for one page.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._large = LARGE

    async def read(
        self,
        decoder: RowsDecoder[RowT],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        is_large: bool = False,
    ) -> Listing[RowT]:
        """Return all pages of the list at `path`.

        A service that refuses pages of a thousand is asked for a hundred at a
        time from then on.

        Raises:
            OctomilError: What went wrong with a page; see `errors`. A list of
                which a page is missing is never returned as if it were whole.
        """
        budget = self._reader.budget()
        pager: Pager[RowT] = Pager(_identity, self._large if is_large else SMALL)
        first: Answer | None = None
        while True:
            try:
                answer = await self._reader.read(path, {**(params or {}), **pager.params}, budget)
            except StatusError as error:
                if not (pager.is_first and pager.limit > SMALL and error.status in _TOO_MANY_AT_ONCE):
                    raise
                self._large = pager.limit = SMALL
                continue
            first = first or answer
            if not pager.take(decoder.decode(answer.body)):
                return Listing(pager.rows, first, answer.served_at, pager.unreadable, pager.total)


def _identity(row: wire.Shape) -> object:
    # Numbers and text are one: a service may write the same id either way. A version is known by itself.
    identity = getattr(row, "id", None)
    return str(getattr(row, "version", None) if identity is None else identity)
