"""What a plan rests on: the left half of the wizard (C-80, C-160)."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_check import with_signals
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.intents import hint
from octomil_tui.ui.present import plan as present
from octomil_tui.ui.present.counted import counted_check
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import legend, wrap
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table


class Evidence(Vertical):
    """Where the fleet will be split, the blast radius, how long it takes, and the checks."""

    def compose(self) -> ComposeResult:
        yield Pane("AFTER THIS THE FLEET IS SPLIT", id="split")
        yield Table("BLAST RADIUS", id="radius")
        yield Pane("HOW LONG", id="pace")
        yield Pane("CHECKS", id="checks", can_focus=False)

    def tell(
        self,
        shown: Preflight,
        age: str,
        state: ConsoleState,
        now: float | None,
        *,
        health: ModelHealth | None,
        wide: bool,
    ) -> None:
        """Show a plan.

        Args:
            shown: The plan and what was read for it.
            age: How long ago that was; empty where nobody knows.
            state: What is known now; of a large fleet, what was counted.
            now: The service's clock.
            health: How the model's versions do, as far as anybody says.
            wide: Whether there is room for every column.
        """
        plan = shown.plan
        table = self.query_one("#radius", Table)
        table.set_title("BLAST RADIUS", legend(hint("choose_scope"), hint("choose_version")))
        table.set_columns(present.radius_columns(plan, wide=wide))
        table.set_rows(present.radius_rows(plan))
        split = self.query_one("#split", Pane)
        split.set_lines(present.staying_lines(plan))
        split.display = bool(plan.staying)
        pace = self.query_one("#pace", Pane)
        pace.set_title("HOW LONG", muted(present.interval_words(plan, shown.snapshot)))
        pace.set_lines(present.pace_lines(plan, shown.snapshot))
        checks = self.query_one("#checks", Pane)
        checks.set_title("CHECKS", muted(f"read {age} ago" if age else ""))
        found = with_signals(shown.checks, shown.plan, health, brief=not wide)
        checks.set_lines(
            wrap(
                present.check_lines((*found, *filter(None, (counted_check(state, plan, now),)))),
                checks.room,
            )
        )
