"""The dashboard in a browser's tab: drawn through pipes to the server that the tab speaks to.

Leans on names that Textual does not promise; `PRIVATE` lists them, and
`tests/terminal/test_private_names.py` fails when one of them changes.
"""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import Any, Final

from textual.drivers.web_driver import WebDriver

from octomil_tui.ui.dashboard import DashboardApp
from octomil_tui.ui.guards import HUNG_UP
from octomil_tui.ui.live import OpenService, here
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.taste import USUAL, Taste

PRIVATE: Final = {
    WebDriver: (
        "__init__",
        "write",
        "write_meta",
        "start_application_mode",
        "stop_application_mode",
        "run_input_thread",
        "on_meta",
        "_disable_mouse_support",
    ),
}
"""Methods that are overridden or relied on; attributes are `_write`, `_mouse`, `exit_event`."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_SIZES: Final = ("COLUMNS", "ROWS")


class TabDriver(WebDriver):
    """A driver on pipes that ends with its server, and leaves the signals to the guards."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._write = partial(_write_whole, self.fileno)
        for name in _SIZES:
            # How large the tab was at first; whatever this process starts has nothing to do with it.
            os.environ.pop(name, None)

    def start_application_mode(self) -> None:
        guarded = {one: signal.getsignal(one) for one in _SIGNALS}
        super().start_application_mode()
        for one, handler in guarded.items():
            # Textual's own would leave by asking the app, which may be what does not answer.
            self._loop.remove_signal_handler(one)
            signal.signal(one, handler)
        if not self._mouse:
            self._disable_mouse_support()

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            # The server is gone, and Textual would go on asking for nobody.
            self._app.call_later(partial(self._app.exit, return_code=HUNG_UP))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        # A wall delivers no files, and Textual would open whatever key it is sent.
        if packet_type in ("resize", "focus", "blur", "quit"):
            super().on_meta(packet_type, payload)


def _write_whole(descriptor: int, data: bytes) -> int:
    """Write all of a packet: a signal may cut one in two, and nobody could read on from there."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
    return len(data)


class TabApp(DashboardApp):
    """The dashboard, and another way to the eye."""

    DRIVER = TabDriver


def run_in_tab(open_service: OpenService, place: PlaceInfo, taste: Taste = USUAL) -> int:
    """Run the dashboard on standard input and output, which are the pipes of a server, and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        taste: How it is to look.
    """
    clock, wall, look = here(place, taste)
    return TabApp(open_service, place, clock=clock, wall=wall, look=look).run_guarded(mouse=False)
