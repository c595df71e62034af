"""Text that stands in a Markdown document and means nothing there but itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from octomil_tui.domain.text import MESSAGE_LIMIT, clean

_SIGNS = re.compile(r"([\\`*\[\]<|~&@])")
_EDGE_OF_WORD = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LINK = re.compile(r"(?i)://|www\.")
_BEGIN = re.compile(r"^(\s*)([#+=>-]|\d+[.)])")


def plain(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """Return a text from anywhere so that a reader of Markdown shows it as it is: no markup, no link, one line."""
    safe = _SIGNS.sub(r"\\\1", clean(text, limit))
    safe = _EDGE_OF_WORD.sub(r"\\_", safe)
    safe = _LINK.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], safe)
    return _BEGIN.sub(lambda found: f"{found[1]}{_escaped(found[2])}", safe)


def _escaped(begin: str) -> str:
    return f"{begin[:-1]}\\{begin[-1]}"


def code(text: str) -> str:
    """Return a text as code, which no sign in it can end."""
    safe = clean(text, MESSAGE_LIMIT)
    longest = max((len(run) for run in re.findall("`+", safe)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{safe}{space}{fence}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; its cells must be Markdown already."""
    return [_row(header), _row(["---"] * len(header)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
