"""Styled text as plain values: what a screen wants to show, before any widget or colour.

A `Line` is a tuple of `Span`s, a span is text with a `Token` that says what the
text means. Lines compare by value, so a widget can tell which of its lines
changed. Text of a span is never parsed as markup, and no control character in
it can reach the terminal: `shown` is applied wherever spans are measured, cut
or turned into segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from octomil_tui.domain.text import clean

Align: TypeAlias = Literal["left", "right", "center"]

ELLIPSIS = "…"
_WORDS = re.compile(r"\S+\s*|\s+")
_NUMBER_END = re.compile(r"(?<![^\s×x(/~<>+])[\d.,:]*\d[.,:]?$")  # noqa: RUF001 - a multiplication sign is meant
"""A number at the end of a text; digits within a name are none."""
_SPAN_LIMIT = 1_000
"""More characters than any terminal line has cells."""


class Token(StrEnum):
    """What a piece of text means; the palette decides how that looks."""

    TEXT = "text"
    """A value."""
    STRONG = "strong"
    """A name, a title, the one number of the line that matters."""
    MUTED = "muted"
    """A label, a heading, the word beside a key."""
    DIM = "dim"
    """A zero, what does not apply, what is not yet."""
    FINE = "fine"
    """Verified, ok."""
    LIVE = "live"
    """The word LIVE: fine, and bold."""
    LIGHT = "light"
    """On the way."""
    KEY = "key"
    """A key that can be pressed."""
    NEEDS = "needs"
    """What somebody must look at: orange and bold."""
    NOTICE = "notice"
    """The same colour, not bold: worth a glance (`~`, the source of an alarm)."""
    RED = "red"
    """IN PRODUCTION, WIDER THAN ASKED; nothing else."""
    PLACE = "place"
    """The PROD mark: strong on red."""
    PLACE_QUIET = "place-quiet"
    """The mark of a place where a mistake costs little (staging)."""
    RULE = "rule"
    """The thin line that separates panes."""
    SELECTED = "selected"
    """A choice that Enter would take: strong on the accent."""


class Span(NamedTuple):
    """A piece of text with one meaning."""

    text: str
    token: Token = Token.TEXT


Line: TypeAlias = tuple[Span, ...]
Part: TypeAlias = str | Span | tuple[str, Token] | Line


def line(*parts: Part) -> Line:
    """Return one line made of `parts`: a text, a `(text, token)`, a span, or another line."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(_of_tuple(part))
    return tuple(spans)


def _of_tuple(part: tuple[str, Token] | Line) -> Line:
    match part:
        case (str(text), Token() as token):
            return (Span(text, token),)
        case _:
            return tuple(span for span in part if isinstance(span, Span))


def legend(*keys: tuple[str, str]) -> Line:
    """Return `R roll back  w watch`: each `(key, word)` pair with its key standing out."""
    return join([line((key, Token.KEY), (f" {word}", Token.MUTED)) for key, word in keys], 2)


def plain(spans: Line) -> str:
    """Return the text of a line as it is shown, without its styles."""
    return "".join(shown(text) for text, _ in spans)


def shown(text: str) -> str:
    """Return `text` with everything that a terminal would obey made visible.

    Everything from outside was cleaned where it came in; this is the second
    lock on the same door, so it has to be cheap for text that is fine.
    """
    if text.isascii() and text.isprintable():
        return text
    return _cleaned(text)


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    return clean(text, _SPAN_LIMIT)


def width(spans: Line) -> int:
    """Return how many terminal cells a line takes."""
    return sum(cell_len(shown(text)) for text, _ in spans)


def fit(spans: Line, cells: int, align: Align = "left", *, ellipsis: bool = True) -> Line:
    """Return the line cut or padded to exactly `cells` terminal cells.

    A wide character that would be cut in half is left out. With `ellipsis` the
    last cell of a line that was cut says so.
    """
    if cells <= 0:
        return ()
    room = cells - width(spans)
    if room < 0:
        return _cut(spans, cells, mark=ELLIPSIS if ellipsis else "")
    if room == 0:
        return spans
    before = {"left": 0, "right": room, "center": room // 2}[align]
    after = room - before
    head = (Span(" " * before),) if before else ()
    tail = (Span(" " * after),) if after else ()
    return (*head, *spans, *tail)


def _cut(spans: Line, cells: int, mark: str) -> Line:
    kept: list[Span] = []
    room = cells - len(mark)
    token = Token.TEXT
    for raw, token in spans:
        text = shown(raw)
        length = cell_len(text)
        if length > room:
            kept.append(Span(_whole_numbers(set_cell_size(text, room), text) + mark, token))
            return tuple(kept)
        kept.append(Span(text, token))
        room -= length
    return tuple(kept)


def _whole_numbers(cut: str, text: str) -> str:
    """Return `cut` without the beginning of a number that goes on in `text`: a smaller number would be a lie."""
    number = _NUMBER_END.search(cut)
    goes_on = text[len(cut) : len(cut) + 1].isdigit() and text.startswith(cut)
    return cut[: number.start()] + " " * (len(cut) - number.start()) if number and goes_on else cut


def join(lines: Sequence[Line], gap: int) -> Line:
    """Return the lines side by side with `gap` spaces between them; empty ones are left out."""
    spans: list[Span] = []
    for one in lines:
        if one and spans:
            spans.append(Span(" " * gap))
        spans.extend(one)
    return tuple(spans)


_FADED: Mapping[Token, Token] = {
    Token.TEXT: Token.MUTED,
    Token.STRONG: Token.MUTED,
    Token.FINE: Token.DIM,
    Token.LIGHT: Token.DIM,
    Token.LIVE: Token.DIM,
}


def faded(spans: Line) -> Line:
    """Return the line without any mark of life: what it says was true once."""
    return tuple(Span(text, _FADED.get(token, token)) for text, token in spans)


def wrap(lines: Iterable[Line], cells: int, indent: int = 2) -> list[Line]:
    """Return the lines broken between words so that each takes at most `cells`; 0 breaks nothing.

    What goes on in a further line is indented. A word that is longer than a
    line stays whole, to be cut where it is drawn.
    """
    if cells <= 0:
        return list(lines)
    return [piece for one in lines for piece in _broken(one, cells, indent)]


def _broken(spans: Line, cells: int, indent: int) -> list[Line]:
    if width(spans) <= cells:
        return [spans]
    rows: list[list[Span]] = [[]]
    room = cells
    for text, token in spans:
        for word in _WORDS.findall(text):
            length = cell_len(shown(word))
            if cell_len(shown(word.rstrip())) > room and rows[-1]:
                rows.append([Span(" " * indent)] if indent else [])
                room = cells - indent
            rows[-1].append(Span(word, token))
            room -= length
    # The space that led to the next line must not count where a line ends.
    return [(*row[:-1], Span(row[-1].text.rstrip(), row[-1].token)) for row in rows]


def segments(spans: Iterable[Span], styles: Mapping[Token, Style]) -> list[Segment]:
    """Return what Textual draws for a line.

    The only place where text of this product becomes something that a terminal
    gets, and therefore the place where no control character passes.
    """
    merged: list[tuple[str, Style]] = []
    for raw, token in spans:
        text, style = shown(raw), styles[token]
        if not text:
            continue
        if merged:
            before, behind = merged[-1]
            if style is behind or (_blank(text) and _looks_alike(style, behind)):
                merged[-1] = (before + text, behind)
                continue
            if _blank(before) and _looks_alike(style, behind):
                merged[-1] = (before + text, style)
                continue
        merged.append((text, style))
    return [Segment(text, style) for text, style in merged]


@lru_cache(maxsize=4096)
def _looks_alike(one: Style, other: Style) -> bool:
    """Say whether blanks look the same in both styles."""
    if one.underline or other.underline or bool(one.reverse) != bool(other.reverse):
        return False
    return one.bgcolor == other.bgcolor and (not one.reverse or one.color == other.color)


def _blank(text: str) -> bool:
    """Say whether only the background shows: such text takes any style, and each change of style costs 40 bytes."""
    return not text.strip(" ")
