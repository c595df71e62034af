"""An app that lives with one service: it draws, then loads the client, then is told of everything that is known."""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from textual.filter import LineFilter, NoColor

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.engine.clock import AwakeClock, to_next
from octomil_tui.ui.driver import GuardedApp
from octomil_tui.ui.filters import AsciiOnly, OwnColours
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.taste import NO_COLOUR, USUAL, Taste
from octomil_tui.ui.terminal import is_ascii_only
from octomil_tui.ui.theme import DEFAULT_LOOK, Look, look
from octomil_tui.ui.widgets.lines import LineWidget

if TYPE_CHECKING:
    from octomil_tui.engine.source import Service

MISCONFIGURED = 2
"""Exit status where the settings cannot be used, as of every command."""

_SECOND = 1.0

OpenService: TypeAlias = "Callable[[], Awaitable[AbstractAsyncContextManager[Service]]]"
"""Builds the client; called after the first paint, since loading an HTTP library takes as long as drawing does."""


class Here(NamedTuple):
    """What a person's machine gives to an app; tests give their own."""

    clock: Callable[[], float]
    """Seconds of this machine by which ages are counted; see `engine.clock`."""
    wall: Callable[[], float] | None
    """This machine's own clock, epoch seconds; None where it is not compared with the service's."""
    look: Look


def here(place: PlaceInfo, taste: Taste = USUAL) -> Here:
    """Return the clocks and the look for a console on this machine."""
    # A service on this machine has its clock; what differs there is made up.
    wall = None if place.is_of_this_machine else time.time
    drawn = look(
        theme=taste.theme,
        ascii_only=taste.is_ascii or is_ascii_only(),
        is_calm=taste.is_calm,
    )
    return Here(AwakeClock(), wall, drawn)


def load(*names: str) -> None:
    """Load modules; in a thread, so that nothing waits for it."""
    for name in names:
        importlib.import_module(name)


class LiveApp(GuardedApp[int]):
    """What the console and the dashboard have in common; the first of an app's bases.

    Args:
        open_service: Builds the client, after the first paint.
        place: What does not change while it runs.
        clock: Seconds of this machine by which ages are counted.
        wall: This machine's own clock, epoch seconds; None where it is not compared with the service's.
        look: Palette and glyphs.
        crash_directory: Where a crash is written; the user's state directory by default.
    """

    TITLE = "octomil-console"
    notifies = False
    """Whether the desktop is told of what the terminal rings for."""

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] | None = None,
        look: Look = DEFAULT_LOOK,
        crash_directory: Path | None = None,
    ) -> None:
        # Textual would turn colours grey for it, also those that somebody asks for later.
        os.environ.pop(NO_COLOUR, None)
        super().__init__(crash_directory=crash_directory)
        self.look = look
        if look.is_calm:
            self.animation_level = "none"
        self._no_colour, self._own_colours, self._ascii_only = NoColor(), OwnColours(), AsciiOnly()
        self._wear(look)
        self._open_service = open_service
        self._place = place
        self._clock = clock
        self._wall_clock = wall

    def fit_terminal(self) -> None:
        """Use no more colours than the terminal has; before it runs."""
        self._wear(self.look.on(self.console.color_system))

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = [*super().get_line_filters()]
        if not self.look.palette.has_colours:
            filters.append(self._no_colour)
        elif self.look.palette.is_of_terminal:
            filters.append(self._own_colours)
        if self.look.is_ascii:
            filters.append(self._ascii_only)
        return filters

    def _wear(self, look: Look) -> None:
        """Draw everything in this look from now on."""
        self.look = look
        self.register_theme(look.palette.theme())
        self.theme = look.palette.name
        if not self.is_running:
            return
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                # What Textual draws follows from its theme, and what was drawn by ourselves is kept row by row.
                widget.refresh(layout=isinstance(widget, LineWidget))

    def on_mount(self) -> None:
        self._wait_for_tick()
        self.call_after_refresh(self._start)

    def _wait_for_tick(self) -> None:
        # With whatever else happens once a second; a timer of Textual's own begins when it is made.
        loop = asyncio.get_running_loop()
        loop.call_later(to_next(loop.time(), _SECOND), self._pass)

    def _pass(self) -> None:
        if not self.is_running:
            return
        self._wait_for_tick()
        try:
            self._tick()
            if (title := self._window_title()) is not None:
                self.entitle(title)
        except Exception as error:  # noqa: BLE001 - ends the app as one in any other of its timers does
            self._handle_exception(error)

    def _tick(self) -> None:
        """Let a second pass."""
        raise NotImplementedError

    def _window_title(self) -> str | None:
        """Return what the window's title says now; None to leave it as it is."""
        raise NotImplementedError

    async def _follow(self, service: Service) -> None:
        """Follow the service until the app ends."""
        raise NotImplementedError

    def _start(self) -> None:
        self.run_worker(self._live(), name="live", group="live")

    async def _live(self) -> None:
        try:
            opened = await self._open_service()
        except OctomilError as error:
            # Settings that cannot be used are no crash, though they were looked at after the first paint.
            self.leave(MISCONFIGURED, f"octomil-console: {clean(error.message, MESSAGE_LIMIT)}")
            return
        async with opened as service:
            await self._follow(service)
