"""The scenes of the night that are kept as pictures: which keys lead to them, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.pilot import Pilot

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.screens.watch import WatchScreen
from octomil_tui.ui.screens.wizard import WizardScreen
from tests.snapshots import drilled, pages, walls
from tests.snapshots.left import AwayStage
from tests.snapshots.stage import Stage, Step

REASON = "errors 6.1% after v2.0.0, INC-2231"


@dataclass(frozen=True)
class Scene:
    """How to come to one picture."""

    name: str
    play: Step
    options: Mapping[str, object] = field(default_factory=dict)
    """Of the stage."""
    make: type[Stage] = Stage

    def stage(self) -> Stage:
        """Return a fresh stage for it."""
        return self.make(**self.options)  # type: ignore[arg-type] # written by hand below


async def fleet(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)


async def model(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.pass_to(pilot, "03:12:58")
    await stage.press(pilot, "enter")
    await stage.until(pilot, lambda state: bool(state.snapshot.versions))
    await stage.press(pilot)


async def preview(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.pass_to(pilot, "03:13:20")
    await stage.press(pilot, "R")
    await _planned(stage, pilot)


async def preview_group(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.pass_to(pilot, "03:13:20")
    await stage.press(pilot, "tab", "j", "R")
    await _planned(stage, pilot)


async def confirm(stage: Stage, pilot: Pilot[int]) -> None:
    await preview(stage, pilot)
    await stage.press(pilot, "enter")
    await stage.pass_to(pilot, "03:13:31")
    await _fill(stage, pilot, "phi-4-m")


async def watch(stage: Stage, pilot: Pilot[int]) -> None:
    await _send(stage, pilot, "phi-4-mini")
    await stage.pass_to(pilot, "03:16:43")


async def stragglers(stage: Stage, pilot: Pilot[int]) -> None:
    await watch(stage, pilot)
    await stage.press(pilot, "L")


async def group(stage: Stage, pilot: Pilot[int]) -> None:
    await watch(stage, pilot)
    await stage.pass_to(pilot, "03:17:02")
    await stage.press(pilot, "1", "tab", "j", "j", "enter")
    await stage.until(pilot, lambda state: bool(state.details))
    await stage.press(pilot)


async def done(stage: Stage, pilot: Pilot[int]) -> None:
    await _send(stage, pilot, "phi-4-mini")
    await stage.pass_to(pilot, "03:33:10")


async def unclear(stage: Stage, pilot: Pilot[int]) -> None:
    await _to_the_end(stage, pilot, "phi-4-mini")
    await stage.until(pilot, lambda state: _phase(state) is Phase.UNCONFIRMED)
    await stage.press(pilot)


async def wider(stage: Stage, pilot: Pilot[int]) -> None:
    await preview_group(stage, pilot)
    await _confirm_and_send(stage, pilot, "staging")
    await stage.until(pilot, lambda state: _phase(state) is Phase.WIDER)
    await stage.pass_to(pilot, "03:14:02")


async def no_route(stage: Stage, pilot: Pilot[int]) -> None:
    await _to_the_end(stage, pilot, "phi-4-mini")
    await stage.until(pilot, lambda state: _phase(state) is Phase.REJECTED)
    await stage.press(pilot)


async def away(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.until(pilot, lambda state: _phase(state) is not None)
    await stage.first_data(pilot)
    await stage.read_again(pilot)
    await stage.until(
        pilot, lambda state: all(rollback.watch is not None for rollback in state.rollbacks.values())
    )
    await stage.press(pilot)


async def models(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.press(pilot, "2")


async def rollouts(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.press(pilot, "3")


async def groups(stage: Stage, pilot: Pilot[int]) -> None:
    await fleet(stage, pilot)
    await stage.press(pilot, "4")


async def help_page(stage: Stage, pilot: Pilot[int]) -> None:
    await watch(stage, pilot)
    await stage.press(pilot, "question_mark")


async def _planned(stage: Stage, pilot: Pilot[int]) -> None:
    screen = stage.app.screen
    if not isinstance(screen, WizardScreen):
        raise TypeError("R did not open the preview")
    await stage.until(pilot, lambda _state: screen.shown is not None)
    await stage.press(pilot)


async def _fill(stage: Stage, pilot: Pilot[int], word: str) -> None:
    await stage.type(pilot, REASON)
    await stage.press(pilot, "tab", "tab")
    await stage.type(pilot, word)


async def _confirm_and_send(stage: Stage, pilot: Pilot[int], word: str) -> None:
    await stage.press(pilot, "enter")
    await stage.pass_to(pilot, "03:13:31")
    await _fill(stage, pilot, word)
    await stage.press(pilot, "enter")


async def _to_the_end(stage: Stage, pilot: Pilot[int], word: str) -> None:
    await preview(stage, pilot)
    await _confirm_and_send(stage, pilot, word)


async def _send(stage: Stage, pilot: Pilot[int], word: str) -> None:
    await _to_the_end(stage, pilot, word)
    await stage.until(pilot, lambda state: _phase(state) is Phase.ROLLING_BACK)
    await stage.until(pilot, lambda _state: isinstance(stage.app.screen, WatchScreen))


def _phase(state: object) -> Phase | None:
    rollbacks = getattr(state, "rollbacks", {})
    return next((rollback.phase for rollback in rollbacks.values()), None)


SCENES = (
    Scene("fleet", fleet),
    Scene("model", model),
    Scene("preview", preview),
    Scene("preview-group", preview_group),
    Scene("confirm", confirm),
    Scene("watch", watch),
    Scene("stragglers", stragglers),
    Scene("group", group),
    Scene("done", done),
    Scene("unclear", unclear, {"loses_answers": True}),
    Scene("wider", wider, {"faults": ("ignore-group",)}),
    Scene("no-route", no_route, {"faults": ("no-rollback-route",)}),
    Scene("away", away, make=AwayStage),
    Scene("models", models),
    Scene("rollouts", rollouts),
    Scene("groups", groups),
    Scene("help", help_page),
    Scene("timeline", pages.timeline),
    Scene("policy", pages.policy),
    Scene("policy-change", pages.policy_change),
    Scene("compare", pages.compare),
    Scene("actions", pages.actions),
    Scene("action", pages.action),
    Scene("rollout", pages.rollout),
    Scene("drill-memory", drilled.under_way, {"scenario": "memory"}),
    Scene("drill-memory-model", drilled.model_under_way, {"scenario": "memory"}),
    Scene("drill-quality", drilled.under_way, {"scenario": "quality"}),
    Scene("drill-quality-model", drilled.model_under_way, {"scenario": "quality"}),
    Scene("drill-auto-rollback", drilled.by_itself, {"scenario": "auto-rollback"}),
    Scene("dashboard", walls.rolling_back, make=walls.WallStage),
    Scene("dashboard-stale", walls.stale, make=walls.WallStage),
    Scene("dashboard-crossed", walls.crossed, make=walls.WallStage),
    Scene("dashboard-by-itself", walls.by_itself, {"scenario": "brief"}, make=walls.WallStage),
    Scene("dashboard-quiet", walls.quiet, {"scenario": "brief"}, make=walls.WallStage),
    Scene("dashboard-models", walls.models, make=walls.CalmStage),
    Scene("dashboard-groups", walls.groups, make=walls.CalmStage),
    Scene("dashboard-events", walls.events, make=walls.CalmStage),
)
