"""Tables of documents that are made of the program: `python -m tests.documents.tables` writes them."""

from __future__ import annotations

from pathlib import Path

from octomil_tui.cli.exits import MEANINGS
from octomil_tui.cli.manual import leaves
from octomil_tui.cli.parser import build_parser

COMMANDS = Path(__file__).parents[2] / "docs" / "COMMANDS.md"
BEGIN = "<!-- commands: make papers writes them; a test compares -->\n"
END = "<!-- end of commands -->"


def commands_table() -> str:
    """Return the table of all commands."""
    rows = [f"| `{name}` | {text} |" for name, _, text in leaves(build_parser(with_sim=True))]
    return "\n".join(["| Command | Does |", "| --- | --- |", *rows, ""])


def exits_table() -> str:
    """Return the table of the exit statuses."""
    rows = [f"| {int(status)} | {meaning} |" for status, meaning in MEANINGS.items()]
    return "\n".join(["| Status | Means |", "| --- | --- |", *rows, ""])


def with_commands(text: str) -> str:
    """Return a document with the table of commands as it is to be."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{commands_table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    COMMANDS.write_text(with_commands(COMMANDS.read_text()))
