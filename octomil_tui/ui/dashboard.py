"""The dashboard: a wall that nobody touches. It only reads, and it never leaves by itself."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.events import Resize

from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.text import clean
from octomil_tui.engine.freshness import PRIMARY, Freshness, Link, freshness
from octomil_tui.engine.measured import current
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus
from octomil_tui.engine.topic import Topic, rollouts_of
from octomil_tui.engine.trouble import skew
from octomil_tui.ui import crash
from octomil_tui.ui.caretaker import Caretaker, Chore
from octomil_tui.ui.format import by_the_minute
from octomil_tui.ui.live import OpenService, here
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.present.dashboard import is_read, reading, wall_of
from octomil_tui.ui.present.dashboard_edges import keys_of, lead_of, place_of, stays_of
from octomil_tui.ui.present.dashboard_list import list_rows
from octomil_tui.ui.present.dashboard_old import old_of
from octomil_tui.ui.present.doubt import clock_words
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.page_turn import Turn
from octomil_tui.ui.present.sheet import Sheet, sheets_of
from octomil_tui.ui.present.subject import Hold, Subject, choose, listed_facts
from octomil_tui.ui.present.title import title_of
from octomil_tui.ui.screens.dashboard import DashboardScreen
from octomil_tui.ui.taste import USUAL, Taste
from octomil_tui.ui.theme import DEFAULT_LOOK, Look
from octomil_tui.ui.wall_news import WallNews
from octomil_tui.ui.way_out import WayOut
from octomil_tui.ui.widgets.chrome import WIDE

DWELL = 20.0
"""Seconds for which one of several running rollbacks stays before another may take its place."""

_AGAIN = 5.0
"""Seconds after which the loop that reads is begun anew, should it ever fail."""


class DashboardApp(WayOut):
    """One screen that follows the state; its keys lead out of it and nowhere else.

    Args:
        open_service: Builds the client, after the first paint; it has to be a read-only one.
        place: What does not change while it runs.
        clock: Seconds of this machine by which ages are counted.
        wall: This machine's own clock, epoch seconds; None where it is not compared with the service's.
        look: Palette and glyphs.
        rings: Whether the terminal rings for what somebody should come and look at.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        chance: Random numbers in [0, 1), to spread tries.
        crash_directory: Where a failure is written; the user's state directory by default.
    """

    CSS = "Screen { background: $background; layout: vertical; overflow: hidden; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] | None = None,
        look: Look = DEFAULT_LOOK,
        rings: bool = False,
        exit_after: float | None = None,
        chance: Callable[[], float] = random.random,
        crash_directory: Path | None = None,
    ) -> None:
        super().__init__(
            open_service,
            place,
            clock=clock,
            wall=wall,
            look=look,
            crash_directory=crash_directory,
            exit_after=exit_after,
        )
        self._chance = chance
        self._known = ConsoleState()
        self._caretaker: Caretaker | None = None
        self._news = WallNews(place, rings=rings)
        self._session: Session | None = None
        self._wall = DashboardScreen(self.stumble)
        self._subject = Subject()
        self._subject_since = 0.0
        self._liveness = Liveness()
        self._turn = Turn()
        self._shown_link: Link | None = None
        self._will_draw = False
        self._is_recorded = False

    @property
    def known(self) -> ConsoleState:
        """What is known now."""
        return self._known

    def get_default_screen(self) -> DashboardScreen:
        return self._wall

    async def _follow(self, service: Service) -> None:
        self._session = Session(service, on_change=self._changed, clock=self._clock, chance=self._chance)
        self._caretaker = Caretaker(self._session, service, self._clock, self.stumble)
        self._look_at_the_past()
        while True:
            try:
                await self._session.run()
            except Exception as error:  # noqa: BLE001 - the age on the screen tells, and the loop begins anew
                self.stumble(error)
                await asyncio.sleep(_AGAIN)

    def _changed(self, state: ConsoleState, event: Event) -> None:
        """Keep the new state; however many events come in one go, the wall is drawn once."""
        self._known = state
        self._listen(event)
        if not self._will_draw:
            self._will_draw = True
            self.call_later(self._draw)

    def _window_title(self) -> str | None:
        return title_of(self._known, self._clock(), self._place) if self._session is not None else None

    def _tick(self) -> None:
        """Let a second pass: the clock, the ages, and what follows from them."""
        mono = self._clock()
        if self._is_over(mono):
            self.exit(0)
            return
        try:
            fresh = self._fresh()
            is_to_be_turned = self._turn.pages > 1 and not self._turn.left(mono)
            is_same = fresh.is_live and fresh.link is self._shown_link and not fresh.sentence
            if is_same and not is_to_be_turned:
                with by_the_minute(self.look.is_calm):
                    self._draw_edges(fresh)
                return
        except Exception as error:  # noqa: BLE001 - a wall that nobody looks after must go on
            self.stumble(error)
        self._draw()

    def on_resize(self, _event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self._will_draw = False
        if not self.is_running or not self._wall.is_mounted:
            return
        try:
            with self.batch_update(), by_the_minute(self.look.is_calm):
                self._show()
        except Exception as error:  # noqa: BLE001 - a wall that nobody looks after must go on
            self._wall.set_trouble(self.stumble(error))

    def _show(self) -> None:
        mono, state, glyphs = self._clock(), self._known, self.look.glyphs
        signals = current(state, mono)
        facts = listed_facts(state, signals)
        stays = self._subject.model_id if mono - self._subject_since < DWELL else None
        subject = choose(state, facts, state.server_at, stays)
        if subject.model_id != self._subject.model_id:
            self._subject_since = mono
        self._subject = subject
        self._look_at_the_past()
        fresh = self._fresh()
        self._shown_link = fresh.link
        if not is_read(state):
            wall = reading(self._place.way, is_connected=fresh.link is Link.CONNECTING)
        else:
            unfollowed = self._caretaker.unfollowed if self._caretaker is not None else ()
            wall = wall_of(state, facts, subject, glyphs, signals=signals, unfollowed=unfollowed)
        now = state.server_now(mono)
        is_old = fresh.link in (Link.STALE, Link.OFFLINE)
        old = old_of(state, fresh, self._topics(), now, wall=wall, glyphs=glyphs) if is_old else None
        self._wall.set_wall(wall, old, self._page(facts, mono, is_held=is_old or not is_read(state)))
        self._draw_edges(fresh)
        self._take_care()

    def _page(self, facts: Sequence[ModelFacts], mono: float, *, is_held: bool) -> Sheet | None:
        """Return the list whose turn it is; None for the first page, which nothing takes the place of while it is held."""
        is_held = is_held or self._subject.hold is not Hold.NONE
        columns, rows = self._wall.room
        sheets = (
            []
            if is_held
            else sheets_of(self._known, facts, columns, list_rows(columns, rows), self.look.glyphs)
        )
        self._turn = self._turn.seen(1 + len(sheets), mono, is_held=is_held)
        return sheets[self._turn.page - 1] if self._turn.page else None

    def _look_at_the_past(self) -> None:
        """Have read what happened while there is a page that says it, and not while something else is urgent."""
        if self._session is not None:
            is_calm = self._subject.hold is Hold.NONE
            self._session.focus(Focus(has_timeline=is_calm, with_figures=True))

    def _topics(self) -> tuple[Topic, ...]:
        rollback = self._subject.rollback
        if rollback is None or self._subject.hold is Hold.DONE:
            # The record of one that ended is read seldom, and nothing of it changes any more.
            return PRIMARY
        return (*PRIMARY, rollouts_of(rollback.model_id))

    def _fresh(self) -> Freshness:
        return freshness(self._known, self._clock(), self._topics())

    def _listen(self, event: Event) -> None:
        try:
            self._ring(self._news.rings_for(self._known, event))
            told = self._news.sentences_for(self._known, event)
            for one in told if self.notifies else ():
                self.notify_desktop(one)
        except Exception as error:  # noqa: BLE001 - what goes wrong with a bell must not keep the loop from reading
            self.stumble(error)

    def _ring(self, times: int) -> None:
        for _ in range(times):
            self.bell()

    def _draw_edges(self, fresh: Freshness) -> None:
        state, mono, cells = self._known, self._clock(), self.size.width
        self._ring(self._news.rings_at(state, fresh, mono))
        now = state.server_now(mono)
        self._liveness = self._liveness.seen(fresh, now)
        stays = stays_of(state, self._subject, self._turn, mono)
        lead = lead_of(state, fresh, mono, self._liveness, cells, stays=stays, asked=self._question.asked)
        ahead = skew(state, mono, self._wall_clock()) if self._wall_clock is not None else None
        place = place_of(self._place, fresh, clock_words(now, ahead, brief=cells < WIDE), cells)
        self._wall.set_edges(place, keys_of(self._question.asked), lead)

    def _take_care(self) -> None:
        chore = self._caretaker.due(self._known) if self._caretaker is not None else None
        if chore is not None:
            self.run_worker(self._done(chore), name="chore", group="chore")

    async def _done(self, chore: Chore) -> None:
        await chore()
        self._draw()

    def stumble(self, error: Exception) -> str:
        """Keep the first failure of this console for whoever mends it; return what is shown instead of a picture."""
        if not self._is_recorded:
            self._is_recorded = True
            crash.record(error, self._redact, self._crash_directory)
        name = clean(type(error).__name__)
        return f"!! This picture could not be drawn ({name}). It is tried again; nothing else has stopped."


def run_dashboard(
    open_service: OpenService,
    place: PlaceInfo,
    *,
    rings: bool = False,
    exit_after: float | None = None,
    taste: Taste = USUAL,
    notifies: bool = False,
) -> int:
    """Run the dashboard until it is left and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        rings: Whether the terminal rings for what somebody should come and look at.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        taste: How it is to look.
        notifies: Whether the desktop is told of what becomes of rollbacks.
    """
    clock, wall, look = here(place, taste)
    app = DashboardApp(
        open_service, place, clock=clock, wall=wall, look=look, rings=rings, exit_after=exit_after
    )
    app.notifies = notifies
    app.fit_terminal()
    # Without the mouse nothing can be clicked, and the terminal's own selection works.
    return app.run_guarded(mouse=False)
