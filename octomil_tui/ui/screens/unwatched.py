"""What the watch shows where there are no devices to follow: whether a rollback began, and one that went wider."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from octomil_tui.domain.choice import rival_of
from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.ui.present import unclear as present
from octomil_tui.ui.present.wider import wider_facts, wider_meaning
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import wrap
from octomil_tui.ui.widgets.pane import Pane


class Unclear(Vertical):
    """What was done so far, and what that means."""

    def __init__(self) -> None:
        super().__init__(id="unclear")

    def compose(self) -> ComposeResult:
        yield Pane("WHAT WAS DONE", id="log", can_focus=True)
        yield Pane("WHAT THIS MEANS", id="now")

    def fill(self, rollback: Rollback, snapshot: FleetSnapshot, record: str) -> None:
        """Show how it stands.

        Args:
            rollback: The rollback.
            snapshot: The fleet as it was read last.
            record: Where it is written down on this machine; empty where it is not.
        """
        log, now = self.query_one("#log", Pane), self.query_one("#now", Pane)
        asks = rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND)
        log.set_title(
            "DID IT START?" if asks else "WHAT WAS DONE",
            muted("asking the server, not guessing") if asks else (),
        )
        log.set_lines(wrap(present.log_lines(rollback), log.room))
        told = present.unclear_lines(rollback, rival_of(rollback, snapshot), record)
        now.set_lines(wrap(told, now.room))
        now.display = bool(told)


class Wider(Vertical):
    """What the service did beyond what was asked, and what that means."""

    def __init__(self) -> None:
        super().__init__(id="wider")

    def compose(self) -> ComposeResult:
        yield Pane("WHAT HAPPENED", id="wider-facts")
        yield Pane("WHAT THIS MEANS", id="wider-meaning")

    def fill(self, rollback: Rollback, snapshot: FleetSnapshot) -> None:
        """Show it.

        Args:
            rollback: The rollback.
            snapshot: The fleet as it was read last.
        """
        facts, meaning = self.query_one("#wider-facts", Pane), self.query_one("#wider-meaning", Pane)
        facts.set_lines(wrap(wider_facts(rollback, snapshot), facts.room))
        meaning.set_lines(wrap(wider_meaning(rollback, snapshot), meaning.room))
