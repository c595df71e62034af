"""From the bytes of an answer to shapes: whole pages fast, odd pages row by row.

The usual page is validated in one call. Where that fails, each row is taken by
itself, fields that do not fit are dropped, and only a row without its identity
is given up and counted: one bad row never loses the list.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from octomil_tui.api import wire
from octomil_tui.api.errors import TooLargeError, UnreadableError
from octomil_tui.api.shape import Names, Shape

RowT = TypeVar("RowT", bound=Shape)
ItemT = TypeVar("ItemT")

_Path = tuple[str | int, ...]

OBJECTS_LIMIT = 150_000
"""JSON objects of one answer that are looked at: each takes hundreds of times the memory of its text."""

_LIST_KEYS = ("items", "data")
_REPAIRS = 6
"""Rounds of dropping fields: as many as shapes are nested, and some."""

_UNREADABLE = "unreadable answer: not JSON, or cut short"


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """One page of a list."""

    rows: tuple[ItemT, ...]
    unreadable: int = 0
    """Rows that were given up."""
    total: int | None = None
    next_cursor: str | None = None
    has_more: bool | None = None

    @property
    def count(self) -> int:
        """Rows that the service sent, readable or not."""
        return len(self.rows) + self.unreadable


class RowsDecoder(Generic[RowT]):
    """Reads lists of one kind: a bare array, `{key: […]}`, `{items: […]}` or `{data: […]}`.

    Args:
        row: The shape of a row.
        key: What the service calls the list.
    """

    def __init__(self, row: type[RowT], key: str) -> None:
        self._row = row
        self._keys = (key, *_LIST_KEYS)
        self._key = key
        rows: Any = GenericAlias(list, (row,))
        self._array: TypeAdapter[list[RowT]] = TypeAdapter(rows)
        named = Annotated[rows, Names(key, *_LIST_KEYS)]
        self._page: TypeAdapter[Any] = TypeAdapter(
            type(f"{row.__name__}Page", (_Envelope,), {"__annotations__": {"rows": named}})
        )

    def decode(self, body: bytes) -> Page[RowT]:
        """Return the page in `body`.

        Raises:
            UnreadableError: Not JSON, or JSON without such a list.
            TooLargeError: More rows than the client is willing to hold.
        """
        _refuse_masses(body)
        try:
            if body.lstrip()[:1] == b"[":
                return Page(tuple(self._array.validate_json(body)))
            page = self._page.validate_json(body)
        except ValidationError:
            return self._row_by_row(parse(body))
        return Page(tuple(page.rows), 0, page.total, _text(page.next_cursor), page.has_more)

    def _row_by_row(self, data: object) -> Page[RowT]:
        envelope = _Envelope({})
        rows: object = data
        if isinstance(data, dict):
            envelope = repaired(_Envelope, data) or envelope
            rows = next((data[key] for key in self._keys if key in data), ...)
            rows = [] if rows is None else rows  # how some services write an empty list
        if not isinstance(rows, list):
            raise UnreadableError(f"unreadable answer: no list of {self._key} in it")
        read = [repaired(self._row, row) for row in rows]
        good = tuple(row for row in read if row is not None)
        if rows and not good:
            # A list of which nothing can be read is no list: it must not replace what is known.
            raise UnreadableError(f"unreadable answer: none of its {len(rows):,} rows can be read")
        return Page(
            good, len(rows) - len(good), envelope.total, _text(envelope.next_cursor), envelope.has_more
        )


class _Envelope(Shape):
    total: wire.Count | None = None
    next_cursor: wire.RawId | None = None
    has_more: bool | None = None


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def decode_one(body: bytes, shape: type[RowT], *wrappers: str) -> RowT:
    """Return the one object in `body`, also where it is wrapped as `{wrapper: {…}}`.

    Raises:
        UnreadableError: Not JSON, not an object, or one without its identity.
    """
    data = parse(body)
    if isinstance(data, dict):
        for wrapper in (*wrappers, "data"):
            if isinstance(data.get(wrapper), dict):
                data = data[wrapper]
                break
    one = repaired(shape, data)
    if one is None:
        raise UnreadableError("unreadable answer: not of the expected shape")
    return one


def _refuse_masses(body: bytes) -> None:
    if body.count(b"{") > OBJECTS_LIMIT:
        raise TooLargeError(f"the answer has too many objects (over {OBJECTS_LIMIT:,})")


def parse(body: bytes) -> object:
    """Return the JSON value in `body`.

    Raises:
        UnreadableError: Not JSON, nested too deeply, or a number too long to read.
        TooLargeError: More objects than the client is willing to hold.
    """
    _refuse_masses(body)
    try:
        value: object = from_json(body)
    except ValueError:
        if b"\\ud" not in body.lower():
            raise UnreadableError(_UNREADABLE) from None
        return _parse_lone_surrogates(body)
    return value


def _parse_lone_surrogates(body: bytes) -> object:
    # The fast parser refuses "\ud800" alone, and one such name must not hide the whole fleet.
    try:
        return _escaped(json.loads(body))
    except (ValueError, RecursionError):
        raise UnreadableError(_UNREADABLE) from None


def _escaped(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case list():
            return [_escaped(item) for item in value]
        case dict():
            return {_escaped(key): _escaped(item) for key, item in value.items()}
    return value


def repaired(shape: type[RowT], data: object) -> RowT | None:
    """Return `data` as `shape` without the fields that do not fit; None if nothing usable is left.

    A field that is dropped counts as not given. A list with an entry that
    cannot be understood is dropped whole, since the rest of it would claim to
    be everything; and where such a field is one of the shape's `ESSENTIAL`
    ones, the row is unusable, as it is without its identity.
    """
    for _ in range(_REPAIRS):
        try:
            return shape.read(data)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
        if not isinstance(data, dict):
            return None
        paths = {_culprit(data, detail) for detail in details}
        # A union names the whole entry as well as the field inside it: the field is enough.
        paths = {path for path in paths if not any(_is_inside(other, path) for other in paths)}
        doomed = {_without_entry(path) for path in paths}
        if any(not path or (len(path) == 1 and path[0] in shape.ESSENTIAL) for path in doomed):
            return None
        for path in doomed:
            data = _without(data, path)
    return None


def _culprit(data: Any, detail: ErrorDetails) -> _Path:
    """Return the path of what does not fit: as deep as the error's own path leads inside `data`."""
    path: list[str | int] = []
    for step in detail["loc"]:
        is_place = (
            step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int)
        )
        if is_place:  # else the name of a union's branch, or of a field that is missing
            data = data[step]
            path.append(step)
    return tuple(path)


def _is_inside(path: _Path, outer: _Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def _without_entry(path: _Path) -> _Path:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _without(data: Any, path: _Path) -> Any:
    """Return a copy of `data` without what is at `path`; the caller's own value may be read again."""
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [_without(item, rest) if index == step else item for index, item in enumerate(data)]
    if rest:
        return {**data, step: _without(data[step], rest)} if step in data else data
    return {key: item for key, item in data.items() if key != step}
