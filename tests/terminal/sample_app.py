"""A small app on the product's foundation, for the tests of its life and death in a pty.

Run with the path of a file that gets a line per heartbeat.
"""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding

from octomil_tui.ui.driver import GuardedApp
from octomil_tui.ui.spans import line
from octomil_tui.ui.terminal import check_terminal
from octomil_tui.ui.theme import DEFAULT_LOOK
from octomil_tui.ui.widgets.pane import Pane

SECRET = "edg_0123456789abcdef"  # noqa: S105 - looks like a key, which is the point


class Sample(GuardedApp[None]):
    """Draws a whole screen per beat."""

    BINDINGS = [
        Binding("q", "leave"),
        Binding("c", "crash"),
        Binding("w", "crash_in_worker"),
        Binding("ctrl+z", "suspend_process"),
        Binding("n", "tell"),
    ]
    CSS = "Pane { height: 1fr; }"

    def __init__(self, beats: Path) -> None:
        super().__init__()
        self.look = DEFAULT_LOOK
        self._beats = beats
        self._beat = 0

    def compose(self) -> ComposeResult:
        yield Pane("SAMPLE", id="pane")

    def on_mount(self) -> None:
        self.set_interval(0.02, self._draw)

    def _draw(self) -> None:
        self._beat += 1
        # The same for fifty beats: it is written when it changes.
        self.entitle(f"{self._beat // 50} sample \x1b]52;c;\x07")
        with self._beats.open("a") as file:
            file.write(".")
        pane = self.query_one("#pane", Pane)
        words = [f"beat {self._beat}", *(f"{self._beat} {place} " * 20 for place in range(30))]
        pane.set_lines([line(one) for one in words])

    def action_leave(self) -> None:
        self.exit(return_code=0)

    def action_tell(self) -> None:
        self.notify_desktop("DONE sample \x1b[2J")

    def action_crash(self) -> None:
        local_secret = SECRET
        raise ValueError(f"it broke\x1b]0;owned\x07 with {local_secret}")

    def action_crash_in_worker(self) -> None:
        self.run_worker(self._fail())

    async def _fail(self) -> None:
        raise OSError("worker broke")


if __name__ == "__main__":
    if problem := check_terminal():
        sys.exit(problem)
    sys.exit(Sample(Path(sys.argv[1])).run_guarded())
