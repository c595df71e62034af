"""A console that comes back to a rollback which it left alone while it ran."""

from __future__ import annotations

from pathlib import Path

from octomil_tui.domain.order import RollbackOrder
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.sim.service import RollbackOrder as ServiceOrder
from octomil_tui.ui.app import ConsoleApp
from tests.snapshots.stage import Stage, at

KEY = "9c1e0000-0000-4000-8000-000000000000"
SENT, LEFT, BACK = "03:13:31", "03:17:40", "03:41:07"


class OneLeftOpen:
    """The records of an earlier life: one rollback that was accepted."""

    def trouble(self) -> str:
        return ""

    def intend(self, rollback: Rollback, *, must: bool = True) -> None:
        raise AssertionError(f"nothing is sent in this scene: {rollback} {must}")

    def note(self, rollback: Rollback) -> None:
        del rollback

    def place(self, rollback: Rollback) -> str:
        del rollback
        return "~/.local/state/octomil-console/journal/20260617T031331Z-9c1e.json"

    def left_open(self, model_id: str | None = None) -> tuple[Rollback, ...]:
        del model_id
        order = RollbackOrder("1.0.0", "INC-2231")
        return (
            Rollback(
                "mdl_phi4mini", order, Phase.UNCONFIRMED, KEY,
                rollout_id="4131", from_version="2.0.0", sent_at=at(SENT), left_at=at(LEFT),
            ),
        )  # fmt: skip

    def close(self, rollback: Rollback, outcome: str) -> None:
        del rollback, outcome


class AwayStage(Stage):
    """The night, with a rollback sent at 03:13:31 by a console that was closed at 03:17:40."""

    def _build(self) -> ConsoleApp:
        self.clock.advance_to(at(SENT))
        self.world.advance()
        self.world.service.rollback("phi-4-mini", ServiceOrder("1.0.0", "INC-2231", None))
        self.clock.advance_to(at(BACK))
        nowhere = Path("/nonexistent")
        return ConsoleApp(
            self._open, self.place, clock=self._mono, crash_directory=nowhere, records=OneLeftOpen
        )
