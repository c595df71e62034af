"""Whole lists: the pages of one list asked for one after the other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from octomil_tui.api.answer import Asked
from octomil_tui.api.decode import Page, RowsDecoder
from octomil_tui.api.errors import StatusError
from octomil_tui.api.exchange import Reader, Told
from octomil_tui.api.memory import Kept, made
from octomil_tui.api.paging import ROW_CAP, Pager
from octomil_tui.api.shape import Shape
from octomil_tui.domain.order import Reading

RowT = TypeVar("RowT", bound=Shape)
ItemT = TypeVar("ItemT")
T = TypeVar("T")

SMALL, LARGE = 100, 1000
"""Rows per page: what every service takes, and what lists of devices take in most."""

TOO_MANY_AT_ONCE = frozenset({400, 422})
"""What a service answers that gives no page of a thousand rows."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[ItemT]):
    """A list that was read to its end."""

    rows: tuple[ItemT, ...]
    first: Told
    """The answer with the first page, for what stands beside the rows."""
    served_at: float | None
    """The service's clock at the last page."""
    unreadable: int
    total: int | None
    kept: tuple[Kept | None, ...]
    """What is remembered of each page."""

    def reading(self, value: T) -> Reading[T]:
        """Return `value`, made of these rows, as what a read brought back."""
        return Reading(value, self.served_at, self.unreadable, self.total)

    def made(self, name: str, variant: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of the rows: the same object for as long as no page changes."""
        found = self.before(name, variant)
        if found is not None:
            return cast("T", found)
        value = make()
        self.keep(name, variant, value)
        return value

    def before(self, name: str, variant: Hashable) -> object | None:
        """Return what was made under a name of exactly these pages; None where any of them is new."""
        if (whole := self._whole(variant)) is None or self.first.kept is None:
            return None
        found = self.first.kept.before(name)
        return found[1] if found is not None and found[0] == whole else None

    def keep(self, name: str, variant: Hashable, value: object) -> None:
        """Remember what was made of exactly these pages."""
        if (whole := self._whole(variant)) is not None and self.first.kept is not None:
            self.first.kept.keep(name, whole, value)

    def _whole(self, variant: Hashable) -> Hashable | None:
        serials = tuple(kept.serial for kept in self.kept if kept is not None)
        return (serials, variant) if len(serials) == len(self.kept) else None


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
        """Return all pages of the list at `path`; see `read_as`."""
        return await self.read_as(decoder, path, params, _as_it_is, None, is_large=is_large)

    async def read_as(
        self,
        decoder: RowsDecoder[RowT],
        path: str,
        params: Mapping[str, str] | None,
        turn: Callable[[RowT, Told], ItemT],
        variant: Hashable,
        *,
        is_large: bool = False,
        most: int = ROW_CAP,
    ) -> Listing[ItemT]:
        """Return all pages of the list at `path`, each row turned into something else as it comes.

        A page that did not change is neither decoded nor turned again. A service
        that refuses pages of a thousand is asked for a hundred at a time from then on.

        Args:
            decoder: Reads one page.
            path: Where the list is.
            params: Its query, without the page.
            turn: Makes something of a row that has an `id` or a `version`.
            variant: What else `turn` depends on; another one turns remembered pages again.
            is_large: Whether its pages may have a thousand rows.
            most: Rows after which it stops; the listing's `total` says how many there are.

        Raises:
            OctomilError: What went wrong with a page; see `errors`. A list of
                which a page is missing is never returned as if it were whole.
        """
        patience = self._reader.patience()
        pager: Pager[ItemT] = Pager(_identity, self._large if is_large else SMALL, most)
        told: list[Told] = []
        while True:
            asked = Asked(path, {**(params or {}), **pager.params}, page=pager.number)
            try:
                one = await self._reader.read(asked, patience)
            except StatusError as error:
                if not (pager.is_first and pager.limit > SMALL and error.status in TOO_MANY_AT_ONCE):
                    raise
                self._large = pager.limit = SMALL
                continue
            told.append(one)
            page = made(one.kept, "page", variant, lambda one=one: _turned(decoder, one, turn))  # type: ignore[misc] # bound now
            if not pager.take(page):
                kept = tuple(one.kept for one in told)
                return Listing(pager.rows, told[0], one.served_at, pager.unreadable, pager.total, kept)


def _turned(decoder: RowsDecoder[RowT], told: Told, turn: Callable[[RowT, Told], ItemT]) -> Page[ItemT]:
    page = decoder.decode(told.body)
    rows = tuple(turn(row, told) for row in page.rows)
    return Page(rows, page.unreadable, page.total, page.next_cursor, page.has_more)


def _as_it_is(row: RowT, _told: Told) -> RowT:
    return row


def _identity(row: object) -> object:
    # Numbers and text are one: a service may write the same id either way. A version is known by itself.
    identity = getattr(row, "id", None)
    return str(getattr(row, "version", None) if identity is None else identity)
