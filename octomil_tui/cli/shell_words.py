"""Words of a shell, without a shell: what was typed so far, and names as a shell takes them whole.

Nothing here is ever evaluated: `$(...)` in what was typed or in a name stays
the characters that it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_ENDS = ";|&()\n"
"""What ends a command where it stands outside of quotes: the words before it belong to another one."""

_PLAIN = frozenset("+,-./_")
"""What means nothing to bash, beside letters and digits."""

NAME_LIMIT = 200
"""Characters of a name that is worth completing."""


class Word(NamedTuple):
    """One word of a command line that may not be finished yet."""

    text: str
    """As the program gets it, without quotes."""
    quote: str = ""
    """The quote that is still open at its end: a single one, a double one, or none."""
    cut: int = 0
    """Characters of `text` that readline leaves as they are: it completes what stands behind them."""
    is_mixed: bool = False
    """Whether a quote was opened and closed in it: readline and the shell disagree about such a word."""


def split(line: str, breaks: str = "") -> list[Word]:
    """Return the words of the last command in a line of bash; the last one is the one at the cursor.

    Args:
        line: What was typed, up to the cursor.
        breaks: Characters at which readline begins a new word, `COMP_WORDBREAKS`.
    """
    words: list[Word] = []
    current: Word | None = None
    escaped = False
    for character in line:
        word = current or Word("")
        if escaped:
            current, escaped = word._replace(text=word.text + _unescaped(character, word.quote)), False
        elif character == "\\" and word.quote != "'":
            current, escaped = word, True
        elif word.quote:
            closes = character == word.quote
            current = (
                word._replace(quote="", is_mixed=True)
                if closes
                else word._replace(text=word.text + character)
            )
        elif character in "'\"":
            current = word._replace(quote=character, cut=len(word.text))
        elif character in _ENDS:
            words, current = [], None
        elif character.isspace():
            words, current = words + ([current] if current is not None else []), None
        else:
            text = word.text + character
            current = word._replace(text=text, cut=len(text) if character in breaks else word.cut)
    return [*words, current or Word("")]


def _unescaped(character: str, quote: str) -> str:
    """Return what a backslash and a character mean; between double quotes it mostly stays."""
    return character if not quote or character in '\\"$`' else f"\\{character}"


def is_typable(name: str) -> bool:
    """Say whether a name can be typed, and is taken for a name: no control characters, and no flag."""
    return 0 < len(name) <= NAME_LIMIT and name.isprintable() and not name.startswith("-")


def in_bash(names: Iterable[str], word: Word) -> list[str]:
    """Return the names that begin as the word does, each as it continues the word, and as bash takes it whole."""
    if word.is_mixed:
        return []
    found = [name for name in names if name.startswith(word.text)]
    if word.quote == '"':
        # Between double quotes nothing keeps the history from an exclamation mark.
        found = [name for name in found if "!" not in name]
    return [_quoted(name[word.cut :], word.quote) for name in found]


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return "".join(f"\\{one}" if one in '\\"$`' else one for one in text)
    return "".join(one if one.isalnum() or one in _PLAIN else f"\\{one}" for one in text)
