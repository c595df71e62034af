"""The form that stands between a preview and the one request of any change but a rollback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from octomil_tui.ui.quiet import Quiet
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.widgets.form import Decision, Field, PanelLines, Tick


@dataclass(frozen=True, slots=True)
class Wish:
    """A field beside reason and name."""

    id: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in where a change is confirmed."""

    reason: str
    without_record: bool
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in the other fields, by their ids."""


class ChangeForm(Vertical):
    """Asks for what is to be set, the reason and the name; until all is there, Enter means Cancel.

    Args:
        clock: This machine's monotonic clock.
        go: What the button that sends says.
        wishes: Fields beside reason and name.
        has_reason: Whether a reason can be given, and has to be.
    """

    BINDINGS = [Binding("enter", "decide", "Decide", show=False)]

    class Confirmed(Message):
        """Everything was typed, and Enter pressed; posted once."""

        def __init__(self, filled: Filled) -> None:
            super().__init__()
            self.filled = filled

    class Cancelled(Message):
        """Enter before the name was typed, or Cancel."""

    class Changed(Message):
        """What is filled in is different."""

    def __init__(
        self, clock: Callable[[], float], go: str, wishes: Sequence[Wish] = (), *, has_reason: bool = True
    ) -> None:
        super().__init__(id="change-form")
        self._clock = clock
        self._go = go
        self._wishes = tuple(wishes)
        self._has_reason = has_reason
        self._accepts: Callable[[str], bool] = lambda _: False
        self._blocked = "it is being read"
        self._quiet = Quiet(clock())
        self._confirmed = False
        self._unrecorded = False

    def compose(self) -> ComposeResult:
        yield PanelLines(id="change-head")
        for wish in self._wishes:
            yield from self._field(wish.label, Field(id=wish.id, placeholder=wish.hint))
        if self._has_reason:
            yield from self._field(
                "Why?", Field(id="reason", placeholder="what you saw, and the incident's number")
            )
        yield from self._field("Type the name:", Field(id="word"), label_id="word-label")
        yield PanelLines(id="unrecorded-why")
        yield Tick("send it all the same, without a record on this machine", id="unrecorded", ticked=False)
        yield PanelLines([()])
        yield Decision(id="decision", go=self._go)

    @staticmethod
    def _field(label: str, found: Input, *, label_id: str | None = None) -> Iterable[Widget]:
        found.cursor_blink = False
        found.select_on_focus = False
        label_lines = PanelLines([line((label, Token.TEXT))], id=label_id, classes="-label")
        yield Horizontal(label_lines, found, classes="-field")

    def ask(
        self,
        head: Sequence[Line],
        what: str,
        accepts: Callable[[str], bool],
        *,
        blocked: str,
        unrecorded: str,
    ) -> None:
        """Show what is asked for.

        Args:
            head: What is about to be done.
            what: What the word is that has to be typed, such as `model name`.
            accepts: Says whether what was typed is that word.
            blocked: Why nothing can be sent whatever is typed; empty where it can.
            unrecorded: Why nothing can be written down on this machine; empty where it can.
        """
        self._accepts, self._blocked, self._unrecorded = accepts, blocked, bool(unrecorded)
        self.query_one("#change-head", PanelLines).set_lines([*head, ()])
        self.query_one("#word-label", PanelLines).set_lines([line((f"Type the {what}:", Token.TEXT))])
        tick, told = self.query_one("#unrecorded", Tick), self.query_one("#unrecorded-why", PanelLines)
        tick.display = told.display = bool(unrecorded)
        text = line((f"No record of this on this machine: {unrecorded}.", Token.NEEDS))
        told.set_lines(wrap([text], max(20, self.size.width - 4)) if unrecorded else [])
        self._locked()

    def fill(self, values: Mapping[str, str]) -> None:
        """Put texts into the fields that are named."""
        for key, text in values.items():
            self.query_one(f"#{key}", Input).value = text

    def open(self) -> None:
        """Begin to listen, with the first field: keys that were pressed for what was here before do not count."""
        self._quiet = Quiet(self._clock())
        self._confirmed = False
        self.query(Input).first().focus()

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields beside reason and name."""
        return {wish.id: self.query_one(f"#{wish.id}", Input).value for wish in self._wishes}

    @property
    def missing(self) -> str:
        """Why Enter still means Cancel, in a few words; empty when it sends."""
        if self._blocked:
            return self._blocked
        if not self._accepts(self.query_one("#word", Input).value):
            return "name not typed"
        if self._has_reason and not self._reason():
            return "reason not given"
        is_open = self._unrecorded and not self.query_one("#unrecorded", Tick).ticked
        return "record not acknowledged" if is_open else ""

    def _reason(self) -> str:
        return self.query_one("#reason", Input).value.strip() if self._has_reason else ""

    def action_decide(self) -> None:
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
        self.post_message(self.Confirmed(Filled(self._reason(), self._unrecorded, self.values)))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_decide()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._quiet = self._quiet.hear(self._clock(), is_enter=False)
        self._changed()

    @on(Tick.Ticked)
    def _changed(self) -> None:
        self._locked()
        self.post_message(self.Changed())

    def _locked(self) -> None:
        self.query_one("#decision", Decision).set_locked(self.missing)

    @on(Decision.Cancelled)
    def _clicked_cancel(self) -> None:
        self.post_message(self.Cancelled())
