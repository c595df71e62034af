"""The policy: each rule with its value against its limit, what crossed one, and a form to change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from octomil_tui.domain.action_outcome import Result
from octomil_tui.domain.policy import RULES, Policy, PolicyChange, differences
from octomil_tui.domain.policy_input import AUTO, InputError, change_of, typed
from octomil_tui.domain.text import clean
from octomil_tui.engine.freshness import PRIMARY
from octomil_tui.engine.policy_setting import PolicySet
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import INCIDENTS, POLICY, checks_of
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import policy as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.change_form import ChangeForm, Wish
from octomil_tui.ui.screens.item import Selected
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.still_true import FROZEN
from octomil_tui.ui.widgets.edges import LEAST_CHANGE, Key
from octomil_tui.ui.widgets.pane import Pane

_WORD = "policy"
"""What is typed where the service does not name the organisation."""
_HINTS = ("such as 5%", "above the usual, such as 1%", "such as 250ms, or none")
_MOST = 4
"""Running rollouts whose rules are read."""


class PolicyScreen(BaseScreen):
    """What is set, how it stands, and what it did."""

    LEAST = LEAST_CHANGE
    BINDINGS = bindings("actions", "go_on")
    AUTO_FOCUS = "#rules"
    TOPICS = PRIMARY

    def __init__(self) -> None:
        super().__init__()
        self._shown: Policy | None = None
        """The policy that the form was opened with; None while it is closed."""
        self._unrecorded = ""
        self._is_sending = False
        self._said = ""

    def panes(self) -> Iterable[Widget]:
        yield Pane("RULES", id="rules", can_focus=True)
        yield Pane("LIMITS THAT WERE CROSSED", id="crossed", can_focus=True)
        wishes = [Wish(AUTO, "Auto-rollback:", "on or off")]
        wishes += [
            Wish(rule.setting, f"{rule.words.capitalize()}:", hint)
            for rule, hint in zip(RULES, _HINTS, strict=True)
        ]
        yield ChangeForm(lambda: self.console.mono, "Set it", wishes, has_reason=False)

    @property
    def about(self) -> Sequence[str]:
        if self._shown is None:
            return ("The rules by which the service rolls back by itself, and what crossed one.",)
        return ("The values to set, and the word that confirms them. Until it is right, Enter is Cancel.",)

    @property
    def is_deciding(self) -> bool:
        return self._shown is not None

    @property
    def crumbs(self) -> str:
        return "Policy"

    @property
    def focus_on(self) -> Focus:
        known = self.console.known
        running = present.running_of(known.active or (), {})
        checks = tuple(checks_of(rollout.id) for rollout, _ in running[:_MOST])
        return Focus(known.focus.model_id, topics=(POLICY, INCIDENTS, *checks))

    def sentence(self, view: View) -> Sequence[Line]:
        if self._said:
            return wrap([line((f"!! {self._said}.", Token.NEEDS))], self.size.width - 2)
        if view.state.policy is None and (why := self.aside(view, POLICY)):
            return [why]
        told = present.policy_sentence(view.state.policy, view.state.incidents or ())
        return wrap([told], self.size.width - 2)

    def fill(self, view: View) -> None:
        # What runs may be another rollout by now.
        self.console.look_at(self.focus_on)
        state = view.state
        rules, crossed, form = (
            self.query_one("#rules", Pane),
            self.query_one("#crossed", Pane),
            self.query_one(ChangeForm),
        )
        rules.set_title("RULES", self.aside(view, POLICY))
        if state.policy is not None:
            running = present.running_of(state.active or (), state.checks)[:_MOST]
            most = self._room_for_rules(view)
            rules.set_lines(present.rule_lines(state.policy, running, state.snapshot, most=most))
        crossed.set_title("LIMITS THAT WERE CROSSED", self.aside(view, INCIDENTS))
        told = present.incident_lines(state.incidents or (), view.now, crossed.room)
        crossed.set_lines(told or [muted("none that this service tells of")])
        form.display = self._shown is not None
        # On a narrow screen the form needs all of it.
        rules.display = self._shown is None or view.wide
        crossed.display = self._shown is None or view.wide
        if self._shown is not None:
            self._fill_form(view, form, self._shown)

    def _room_for_rules(self, view: View) -> int:
        """Return how many rows of rules leave room for the newest limit that was crossed."""
        if view.wide:
            return self.size.height // 2
        # The place, the sentence, both titles, the keys, and three lines of what was crossed.
        return self.size.height - len(self._sentence(view)) - 7

    def _fill_form(self, view: View, form: ChangeForm, shown: Policy) -> None:
        change = self._change(shown)
        if isinstance(change, PolicyChange):
            found = present.change_lines(differences(shown, change.applied(shown)))
            head = found or [muted("Nothing is different yet.")]
            blocked = "" if found else "nothing to set"
        else:
            head, blocked = [line((f"{change}.", Token.NEEDS))], "see above"
        if view.state.policy is not None and view.state.policy != shown:
            head, blocked = [line(("The policy was changed meanwhile: esc.", Token.NEEDS))], "it moved: esc"
        if self.console.place_info.read_only:
            blocked = "console is read-only"
        elif self.console.frozen_mono is not None:
            blocked = FROZEN
        elif self._is_sending:
            blocked = "being sent"
        elif not view.fresh.is_live:
            blocked = "not live"
        word = self._word(shown)
        form.ask(
            [
                line(
                    ("Set the policy of ", Token.TEXT),
                    (clean(shown.org_id or "the organisation"), Token.STRONG),
                ),
                *head,
            ],
            f"word {_WORD}" if word == _WORD else "org's id",
            lambda text: text.strip() == word.strip(),
            blocked=blocked,
            unrecorded=self._unrecorded,
        )

    @staticmethod
    def _word(policy: Policy) -> str:
        return policy.org_id or _WORD

    def _change(self, shown: Policy) -> PolicyChange | str:
        """Return what the fields ask for, or why they mean nothing."""
        values = self.query_one(ChangeForm).values
        # A limit that this service does not keep, and nobody typed, stays out of it.
        asked = {name: text for name, text in values.items() if name in typed(shown) or text.strip()}
        try:
            return change_of(shown, asked)
        except InputError as error:
            return str(error)

    def keys(self, view: View) -> Sequence[Key]:
        if self._shown is None:
            return (
                key("actions", "change it", enabled=view.state.policy is not None),
                key("focus_next"),
                key("refresh_now"),
                key("back"),
                HELP,
            )
        missing = self.query_one(ChangeForm).missing
        return (
            key("back", "cancel"),
            key("focus_next", "next field"),
            key("go_on", f"Cancel ({missing})" if missing else "SET IT"),
            HELP,
        )

    @property
    def selected(self) -> Selected:
        policy = self.console.known.policy
        return ("the policy", policy) if policy is not None else None

    def action_actions(self) -> None:
        """Open the form, with what is set now."""
        policy = self.console.known.policy
        if policy is not None and self._shown is None and not self.console.refuses_now():
            self._said = ""
            self._shown = policy
            self.query_one(ChangeForm).fill(typed(policy))
            self.show()
            self.query_one(ChangeForm).open()
            self.run_worker(self._ask_for_record(), name="record", group="record", exclusive=True)

    async def _ask_for_record(self) -> None:
        self._unrecorded = await self.console.change_trouble()
        self.show()

    def go_back(self) -> bool:
        """Close the form; False where it is closed."""
        was_open = self._shown is not None
        self._close()
        return was_open

    def _close(self) -> None:
        self._shown = None
        self.query_one(ChangeForm).fill({"word": ""})
        self.query_one("#rules").focus()
        self.show()

    def action_go_on(self) -> None:
        """Enter outside the fields."""
        if self._shown is not None:
            self.query_one(ChangeForm).action_decide()

    @on(ChangeForm.Changed)
    def _changed(self) -> None:
        self.show()

    @on(ChangeForm.Cancelled)
    def _cancelled(self) -> None:
        self._close()

    @on(ChangeForm.Confirmed)
    def _confirmed(self, event: ChangeForm.Confirmed) -> None:
        shown = self._shown
        change = self._change(shown) if shown is not None else ""
        if shown is not None and isinstance(change, PolicyChange) and not self._is_sending:
            self._is_sending = True
            self.console.set_policy(self, shown, change, event.filled)
            self.show()

    def end(self, done: PolicySet) -> None:
        """Show how the change ended, and what of it was not kept."""
        self._is_sending = False
        if done.not_kept:
            self._said = f"not everything was kept: {'; '.join(done.not_kept)}"
        elif done.outcome.result is not Result.DONE:
            self._said = done.outcome.sentence
        self._close()
