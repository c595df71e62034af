"""The filter language of every list: `ver:v2* state:!online group:eu* seen:>1h text`.

Terms stand side by side and all have to hold. `key:value` looks at one thing,
a plain word at the name and the id. `!` negates a term, commas give
alternatives, `*` stands for anything, `"…"` takes what is in it literally, and
an age is compared as `>1h` or `<5m` (s, m, h, d). Capitals do not matter.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from octomil_tui.domain.filter_term import PLAIN, Age, Filter, Key, Keys, Kind, Pattern, Term, matches
from octomil_tui.domain.text import clean

LONGEST = 1_000
"""Characters of a filter; more were not typed by anybody."""

_AGE = re.compile(r"([<>])(\d{1,6})([smhd])", re.ASCII)
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_UNKNOWN_AGE = "?"
_SPECIAL = frozenset('",*:!')
_SHOWN = 40


class FilterError(ValueError):
    """The filter cannot be understood.

    Attributes:
        sentence: Where and why, without a full stop and safe to show: `seen: wants a time such as >1h`.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class _Character(NamedTuple):
    """A character as it was typed, and whether it stood in quotes."""

    text: str
    is_quoted: bool

    def is_sign(self, sign: str) -> bool:
        return self.text == sign and not self.is_quoted


def parse(text: str, keys: Keys[Any]) -> Filter:
    """Return the filter that was typed.

    Raises:
        FilterError: It cannot be understood; the sentence names the place.
    """
    if len(text) > LONGEST:
        raise FilterError(f"the filter is longer than {LONGEST:,} characters")
    tokens, opened = _tokens(text)
    if opened:
        raise FilterError(f"the quote at {opened} has no end")
    return Filter(tuple(_term(token, keys) for token in tokens))


def parse_typed(text: str, keys: Keys[Any]) -> tuple[Filter, str]:
    """Return what can be understood of a filter that is being typed, and what is wrong with the rest.

    A term that is not finished must not take the others away. The second is
    the sentence about the first term that is left out, empty where none is.
    """
    tokens, opened = _tokens(text[:LONGEST])
    terms, wrong = [], f"the quote at {opened} has no end" if opened else ""
    for token in tokens:
        try:
            terms.append(_term(token, keys))
        except FilterError as error:
            wrong = wrong or error.sentence
    return Filter(tuple(terms)), wrong


def _tokens(text: str) -> tuple[list[list[_Character]], int]:
    """Return the terms as typed, and where a quote begins that has no end, counted from 1; 0 for none."""
    tokens: list[list[_Character]] = []
    token: list[_Character] = []
    place, opened = 0, -1
    while place < len(text):
        character = text[place]
        if opened >= 0 and character == "\\" and text[place + 1 : place + 2] in {'"', "\\"}:
            place += 1
            token.append(_Character(text[place], is_quoted=True))
        elif character == '"':
            opened = -1 if opened >= 0 else place
        elif opened < 0 and character.isspace():
            tokens.append(token)
            token = []
        else:
            token.append(_Character(character, is_quoted=opened >= 0))
        place += 1
    return [one for one in (*tokens, token) if one], opened + 1


def _term(token: list[_Character], keys: Keys[Any]) -> Term:
    negated, rest = _negation(token)
    colon = next((place for place, one in enumerate(rest) if one.is_sign(":")), -1)
    name = PLAIN
    if colon >= 0 and not any(one.is_quoted for one in rest[:colon]):
        name = "".join(one.text for one in rest[:colon]).casefold()
        if name == PLAIN or name not in keys:
            known = ", ".join(key for key in keys if key != PLAIN)
            raise FilterError(f"{clean(name, _SHOWN)}: is no key of this list; there are {known}")
        again, rest = _negation(rest[colon + 1 :])
        negated = negated != again
    alternatives = [one for one in _split(rest, ",") if one]
    if not alternatives:
        place = f"{name}:" if name else "!"
        raise FilterError(f"{place} wants {keys[name].example}")
    return Term(name, tuple(_value(one, name, keys[name]) for one in alternatives), negated)


def _negation(token: list[_Character]) -> tuple[bool, list[_Character]]:
    count = 0
    while count < len(token) and token[count].is_sign("!"):
        count += 1
    return count % 2 == 1, token[count:]


def _split(characters: list[_Character], sign: str) -> list[list[_Character]]:
    parts: list[list[_Character]] = [[]]
    for one in characters:
        if one.is_sign(sign):
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _value(characters: list[_Character], name: str, key: Key[Any]) -> Pattern | Age:
    if key.kind is Kind.AGE:
        return _age("".join(one.text for one in characters), name, key)
    pieces = ["".join(one.text for one in part) for part in _split(characters, "*")]
    inner = [piece for piece in pieces[1:-1] if piece]
    pattern = Pattern((pieces[0], *inner, pieces[-1]) if len(pieces) > 1 else (pieces[0],))
    if key.kind is not Kind.WORD:
        return pattern
    pattern = Pattern(tuple(_word(piece) for piece in pattern.pieces))
    if not any(matches(pattern, word) for word in key.words):
        said = clean("*".join(pattern.pieces), _SHOWN)
        raise FilterError(f'{name}: there is no "{said}"; there are {", ".join(key.words)}')
    return pattern


def _word(text: str) -> str:
    return text.casefold().replace("_", "-").replace(" ", "-")


def _age(text: str, name: str, key: Key[Any]) -> Pattern | Age:
    if text == _UNKNOWN_AGE:
        return Pattern((text,))
    found = _AGE.fullmatch(text.casefold())
    if found is None:
        raise FilterError(f"{name}: wants {key.example}")
    return Age(found[1] == ">", int(found[2]) * _SECONDS[found[3]])


def format_filter(filter_: Filter) -> str:
    """Return a filter as it can be typed: `parse(format_filter(f), keys)` is `f` again."""
    return " ".join(map(_written, filter_.terms))


def _written(term: Term) -> str:
    values = ",".join(_written_value(value) for value in term.values)
    return (f"{term.key}:" if term.key else "") + ("!" if term.negated else "") + values


def _written_value(value: Pattern | Age) -> str:
    if isinstance(value, Age):
        unit, seconds = next(pair for pair in _SECONDS.items() if value.seconds % pair[1] == 0)
        return f"{'>' if value.is_over else '<'}{value.seconds // seconds}{unit}"
    return "*".join(_quoted(piece) for piece in value.pieces)


def _quoted(piece: str) -> str:
    if not any(character in _SPECIAL or character.isspace() for character in piece):
        return piece
    return '"{}"'.format(piece.replace("\\", "\\\\").replace('"', '\\"'))
