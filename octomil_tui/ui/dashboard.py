"""The dashboard: a wall that nobody touches. It only reads, and it never leaves by itself."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

from textual.events import Key as KeyPress
from textual.events import Resize

from octomil_tui.domain.text import clean
from octomil_tui.engine.freshness import PRIMARY, Freshness, Link, freshness
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event
from octomil_tui.engine.topic import Topic, rollouts_of
from octomil_tui.engine.trouble import skew
from octomil_tui.ui import crash
from octomil_tui.ui.caretaker import Caretaker, Chore
from octomil_tui.ui.format import by_the_minute
from octomil_tui.ui.intents import bindings, intent
from octomil_tui.ui.live import LiveApp, OpenService, here
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.present.dashboard import is_read, old_of, reading, wall_of
from octomil_tui.ui.present.dashboard_edges import Asked, keys_of, lead_of, place_of
from octomil_tui.ui.present.doubt import clock_words
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.subject import Subject, choose, listed_facts
from octomil_tui.ui.screens.dashboard import DashboardScreen
from octomil_tui.ui.taste import USUAL, Taste
from octomil_tui.ui.theme import DEFAULT_LOOK, Look
from octomil_tui.ui.widgets.chrome import WIDE

ANSWER_WITHIN = 10.0
"""Seconds after which whoever was asked whether to leave stays."""

TWICE_WITHIN = 2.0
"""Seconds between two ctrl+c that leave at once."""

DWELL = 20.0
"""Seconds for which one of several running rollbacks stays before another may take its place."""

_AGAIN = 5.0
"""Seconds after which the loop that reads is begun anew, should it ever fail."""


class DashboardApp(LiveApp, inherit_bindings=False):
    """One screen that follows the state; its keys lead out of it and nowhere else.

    Args:
        open_service: Builds the client, after the first paint; it has to be a read-only one.
        place: What does not change while it runs.
        clock: Seconds of this machine by which ages are counted.
        wall: This machine's own clock, epoch seconds; None where it is not compared with the service's.
        look: Palette and glyphs.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        chance: Random numbers in [0, 1), to spread tries.
        crash_directory: Where a failure is written; the user's state directory by default.
    """

    CSS = "Screen { background: $background; layout: vertical; overflow: hidden; }"
    BINDINGS = bindings("leave", "interrupt")
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] | None = None,
        look: Look = DEFAULT_LOOK,
        exit_after: float | None = None,
        chance: Callable[[], float] = random.random,
        crash_directory: Path | None = None,
    ) -> None:
        super().__init__(
            open_service, place, clock=clock, wall=wall, look=look, crash_directory=crash_directory
        )
        self._chance = chance
        self._ends_at = clock() + exit_after if exit_after is not None else None
        self._known = ConsoleState()
        self._caretaker: Caretaker | None = None
        self._session: Session | None = None
        self._wall = DashboardScreen(self.stumble)
        self._subject = Subject()
        self._subject_since = 0.0
        self._liveness = Liveness()
        self._asked: Asked | None = None
        self._asked_at = 0.0
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
        while True:
            try:
                await self._session.run()
            except Exception as error:  # noqa: BLE001 - the age on the screen tells, and the loop begins anew
                self.stumble(error)
                await asyncio.sleep(_AGAIN)

    def _changed(self, state: ConsoleState, _event: Event) -> None:
        """Keep the new state; however many events come in one go, the wall is drawn once."""
        self._known = state
        if not self._will_draw:
            self._will_draw = True
            self.call_later(self._draw)

    def _tick(self) -> None:
        """Let a second pass: the clock, the ages, and what follows from them."""
        mono = self._clock()
        if self._ends_at is not None and mono >= self._ends_at:
            self.exit(0)
            return
        limit = TWICE_WITHIN if self._asked is Asked.INTERRUPT else ANSWER_WITHIN
        if self._asked is not None and mono - self._asked_at >= limit:
            self._asked = None
        try:
            fresh = self._fresh()
            if fresh.is_live and fresh.link is self._shown_link and not fresh.sentence:
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
        facts = listed_facts(state)
        stays = self._subject.model_id if mono - self._subject_since < DWELL else None
        subject = choose(state, facts, state.server_at, stays)
        if subject.model_id != self._subject.model_id:
            self._subject_since = mono
        self._subject = subject
        fresh = self._fresh()
        self._shown_link = fresh.link
        if not is_read(state):
            wall = reading(self._place.way, is_connected=fresh.link is Link.CONNECTING)
        else:
            unfollowed = self._caretaker.unfollowed if self._caretaker is not None else ()
            wall = wall_of(state, facts, subject, glyphs, unfollowed=unfollowed)
        now = state.server_now(mono)
        is_old = fresh.link in (Link.STALE, Link.OFFLINE)
        old = old_of(state, fresh, self._topics(), now, wall=wall, glyphs=glyphs) if is_old else None
        self._wall.set_wall(wall, old)
        self._draw_edges(fresh)
        self._take_care()

    def _topics(self) -> tuple[Topic, ...]:
        rollback = self._subject.rollback
        return PRIMARY if rollback is None else (*PRIMARY, rollouts_of(rollback.model_id))

    def _fresh(self) -> Freshness:
        return freshness(self._known, self._clock(), self._topics())

    def _draw_edges(self, fresh: Freshness) -> None:
        state, mono, cells = self._known, self._clock(), self.size.width
        now = state.server_now(mono)
        self._liveness = self._liveness.seen(fresh, mono, now)
        lead = lead_of(state, fresh, mono, self._liveness, cells, asked=self._asked)
        ahead = skew(state, mono, self._wall_clock()) if self._wall_clock is not None else None
        place = place_of(self._place, fresh, clock_words(now, ahead, brief=cells < WIDE), cells)
        self._wall.set_edges(place, keys_of(self._asked), lead)

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

    def action_leave(self) -> None:
        """Ask whether to leave; asked already, leave."""
        if self._asked is Asked.LEAVE:
            self.exit(0)
            return
        self._ask(Asked.LEAVE)

    def action_interrupt(self) -> None:
        """Leave at once when it is pressed twice; stops no rollback."""
        if self._asked is Asked.INTERRUPT and self._clock() - self._asked_at <= TWICE_WITHIN:
            self.exit(return_code=130)
            return
        self._ask(Asked.INTERRUPT)

    def on_key(self, event: KeyPress) -> None:
        """Answer the question, if there is one; any key but y stays."""
        if event.key == intent("leave").keys:
            # Comes by here before its binding does.
            return
        if self._asked is Asked.LEAVE and event.key == "y":
            self.exit(0)
        elif self._asked is not None:
            self._ask(None)

    def _ask(self, question: Asked | None) -> None:
        self._asked, self._asked_at = question, self._clock()
        self._draw()


def run_dashboard(
    open_service: OpenService, place: PlaceInfo, *, exit_after: float | None = None, taste: Taste = USUAL
) -> int:
    """Run the dashboard until it is left and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        taste: How it is to look.
    """
    clock, wall, look = here(place, taste)
    app = DashboardApp(open_service, place, clock=clock, wall=wall, look=look, exit_after=exit_after)
    app.fit_terminal()
    # Without the mouse nothing can be clicked, and the terminal's own selection works.
    return app.run_guarded(mouse=False)
