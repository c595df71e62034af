"""One action on a rollout or a version: what it does, and the form that confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.action import ActionKind, Preview
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.action_preview import of_rollout
from octomil_tui.domain.text import clean
from octomil_tui.engine.acting import Errand
from octomil_tui.engine.freshness import PRIMARY, why_not_now
from octomil_tui.engine.preflight import UnknownNameError
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import Topic, history_of
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import action as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.change_form import ChangeForm, Wish
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.still_true import FROZEN
from octomil_tui.ui.widgets.edges import LEAST_CHANGE, Key
from octomil_tui.ui.widgets.pane import Pane

_PERCENT = Wish("percent", "Percent, 0 to 100:", "such as 20")


class ActionScreen(BaseScreen):
    """What one action would change, by group, and what has to be typed for it."""

    BINDINGS = bindings("go_on")
    AUTO_FOCUS = ""
    TOPICS = PRIMARY

    def __init__(self, errand: Errand) -> None:
        super().__init__()
        self._errand = errand
        self._shown: Preview | None = None
        self._failure = ""
        self._unrecorded = ""
        self._is_sending = False
        self._outcome: Outcome | None = None

    LEAST = LEAST_CHANGE

    def panes(self) -> Iterable[Widget]:
        yield Pane("WHAT IT DOES", id="effect")
        yield Horizontal(
            Pane("ITS DEVICES", id="parts"),
            Pane("STATUS HISTORY", id="history", classes="-aside"),
            id="lower",
        )
        wishes = (_PERCENT,) if self._errand.kind is ActionKind.SET else ()
        yield ChangeForm(lambda: self.console.mono, self._errand.kind.value.capitalize(), wishes)

    def on_mount(self) -> None:
        self.run_worker(self._read(), name="prepare", group="prepare", exclusive=True)

    async def _read(self) -> None:
        console = self.console
        try:
            # An action that needs a percentage is shown with the one it is at until another one is typed.
            self._shown = await console.prepare_action(self._errand)
            self._unrecorded = await console.change_trouble()
        except (OctomilError, UnknownNameError) as error:
            self._failure = error.message if isinstance(error, OctomilError) else str(error)
        if self._shown is not None and self.is_ready:
            self.query_one(ChangeForm).open()
        self.show()

    @property
    def about(self) -> Sequence[str]:
        return (
            "What this would change, and the form that confirms it: say why, then type the name.",
            "Until it is right, Enter is Cancel. It is read again before anything is sent, once.",
        )

    @property
    def is_deciding(self) -> bool:
        return self._shown is not None

    @property
    def crumbs(self) -> str:
        what = clean(self._errand.version or self._errand.rollout or "")
        return f"{self._errand.kind.upper()} {what}".strip()

    @property
    def _history(self) -> Topic | None:
        rollout = self._errand.rollout
        return history_of(self._errand.model, rollout) if rollout is not None else None

    @property
    def focus_on(self) -> Focus:
        topics = (self._history,) if self._history is not None else ()
        return Focus(model_id=self._errand.model, topics=topics)

    def _preview(self, view: View) -> Preview | None:
        """Return what is shown, with the percentage that is typed now."""
        shown = self._shown
        if shown is None or shown.action.kind is not ActionKind.SET or shown.action.rollout is None:
            return shown
        share = _share(self.query_one(ChangeForm).values["percent"])
        return of_rollout(ActionKind.SET, view.state.snapshot, shown.model, shown.action.rollout, share)

    def sentence(self, view: View) -> Sequence[Line]:
        if self._failure:
            return wrap([line((f"!! {self._failure}.", Token.NEEDS))], self.size.width - 2)
        shown = self._preview(view)
        if shown is None:
            return [muted("   Reading how it stands now …")]
        if self._outcome is not None:
            return wrap([line((f"!! {self._outcome.sentence}.", Token.NEEDS))], self.size.width - 2)
        asked = "Nothing is sent before you confirm it by name."
        return [line("   ", (f"{clean(shown.model.name)}: ", Token.STRONG), (asked, Token.MUTED))]

    def fill(self, view: View) -> None:
        shown = self._preview(view)
        form, effect, parts = (
            self.query_one(ChangeForm),
            self.query_one("#effect", Pane),
            self.query_one("#parts", Pane),
        )
        for pane in (effect, parts, form):
            pane.display = shown is not None
        history = self.query_one("#history", Pane)
        changes = view.state.histories.get((self._errand.model, self._errand.rollout or ""), ())
        history.set_lines(
            wrap(present.history_lines(changes, view.now), history.room) or [muted("not read yet")]
        )
        if self._history is not None:
            history.set_title("STATUS HISTORY", self.aside(view, self._history))
        else:
            history.display = False
        if shown is None:
            return
        same = [present.command_line(shown)] if view.wide else []
        effect.set_lines(wrap([*present.effect_lines(shown), *same], effect.room))
        parts.display = shown.action.rollout is not None
        parts.set_lines(present.group_lines(shown))
        form.ask(
            present.head_lines(shown, self.console.place_info.words),
            f"{shown.what} name",
            shown.accepts,
            blocked=self._blocked(view, shown),
            unrecorded=self._unrecorded,
        )

    def _blocked(self, view: View, shown: Preview) -> str:
        if self.console.place_info.read_only:
            return "console is read-only"
        if self.console.frozen_mono is not None:
            return FROZEN
        if self._is_sending:
            return "being sent"
        if self._outcome is not None:
            return "see above: esc"
        if shown.refusal:
            return "it cannot be done"
        return why_not_now(view.state, self.console.mono, model_id=self._errand.model, topics=self.topics())

    def keys(self, view: View) -> Sequence[Key]:
        missing = self.query_one(ChangeForm).missing if self._shown is not None else "reading"
        go = f"Cancel ({missing})" if missing else self._errand.kind.upper()
        return (key("back", "cancel"), key("focus_next", "next field"), key("go_on", go), HELP)

    def action_go_on(self) -> None:
        """Enter outside the fields."""
        if self._shown is not None:
            self.query_one(ChangeForm).action_decide()

    @on(ChangeForm.Changed)
    def _changed(self) -> None:
        self.show()

    @on(ChangeForm.Cancelled)
    def _cancelled(self) -> None:
        self.console.leave_screen(self)

    @on(ChangeForm.Confirmed)
    def _confirmed(self, event: ChangeForm.Confirmed) -> None:
        shown = self._preview(self.view())
        if shown is not None and not self._is_sending:
            self._is_sending = True
            self.console.act(self, shown, event.filled)
            self.show()

    def end(self, outcome: Outcome) -> None:
        """Show how it ended; one that was done leaves the screen."""
        self._is_sending = False
        if outcome.result is Result.DONE:
            self.console.leave_screen(self)
            return
        self._outcome = outcome
        self.show()


def _share(text: str) -> float | None:
    """Return a percentage that was typed as a share, 0..1; None where it is none."""
    bare = text.strip().removesuffix("%").strip()
    if not bare or len(bare) > 8 or not bare.isascii():  # noqa: PLR2004 - 100.0000
        return None
    try:
        value = float(bare)
    except ValueError:
        return None
    return value / 100 if 0 <= value <= 100 else None  # noqa: PLR2004 - percent
