"""What the operator asks about rollbacks: a plan, a watch, the one request, and what to do when it goes wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.text import clean
from octomil_tui.ui import screens
from octomil_tui.ui.freezer import Freezer
from octomil_tui.ui.intents import intent

if TYPE_CHECKING:
    from octomil_tui.domain.choice import Act
    from octomil_tui.domain.fleet import Model, Rollout
    from octomil_tui.domain.order import Way
    from octomil_tui.domain.rollback import Rollback
    from octomil_tui.engine.preflight import Preflight
    from octomil_tui.engine.session import Session
    from octomil_tui.ui.bell import Ring
    from octomil_tui.ui.screens.console import Answers


class RollbackDesk(Freezer):
    """Brings what the operator wants of a rollback to the session, and back to the screen that asked."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._session: Session | None = None
        self._rings: dict[str, Ring] = {}
        self._stays: dict[str, bool] = {}

    async def read_plan(self, model_id: str, to_version: str | None, group_id: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan."""
        if self._session is None:
            raise OctomilError("not connected yet")
        return await self._session.preflight(model_id, to_version, group_id)

    def open_watch(self, model_id: str, rollout_id: str | None = None) -> None:
        """Watch the newest rollback of a model, or the one of this id."""
        known = self.known.rollbacks.get(model_id)
        if known is not None and rollout_id in (None, known.rollout_id):
            self._show_watch(model_id)
            return
        found = self._rollback_of(model_id, rollout_id)
        if found is None or self._session is None:
            what = f"rollout {clean(rollout_id)} is no rollback" if rollout_id else "no rollback is known"
            self._say(f"{clean(self._name_of(model_id))}: {what}, so there is nothing to watch")
            return
        self.run_worker(self._watch(model_id, found), name="watch", group="watch", exclusive=True)

    def _rollback_of(self, model_id: str, rollout_id: str | None) -> Rollout | None:
        from octomil_tui.domain.fleet import RolloutState  # noqa: PLC0415 - not before the first picture

        rollouts = self.known.snapshot.rollouts.get(model_id, ())
        if rollout_id is not None:
            return next((r for r in rollouts if r.is_whole and r.id == rollout_id), None)
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
        if isinstance(self.screen, screens.WatchScreen):
            self.screen.show()
        elif isinstance(self.screen, screens.WizardScreen):
            self.switch_screen(screens.WatchScreen(model_id))
        else:
            self.push_screen(screens.WatchScreen(model_id))

    async def record_trouble(self) -> str:
        """Return why a rollback could not be written down on this machine, a clause; empty where it can."""
        if self._session is None:
            return ""
        return await asyncio.to_thread(self._session.record_trouble)

    def record_place(self, model_id: str) -> str:
        """Return where the newest rollback of a model is written down, safe to show; empty where it is not."""
        return self._session.record_place(model_id) if self._session is not None else ""

    def send(self, shown: Preflight, answers: Answers, way: Way) -> None:
        """Send a confirmed rollback, once."""
        if self.refuses_now():
            return
        from octomil_tui.ui.bell import Ring  # noqa: PLC0415 - not before the first picture

        self._rings[shown.model.id] = Ring.ALL if answers.ring else Ring.OFF
        self._stays[shown.model.id] = answers.stay
        # Never exclusive: a worker that writes must not be cancelled by another one.
        if isinstance(self.screen, screens.WizardScreen):
            self.run_worker(self._send(self.screen, shown, answers, way), name="send", group="send")

    def ring_of(self, model_id: str) -> Ring:
        """Return what the terminal rings for, of a model's rollback."""
        from octomil_tui.ui.bell import Ring  # noqa: PLC0415 - not before the first picture

        return self._rings.get(model_id, Ring.ALL)

    def turn_bell(self, model_id: str) -> None:
        """Have the terminal ring for the next choice: done and trouble, trouble alone, nothing."""
        self._rings[model_id] = ring = self.ring_of(model_id).next
        self._say(f"bell: {ring}")

    async def _send(self, wizard: screens.WizardScreen, shown: Preflight, answers: Answers, way: Way) -> None:
        # None of this is loaded before the first picture.
        from octomil_tui.engine.recording import RecordError  # noqa: PLC0415
        from octomil_tui.engine.session import BusyError, PlanMovedError  # noqa: PLC0415

        if self._session is None:
            return
        try:
            rollback = await self._session.roll_back(
                shown, answers.reason, way=way, without_record=answers.without_record
            )
            if answers.hold:
                await self._hold_left(rollback, shown.model)
        except PlanMovedError as moved:
            wizard.refuse(moved.now, moved.changes)
            self._unsent(wizard, f"the fleet moved: {moved.changes[0]}")
        except OctomilError as error:
            wizard.fail(error.message)
            self._unsent(wizard, error.message)
        except RecordError as error:
            wizard.fail(error.sentence)
            self._unsent(wizard, error.sentence)
        except BusyError as error:
            wizard.fail(str(error))

    async def _hold_left(self, rollback: Rollback, model: Model) -> None:
        """Hold the version that a rollback leaves, and say what became of that."""
        raise NotImplementedError

    def _unsent(self, wizard: screens.WizardScreen, why: str) -> None:
        """Say that nothing was sent also to somebody who left the wizard meanwhile."""
        if not wizard.is_active:
            self._say(f"nothing was sent: {why}")

    def _sent(self, model_id: str) -> None:
        """Leave the wizard: what was confirmed is being sent now."""
        is_left = not any(isinstance(screen, screens.WizardScreen) for screen in self.screen_stack)
        # What was opened over the wizard meanwhile, such as help, goes with it.
        while not is_left and not isinstance(self.screen, screens.WizardScreen):
            self.pop_screen()
        if not is_left and self._stays.get(model_id, True):
            self._show_watch(model_id)
            return
        if not is_left:
            self.pop_screen()
        self._say(f"the rollback was sent; {intent('watch').key} watches it")

    def choose(self, model_id: str, act: Act) -> None:
        """Do what was chosen about the newest rollback of a model; nothing of it sends anything by itself."""
        # None of this is loaded before the first picture.
        from octomil_tui.domain.choice import Act, rival_of  # noqa: PLC0415
        from octomil_tui.domain.order import Way  # noqa: PLC0415
        from octomil_tui.ui.present.wider import wider_text  # noqa: PLC0415

        rollback, session = self.known.rollbacks.get(model_id), self._session
        if rollback is None or session is None:
            return
        match act:
            case Act.SEND_AGAIN:
                self._preview_again(rollback, rollback.order.way)
            case Act.START_OVER | Act.AS_ROLLOUT:
                self._preview_again(rollback, Way.ROLLOUT if act is Act.AS_ROLLOUT else Way.ROLLBACK)
            case Act.LOOK_AGAIN:
                self.run_worker(session.look_again(model_id), name="look", group="look")
            case Act.WATCH_WHOLE:
                self.run_worker(self._watch_whole(session, model_id), name="whole", group="whole")
            case Act.WATCH_RIVAL:
                rival = rival_of(rollback, self.known.snapshot)
                if rival is not None:
                    self.open_watch(model_id, rival.id)
            case Act.COPY:
                self._copy(wider_text(rollback, self.known.snapshot, self._name_of(model_id)))
            case Act.GIVE_UP:
                session.dismiss(model_id, "given_up")
                self._say("given up: nothing more is sent, and the journal keeps what is known of it")
                self.run_worker(self.action_back(), name="back")

    def _preview_again(self, rollback: Rollback, way: Way) -> None:
        order = rollback.order
        group = rollback.group_id if rollback.group_id is not None else order.group
        self.open_preview(rollback.model_id, to_version=order.to_version, group_id=group, way=way)

    def _name_of(self, model_id: str) -> str:
        model = self.known.snapshot.model(model_id)
        return model.name if model is not None else model_id

    async def _watch_whole(self, session: Session, model_id: str) -> None:
        try:
            await session.watch_whole(model_id)
        except OctomilError as error:
            self._say(error.message)

    def _copy(self, text: str) -> None:
        self.copy_to_clipboard(text)
        count = len(text.splitlines())
        self._say(f"{count} lines are on the clipboard, if this terminal takes them")

    def dismiss(self, model_id: str) -> None:
        """Take note that somebody has seen how a rollback stands that was left alone."""
        if self._session is not None:
            self._session.dismiss(model_id)
