"""A screen whose rows can be taken along: copied through the terminal, or written to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from octomil_tui.domain.text import clean
from octomil_tui.report.csv import csv_lines
from octomil_tui.ui import format as as_text
from octomil_tui.ui.clipboard import fitted
from octomil_tui.ui.export import file_stem, write_new
from octomil_tui.ui.intents import bindings, intent
from octomil_tui.ui.screens.base import key
from octomil_tui.ui.screens.filtered import LISTED, FilteredScreen
from octomil_tui.ui.spans import Line, plain
from octomil_tui.ui.widgets.edges import Key

TAKEN = [*LISTED, *bindings("copy", "copy_row", "export")]


class TakingScreen(FilteredScreen):
    """A list whose rows can be copied and written to a CSV; neither asks the service anything."""

    NAMES: ClassVar[str] = ""
    """Key of the column that holds the names."""
    BINDINGS = TAKEN

    @property
    def subject(self) -> str:
        """What the list is about, for the name of a file."""
        return f"{self.NOUN}s"

    def list_keys(self) -> tuple[Key, ...]:
        on_row = self.listed.cursor_key is not None
        return (
            *super().list_keys(),
            key("copy", "copy", enabled=on_row),
            key("export", enabled=on_row),
            key("next_mark", enabled=self.next_mark(1) is not None),
            key("copy_row", enabled=on_row),
        )

    def _taken(self) -> Sequence[str]:
        """Return the keys of the marked rows, else of the one under the cursor."""
        table = self.listed
        if table.marks:
            return tuple(table.marks)
        return (table.cursor_key,) if table.cursor_key is not None else ()

    def _texts(self, row_key: str) -> list[str]:
        """Return the text of each column of a row, also of one that the filter hides."""
        return [plain(cell).strip() for cell in self.cells_of(row_key) or ()]

    def cells_of(self, row_key: str) -> Sequence[Line] | None:
        """Return a line per column of a row, None where it is not known."""
        place = self._every.index(row_key)
        return self._every.cells(place) if place is not None else None

    def listed_keys(self) -> Sequence[str]:
        """Return the keys of all rows that the filter lets through and that were read."""
        rows = self.listed.rows
        return tuple(filter(None, map(rows.key, range(len(rows)))))

    def taken_words(self, count: int) -> str:
        """Return what so many rows are of which all that could be taken are taken."""
        return as_text.count(count, self.NOUN)

    def action_copy(self) -> None:
        """Copy the names of the marked rows, else of the one under the cursor."""
        column = next((n for n, one in enumerate(self.listed.columns) if one.key == self.NAMES), 0)
        self._send(
            [texts[column] for one in self._taken() if (texts := self._texts(one))], f"{self.NOUN} name"
        )

    def action_copy_row(self) -> None:
        """Copy the marked rows, else the one under the cursor, with tabs between the columns."""
        self._send(["\t".join(texts) for one in self._taken() if (texts := self._texts(one))], self.NOUN)

    def _send(self, lines: Sequence[str], noun: str) -> None:
        if not lines:
            return
        text, count = fitted(lines)
        self.app.copy_to_clipboard(text)
        if count == len(lines):
            self.tell(f"sent to your terminal: {as_text.count(count, noun)}")
        else:
            of = as_text.count(len(lines), noun)
            self.tell(
                f"sent to your terminal: only the first {count:,} of {of}; "
                f"{intent('export').key} writes all of them to a file"
            )

    def csv(self, keys: Sequence[str]) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
        """Return the heading and the lines of these rows: here what the columns show."""
        return [one.key for one in self.listed.columns], map(self._texts, keys)

    def action_export(self) -> None:
        """Write the marked rows, else all that the filter lets through, to a new CSV file."""
        marked, now = tuple(self.listed.marks), self.view().now
        keys = marked or self.listed_keys()
        if not keys or now is None:
            return
        header, rows = self.csv(keys)
        lines, stem = csv_lines(header, rows), file_stem(self.subject, now)
        said = as_text.count(len(keys), self.NOUN) if marked else self.taken_words(len(keys))
        self.run_worker(self._write(lines, stem, said), name="export", group="export", exit_on_error=False)

    async def _write(self, lines: Sequence[str], stem: str, said: str) -> None:
        try:
            path = await asyncio.to_thread(write_new, Path.cwd, stem, lines)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.tell(f"nothing was written: {why}; start the console in a directory that you can write to")
        else:
            self.tell(f"{said} written to {clean(str(path), 200)}")
