"""What the operator asks besides rollbacks: actions, holds, the policy; and joining what the service began by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.widgets import Input

from octomil_tui.api.errors import OctomilError
from octomil_tui.ui import screens
from octomil_tui.ui.desk import RollbackDesk
from octomil_tui.ui.spans import Token, line

if TYPE_CHECKING:
    from pathlib import Path

    from textual.screen import Screen

    from octomil_tui.domain.action import Preview
    from octomil_tui.domain.fleet import Model, Rollout
    from octomil_tui.domain.policy import Policy, PolicyChange
    from octomil_tui.domain.rollback import Rollback
    from octomil_tui.engine.acting import Errand
    from octomil_tui.engine.change_record import ChangeRecords
    from octomil_tui.engine.session import Session
    from octomil_tui.engine.source import Service
    from octomil_tui.engine.state import ConsoleState
    from octomil_tui.ui.screens.change_form import Filled

AGAIN = 20.0
"""Seconds until a watch that could not begin is tried again."""


class ChangeDesk(RollbackDesk):
    """Brings actions to the service and their end back to the screen; watches what the service begins by itself."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._service: Service | None = None
        self._joins: dict[str, float] = {}
        """Rollbacks of the service's own by id, with the time before which they are not taken up again."""

    def _notice(self, state: ConsoleState) -> None:
        """Say, ring and watch where the service began a rollback by itself; once for each."""
        from octomil_tui.engine.auto_rollback import begun_by_service  # noqa: PLC0415 - loaded by now
        from octomil_tui.ui.present.policy_news import by_itself  # noqa: PLC0415

        if self._session is None:
            return
        now = self.mono
        for model_id, rollout in begun_by_service(state):
            if now < self._joins.get(rollout.id, now):
                continue
            if rollout.id not in self._joins:
                self.bell()
                self._say(by_itself(rollout, model_id, state.snapshot))
            self._joins[rollout.id] = now + AGAIN
            self.run_worker(self._join(self._session, model_id, rollout), name="join", group="join")

    def open_actions(
        self, model_id: str, *, rollout_id: str | None = None, version: str | None = None
    ) -> None:
        """Offer what can be done to what the cursor is on, and to the rollout of the model that runs."""
        if self.refuses_now():
            return
        # None of this is loaded before the first picture.
        from octomil_tui.domain.action import ActionKind  # noqa: PLC0415
        from octomil_tui.domain.text import clean  # noqa: PLC0415
        from octomil_tui.engine.acting import Errand  # noqa: PLC0415
        from octomil_tui.ui.present.action_menu import sections  # noqa: PLC0415

        found = sections(self.known.snapshot, model_id, rollout_id=rollout_id, version=version)
        name = clean(self._name_of(model_id))
        if not found:
            self._say(f"{name}: no rollout runs, so there is nothing to pause, advance or cancel")
            return
        if not any(section.offers for section in found):
            self._say(f"{found[0].what} is {found[0].how}")
            return

        errands: dict[str, Errand] = {}
        options: list[screens.Option] = []
        for place, section in enumerate(found):
            if len(found) > 1:
                head = line((section.what, Token.STRONG), (f"  {section.how}", Token.MUTED))
                options.append(screens.Option(f"head {place}", head, enabled=False))
            for offer in section.offers:
                key = f"{place} {offer.kind}"
                errands[key] = Errand(ActionKind(offer.kind), model_id, section.rollout_id, section.version)
                label = line("  ", offer.label) if len(found) > 1 else offer.label
                options.append(screens.Option(key, label, offer.can))

        def chosen(key: str | None) -> None:
            if key is not None:
                self.push_screen(screens.ActionScreen(errands[key]))

        first = next((one.key for one in options if one.enabled), None)
        title = f"ACTIONS ON {name if len(found) > 1 or found[0].version is not None else found[0].what}"
        if len(found) == 1 and found[0].version is not None:
            title = f"{title} {found[0].what}"
        self.push_screen(screens.Chooser(title, options, first), chosen)

    async def _hold_left(self, rollback: Rollback, model: Model) -> None:
        from octomil_tui.engine.commands import new_key  # noqa: PLC0415 - not before the first picture
        from octomil_tui.engine.hold_after import hold_left  # noqa: PLC0415

        if self._service is not None:
            outcome = await hold_left(self._service, rollback, model, key=new_key(), records=self._changes)
            self._say(outcome.sentence)
            self.read_now()

    async def prepare_action(self, errand: Errand) -> Preview:
        """Read what an action rests on, and return what it would do; see `engine.acting`."""
        from octomil_tui.engine.acting import prepare  # noqa: PLC0415 - not before the first picture

        if self._service is None:
            raise OctomilError("not connected yet")
        snapshot = self.known.snapshot
        return await prepare(self._service, errand, snapshot if snapshot.devices is not None else None)

    @property
    def _changes(self) -> ChangeRecords | None:
        from octomil_tui.engine.change_record import changes_of  # noqa: PLC0415 - not before the first picture

        return changes_of(self._session.records if self._session is not None else None)

    async def change_trouble(self) -> str:
        """Return why a change could not be written down on this machine, a clause; empty where it can."""
        records = self._changes
        return await asyncio.to_thread(records.trouble) if records is not None else ""

    def act(self, screen: screens.ActionScreen, shown: Preview, filled: Filled) -> None:
        """Do one thing to a rollout or a version, once."""
        if self.refuses_now():
            return
        # Never exclusive: a worker that writes must not be cancelled by another one.
        self.run_worker(self._act(screen, shown, filled), name="act", group="act")

    async def _act(self, screen: screens.ActionScreen, shown: Preview, filled: Filled) -> None:
        from octomil_tui.domain.action_outcome import Outcome, Result  # noqa: PLC0415
        from octomil_tui.engine.acting import PremiseMovedError, perform  # noqa: PLC0415
        from octomil_tui.engine.commands import new_key  # noqa: PLC0415
        from octomil_tui.engine.private import RecordError  # noqa: PLC0415

        if self._service is None:
            return
        try:
            outcome = await perform(
                self._service,
                shown,
                filled.reason or None,
                key=new_key(),
                records=self._changes,
                must_record=not filled.without_record,
            )
        except (PremiseMovedError, RecordError, OctomilError) as error:
            why = error.message if isinstance(error, OctomilError) else str(error)
            outcome = Outcome(Result.NOT_SENT, f"{why}; nothing was sent")
        if outcome.result is Result.DONE or not screen.is_active:
            self._say(outcome.sentence)
        if screen.is_attached:
            screen.end(outcome)
        self.read_now()

    def set_policy(
        self, screen: screens.PolicyScreen, shown: Policy, change: PolicyChange, filled: Filled
    ) -> None:
        """Change the policy, once, and read back what is stored."""
        if self.refuses_now():
            return
        self.run_worker(self._set_policy(screen, shown, change, filled), name="policy", group="policy")

    async def _set_policy(
        self, screen: screens.PolicyScreen, shown: Policy, change: PolicyChange, filled: Filled
    ) -> None:
        from octomil_tui.domain.action_outcome import Outcome, Result  # noqa: PLC0415
        from octomil_tui.domain.order import Reading  # noqa: PLC0415
        from octomil_tui.engine.acting import PremiseMovedError  # noqa: PLC0415
        from octomil_tui.engine.commands import new_key  # noqa: PLC0415
        from octomil_tui.engine.policy_setting import PolicySet, set_policy  # noqa: PLC0415
        from octomil_tui.engine.private import RecordError  # noqa: PLC0415
        from octomil_tui.engine.state import Polled  # noqa: PLC0415
        from octomil_tui.engine.topic import POLICY  # noqa: PLC0415

        if self._service is None or self._session is None:
            return
        try:
            done = await set_policy(
                self._service,
                shown,
                change,
                key=new_key(),
                records=self._changes,
                must_record=not filled.without_record,
            )
        except (PremiseMovedError, RecordError, OctomilError) as error:
            why = error.message if isinstance(error, OctomilError) else str(error)
            done = PolicySet(Outcome(Result.NOT_SENT, f"{why}; nothing was sent"), None)
        if done.after is not None:
            self._session.dispatch(Polled(POLICY, Reading(done.after), self.mono))
        if done.outcome.result is Result.DONE or not screen.is_active:
            self._say(done.outcome.sentence)
        if screen.is_attached:
            screen.end(done)
        self.read_now()

    def leave_screen(self, screen: Screen[None]) -> None:
        """Take a screen away, where it is in front."""
        if self.screen is screen:
            self.pop_screen()

    def read_now(self) -> None:
        """Have everything that is polled read again now."""
        raise NotImplementedError

    async def _join(self, session: Session, model_id: str, rollout: Rollout) -> None:
        try:
            await session.watch(model_id, rollout)
        except OctomilError as error:
            self._say(error.message)
            return
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            self._say(f"this console could not use the answer ({type(error).__name__})")
            return
        is_at_the_top = len(self.screen_stack) == 1 and isinstance(self.screen, screens.BaseScreen)
        # Who is deeper in something, or types, is not taken away from it; w is at once there.
        if is_at_the_top and not isinstance(self.screen.focused, Input):
            self._show_watch(model_id)
