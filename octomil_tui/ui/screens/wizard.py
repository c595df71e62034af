"""The rollback wizard: the preview, then the confirmation; side by side where there is room (C-80, C-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.widget import Widget

from octomil_tui.domain.beginning import may_be_sent_again
from octomil_tui.domain.check import stops
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean
from octomil_tui.engine.freshness import why_not_now
from octomil_tui.engine.preflight import Preflight
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import about
from octomil_tui.ui.present import plan as present
from octomil_tui.ui.present.unclear import again_line
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.confirm import ConfirmForm
from octomil_tui.ui.screens.evidence import Evidence
from octomil_tui.ui.screens.plan import PlanScreen
from octomil_tui.ui.screens.second_look import SecondLook, same_again
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.still_true import FROZEN, blocked, moved, still_true
from octomil_tui.ui.widgets.edges import LEAST_FORM, Key, KeyBar
from octomil_tui.ui.widgets.table import Table

SIDE_BY_SIDE = 140
"""Columns from which preview and confirmation stand beside each other."""


class WizardScreen(PlanScreen):
    """What a rollback would do, and the one place from which it can be sent."""

    BINDINGS = bindings("go_on", "choose_scope", "choose_version")
    AUTO_FOCUS = "#radius"
    LEAST = LEAST_FORM
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (SIDE_BY_SIDE, "-wide")]

    def __init__(
        self, model_id: str, *, to_version: str | None, group_id: str | None, way: Way = Way.ROLLBACK
    ) -> None:
        super().__init__(model_id, to_version=to_version, group_id=group_id, way=way)
        self._confirming = False
        self._second = SecondLook()

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            Evidence(id="evidence"),
            Vertical(ConfirmForm(lambda: self.console.mono, id="form"), id="confirm"),
            id="wizard",
        )

    @property
    def about(self) -> Sequence[str]:
        return about.CONFIRMATION if self._confirming else about.PREVIEW

    @property
    def is_deciding(self) -> bool:
        return self._confirming

    @property
    def crumbs(self) -> str:
        model = self.console.known.snapshot.model(self._model_id)
        name = clean(model.name if model is not None else self._model_id)
        return f"ROLL BACK {name}  {2 if self._confirming else 1}/2"

    def sentence(self, view: View) -> Sequence[Line]:
        if self._shown is None:
            return [self._sentence_now]
        lines = present.plan_lines(self._shown.plan, self.size.width, view.glyphs)
        if self.has_class("-small"):
            return [*present.elsewhere_lines(self._shown.plan), *lines]
        if self._confirming and self.has_class("-low") and not self._notice:
            # The form says it again, and needs the row.
            return lines[:1]
        if self._notice:
            return [*wrap([self._notice], self.size.width - 2), *lines]
        if self._shown.plan.changes_nothing:
            return [present.NOTHING_TO_DO, *lines]
        return lines

    def fill(self, view: View) -> None:
        self.set_class(self._confirming, "-confirming")
        shown = self._shown
        self.query_one("#wizard").display = shown is not None
        if shown is None:
            return
        evidence, health = self.query_one("#evidence", Evidence), view.signals.of(self._model_id)
        evidence.tell(shown, self._age(view), view.state, view.now, health=health, wide=view.wide)
        self._fill_form(view, shown)

    def _fill_form(self, view: View, shown: Preflight) -> None:
        form = self.query_one("#form", ConfirmForm)
        changes = moved(view.state, shown.plan, self._read_mono)
        age, read = self._age(view), as_text.age(view.fresh.age)
        fresh = f"no longer true: {changes[0]}" if changes else still_true(shown.plan, age, read)
        form.ask(
            shown.plan,
            blocked=self._blocked(view, shown),
            fresh=fresh,
            place_word=self.console.place_info.words,
            unusual=again_line(self._lost(view, shown), self._way, shown.plan.to_version),
            unrecorded=self._unrecorded,
        )

    def _lost(self, view: View, shown: Preflight) -> Rollback | None:
        """Return the rollback that this would be the second try of."""
        before = view.state.rollbacks.get(self._model_id)
        return before if before is not None and may_be_sent_again(before, shown.plan, self._way) else None

    def _age(self, view: View) -> str:
        made = self._shown.server_at if self._shown is not None else None
        return as_text.age(view.now - made) if view.now is not None and made is not None else ""

    def _blocked(self, view: View, shown: Preflight) -> str:
        if self.console.frozen_mono is not None:
            return FROZEN
        changes = moved(view.state, shown.plan, self._read_mono)
        why_not = why_not_now(view.state, self.console.mono, model_id=self._model_id, topics=self.topics())
        return blocked(shown, why_not, changes, read_only=self.console.place_info.read_only)

    def keys(self, view: View) -> Sequence[Key]:
        form = self.query_one("#form", ConfirmForm)
        if self._confirming:
            missing = form.missing
            enter = key("go_on", f"Cancel ({missing})" if missing else "ROLL BACK")
            return (key("back", "preview"), key("focus_next", "next field"), enter, HELP)
        able = self._shown is not None and not stops(self._shown.checks)
        return (
            key("go_on", "next", enabled=able),
            key("choose_scope"),
            key("choose_version"),
            key("back", "cancel"),
            key("refresh_now", "read again"),
            HELP,
        )

    @on(DescendantFocus)
    def _focus_moved(self, event: DescendantFocus) -> None:
        # Side by side, tab and the mouse lead into the form and out of it: what Enter means follows the focus.
        form = self.query_one("#form", ConfirmForm)
        # The events of two widgets may come in the other order; the focus itself cannot be late.
        is_inside = form in (self.focused or event.widget).ancestors
        if is_inside and not self._confirming:
            form.listen()
        if is_inside or self.has_class("-wide"):
            self._confirming = is_inside

    @on(ConfirmForm.Changed)
    def _form_changed(self) -> None:
        if self.is_ready and self.is_current:
            self.query_one(KeyBar).set_keys(self.keys(self.view()))
            complete = self._confirming and not self.query_one("#form", ConfirmForm).missing
            if self._shown is not None and self._second.is_due(self._shown, is_complete=complete):
                self.run_worker(self._look_again(self._shown), group="preflight", exclusive=True)

    @on(ConfirmForm.Cancelled)
    def _form_cancelled(self) -> None:
        self._leave_form()

    @on(ConfirmForm.Confirmed)
    def _form_confirmed(self, event: ConfirmForm.Confirmed) -> None:
        if self._shown is None:
            return
        if why := self._blocked(self.view(), self._shown):
            # The form was filled in before time went by; what it was told then may be old.
            self.fail(why)
        else:
            self.console.send(self._shown, event.answers, self._way)

    @on(Table.Opened, "#radius")
    def _opened(self) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        """Go to the confirmation."""
        if self._shown is None or self._confirming or stops(self._shown.checks):
            return
        self._confirming = True
        self.set_class(True, "-confirming")  # noqa: FBT003 - Textual's signature
        self.query_one("#form", ConfirmForm).open()
        self.show()

    def go_back(self) -> bool:
        """Leave the confirmation for the preview; False when already there."""
        if not self._confirming:
            return False
        self._leave_form()
        return True

    def _leave_form(self) -> None:
        self._confirming = False
        self.query_one("#radius", Table).focus()
        self.show()

    def refuse(self, now: Preflight, changes: Sequence[str]) -> None:
        """Show the plan as it is now, and what changed; nothing was sent."""
        self._shown, self._read_mono = now, self.console.mono
        self._return(f"!! The fleet moved, nothing was sent: {changes[0]}.")

    def fail(self, sentence: str) -> None:
        """Say why it could not be sent; what was typed stays."""
        self._return(f"!! Nothing was sent: {sentence}.")

    def _return(self, sentence: str) -> None:
        """Go back to the preview and say why."""
        self._notice = line((sentence, Token.NEEDS))
        if self.is_ready:
            self._leave_form()

    async def _look_again(self, shown: Preflight) -> None:
        began, found = self.console.mono, await same_again(self.console.read_plan, shown)
        is_still_asked = self._shown is shown and not self.query_one("#form", ConfirmForm).is_confirmed
        if found is not None and is_still_asked:
            self._take(found, began)
