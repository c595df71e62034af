"""A page in the language of `man`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from octomil_tui.report.page import Block, Entry, Example, Section


def roff_lines(name: str, version: str, sections: Iterable[Section]) -> Iterator[str]:
    """Yield the lines of a manual page of section 1.

    Args:
        name: The program.
        version: Its version. A date would make every day another page.
        sections: What the page says.
    """
    yield f'.\\" Made by {name} man --roff. Change what it is made from, not this.'
    yield f'.TH {_quoted(name.upper())} 1 "" {_quoted(f"{name} {version}")} "User Commands"'
    # Without hyphenation and without filling both sides: names and flags stay as they are typed.
    yield ".nh"
    yield ".ad l"
    for section in sections:
        # The index of manual pages looks for NAME in capitals.
        yield f".SS {_quoted(section.title)}" if section.is_below else f".SH {_quoted(section.title.upper())}"
        for block in section.blocks:
            yield from _block_lines(block)


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Example):
        yield from (".PP", ".RS 4", ".nf")
        yield from (_line(line) for line in block.lines)
        yield from (".fi", ".RE")
    elif isinstance(block, Entry):
        yield ".TP 12"
        yield f"\\fB{_escaped(block.term)}\\fR"
        yield _line(block.text)
    else:
        yield ".PP"
        yield _line(block)


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', '""') + '"'


def _line(text: str) -> str:
    """Return a line that is text: one that begins with a point would be a request."""
    escaped = _escaped(text)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


_WRITTEN = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "^": "\\(ha", "~": "\\(ti", "`": "\\(ga"})
"""Characters that roff would make prettier: written like this they can be copied and typed."""


def _escaped(text: str) -> str:
    return text.translate(_WRITTEN)
