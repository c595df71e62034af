"""The terms of a filter, and which rows of a list they let through.

`domain.filter` reads them as they are typed; what a list can be asked is in
`domain.filter_keys`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

PLAIN = ""
"""The key of a plain word."""

T = TypeVar("T")
Test: TypeAlias = Callable[[T], bool]


class Kind(StrEnum):
    """How the value of a key is compared."""

    WHOLE = "whole"
    """With the whole text; `*` widens it."""
    PART = "part"
    """With any part of the text."""
    WORD = "word"
    """With one of a few words, in which a hyphen stands for a space."""
    AGE = "age"
    """With seconds."""


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """One thing that a list can be asked about."""

    kind: Kind
    example: str
    """What a sentence suggests: `a version such as v2*`."""
    values: Callable[[T], Any]
    """The texts of a row, as a tuple that can be hashed; of an age the seconds, None where nobody knows."""
    words: tuple[str, ...] = ()
    """All words of a WORD."""
    spelled: Callable[[str], tuple[str, ...]] | None = None
    """The ways to write one of the texts; without it as it is."""


Keys: TypeAlias = Mapping[str, Key[T]]
"""What a list can be asked, by the word before the colon; `PLAIN` is what a plain word looks at."""


class Pattern(NamedTuple):
    """A text in which `*` stood between the pieces."""

    pieces: tuple[str, ...]
    """At least one; empty at an end where a `*` stood there, never empty in between."""


class Age(NamedTuple):
    """A bound of an age."""

    is_over: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    key: str
    values: tuple[Pattern | Age, ...]
    """Alternatives, at least one."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all have to hold; without any, everything passes."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def test(self, keys: Keys[T]) -> Test[T]:
        """Return the function that says of a row whether it passes; as quick as can be, for many rows."""
        tests = [_test(term, keys[term.key]) for term in self.terms]
        if len(tests) == 1:
            return tests[0]

        def holds(row: T) -> bool:
            for test in tests:  # noqa: SIM110 - `all` with a generator takes twice as long
                if not test(row):
                    return False
            return True

        return holds


def matches(pattern: Pattern, text: str, *, is_part: bool = False) -> bool:
    """Say whether a text is what the pattern says, or with `is_part` holds it; both in small letters."""
    first, *others = pattern.pieces
    if is_part:
        at = text.find(first)
        place = at + len(first)
        if at < 0:
            return False
    elif not others:
        return text == first
    else:
        last = others.pop()
        if not text.startswith(first) or not text.endswith(last):
            return False
        place, text = len(first), text[: len(text) - len(last)]
        if place > len(text):
            return False
    for piece in others:
        at = text.find(piece, place)
        if at < 0:
            return False
        place = at + len(piece)
    return True


def _folded(values: Collection[Pattern | Age]) -> list[Pattern]:
    return [
        Pattern(tuple(piece.casefold() for piece in value.pieces))
        for value in values
        if isinstance(value, Pattern)
    ]


def _test(term: Term, key: Key[T]) -> Test[T]:
    match key.kind:
        case Kind.AGE:
            return _age_test(term, key)
        case Kind.PART:
            return _part_test(term, key)
        case _:
            return _whole_test(term, key)


def _age_test(term: Term, key: Key[T]) -> Test[T]:
    values, negated = key.values, term.negated
    bounds = [value for value in term.values if isinstance(value, Age)]
    takes_unknown = len(bounds) < len(term.values)
    if len(term.values) == len(bounds) == 1:
        is_over, limit = bounds[0]

        def holds_bound(row: T) -> bool:
            age = values(row)
            return (age is not None and (age > limit if is_over else age < limit)) is not negated

        return holds_bound

    def holds(row: T) -> bool:
        age = values(row)
        if age is None:
            return takes_unknown != negated
        return any(age > one.seconds if one.is_over else age < one.seconds for one in bounds) != negated

    return holds


def _part_test(term: Term, key: Key[T]) -> Test[T]:
    values, negated, patterns = key.values, term.negated, _folded(term.values)
    if len(patterns) == 1 and len(patterns[0].pieces) == 1:
        part = patterns[0].pieces[0]

        def holds_part(row: T) -> bool:
            # Not `any` with a generator, which takes twice as long.
            for text in values(row):
                if part in text.casefold():
                    return not negated
            return negated

        return holds_part

    def holds(row: T) -> bool:
        for text in values(row):
            folded = text.casefold()
            for pattern in patterns:
                if matches(pattern, folded, is_part=True):
                    return not negated
        return negated

    return holds


def _whole_test(term: Term, key: Key[T]) -> Test[T]:
    """Return a test that looks at each kind of text once: many devices have few versions."""
    values, negated, patterns = key.values, term.negated, _folded(term.values)
    spelled = key.spelled if key.spelled is not None else _as_it_is
    known: dict[object, bool] = {}

    def holds(row: T) -> bool:
        texts = values(row)
        found = known.get(texts)
        if found is None:
            ways = [way.casefold() for text in texts for way in spelled(text)]
            found = any(matches(pattern, way) for way in ways for pattern in patterns) != negated
            known[texts] = found
        return found

    return holds


def _as_it_is(text: str) -> tuple[str, ...]:
    return (text,)
