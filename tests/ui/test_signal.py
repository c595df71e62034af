"""Figures on the screens: the reason on the Fleet, SIGNAL and COMPARE of a model, whether a rollback helps."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.forms import SIZES
from tests.ui.sims import Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio

NONE = httpx.Response(404, json={"detail": "Not Found"})


def without_figures(sim: Sim) -> Sim:
    """Take every route away from which figures come."""
    for end in ("/monitoring/overview", "/monitoring/models/mdl_phi4mini", "/inference-metrics", "/4131"):
        sim.answers[end] = NONE
    return sim


async def test_the_fleet_says_why_a_model_needs_somebody(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.see("ERR 6.1%")
        await hands.see("!! phi-4-mini v2.0.0 at 40%: errors 6.1% (usual 0.7%), limit 5% crossed.")
        await hands.see("nothing was rolled back. On 50 of 124, 4 silent.")
        await hands.pilot.resize_terminal(160, 48)
        await hands.see("errors 6.1% (usual 0.7%), limit 5% crossed, p95 412 ms (usual 180).")
        await hands.see("50 of 124 devices run it, 4 silent.", "errors 6.1% / 0.7%")
        await hands.see("errors 0.9% / 0.9%")


@pytest.mark.parametrize(
    ("scenario", "seconds", "cell", "words"),
    [
        ("quality", 420, "QUAL 78.5%", "quality 78.5% (usual 91.4%)"),
        ("memory", 420, "MEM 3.9 GB", "memory 3.9 GB on Galaxy Tab Active5, which has 3.5 GB for it"),
    ],
)
async def test_each_drill_says_its_own_reason(
    on: On, scenario: str, seconds: int, cell: str, words: str
) -> None:
    async with on(Sim(scenario)) as hands:
        await hands.later(seconds)
        await hands.see(cell)
        said = " ".join(row.strip() for row in hands.rows[1:6])
        assert "!! phi-4-mini v2.0.0 at 40%: " in said
        assert words in said


@SIZES
async def test_a_model_has_its_figures_and_two_versions_side_by_side(
    on: On, night: Sim, size: tuple[int, int]
) -> None:
    async with on(night, size=size) as hands:
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("SIGNAL v2.0.0", "errors       6.1%  usual 0.7%")
        await hands.see("v2.0.0 looks bad: errors 6.1% (usual 0.7%), 4 silent.", "Safe target: v1.0.0")
        table = hands.app.screen.query_one("#versions", Table)
        rows = {(table.text_of(i) or [""])[0]: table.text_of(i) or [] for i in range(len(table.rows))}
        assert {"6.1%", "412 ms"} <= set(rows["v2.0.0"])
        assert {"4.9%", "390 ms"} <= set(rows["v1.1.0"])
        assert "rolling out 4127" in rows["v2.0.0"]
        assert "-" in rows["v2.1.0"]
        if size[0] > 100:
            await hands.see("COMPARE v2.0.0 → v1.0.0", "Deploy history says v1.0.0")
        await hands.press("d")
        await hands.on("CompareScreen")
        await hands.see("v1.0.0 is better than v2.0.0 in all that is measured.", "BY CLASS OF DEVICES")
        await hands.see("41 min on 50", "14 days on 121", "figures of")
        await hands.press("d")
        await hands.see("COMPARE v2.0.0 → v0.9.0")
        await hands.press("R")
        await hands.see("SCOPE:", "v0.9.0")
        assert night.writes == []


async def test_the_watch_says_whether_it_helps(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.see("no better yet: errors 6.1% to 6.1%, usual 0.7%")
        await hands.later(200)
        await hands.later(30)
        await hands.see("it helps: errors 6.1% to ", "falling, usual 0.7%")
        await hands.pilot.resize_terminal(160, 48)
        await hands.see("SIGNAL  is it getting better?", "errors now:  on v1.0.0 ")


async def test_the_preview_says_how_the_target_did(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("0.7% errors, p95 180 ms over 14 days on 121 devices")
        # What only confirms must not push out what needs a thought.
        await hands.see("3 devices on v0.9.0 will move UP", "4 offline devices went silent within minutes")
        await hands.pilot.resize_terminal(160, 48)
        await hands.see("v2.0.0 is what is bad: errors 6.1% (usual 0.7%) and p95 412 ms (usual 180)")


async def test_a_service_without_figures_costs_a_pane_and_no_screen(on: On, night: Sim) -> None:
    async with on(without_figures(night)) as hands:
        await hands.see("4 silent")
        assert "4 devices silent since" in "".join(hands.rows[1:4])
        assert "LIVE" in hands.rows[0]
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("GOOD TARGET", "BEFORE YOU ROLL BACK")
        assert not hands.app.screen.query_one("#signal", Pane).display
        assert "ERR" not in hands.picture
        assert "??" not in hands.picture
        await hands.press("d")
        await hands.on("CompareScreen")
        await hands.see("no data: the service tells no figures of this model")
        await hands.press("escape", "escape")
        await roll_back(hands)
        await hands.later(30)
        await hands.see("STRAGGLERS")
        assert not hands.app.screen.query_one("#signal", Pane).display


async def test_figures_that_are_read_no_more_raise_no_alarm(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.see("ERR 6.1%")
        without_figures(night)
        await hands.later(400)
        await hands.see("4 silent")
        assert "ERR" not in hands.picture
