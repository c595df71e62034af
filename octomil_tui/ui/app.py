"""The console's app: owns the session, brings the state to the screen in front, and intents to the engine.

What draws the first picture is loaded with it; everything else in a thread
after that, the client first, since the network can be waited for meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from octomil_tui.ui import screens
from octomil_tui.ui.change_desk import ChangeDesk
from octomil_tui.ui.chronicle import RECALLED_AFTER, ChronicleDesk
from octomil_tui.ui.command_desk import CommandDesk
from octomil_tui.ui.keys_now import NO_KEYMAP, Keymap, KeysNow, use_keys
from octomil_tui.ui.live import OpenService, load
from octomil_tui.ui.picture import PictureDesk
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.switching import Profiles, SwitchDesk
from octomil_tui.ui.theme import DEFAULT_LOOK, Look

if TYPE_CHECKING:
    from octomil_tui.engine.gate import Gate
    from octomil_tui.engine.notebook import Notebook
    from octomil_tui.engine.page_reader import PageReader
    from octomil_tui.engine.recording import Records
    from octomil_tui.engine.source import FleetSource, Rekeying, Service
    from octomil_tui.engine.state import ConsoleState, Event, Focus
    from octomil_tui.ui.bell import Bell, News
    from octomil_tui.ui.news import LinkNews
    from octomil_tui.ui.screens.base import BaseScreen

_FOR_FIRST_DATA: Final = (
    "octomil_tui.engine.session",
    "octomil_tui.engine.page_reader",
    "octomil_tui.ui.bell",
    "octomil_tui.ui.news",
)


_AHEAD: Final = 0.03
"""Seconds that a request which changes something has before anything is drawn for it: the screen can wait, devices cannot."""


class ConsoleApp(PictureDesk, ChangeDesk, ChronicleDesk, CommandDesk, SwitchDesk):
    """Five places, one wizard, one watch; bound to one service for its life (see `switching`).

    Args:
        open_service: Builds the client, after the first paint.
        place: What does not change while it runs.
        clock: Seconds of this machine by which ages are counted; see `engine.clock`.
        wall: This machine's own clock, epoch seconds; None where it is not compared with the service's.
        look: Palette and glyphs.
        make_key: Makes the idempotency key of each intent; as `engine.commands` does by default.
        crash_directory: Where a crash is written; the user's state directory by default.
        records: Finds what is written down about rollbacks on this machine, once; None for nothing.
        notebook: Makes what reads the past from this machine's records and takes memos; None keeps memos in memory.
        reports: Where the report of each rollback that ends is written; None for nowhere.
        keymap: The keys that a person gave to actions in place of the usual ones, checked.
        on_event: The command that is told of what becomes of rollbacks; empty for none.
        profiles: Who knows the other profiles; None where there is only this place.
    """

    CSS_PATH = "app.tcss"

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] | None = None,
        look: Look = DEFAULT_LOOK,
        make_key: Callable[[], str] | None = None,
        crash_directory: Path | None = None,
        records: Callable[[], Records | None] | None = None,
        notebook: Callable[[], Notebook] | None = None,
        reports: Path | None = None,
        on_event: tuple[str, ...] = (),
        profiles: Profiles | None = None,
        keymap: Keymap = NO_KEYMAP,
    ) -> None:
        super().__init__(
            open_service, place, clock=clock, wall=wall, look=look, crash_directory=crash_directory
        )
        self._records = records
        self._make_notebook, self._report_directory = notebook, reports
        self._hook_command, self._profiles = on_event, profiles
        self._keys = KeysNow(keymap)
        self._make_key = make_key
        self._news: LinkNews | None = None
        self._bell: Bell | None = None
        self._service: Service | None = None
        self._known: ConsoleState | None = None
        self._focus: Focus | None = None
        self._pages: PageReader | None = None

    def on_load(self) -> None:
        # In the app's own task: everything that it draws is drawn in tasks that come from this one.
        use_keys(self._keys)
        if self._keys.keymap:
            from octomil_tui.ui.keymap import for_textual  # noqa: PLC0415 - most have no keymap

            self.set_keymap(for_textual(self._keys.keymap))

    @property
    def known(self) -> ConsoleState:
        """What the console knows now; what it knew then, where the picture was frozen."""
        return self._frozen if self._frozen is not None else self._truly_known

    @property
    def _truly_known(self) -> ConsoleState:
        if self._known is None:
            from octomil_tui.engine.state import ConsoleState  # noqa: PLC0415 - not before the first picture

            self._known = ConsoleState()
        return self._known

    @property
    def place_info(self) -> PlaceInfo:
        """Where the console is."""
        return self._place

    @property
    def wall(self) -> float | None:
        """This machine's own clock, epoch seconds; None where it is not compared with the service's."""
        return self._wall_clock() if self._wall_clock is not None else None

    @property
    def gate(self) -> Gate | None:
        """What counts the requests; None until the client is there."""
        return self._session.gate if self._session is not None else None

    @property
    def pages(self) -> PageReader | None:
        """What reads single pages of devices; None until the client is there, and where it reads none."""
        return self._pages

    async def _follow(self, service: Service) -> None:
        await asyncio.to_thread(load, *_FOR_FIRST_DATA)
        from octomil_tui.engine.commands import new_key  # noqa: PLC0415 - loaded by now, as what follows
        from octomil_tui.engine.page_look import PageSource  # noqa: PLC0415
        from octomil_tui.engine.page_reader import PageReader  # noqa: PLC0415
        from octomil_tui.engine.session import Session  # noqa: PLC0415
        from octomil_tui.engine.state import Focus  # noqa: PLC0415
        from octomil_tui.ui.bell import Bell  # noqa: PLC0415
        from octomil_tui.ui.news import LinkNews  # noqa: PLC0415

        self._service, self._bell, self._news = service, Bell(), LinkNews()
        self._session = session = Session(
            service,
            on_change=self._changed,
            clock=self._clock,
            make_key=self._make_key or new_key,
            records=await asyncio.to_thread(self._records) if self._records is not None else None,
        )
        session.focus(replace(self._focus or Focus(), with_figures=True))
        async with asyncio.TaskGroup() as group:
            group.create_task(session.run())
            group.create_task(self._open())
            group.create_task(session.pick_up())
            if isinstance(service, PageSource):
                self._pages = PageReader(
                    service,
                    state=lambda: session.state,
                    on_change=self._draw_soon,
                    clock=self._clock,
                    gate=session.gate,
                )
                group.create_task(self._pages.run())
            group.create_task(self._recall(RECALLED_AFTER))
            group.create_task(self._run_hook())

    async def _open(self) -> None:
        """Show the screens, where something else stands for them; called as soon as the first reads are on their way."""

    def _changed(self, state: ConsoleState, event: Event) -> None:
        """Keep the new state; however many events come in one go, the screen is drawn once."""
        from octomil_tui.domain.rollback import Phase  # noqa: PLC0415 - loaded by now
        from octomil_tui.engine.standstill import only_time_passed  # noqa: PLC0415
        from octomil_tui.engine.state import Planned, Polled  # noqa: PLC0415

        before, self._known = self._truly_known, state
        if isinstance(event, Planned) and event.rollback.phase is Phase.PLANNED:
            self._will_draw = True
            show = partial(self.call_later, self._show_sent, event.rollback.model_id)
            asyncio.get_running_loop().call_later(_AHEAD, show)
        elif isinstance(event, Planned) and self._bell is not None:
            self._bell.adopt(event.rollback.model_id)
        for one in self._bell.hear(state, event, self._rings) if self._bell is not None else ():
            self._ring(state, one)
        if self._news is not None and (news := self._news.hear(state)):
            self._say(news)
        self._notice(state)
        self._report_ends(state)
        self._tell_hook(state)
        if isinstance(event, Polled) and only_time_passed(before, state, event.topic):
            # Ages are all that can differ: the next tick that is due for it draws them.
            return
        self._draw_soon()

    def _ring(self, state: ConsoleState, news: News) -> None:
        self.bell()
        if self.notifies:
            from octomil_tui.ui.present.title import news_text  # noqa: PLC0415 - not before the first picture

            self.notify_desktop(news_text(state, news, self._place))

    def _window_title(self) -> str | None:
        if self._session is None:
            return None
        from octomil_tui.ui.present.title import title_of  # noqa: PLC0415 - not before the first picture

        return title_of(self.known, self.mono, self._place)

    def _show_sent(self, model_id: str) -> None:
        self._sent(model_id)
        self._draw()

    @property
    def source(self) -> FleetSource | None:
        """The client; None until it is there."""
        return self._service

    @property
    def _mirror(self) -> BaseScreen | None:
        return self._in_front

    def look_at(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""
        self._focus = focus
        if self._session is not None:
            self._session.focus(replace(focus, with_figures=True))

    def read_now(self) -> None:
        """Have everything that is polled read again now."""
        if self._session is not None:
            self._session.refresh()

    def action_refresh_now(self) -> None:
        """Read everything again now, also what only the screen in front reads; a refused key before it."""
        from octomil_tui.engine.source import Rekeying  # noqa: PLC0415 - not before the first picture

        if isinstance(self._service, Rekeying) and self._service.is_key_refused:
            self.run_worker(self._rekey(self._service), name="key", group="key", exclusive=True)
        else:
            self._read_all()

    async def _rekey(self, service: Rekeying) -> None:
        from octomil_tui.ui.rekey import read_key_again  # noqa: PLC0415 - not before the first picture

        self._say(await read_key_again(service))
        self._read_all()

    def _read_all(self) -> None:
        self.read_now()
        if isinstance(self.screen, screens.BaseScreen):
            self.screen.read_again()
