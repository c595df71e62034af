"""What is usually behind a line that is no TOML; the library's own text is never shown, since it may quote the file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Final

_WHERE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")

_CAUSES: Final = (
    ("Invalid value", 'text needs quotes: name = "text"; yes and no are true and false, in small letters'),
    ("Expected '='", 'a key is followed by = and a value: name = "text"'),
    ("Expected ']'", "a table's name ends with a bracket: [profiles.staging]"),
    ("Expected newline", 'one key per line; a quote inside a text is written \\"'),
    (
        "Illegal character",
        "a text in quotes ends on the line that it begins on; is the quote at its end missing?",
    ),
    ("Unterminated string", "a quote is opened and not closed"),
    ("Unescaped", "a backslash is written \\\\, or the text with single quotes: 'C:\\path'"),
    ("Escaped character", "a backslash is written \\\\, or the text with single quotes: 'C:\\path'"),
    ("Invalid hex", "a backslash is written \\\\, or the text with single quotes: 'C:\\path'"),
    ("Unclosed array", "a list ends with ], and its texts stand between commas"),
    ("Unclosed inline table", "an inline table ends with } on the line that it begins on"),
    ("Cannot overwrite", "this key is there twice; keep one of them"),
    ("Duplicate inline", "this key is there twice; keep one of them"),
    ("Cannot declare", "this table is there twice; put its keys into one of them"),
    ("Cannot mutate", "this table is finished elsewhere; put its keys there"),
    ("Cannot redefine", "this table is finished elsewhere; put its keys there"),
    ("Invalid initial", "a name has letters, digits, - and _; any other needs quotes"),
    ("Invalid statement", "a line is a table [name], a key with its value, or a comment that begins with #"),
    ("Invalid date", "a date needs quotes here: every value but true and false is text"),
    ("Found invalid", "this character is in no text file; write the line again"),
)
_NESTED = "brackets are nested too deeply"
_UNKNOWN = "it cannot be read from here on"


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Where a file stops being TOML, and why, as far as can be guessed."""

    line: int | None
    """From 1; None at the end of the file, and where nobody can say."""
    column: int | None
    cause: str

    @property
    def where(self) -> str:
        """The place for a sentence."""
        if self.line is None:
            return "end of document"
        return f"line {self.line}, column {self.column}"


def explain(error: tomllib.TOMLDecodeError | RecursionError) -> SyntaxProblem:
    """Return what the reader stumbled over."""
    if isinstance(error, RecursionError):
        return SyntaxProblem(None, None, _NESTED)
    text = str(error)
    found = _WHERE.search(text)
    line, column = (int(found[1]), int(found[2])) if found is not None and found[1] else (None, None)
    cause = next((cause for begin, cause in _CAUSES if text.startswith(begin)), _UNKNOWN)
    return SyntaxProblem(line, column, cause)
