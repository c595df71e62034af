"""States that the dashboard has something to say of: two models, rollbacks that are followed, rollouts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from octomil_tui.domain.fleet import FleetSnapshot, Model, Rollout, RolloutState
from octomil_tui.domain.overview import model_facts
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.present.dashboard import wall_of
from octomil_tui.ui.present.dashboard_layout import lay_out
from octomil_tui.ui.present.dashboard_old import Old
from octomil_tui.ui.present.subject import choose
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.spans import plain
from octomil_tui.ui.theme import UNICODE
from tests.domain import fleets

OTHER = Model("m-2", "gemma3-1b")
NOW = fleets.T0 + 1000
LIVE = Freshness(Link.LIVE, 2.0)


def devices(model_id: str, there: int, of: int) -> list[Any]:
    found = []
    for number in range(of):
        one = fleets.device(f"{model_id}-{number}", "1.0.0" if number < there else "2.0.0", "g-a")
        found.append(replace(one, installations={model_id: one.installations[fleets.MODEL.id]}))
    return found


def story(*rollbacks: Rollback, **rollouts: tuple[Rollout, ...]) -> ConsoleState:
    """Return a state with two models, the rollbacks that are followed, and rollouts by m1 and m2."""
    lists = {"m-1": rollouts.get("m1", ()), "m-2": rollouts.get("m2", ())}
    snapshot = FleetSnapshot(
        models=(fleets.MODEL, OTHER),
        rollouts=lists,
        devices=(*devices("m-1", 1, 5), *devices("m-2", 2, 4)),
        at=NOW,
    )
    return ConsoleState(snapshot=snapshot, rollbacks={r.model_id: r for r in rollbacks}, server_at=NOW)


def followed(
    model_id: str, there: int, of: int, phase: Phase = Phase.ROLLING_BACK, **fields: Any
) -> Rollback:
    """Return a rollback with so many of its devices verified."""
    all_devices = [fleets.device(f"d{n}", "2.0.0", "g-a", wanted="1.0.0") for n in range(of)]
    begun = fleets.begun(fleets.plan_of(*all_devices), rollout_id=f"of-{model_id}")
    moved = [fleets.now(d, "1.0.0", fleets.T0 + 60) if n < there else d for n, d in enumerate(all_devices)]
    seen = fleets.look(begun, fleets.T0 + 61, *moved)
    return replace(seen, **{"model_id": model_id, "phase": phase, **fields})


def rollback_record(model_id: str, state: RolloutState = fleets.ROLLING_BACK, **fields: Any) -> Rollout:
    return fleets.rollout(f"of-{model_id}", "1.0.0", state, kind="rollback", created_at=fleets.T0, **fields)


def chosen(
    state: ConsoleState, staying: str | None = None, now: float = NOW
) -> tuple[str | None, Phase | None]:
    subject = choose(state, model_facts(state.snapshot), now, staying)
    return subject.model_id, subject.rollback.phase if subject.rollback is not None else None


def said(wall: Wall, columns: int = 80, rows: int = 22, old: Old | None = None) -> str:
    return "\n".join(plain(one) for one in lay_out(wall, columns, rows, UNICODE, old))


def wall_about(state: ConsoleState) -> Wall:
    facts = model_facts(state.snapshot)
    return wall_of(state, facts, choose(state, facts, NOW, None), UNICODE)
