"""The console as it is started: a first picture at once, the screens as soon as they are loaded.

The first picture needs a tenth of what the console is made of. The rest is
loaded in a thread after it, the client first, since the network can be waited
for meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from octomil_tui.ui import collector, screens
from octomil_tui.ui.app import ConsoleApp
from octomil_tui.ui.keys_now import NO_KEYMAP, Keymap
from octomil_tui.ui.live import OpenService, here, load
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.screens.opening import OpeningScreen
from octomil_tui.ui.switching import Profiles
from octomil_tui.ui.taste import USUAL, Taste

if TYPE_CHECKING:
    from pathlib import Path

    from octomil_tui.engine.notebook import Notebook
    from octomil_tui.engine.recording import Records
    from octomil_tui.ui.screens.base import BaseScreen

_OPENING: Final = "opening"
_HEAD_START: Final = 0.005
"""Seconds that requests have to leave before the Fleet screen is loaded; the first ones left before."""
_REST: Final = 1.0
"""Seconds after which the screens are loaded that nobody has opened by then."""
_MEANWHILE: Final = frozenset({"leave", "interrupt", "suspend", "redraw"})
"""What can be done before there is a screen of the console."""


class OpeningApp(ConsoleApp):
    """A console that begins without its screens; its arguments are those of `ConsoleApp`."""

    DEFAULT_MODE = _OPENING

    def __init__(self, open_service: OpenService, place: PlaceInfo, **named: Any) -> None:
        super().__init__(open_service, place, **named)
        self._is_started = False
        self.add_mode(_OPENING, partial(OpeningScreen, place))
        # Nothing of the first picture needs it, and reading it takes as long as drawing that.
        self._css_later, self.css_path = self.css_path, []

    @property
    def is_opening(self) -> bool:
        """Whether the screens are not there yet."""
        return self.current_mode == _OPENING

    def post_display_hook(self) -> None:
        super().post_display_hook()
        if self._frame.is_known:
            # The first picture is out: from here on nothing is gained by waiting.
            self._start()

    def _start(self) -> None:
        if not self._is_started:
            self._is_started = True
            super()._start()

    async def _open(self) -> None:
        # Loading holds up whatever else this process does; the first requests are to leave before it.
        await asyncio.sleep(_HEAD_START)
        await asyncio.to_thread(load, "octomil_tui.ui.screens.fleet")
        self.css_path = self._css_later
        self.stylesheet.read_all(self.css_path)
        self.stylesheet.reparse()
        await self.switch_mode(ConsoleApp.DEFAULT_MODE)
        await self.remove_mode(_OPENING)
        # What was read first is drawn before anything is loaded that nobody has asked for yet.
        await asyncio.sleep(_REST)
        await asyncio.to_thread(screens.load_all)
        collector.let_go()

    def _window_title(self) -> str | None:
        return None if self.is_opening else super()._window_title()

    def delay_update(self, delay: float = 0.05) -> None:
        # Textual hides for so long what it takes to change the mode, and with it what was read meanwhile.
        if not self.is_opening:
            super().delay_update(delay)

    @property
    def _in_front(self) -> BaseScreen | None:
        return None if self.is_opening else super()._in_front

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (not self.is_opening or action in _MEANWHILE) and super().check_action(action, parameters)

    async def action_leave(self) -> None:
        """Leave; as long as there is nothing that could be lost, without a question."""
        if self.is_opening:
            self.exit(return_code=0)
        else:
            await super().action_leave()


def run_console(
    open_service: OpenService,
    place: PlaceInfo,
    *,
    records: Callable[[], Records | None] | None = None,
    notebook: Callable[[], Notebook] | None = None,
    reports: Path | None = None,
    on_event: tuple[str, ...] = (),
    profiles: Profiles | None = None,
    exit_after: float | None = None,
    taste: Taste = USUAL,
    notifies: bool = False,
    keymap: Keymap = NO_KEYMAP,
) -> int:
    """Run the console until it is left and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        records: Finds what is written down about rollbacks on this machine; called after the first paint.
        notebook: Makes what reads the past from this machine's records; called after the first paint.
        reports: Where the report of each rollback that ends is written; None for nowhere.
        on_event: The command that is told of what becomes of rollbacks; empty for none.
        profiles: Who knows the other profiles; None where there is only this place.
        keymap: The keys that a person gave to actions.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        taste: How it is to look.
        notifies: Whether the desktop is told of what the terminal rings for.
    """
    clock, wall, look = here(place, taste)
    app = OpeningApp(
        open_service,
        place,
        clock=clock,
        wall=wall,
        look=look,
        records=records,
        notebook=notebook,
        reports=reports,
        on_event=on_event,
        profiles=profiles,
        keymap=keymap,
    )
    app.notifies = notifies
    app.fit_terminal()
    if exit_after is not None:
        seconds = exit_after

        def leave_later() -> None:
            app.set_timer(seconds, lambda: app.exit(0))

        app.call_later(leave_later)
    return app.run_guarded()
