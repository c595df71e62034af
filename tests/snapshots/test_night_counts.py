"""What the console counts on the night's fleet at the time of every drawing, beside the table that they follow from."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from octomil_tui.domain.convergence import Stage as At
from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.overview import group_facts, reachability
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.straggler import stragglers
from octomil_tui.ui.screens.watch import WatchScreen
from tests.snapshots.scenes import SCENES
from tests.snapshots.stage import Stage

MOVING = (PlanClass.CHANGE, PlanClass.UNKNOWN)

# verified, on the way, waiting, stale, offline; of the 50 devices that change
GROUPS = {
    "03:16:43": {"canary": (6, 0, 0, 0, 0), "staging": (9, 2, 0, 1, 0), "eu-kiosks": (16, 10, 0, 2, 4)},
    "03:17:02": {"canary": (6, 0, 0, 0, 0), "staging": (9, 2, 0, 1, 0), "eu-kiosks": (16, 10, 0, 2, 4)},
    "03:33:10": {"canary": (6, 0, 0, 0, 0), "staging": (12, 0, 0, 0, 0), "eu-kiosks": (28, 0, 0, 0, 4)},
    "03:41:07": {"canary": (6, 0, 0, 0, 0), "staging": (12, 0, 0, 0, 0), "eu-kiosks": (29, 0, 0, 0, 3)},
}
TOTALS = {
    "03:16:43": (31, 12, 0, 3, 4),
    "03:17:02": (31, 12, 0, 3, 4),
    "03:33:10": (46, 0, 0, 0, 4),
    "03:41:07": (47, 0, 0, 0, 3),
}
# online, stale, offline, revoked; then what phi-4-mini is on
FLEET = {
    "03:12:41": {
        "canary": ((6, 0, 0, 0), {"2.0.0": 6}),
        "staging": ((11, 1, 0, 0), {"2.0.0": 12}),
        "eu-kiosks": ((34, 2, 4, 0), {"2.0.0": 32, "1.0.0": 8}),
        "us-kiosks": ((43, 2, 2, 1), {"1.0.0": 46, "0.9.0": 2}),
        "lab": ((17, 0, 1, 0), {"1.0.0": 17, "0.9.0": 1}),
    },
    "03:33:10": {
        "canary": ((6, 0, 0, 0), {"1.0.0": 6}),
        "staging": ((12, 0, 0, 0), {"1.0.0": 12}),
        "eu-kiosks": ((36, 0, 4, 0), {"1.0.0": 36, "2.0.0": 4}),
        "us-kiosks": ((45, 0, 2, 1), {"1.0.0": 48}),
        "lab": ((18, 0, 0, 0), {"1.0.0": 18}),
    },
    "03:41:07": {
        "canary": ((6, 0, 0, 0), {"1.0.0": 6}),
        "staging": ((12, 0, 0, 0), {"1.0.0": 12}),
        "eu-kiosks": ((37, 0, 3, 0), {"1.0.0": 37, "2.0.0": 3}),
        "us-kiosks": ((44, 1, 2, 1), {"1.0.0": 48}),
        "lab": ((18, 0, 0, 0), {"1.0.0": 18}),
    },
}
STATES = (Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE, Connectivity.REVOKED)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_counts_of_the_night_at_the_time_of_every_drawing() -> None:
    send = next(scene for scene in SCENES if scene.name == "watch")
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await stage.first_data(pilot)
        assert _groups(stage) == FLEET["03:12:41"]
        assert [reachability(stage.app.known.snapshot)[state] for state in STATES] == [111, 5, 7, 1]

        await send.play(stage, pilot)
        _agrees(stage, "03:16:43")
        late = stragglers(_watch(stage), stage.app.known.snapshot.devices or ())
        assert sum(1 for one in late if one.plan_class is not PlanClass.UP) == 19
        assert _watch(stage).up.verified == 2

        for time_of_day in ("03:17:02", "03:33:10", "03:41:07"):
            await _pass(stage, pilot, time_of_day)
            _agrees(stage, time_of_day)
        assert isinstance(stage.app.screen, WatchScreen)


async def _pass(stage: Stage, pilot: Pilot[int], time_of_day: str) -> None:
    if time_of_day == "03:33:10":
        await stage.pass_to(pilot, "03:33:09")
        assert _phase(stage) is Phase.ROLLING_BACK
    await stage.pass_to(pilot, time_of_day)
    if time_of_day in FLEET:
        assert _groups(stage) == FLEET[time_of_day]
    if time_of_day == "03:33:10":
        assert _phase(stage) is Phase.DONE
        assert _watch(stage).change.ever_bounced == 1


def _agrees(stage: Stage, time_of_day: str) -> None:
    watch = _watch(stage)
    names = {group.name: group.id for group in stage.app.known.snapshot.groups or ()}
    for name, counts in GROUPS[time_of_day].items():
        assert _counts(watch, names[name]) == counts, (time_of_day, name)
    assert _counts(watch, None) == TOTALS[time_of_day]
    assert watch.whole.devices == sum(watch.whole.stages.values()) == 124


def _counts(watch: Watch, group: str | None) -> tuple[int, ...]:
    tally = watch.tally(*MOVING, group=group)
    assert tally.count(At.BOUNCED, At.FAILED) == 0
    stages = (At.ON_THE_WAY, At.WAITING, At.STALE, At.OFFLINE)
    return (tally.verified, *(tally.count(stage) for stage in stages))


def _groups(stage: Stage) -> dict[str, tuple[tuple[int, ...], dict[str, int]]]:
    snapshot = stage.app.known.snapshot
    model = snapshot.model("phi-4-mini")
    assert model is not None
    return {
        one.label: (tuple(one.by_connectivity.get(state, 0) for state in STATES), dict(one.by_version))
        for one in group_facts(snapshot, model.id)
    }


def _phase(stage: Stage) -> Phase:
    return next(iter(stage.app.known.rollbacks.values())).phase


def _watch(stage: Stage) -> Watch:
    watch = next(iter(stage.app.known.rollbacks.values())).watch
    assert watch is not None
    return watch
