"""What the service answered before, so that an answer that did not change costs neither bytes nor decoding.

An answer is remembered with its `ETag` and its body. It is used again only
after the service has said, in answer to a new request, that it still holds
(304), or has sent the same bytes. Nothing is ever shown without having asked.
"""

from __future__ import annotations

import itertools
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar, cast

from octomil_tui.api.answer import Answer

T = TypeVar("T")

MEMORY_LIMIT = 8 * 1024 * 1024
"""Bytes of bodies that are remembered at most, all together."""

Question = tuple[str, tuple[tuple[str, str], ...]]
"""A path and its query: what makes two reads the same question."""

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,254}"', re.ASCII)
_serials = itertools.count(1)


class Kept:
    """One answer that is remembered, with what was made of it.

    Args:
        body: The whole decoded body.
        etag: How the service calls it; None where it has no usable name.
    """

    __slots__ = ("_made", "body", "etag", "serial")

    def __init__(self, body: bytes, etag: str | None) -> None:
        self.body = body
        self.etag = etag
        self.serial = next(_serials)
        """Tells it from every other; never used twice."""
        self._made: dict[str, tuple[Hashable, object]] = {}

    def made(self, name: str, variant: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of the body, made once for as long as the variant stays the same."""
        found = self._made.get(name)
        if found is None or found[0] != variant:
            found = self._made[name] = (variant, make())
        return cast("T", found[1])

    def before(self, name: str) -> tuple[Hashable, object] | None:
        """Return the variant and the value that were made last under a name."""
        return self._made.get(name)

    def keep(self, name: str, variant: Hashable, value: object) -> None:
        """Remember a value that was made elsewhere."""
        self._made[name] = (variant, value)


def made(kept: Kept | None, name: str, variant: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` returns, made once per answer that is remembered."""
    return make() if kept is None else kept.made(name, variant, make)


class Memory:
    """The answers that a client remembers: the latest ones, within a number of bytes.

    It belongs to one service and one key: whoever reads with another key must
    not be told what the first one was shown.

    Args:
        limit: Bytes of bodies that are held at most.
    """

    def __init__(self, limit: int = MEMORY_LIMIT) -> None:
        self._limit = limit
        self._kept: OrderedDict[Question, Kept] = OrderedDict()
        self._owner: object = None
        self.size = 0
        """Bytes of all bodies now."""

    def belongs_to(self, owner: object) -> None:
        """Forget everything if it was answered to another key."""
        if owner is not self._owner:
            self._kept.clear()
            self._owner, self.size = owner, 0

    def recall(self, question: Question) -> Kept | None:
        """Return what was last answered to a question, if it is still remembered."""
        kept = self._kept.get(question)
        if kept is not None:
            self._kept.move_to_end(question)
        return kept

    def remember(self, question: Question, answer: Answer, before: Kept | None) -> Kept | None:
        """Return what is remembered of a whole answer from now on; of the same bytes, what was before.

        None where the service says that it must not be kept, or where it is too large.
        """
        if "no-store" in answer.headers.get("cache-control", "").lower():
            self._forget(question)
            return None
        etag = _usable(answer.headers.get("etag"))
        if before is not None and before.body == answer.body:
            before.etag = etag
            kept = before
        else:
            kept = Kept(answer.body, etag)
        self._forget(question)
        if len(kept.body) > self._limit:
            return None
        self._kept[question] = kept
        self.size += len(kept.body)
        while self.size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self.size -= len(oldest.body)
        return kept

    def _forget(self, question: Question) -> None:
        gone = self._kept.pop(question, None)
        if gone is not None:
            self.size -= len(gone.body)


def question_of(path: str, params: Mapping[str, str]) -> Question:
    """Return what makes two reads the same question."""
    return path, tuple(sorted(params.items()))


def condition(kept: Kept | None) -> dict[str, str]:
    """Return the headers that ask for an answer only if it is another one."""
    if kept is None or kept.etag is None:
        return {}
    # Whatever stands in between must ask the service too: its answer says how old the picture is.
    return {"If-None-Match": kept.etag, "Cache-Control": "no-cache"}


def _usable(etag: str | None) -> str | None:
    """Return the name if it can be sent back as it is."""
    return etag if etag is not None and _ETAG.fullmatch(etag) else None
