"""Going from screen to screen: the places, one step back, help, the palette, and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.binding import Binding

from octomil_tui.domain.text import clean
from octomil_tui.ui import screens
from octomil_tui.ui.driver import GuardedApp
from octomil_tui.ui.intents import APP_WIDE, INTENTS, bindings
from octomil_tui.ui.spans import Token, line

if TYPE_CHECKING:
    from octomil_tui.domain.order import Way
    from octomil_tui.engine.state import ConsoleState

INTERRUPTED = 130
"""Exit status after ctrl+c twice, as of every command."""

TWICE_WITHIN = 2.0
"""Seconds between two ctrl+c that leave at once."""


class Navigation(GuardedApp[int], inherit_bindings=False):
    """Five places and the ways between them; knows nothing of how the state comes about."""

    MODES = {
        "fleet": screens.later("FleetScreen"),
        "models": screens.later("ModelsScreen"),
        "rollouts": screens.later("RolloutsScreen"),
        "groups": screens.later("GroupsScreen"),
        "timeline": screens.later("TimelineScreen"),
    }
    DEFAULT_MODE = "fleet"
    BINDINGS = bindings(*APP_WIDE)
    # Textual's own selection of text does not know these widgets, and a press on one that is just going ends the app.
    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._interrupted_at: float | None = None

    @property
    def known(self) -> ConsoleState:
        """What the console knows now."""
        raise NotImplementedError

    @property
    def mono(self) -> float:
        """This machine's monotonic clock."""
        raise NotImplementedError

    def open_model(self, model_id: str) -> None:
        """Show a model."""
        self.push_screen(screens.ModelScreen(model_id))

    def open_rollout(self, model_id: str, rollout_id: str) -> None:
        """Show a rollout with its status history."""
        self.push_screen(screens.RolloutScreen(model_id, rollout_id))

    def open_compare(self, model_id: str, left: str, right: str) -> None:
        """Show two versions of a model side by side."""
        self.push_screen(screens.CompareScreen(model_id, left, right))

    def open_group(self, group_id: str, model_id: str | None) -> None:
        """Show a group."""
        self.push_screen(screens.GroupScreen(group_id, model_id))

    def open_preview(
        self,
        model_id: str,
        *,
        to_version: str | None = None,
        group_id: str | None = None,
        way: Way | None = None,
    ) -> None:
        """Show what a rollback would do; `way` is how it is asked for, as a rollback if not said."""
        from octomil_tui.domain.order import Way  # noqa: PLC0415 - not before the first picture

        if not isinstance(self.screen, screens.WizardScreen):
            asked = Way.ROLLBACK if way is None else way
            self.push_screen(
                screens.WizardScreen(model_id, to_version=to_version, group_id=group_id, way=asked)
            )

    def roll_back_group(self, group_id: str) -> None:
        """Preview a rollback of one group; asks which model where the group runs several, the worst first."""
        from octomil_tui.domain.overview import models_in  # noqa: PLC0415 - not before the first picture

        facts = models_in(self.known.snapshot, group_id, self.known.census.shown)
        if len(facts) == 1:
            self.open_preview(facts[0].model.id, group_id=group_id)
        elif facts:
            options = [screens.Option(f.model.id, line((clean(f.model.name), Token.STRONG))) for f in facts]

            def chosen(model_id: str | None) -> None:
                if model_id is not None:
                    self.open_preview(model_id, group_id=group_id)

            self.push_screen(
                screens.Chooser("ROLL BACK WHICH MODEL OF THIS GROUP", options, facts[0].model.id), chosen
            )

    def open_stragglers(self, model_id: str) -> None:
        """Show everything that a rollback waits for."""
        self.push_screen(screens.StragglersScreen(model_id))

    def _say(self, sentence: str) -> None:
        self.notify(clean(sentence, 200), markup=False)

    async def action_place(self, mode: str) -> None:
        """Go to one of the places."""
        if mode != self.current_mode:
            await self.switch_mode(mode)
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def action_back(self) -> None:
        """Go one step back; at the top stay."""
        # A key can come before the screen that it is for has its parts.
        screen = self.screen
        if isinstance(screen, screens.BaseScreen) and screen.is_ready and screen.go_back():
            return
        if len(self.screen_stack) > 1:
            await self.pop_screen()

    async def action_leave(self) -> None:
        """Go one step back; at the top ask whether to leave."""
        if len(self.screen_stack) > 1:
            await self.action_back()
            return
        self._ask_to_leave(0)

    @property
    def _is_sending(self) -> bool:
        from octomil_tui.domain.rollback import Phase  # noqa: PLC0415 - not before the first picture

        return any(one.phase is Phase.SENDING for one in self.known.rollbacks.values())

    def _ask_to_leave(self, return_code: int) -> None:
        """Ask before leaving with this exit status."""
        from octomil_tui.domain.rollback import Phase  # noqa: PLC0415 - not before the first picture

        running = sum(1 for r in self.known.rollbacks.values() if r.phase is Phase.ROLLING_BACK)

        def answered(leave: bool | None) -> None:  # noqa: FBT001 - the answer of a dialog
            if leave:
                self.exit(return_code=return_code)

        self.push_screen(screens.LeaveDialog(running, is_sending=self._is_sending), answered)

    def action_interrupt(self) -> None:
        """Leave at once when it is pressed twice, but ask while a rollback is being sent; stops no rollback."""
        now = self.mono
        if self._interrupted_at is not None and now - self._interrupted_at <= TWICE_WITHIN:
            if not self._is_sending:
                self.exit(return_code=INTERRUPTED)
            elif not isinstance(self.screen, screens.LeaveDialog):
                self._ask_to_leave(INTERRUPTED)
            return
        self._interrupted_at = now
        self._say("ctrl+c again leaves at once; it stops no rollback")

    def action_redraw(self) -> None:
        """Draw the whole screen again."""
        self.redraw()

    def action_suspend(self) -> None:
        """Go back to the shell."""
        self.action_suspend_process()

    def action_show_help(self) -> None:
        """Show help for the screen in front."""
        self.open_help()

    def open_help(self, term: str = "") -> None:
        """Show help for the screen in front, at a word where one is given."""
        screen = self.screen
        if isinstance(screen, screens.HelpScreen):
            screen.look_for(term)
        elif isinstance(screen, screens.BaseScreen):
            own = {binding.action for binding in screen.BINDINGS if isinstance(binding, Binding)}
            ids = [one.id for one in INTENTS if one.id in own]
            self.push_screen(screens.HelpScreen(screen.crumbs or "Fleet", ids, term=term, about=screen.about))

    def action_requests(self) -> None:
        """Show every request that was made, and what the budget is spent on."""
        # The errors are requests too, and lead to all of them.
        if isinstance(self.screen, screens.BaseScreen) and type(self.screen) is not screens.RequestsScreen:
            self.push_screen(screens.RequestsScreen())

    def action_policy(self) -> None:
        """Show the policy: its rules, how they stand, and what crossed a limit."""
        if isinstance(self.screen, screens.BaseScreen) and not isinstance(self.screen, screens.PolicyScreen):
            self.push_screen(screens.PolicyScreen())

    def action_show_json(self) -> None:
        """Show everything that is known of what the cursor is on, as JSON."""
        screen = self.screen
        if not isinstance(screen, screens.BaseScreen) or isinstance(screen, screens.JsonScreen):
            return
        if (found := screen.selected) is None:
            self._say("the cursor is on nothing here that could be shown as JSON")
        else:
            self.push_screen(screens.JsonScreen(*found))

    def action_errors(self) -> None:
        """Show what failed, when, and when it is tried again."""
        if isinstance(self.screen, screens.BaseScreen) and not isinstance(self.screen, screens.ErrorsScreen):
            self.push_screen(screens.ErrorsScreen())
