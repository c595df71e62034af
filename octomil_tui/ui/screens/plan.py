"""The reading of a rollback's plan: what it is asked for, the plan that is shown, and why there is no newer one."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.difference import differences, is_same
from octomil_tui.domain.order import Way
from octomil_tui.domain.verdict import candidates
from octomil_tui.engine.preflight import NoTargetError, Preflight, UnknownNameError
from octomil_tui.engine.state import Focus
from octomil_tui.ui.intents import intent
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.screens.chooser import FLEET_KEY, Chooser, scopes, versions
from octomil_tui.ui.spans import Line, Token, line


class PlanScreen(BaseScreen):
    """A screen that shows a plan, and reads it anew for another scope or version.

    Args:
        model_id: The model.
        to_version: The version to go back to; None for the one that is proposed.
        group_id: The one group; None for the fleet.
        way: How it would be sent.
    """

    def __init__(
        self, model_id: str, *, to_version: str | None, group_id: str | None, way: Way = Way.ROLLBACK
    ) -> None:
        super().__init__()
        self._way = way
        self._unrecorded = ""
        """Why nothing can be written down on this machine; empty where it can."""
        self._model_id = model_id
        self._to_version = to_version
        self._group_id = group_id
        self._shown: Preflight | None = None
        self._sentence_now: Line = muted("   Reading everything that a rollback rests on …")
        self._notice: Line = ()
        self._read_mono = 0.0
        """This machine's monotonic clock when the plan that is shown was read."""

    def on_mount(self) -> None:
        self._read()

    @property
    def shown(self) -> Preflight | None:
        """The plan that is shown; None until it was read."""
        return self._shown

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id)

    def refuse(self, now: Preflight, changes: Sequence[str]) -> None:
        """Show the plan as it is now, and what changed; nothing was sent."""
        raise NotImplementedError

    def read_again(self) -> None:
        """Read everything again and draw the plan anew."""
        self._notice = ()
        self._read()

    def _read(self) -> None:
        self.run_worker(self._reading(), group="preflight", exclusive=True)

    async def _reading(self) -> None:
        read, began = self.console.read_plan, self.console.mono
        try:
            found = await read(self._model_id, self._to_version, self._group_id)
            self._unrecorded = await self.console.record_trouble()
            self._take(found, began)
        except (UnknownNameError, NoTargetError) as error:
            self._unread(f"!! {error}.")
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            odd = f"this console could not use the answer ({type(error).__name__})"
            why = error.message if isinstance(error, OctomilError) else odd
            self._unread(f"?? No plan can be made: {why}. {intent('refresh_now').key} tries again.")
        self.show()

    def _take(self, found: Preflight, began: float) -> None:
        """Show a plan that was just read, from `began` on; one that differs is not put under a confirmation unseen."""
        before, self._shown, self._read_mono = self._shown, found, began
        self._to_version = found.plan.to_version
        if self.is_deciding and before is not None and not is_same(before.plan, found.plan):
            self.refuse(found, differences(before.plan, found.plan))

    def _unread(self, sentence: str) -> None:
        """Say why there is no new plan; the one that is shown stays, with its own scope and version."""
        self._sentence_now = line((sentence, Token.NEEDS))
        if self._shown is not None:
            self._notice = self._sentence_now
            self._to_version, self._group_id = self._shown.plan.to_version, self._shown.plan.scope.group_id

    def action_choose_scope(self) -> None:
        """Choose the fleet or one group."""
        # A rollout to 100 % has one scope only.
        if self.is_deciding or self._shown is None or self._way is Way.ROLLOUT:
            return
        options = scopes(self._shown.snapshot.groups or ())
        self.app.push_screen(Chooser("SCOPE", options, self._group_id or FLEET_KEY), self._scope_chosen)

    def _scope_chosen(self, chosen: str | None) -> None:
        if chosen is not None and (chosen or None) != self._group_id:
            self._group_id = chosen or None
            self.read_again()

    def action_choose_version(self) -> None:
        """Choose the version to go back to."""
        if self.is_deciding or self._shown is None:
            return
        shown = self._shown
        options = versions(candidates(shown.snapshot, self._model_id, shown.plan.scope))
        chooser = Chooser("VERSION TO GO BACK TO", options, shown.plan.to_version)
        self.app.push_screen(chooser, self._version_chosen)

    def _version_chosen(self, chosen: str | None) -> None:
        if chosen is not None and chosen != self._to_version:
            self._to_version = chosen
            self.read_again()
