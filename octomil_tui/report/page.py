"""A page about the program itself: sections of paragraphs, entries and examples, for whatever will show them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

WIDTH = 78
"""Characters of a line of text for a terminal."""

_INDENT = " " * 4
_TERM_CELLS = 16


class Entry(NamedTuple):
    """A word and what it means."""

    term: str
    text: str


class Example(NamedTuple):
    """Lines that stay as they are."""

    lines: tuple[str, ...]


Block = str | Entry | Example
"""A paragraph, an entry or an example."""


class Section(NamedTuple):
    """A titled part of a page."""

    title: str
    blocks: tuple[Block, ...]
    is_below: bool = False
    """Whether it belongs to the section before it."""


def text_lines(sections: Iterable[Section]) -> Iterator[str]:
    """Yield the lines of a page for a terminal or a file, at most `WIDTH` characters where words allow."""
    for section in sections:
        yield f"  {section.title}" if section.is_below else section.title.upper()
        before: Block | None = None
        for block in section.blocks:
            # Entries that fit one line stand together as a table.
            if before is not None and not (isinstance(before, Entry) and isinstance(block, Entry)):
                yield ""
            yield from _block_lines(block)
            before = block
        yield ""


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Example):
        yield from (f"{_INDENT}{line}" for line in block.lines)
    elif isinstance(block, Entry):
        yield from _entry_lines(block)
    else:
        yield from _wrapped(block, _INDENT)


def _entry_lines(entry: Entry) -> Iterator[str]:
    behind = _INDENT + " " * _TERM_CELLS
    if len(entry.term) < _TERM_CELLS:
        first = f"{_INDENT}{entry.term:<{_TERM_CELLS}}"
        yield from _wrapped(entry.text, behind, first) or [first.rstrip()]
        return
    yield f"{_INDENT}{entry.term}"
    yield from _wrapped(entry.text, behind)


def _wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
