"""What screens ask of the app, so that they need not know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from octomil_tui.domain.choice import Act
from octomil_tui.domain.order import Way
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.state import ConsoleState, Focus
from octomil_tui.ui.place import PlaceInfo

if TYPE_CHECKING:
    from textual.screen import Screen

    from octomil_tui.domain.action import Preview
    from octomil_tui.domain.action_outcome import Outcome
    from octomil_tui.domain.policy import Policy, PolicyChange
    from octomil_tui.engine.acting import Errand
    from octomil_tui.engine.gate import Gate
    from octomil_tui.engine.page_reader import PageReader
    from octomil_tui.engine.policy_setting import PolicySet
    from octomil_tui.ui.bell import Ring
    from octomil_tui.ui.screens.change_form import Filled


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in where a rollback is confirmed."""

    reason: str
    stay: bool
    ring: bool
    without_record: bool = False
    """Whether it is sent although nothing can be written down on this machine."""
    hold: bool = False
    """Whether the version that is left is held once the service has taken the rollback."""


class ActionAsker(Protocol):
    """A screen on which an action is confirmed."""

    def end(self, outcome: Outcome) -> None:
        """Show how the action ended."""


class PolicyAsker(Protocol):
    """A screen on which the policy is changed."""

    def end(self, done: PolicySet) -> None:
        """Show how the change ended, and what of it was not kept."""


class Console(Protocol):
    """What screens ask of the app."""

    @property
    def known(self) -> ConsoleState:
        """What the console knows now."""

    @property
    def place_info(self) -> PlaceInfo:
        """Where the console is."""

    @property
    def mono(self) -> float:
        """Seconds of this machine by which ages are counted."""

    @property
    def frozen_mono(self) -> float | None:
        """When the picture was frozen, by `mono`; None while it follows what is known."""

    @property
    def wall(self) -> float | None:
        """This machine's own clock, epoch seconds; None where it is not compared with the service's."""

    @property
    def said(self) -> Sequence[str]:
        """What a calm console says under line 2, and another one in a message that pops up; safe to show."""

    @property
    def gate(self) -> Gate | None:
        """What counts the requests; None until the client is there."""

    @property
    def pages(self) -> PageReader | None:
        """What reads single pages of devices; None until the client is there, and where it reads none."""

    def refuses_now(self) -> bool:
        """Say, and return, whether what leads to a write is refused because the picture is frozen."""

    def look_at(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""

    def open_model(self, model_id: str) -> None:
        """Show a model."""

    def open_rollout(self, model_id: str, rollout_id: str) -> None:
        """Show a rollout with its status history."""

    def open_compare(self, model_id: str, left: str, right: str) -> None:
        """Show two versions of a model side by side."""

    def open_group(self, group_id: str, model_id: str | None) -> None:
        """Show a group."""

    def open_preview(
        self,
        model_id: str,
        *,
        to_version: str | None = None,
        group_id: str | None = None,
        way: Way = Way.ROLLBACK,
    ) -> None:
        """Show what a rollback would do."""

    def roll_back_group(self, group_id: str) -> None:
        """Preview a rollback of one group; asks which model where the group runs several."""

    def open_watch(self, model_id: str, rollout_id: str | None = None) -> None:
        """Watch the newest rollback of a model, or the one of this id."""

    def open_stragglers(self, model_id: str) -> None:
        """Show everything that a rollback waits for."""

    async def read_plan(self, model_id: str, to_version: str | None, group_id: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan; see `engine.preflight`."""

    def open_actions(
        self, model_id: str, *, rollout_id: str | None = None, version: str | None = None
    ) -> None:
        """Offer what can be done to what the cursor is on, and to the rollout of the model that runs."""

    async def prepare_action(self, errand: Errand) -> Preview:
        """Read what an action rests on, and return what it would do; see `engine.acting`."""

    async def change_trouble(self) -> str:
        """Return why a change could not be written down on this machine, a clause; empty where it can."""

    def act(self, screen: ActionAsker, shown: Preview, filled: Filled) -> None:
        """Do one thing to a rollout or a version, once."""

    def set_policy(self, screen: PolicyAsker, shown: Policy, change: PolicyChange, filled: Filled) -> None:
        """Change the policy, once, and read back what is stored."""

    def leave_screen(self, screen: Screen[None]) -> None:
        """Take a screen away, where it is in front."""

    async def record_trouble(self) -> str:
        """Return why a rollback could not be written down on this machine, a clause; empty where it can."""

    def record_place(self, model_id: str) -> str:
        """Return where the newest rollback of a model is written down, safe to show; empty where it is not."""

    def send(self, shown: Preflight, answers: Answers, way: Way) -> None:
        """Send a confirmed rollback, once."""

    def choose(self, model_id: str, act: Act) -> None:
        """Do what was chosen about the newest rollback of a model."""

    def ring_of(self, model_id: str) -> Ring:
        """Return what the terminal rings for, of a model's rollback."""

    def turn_bell(self, model_id: str) -> None:
        """Have the terminal ring for the next choice: done and trouble, trouble alone, nothing."""

    def open_help(self, term: str = "") -> None:
        """Show help for the screen in front, at a word where one is given."""

    def open_memo(self, model_id: str | None = None) -> None:
        """Ask for a memo, about a model or about nothing in particular, and keep it."""

    def report(self, model_id: str) -> None:
        """Say where the report of a rollback is, or write it now."""

    def report_place(self, model_id: str) -> str:
        """Return where the report of a rollback is that ended, or why there is none; safe to show, empty until then."""

    def dismiss(self, model_id: str) -> None:
        """Take note that somebody has seen how a rollback stands that was left alone."""
