"""The console's app: owns the session, brings the state to the screen in front, and intents to the engine."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.engine.clock import AwakeClock
from octomil_tui.engine.commands import new_key
from octomil_tui.engine.recording import Records
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import Rekeying, Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, Moved, Planned
from octomil_tui.ui.desk import RollbackDesk
from octomil_tui.ui.news import LinkNews
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.rekey import read_key_again
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.terminal import is_ascii_only
from octomil_tui.ui.theme import Look, look

MISCONFIGURED = 2
"""Exit status where the settings cannot be used, as of every command."""

OpenService: TypeAlias = Callable[[], Awaitable[AbstractAsyncContextManager[Service]]]
"""Builds the client; called after the first paint, since loading an HTTP library takes as long as drawing does."""

_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_OVER = (Phase.DONE, Phase.COMPLETE)
_TROUBLE = (
    Phase.WIDER,
    Phase.REGRESSED,
    Phase.FAILED,
    Phase.SUPERSEDED,
    Phase.DIVERGED,
    Phase.STALLED,
    Phase.UNCONFIRMED,
    Phase.NOT_FOUND,
)


class ConsoleApp(RollbackDesk):
    """Five places, one wizard, one watch.

    Args:
        open_service: Builds the client, after the first paint.
        place: What does not change while it runs.
        clock: Seconds of this machine by which ages are counted; see `engine.clock`.
        wall: This machine's own clock, epoch seconds; None where it is not compared with the service's.
        look: Palette and glyphs.
        make_key: Makes the idempotency key of each intent.
        crash_directory: Where a crash is written; the user's state directory by default.
        records: What is written down about rollbacks on this machine; None for nothing.
    """

    CSS_PATH = "app.tcss"
    TITLE = "octomil-console"

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] | None = None,
        look: Look = look(ascii_only=False),  # noqa: B008 - a frozen value
        make_key: Callable[[], str] = new_key,
        crash_directory: Path | None = None,
        records: Records | None = None,
    ) -> None:
        super().__init__(crash_directory=crash_directory)
        self._records = records
        self._make_key = make_key
        self.look = look
        self.register_theme(look.palette.theme())
        self.theme = look.palette.name
        self._open_service = open_service
        self._place = place
        self._clock = clock
        self._wall = wall
        self._news = LinkNews()
        self._service: Service | None = None
        self._known = ConsoleState()
        self._focus = Focus()
        self._will_draw = False
        self._phases: dict[str, Phase] = {}
        self._adopted: set[str] = set()
        """Models whose watch begins: what is first seen of them rings no bell."""

    @property
    def known(self) -> ConsoleState:
        """What the console knows now."""
        return self._known

    @property
    def place_info(self) -> PlaceInfo:
        """Where the console is."""
        return self._place

    @property
    def mono(self) -> float:
        """Seconds of this machine by which ages are counted."""
        return self._clock()

    @property
    def wall(self) -> float | None:
        """This machine's own clock, epoch seconds; None where it is not compared with the service's."""
        return self._wall() if self._wall is not None else None

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._start)

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
            self._service = service
            self._session = session = Session(
                service,
                on_change=self._changed,
                clock=self._clock,
                make_key=self._make_key,
                records=self._records,
            )
            session.focus(self._focus)
            async with asyncio.TaskGroup() as group:
                group.create_task(session.run())
                group.create_task(session.pick_up())

    def _changed(self, state: ConsoleState, event: Event) -> None:
        """Keep the new state; however many events come in one go, the screen is drawn once."""
        self._known = state
        if isinstance(event, Planned) and event.rollback.phase is Phase.PLANNED:
            self.call_later(self._sent, event.rollback.model_id)
        elif isinstance(event, Planned):
            self._adopted.add(event.rollback.model_id)
        self._listen(state, event)
        if news := self._news.hear(state):
            self._say(news)
        if not self._will_draw:
            self._will_draw = True
            self.call_later(self._draw)

    def _draw(self) -> None:
        self._will_draw = False
        if (screen := self._in_front) is not None:
            with self.batch_update():
                screen.show()

    def _tick(self) -> None:
        if (screen := self._in_front) is not None:
            screen.tick()

    @property
    def _in_front(self) -> BaseScreen | None:
        """The screen that mirrors the state; None under a dialog, and once the console is being left."""
        screen = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        return screen if isinstance(screen, BaseScreen) else None

    def _listen(self, state: ConsoleState, event: Event) -> None:
        """Ring once when a rollback that was sent or watched here is done, or in trouble."""
        for model_id, rollback in state.rollbacks.items():
            before = self._phases.get(model_id)
            self._phases[model_id] = rollback.phase
            if model_id in self._adopted:
                # How it stood when the watch began is no news.
                self._adopted -= {model_id} if isinstance(event, Moved) else set()
                continue
            is_news = before is not None and before is not rollback.phase and before not in _OVER
            is_trouble = before is not rollback.phase and rollback.phase in _TROUBLE
            if self._rings.get(model_id, True) and (is_trouble or (is_news and rollback.phase in _OVER)):
                self.bell()

    def look_at(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""
        self._focus = focus
        if self._session is not None:
            self._session.focus(focus)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG that fetches nothing from elsewhere when somebody looks at it."""
        return _FONTS.sub("", super().export_screenshot(title=title, simplify=simplify))

    def read_now(self) -> None:
        """Have everything that is polled read again now."""
        if self._session is not None:
            self._session.refresh()

    def action_refresh_now(self) -> None:
        """Read everything again now, also what only the screen in front reads; a refused key before it."""
        if isinstance(self._service, Rekeying) and self._service.is_key_refused:
            self.run_worker(self._rekey(self._service), name="key", group="key", exclusive=True)
        else:
            self._read_all()

    async def _rekey(self, service: Rekeying) -> None:
        self._say(await read_key_again(service))
        self._read_all()

    def _read_all(self) -> None:
        self.read_now()
        if isinstance(self.screen, BaseScreen):
            self.screen.read_again()


def run_console(
    open_service: OpenService,
    place: PlaceInfo,
    *,
    records: Records | None = None,
    exit_after: float | None = None,
) -> int:
    """Run the console until it is left and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        records: What is written down about rollbacks on this machine.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
    """
    app = ConsoleApp(
        open_service,
        place,
        clock=AwakeClock(),
        # A service on this machine has its clock; what differs there is made up.
        wall=None if place.is_of_this_machine else time.time,
        records=records,
        look=look(ascii_only=is_ascii_only()),
    )
    if exit_after is not None:
        seconds = exit_after

        def leave_later() -> None:
            app.set_timer(seconds, lambda: app.exit(0))

        app.call_later(leave_later)
    return app.run_guarded()
