"""The console's app: owns the session, brings the state to the screen in front, and intents to the engine."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

from rich.text import Text

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.engine.commands import new_key
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.session import BusyError, PlanMovedError, Session
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, Moved, Planned
from octomil_tui.ui.navigation import Navigation
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.screens.watch import WatchScreen
from octomil_tui.ui.screens.wizard import WizardScreen
from octomil_tui.ui.theme import Look, look

MISCONFIGURED = 2
"""Exit status where the settings cannot be used, as of every command."""

OpenService: TypeAlias = Callable[[], Awaitable[AbstractAsyncContextManager[Service]]]
"""Builds the client; called after the first paint, since loading an HTTP library takes as long as drawing does."""

_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_OVER = (Phase.DONE, Phase.COMPLETE)
_TROUBLE = (Phase.WIDER, Phase.REGRESSED, Phase.FAILED, Phase.SUPERSEDED, Phase.UNCONFIRMED, Phase.NOT_FOUND)


class ConsoleApp(Navigation):
    """Five places, one wizard, one watch.

    Args:
        open_service: Builds the client, after the first paint.
        place: What does not change while it runs.
        clock: This machine's monotonic clock.
        look: Palette and glyphs.
        make_key: Makes the idempotency key of each intent.
        crash_directory: Where a crash is written; the user's state directory by default.
    """

    CSS_PATH = "app.tcss"
    TITLE = "octomil-console"

    def __init__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        clock: Callable[[], float] = time.monotonic,
        look: Look = look(ascii_only=False),  # noqa: B008 - a frozen value
        make_key: Callable[[], str] = new_key,
        crash_directory: Path | None = None,
    ) -> None:
        super().__init__(crash_directory=crash_directory)
        self._make_key = make_key
        self.look = look
        self.register_theme(look.palette.theme())
        self.theme = look.palette.name
        self._open_service = open_service
        self._place = place
        self._clock = clock
        self._session: Session | None = None
        self._known = ConsoleState()
        self._focus = Focus()
        self._will_draw = False
        self._rings: dict[str, bool] = {}
        self._stays: dict[str, bool] = {}
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
        """This machine's monotonic clock."""
        return self._clock()

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
            said = f"octomil-console: {clean(error.message, MESSAGE_LIMIT)}"
            self.exit(return_code=MISCONFIGURED, message=Text(said, no_wrap=True, overflow="ignore"))
            return
        async with opened as service:
            self._session = session = Session(
                service, on_change=self._changed, clock=self._clock, make_key=self._make_key
            )
            session.focus(self._focus)
            await session.run()

    def _changed(self, state: ConsoleState, event: Event) -> None:
        """Keep the new state; however many events come in one go, the screen is drawn once."""
        self._known = state
        if isinstance(event, Planned) and event.rollback.key is not None:
            self.call_later(self._sent, event.rollback.model_id)
        elif isinstance(event, Planned):
            self._adopted.add(event.rollback.model_id)
        self._listen(state, event)
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

    async def read_plan(self, model_id: str, to_version: str | None, group_id: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan."""
        if self._session is None:
            raise OctomilError("not connected yet")
        return await self._session.preflight(model_id, to_version, group_id)

    def open_watch(self, model_id: str, rollout_id: str | None = None) -> None:
        """Watch the newest rollback of a model, or the one of this id."""
        known = self._known.rollbacks.get(model_id)
        if known is not None and rollout_id in (None, known.rollout_id):
            self._show_watch(model_id)
            return
        found = self._rollback_of(model_id, rollout_id)
        if found is None or self._session is None:
            model = self._known.snapshot.model(model_id)
            what = f"rollout {clean(rollout_id)} is no rollback" if rollout_id else "no rollback is known"
            self._say(
                f"{clean(model.name if model is not None else model_id)}: {what}, so there is nothing to watch"
            )
            return
        self.run_worker(self._watch(model_id, found), name="watch", group="watch", exclusive=True)

    def _rollback_of(self, model_id: str, rollout_id: str | None) -> Rollout | None:
        rollouts = self._known.snapshot.rollouts.get(model_id, ())
        if rollout_id is not None:
            return next((r for r in rollouts if r.is_rollback and r.id == rollout_id), None)
        # A rollback that a newer rollout took the place of long ago is not what somebody wants to watch now.
        newest = next((r for r in rollouts if r.state is not RolloutState.PENDING), None)
        return newest if newest is not None and newest.is_rollback else None

    async def _watch(self, model_id: str, rollout: Rollout) -> None:
        asked_on = self.screen
        if self._session is None:
            return
        try:
            await self._session.watch(model_id, rollout)
        except OctomilError as error:
            self._say(error.message)
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            self._say(f"this console could not use the answer ({type(error).__name__})")
        else:
            # Whoever went on meanwhile is not taken away from where they are; w is at once there now.
            if self.screen is asked_on:
                self._show_watch(model_id)

    def _show_watch(self, model_id: str) -> None:
        """Put the watch in front; where a wizard led to it, in the wizard's place."""
        if isinstance(self.screen, WatchScreen):
            self.screen.show()
        elif isinstance(self.screen, WizardScreen):
            self.switch_screen(WatchScreen(model_id))
        else:
            self.push_screen(WatchScreen(model_id))

    def send(self, shown: Preflight, reason: str | None, *, stay: bool, ring: bool) -> None:
        """Send a confirmed rollback, once."""
        self._rings[shown.model.id] = ring
        self._stays[shown.model.id] = stay
        # Never exclusive: a worker that writes must not be cancelled by another one.
        if isinstance(self.screen, WizardScreen):
            self.run_worker(self._send(self.screen, shown, reason), name="send", group="send")

    async def _send(self, wizard: WizardScreen, shown: Preflight, reason: str | None) -> None:
        if self._session is None:
            return
        try:
            await self._session.roll_back(shown, reason)
        except PlanMovedError as moved:
            wizard.refuse(moved.now, moved.changes)
            self._unsent(wizard, f"the fleet moved: {moved.changes[0]}")
        except OctomilError as error:
            wizard.fail(error.message)
            self._unsent(wizard, error.message)
        except BusyError:
            wizard.fail("a rollback of this model is being sent already")

    def _unsent(self, wizard: WizardScreen, why: str) -> None:
        """Say that nothing was sent also to somebody who left the wizard meanwhile."""
        if not wizard.is_active:
            self._say(f"nothing was sent: {why}")

    def _sent(self, model_id: str) -> None:
        """Leave the wizard: what was confirmed is being sent now."""
        is_left = not any(isinstance(screen, WizardScreen) for screen in self.screen_stack)
        # What was opened over the wizard meanwhile, such as help, goes with it.
        while not is_left and not isinstance(self.screen, WizardScreen):
            self.pop_screen()
        if not is_left and self._stays.get(model_id, True):
            self._show_watch(model_id)
            return
        if not is_left:
            self.pop_screen()
        self._say("the rollback was sent; w watches it")

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG that fetches nothing from elsewhere when somebody looks at it."""
        return _FONTS.sub("", super().export_screenshot(title=title, simplify=simplify))

    def read_now(self) -> None:
        """Have everything that is polled read again now."""
        if self._session is not None:
            self._session.refresh()

    def action_refresh_now(self) -> None:
        """Read everything again now, also what only the screen in front reads."""
        self.read_now()
        if isinstance(self.screen, BaseScreen):
            self.screen.read_again()


def run_console(open_service: OpenService, place: PlaceInfo, *, exit_after: float | None = None) -> int:
    """Run the console until it is left and return its exit status.

    Args:
        open_service: Builds the client; called after the first paint.
        place: What line 1 says.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
    """
    app = ConsoleApp(open_service, place)
    if exit_after is not None:
        seconds = exit_after

        def leave_later() -> None:
            app.set_timer(seconds, lambda: app.exit(0))

        app.call_later(leave_later)
    return app.run_guarded()
