"""The table of keys of the README, written from the table of actions: `make keys`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from octomil_tui.ui.intent import Change
from octomil_tui.ui.intents import INTENTS

BEGIN: Final = "<!-- keys: begin; written by make keys -->"
END: Final = "<!-- keys: end -->"


def key_lines() -> Iterator[str]:
    """Yield the table as Markdown: the key, what it does, and the name for `:` and `keymap.toml`."""
    yield "| Key | Does | Name |"
    yield "| --- | --- | --- |"
    for one in INTENTS:
        keys = " ".join((one.shown, *one.fixed.split()))
        fixed = " (fixed)" if one.change is Change.NONE else ""
        yield f"| {keys} | {one.meaning} | `{one.name}`{fixed} |"


def with_keys(text: str) -> str:
    """Return a document with the table between its marks as it is now.

    Raises:
        ValueError: The marks are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END}")
    return "\n".join((before + begin, "", *key_lines(), "", end + after))


def main(path: str) -> None:
    """Write the table into a document."""
    document = Path(path)
    document.write_text(with_keys(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
