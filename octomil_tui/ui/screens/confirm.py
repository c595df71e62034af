"""The form that stands between a plan and its one request (C-80b, the right half of C-160)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from octomil_tui.domain.confirmation import REASONS, Confirmation, confirmation, leaves
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui.present.plan import command
from octomil_tui.ui.present.words import arrow, muted
from octomil_tui.ui.quiet import Quiet
from octomil_tui.ui.screens.console import Answers
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.theme import look_of
from octomil_tui.ui.widgets.form import Asked, Choice, Decision, Field, PanelLines, Tick

_WORDLESS = Confirmation("", "model", None)


class ConfirmForm(Vertical):
    """Asks for the reason and the name; until both are there, Enter means Cancel."""

    BINDINGS = [Binding("enter", "decide", "Decide", show=False)]

    class Confirmed(Message):
        """Everything was typed, and Enter pressed; posted once."""

        def __init__(self, answers: Answers) -> None:
            super().__init__()
            self.answers = answers

    class Cancelled(Message):
        """Enter before the name was typed, or Cancel."""

    class Changed(Message):
        """Whether Enter would send has to be looked at again."""

    def __init__(self, clock: Callable[[], float], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._asked = _WORDLESS
        self._blocked = "the plan is being read"
        self._quiet = Quiet(clock())
        self._confirmed = False
        self._unrecorded = False

    def compose(self) -> ComposeResult:
        # What decides stays in sight, however little of the rest does.
        with Asked(self.decide, self._typed):
            yield from self._parts()
        yield Decision(id="decision")
        yield PanelLines(id="same")

    def _parts(self) -> Iterable[Widget]:
        yield PanelLines(id="confirm-head")
        yield from self._field(
            "Why?", Field(id="reason", placeholder="what you saw, and the incident's number")
        )
        yield Horizontal(
            PanelLines([()], id="category-label", classes="-label"),
            Choice(REASONS, id="category"),
            classes="-field",
        )
        yield PanelLines([()], classes="-blank")
        yield from self._field("Type the name:", Field(id="word"), label_id="word-label")
        yield from self._field(
            "And the version:", Field(id="version"), label_id="version-label", field_id="version-field"
        )
        yield PanelLines([()], classes="-blank")
        # Not ticked: it is a second change, of the registry, and others will meet it.
        yield Tick("", id="hold", ticked=False)
        yield Tick("stay and watch until every device says so", id="stay")
        yield Tick("ring the bell when it is done, or in trouble", id="ring")
        yield PanelLines(id="unrecorded-why")
        yield Tick("send it all the same, without a record on this machine", id="unrecorded", ticked=False)
        yield PanelLines([()], classes="-blank")

    @staticmethod
    def _field(
        label: str, field: Input, *, label_id: str | None = None, field_id: str | None = None
    ) -> Iterable[Widget]:
        field.cursor_blink = False
        field.select_on_focus = False
        yield Horizontal(
            PanelLines([line((label, Token.TEXT))], id=label_id, classes="-label"),
            field,
            id=field_id,
            classes="-field",
        )

    def ask(
        self,
        plan: Plan,
        *,
        blocked: str,
        fresh: str,
        place_word: str,
        unusual: Line = (),
        unrecorded: str = "",
    ) -> None:
        """Show what is asked for this plan.

        Args:
            plan: What would be sent.
            blocked: Why nothing can be sent whatever is typed; empty when it can.
            fresh: A clause on how true the plan still is.
            place_word: `IN PRODUCTION`, or what this place is called.
            unusual: What is unusual about what would be sent, a line; empty where nothing is.
            unrecorded: Why nothing can be written down on this machine, which has to be acknowledged; empty where it can.
        """
        self._show_unrecorded(unrecorded)
        self._show_hold(plan)
        self._asked = confirmation(plan)
        self._blocked = blocked
        head = self._head(plan, fresh, place_word, unusual)
        if self.screen.has_class("-short"):
            head = [one for one in head if one]
        self.query_one("#confirm-head", PanelLines).set_lines(wrap(head, self._room))
        what = f"Type the {self._asked.what} name:"
        self.query_one("#word-label", PanelLines).set_lines([line(what)])
        self.query_one("#version-field").display = self._asked.version is not None
        same = [muted("the same without this screen:"), *(line((one, Token.LIGHT)) for one in command(plan))]
        self.query_one("#same", PanelLines).set_lines([(), (), *same])
        self._changed()

    def _show_hold(self, plan: Plan) -> None:
        tick, left = self.query_one("#hold", Tick), leaves(plan)
        tick.display = left is not None
        if left is not None:
            tick.say(f"hold {version_label(left)} afterwards, so that no rollout brings it back")

    @property
    def _room(self) -> int:
        """Cells of a line."""
        width = self.query_one("#confirm-head").size.width
        return width or max(20, self.screen.size.width - 8)

    def _show_unrecorded(self, why: str) -> None:
        tick, told = self.query_one("#unrecorded", Tick), self.query_one("#unrecorded-why", PanelLines)
        tick.display = told.display = bool(why)
        self._unrecorded = bool(why)
        text = line((f"No journal and no audit record of this rollback: {why}.", Token.NEEDS))
        told.set_lines([(), *wrap([text], self._room)] if why else [])

    def _head(self, plan: Plan, fresh: str, place_word: str, unusual: Line) -> list[Line]:
        glyphs = look_of(self.app).glyphs
        change = plan.total.count(PlanClass.CHANGE)
        where = "whole fleet" if plan.scope.is_fleet else f"group {clean(plan.scope.group_name)} only"
        up = plan.total.count(PlanClass.UP)
        also = f", {up:,} move up" if up else ""
        also += f", {plan.uncounted:,} NOT COUNTED" if plan.uncounted else ""
        head = [
            line((f"Roll back {clean(plan.model.name)}", Token.STRONG), "   ", (place_word, Token.RED)),
            (),
            line(
                arrow(plan.from_version, plan.to_version, glyphs),
                "     ",
                (f"{change:,} devices change", Token.STRONG),
                f"{also}, {where}",
            ),
            line(
                (f"plan {plan.name}  ", Token.MUTED),
                (fresh, Token.FINE if not self._blocked else Token.NEEDS),
            ),
        ]
        if self._asked.version is not None:
            head.append(
                line(
                    (
                        f"{version_label(plan.to_version)} {plan.verdict.word}: {plan.verdict.reason}.",
                        Token.NEEDS,
                    )
                )
            )
        return [*head, *([unusual] if unusual else []), ()]

    def open(self) -> None:
        """Begin to listen, with the first field."""
        self.listen()
        self.query_one("#reason", Input).focus()

    def listen(self) -> None:
        """Begin to listen: keys that were pressed for what was here before do not count."""
        self._quiet = Quiet(self._clock())
        self._confirmed = False

    @property
    def missing(self) -> str:
        """Why Enter still means Cancel, in two or three words; empty when it sends."""
        if self._blocked:
            return self._blocked
        word, version = self.query_one("#word", Input).value, self.query_one("#version", Input).value
        if not self._asked.accepts(word, self._asked.version):
            return "name not typed"
        if not self._asked.accepts(word, version):
            return "version not typed"
        if not self._reason():
            return "reason not given"
        is_open = self._unrecorded and not self.query_one("#unrecorded", Tick).ticked
        return "record not acknowledged" if is_open else ""

    @property
    def is_confirmed(self) -> bool:
        """Whether Enter sent what is filled in."""
        return self._confirmed

    def _reason(self) -> str:
        text = self.query_one("#reason", Input).value.strip()
        category = self.query_one("#category", Choice).word
        if category == "other":
            return text
        return ": ".join(part for part in (category, text) if part)

    def decide(self) -> None:
        """Do what Enter means now; an Enter that came too early means nothing."""
        now = self._clock()
        is_pasted = self._quiet.is_burst(now)
        self._quiet = self._quiet.hear(now, is_enter=True)
        if self._confirmed or is_pasted or not self._quiet.is_over:
            return
        if self.missing:
            self.post_message(self.Cancelled())
            return
        # Taken before anything is awaited: a second Enter finds it taken.
        self._confirmed = True
        stay, ring = self.query_one("#stay", Tick).ticked, self.query_one("#ring", Tick).ticked
        hold = self.query_one("#hold", Tick)
        answers = Answers(self._reason(), stay, ring, self._unrecorded, hold=hold.display and hold.ticked)
        self.post_message(self.Confirmed(answers))

    def action_decide(self) -> None:
        """Enter on a part of the form that is no field."""
        self.decide()

    def _typed(self) -> None:
        self._quiet = self._quiet.hear(self._clock(), is_enter=False)
        self._changed()

    @on(Choice.Chosen)
    @on(Tick.Ticked)
    def _changed(self) -> None:
        self.query_one("#decision", Decision).set_locked(self.missing)
        self.post_message(self.Changed())

    @on(Decision.Cancelled)
    def _clicked_cancel(self) -> None:
        self.post_message(self.Cancelled())
