"""The drills in the console, played as a good operator would: what the screens say is what each of them is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.consoles import Hands
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio

ROLLBACK = f"/v1/models/{PHI_ID}/rollback"
HOLD = "/v1/models/model-versions/ver_phi4mini_2_0_0/deprecate"


def said(hands: Hands) -> str:
    """Return line 2 and those that go on from it, as one sentence."""
    rows = []
    for row in hands.rows[1:]:
        if row.startswith(("─", "┌")):
            break
        rows.append(row.strip())
    return " ".join(row for row in rows if row)


async def in_trouble(hands: Hands, seconds: float, words: str, cell: str) -> None:
    """Come to the moment at which line 2 says what is wrong; the model it is about is under the cursor."""
    await hands.later(seconds)
    await hands.until(lambda: words in said(hands), repr(words))
    assert said(hands).startswith("!! phi-4-mini v2.0.0 at 40%: ")
    assert "On 50 of 124" in said(hands)
    assert hands.app.screen.query_one("#models", Table).cursor_key == PHI_ID
    assert "phi-4-mini" in hands.cursor
    assert cell in hands.cursor


async def to_the_end(hands: Hands, word: str, *, looks: int = 12) -> str:
    """Let the rollback come to its end, and return what line 2 says then."""
    for _ in range(looks):
        await hands.later(120)
        if hands.rollback(PHI_ID).phase in (Phase.DONE, Phase.COMPLETE):
            break
    await hands.see("STILL ON GUARD")
    assert said(hands).startswith(word)
    return said(hands)


async def hold_the_bad_one(hands: Hands, sim: Sim) -> None:
    """Hold version 2.0.0 from the page of the end, so that nothing brings it back."""
    await hands.press("a")
    await hands.see("ACTIONS ON phi-4-mini", "brings v2.0.0 any more")
    await hands.press("enter")
    await hands.on("ActionScreen")
    await hands.see("No rollout and no rollback brings v2.0.0", "name not typed")
    await hands.later(1)
    await hands.type("INC-1")
    await hands.press("tab")
    await hands.type("phi-4-mini")
    await hands.see("enter HOLD")
    await hands.press("enter")
    await hands.on("WatchScreen")
    await hands.until(lambda: "v2.0.0 is held" in hands.said, "toast")
    assert sim.writes[-1] == HOLD


async def test_latency_regression(on: On) -> None:
    sim = Sim("latency-regression")
    async with on(sim) as hands:
        await in_trouble(hands, 400, "p95 641 ms (usual 180)", "P95 641 ms")
        assert "errors" not in said(hands)
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("v2.0.0 looks bad: p95 641 ms (usual 180).  Safe target: v1.0.0")
        await hands.see("much the same in every group and on every class of devices", "p95        641 ms")
        await hands.press("d")
        await hands.on("CompareScreen")
        await hands.until(
            lambda: said(hands) == "v1.0.0 is better than v2.0.0 in p50, p95 and p99.", "sentence"
        )
        await hands.press("R")
        await hands.on("WizardScreen")
        await hands.see("0.7% errors, p95 180 ms over 14 days on", "50 CHANGE")
        await hands.press("1")
        await hands.on("FleetScreen")
        await roll_back(hands)
        await hands.see("no better yet: p95 641 to 641 ms")
        await hands.later(200)
        await hands.see("it helps: p95 641 to ", "falling, usual 180")
        end = await to_the_end(hands, "COMPLETE: ")
        assert "it helped: p95 641 to 1" in end
        await hold_the_bad_one(hands, sim)
        assert sim.writes[0] == ROLLBACK


async def test_crash_spike(on: On) -> None:
    sim = Sim("crash-spike")
    async with on(sim) as hands:
        await in_trouble(hands, 480, "crashes 3.7%", "CRASH 3.7%")
        # The limit for crashes is above what is usual; nothing was done about it, and that is said.
        assert "(usual 0.1%), limit 1.1% crossed. Auto-rollback is OFF: nothing was rolled back." in said(
            hands
        )
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("most of it: crashes 13.5% on Galaxy Tab Active5", "Safe target: v1.0.0")
        await hands.press("1")
        await roll_back(hands)
        # The whole rollout goes back, not the group with the tablets.
        await hands.see("of 50 verified.")
        await hands.later(200)
        await hands.see("it helps: crashes 3.")
        end = await to_the_end(hands, "COMPLETE: ")
        assert "it helped: crashes 3." in end
        assert sim.writes == [ROLLBACK]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_memory(on: On, size: tuple[int, int]) -> None:
    sim = Sim("memory")
    async with on(sim, size=size) as hands:
        await hands.later(270)
        words = "memory 3.9 GB on Galaxy Tab Active5, which has 3.5 GB for it"
        await hands.until(lambda: words in said(hands), words)
        assert ("memory 3.9 of 3.5 GB" if size[0] > 100 else "MEM 3.9 GB") in hands.cursor
        await hands.press("enter")
        await hands.on("ModelScreen")
        # Against what the class has, not against what is usual.
        await hands.see("memory is short on Galaxy Tab Active5", "3.9 GB  has 3.5 GB")
        tablets = next(row for row in hands.rows if "has 3.5 GB" in row)
        assert "Galaxy Tab Active5" in tablets
        if size[0] > 100:
            await hands.see("has 4.0 GB       iPhone 15 Pro", "has 4.6 GB       Pixel 8")
        else:
            # The sentence takes two lines, and nothing is pushed off the screen by it.
            await hands.see("VERSIONS", "ROLLOUTS", "GROUPS ON v2.0.0", "BEFORE YOU ROLL BACK", "GOOD TARGET")
        await hands.press("1")
        await roll_back(hands)
        end = ""
        for _ in range(20):
            await hands.later(180)
            if hands.rollback(PHI_ID).phase is Phase.DONE:
                end = said(hands)
                break
        # Some tablets had no sync before their turn. They need hands, and are no failure.
        assert end.startswith("DONE: ")
        assert "0 failed" in end
        lost = int(end.partition(" offline.")[0].rpartition(" ")[2])
        assert 1 <= lost <= 8
        await hands.see("LEFT FOR DAYLIGHT", f"{lost} offline")
        assert sim.writes == [ROLLBACK]


async def test_quality(on: On) -> None:
    sim = Sim("quality")
    async with on(sim) as hands:
        await in_trouble(hands, 480, "quality 78.5% (usual 91.4%)", "QUAL 78.5%")
        assert "limit" not in said(hands)
        # The policy is on, has no rule for this, and did nothing.
        await hands.press("P")
        await hands.on("PolicyScreen")
        await hands.see("Auto-rollback is ON", "none that this service tells of")
        assert "CROSSED  " not in hands.picture
        await hands.press("escape", "enter")
        await hands.on("ModelScreen")
        await hands.see("quality     78.5%  usual 91.4%")
        await hands.press("d")
        await hands.until(lambda: said(hands) == "v1.0.0 is better than v2.0.0 in quality.", "sentence")
        await hands.press("1")
        await roll_back(hands)
        await hands.later(240)
        await hands.see("it helps: quality 78.5% to ", "usual 91.4%")
        end = await to_the_end(hands, "COMPLETE: ")
        assert "it helped: quality 78.5% to 9" in end
        assert sim.writes == [ROLLBACK]


async def test_auto_rollback(on: On) -> None:
    sim = Sim("auto-rollback")
    async with on(sim) as hands:
        for _ in range(8):
            await hands.later(60)
            if hands.screen == "WatchScreen":
                break
            assert hands.bells == 0
        # One look after it began: what fired, its value, its limit and over which time.
        await hands.on("WatchScreen")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        await hands.see("by the server itself: error rate 5.", "limit 5% for 5 min, 50 devices")
        assert hands.bells == 1
        assert any("rolls phi-4-mini back to v1.0.0 by itself: error rate 5." in one for one in hands.said)
        assert sim.writes == []
        end = await to_the_end(hands, "COMPLETE: ")
        assert "it helped: errors 7." in end
        assert "by the server itself: error rate" in end
        await hold_the_bad_one(hands, sim)
        assert [path for path in sim.writes if path == ROLLBACK] == [], "nobody sent one of their own"


async def test_site_offline(on: On) -> None:
    sim = Sim("site-offline")
    async with on(sim) as hands:
        await roll_back(hands)
        await hands.later(80)
        assert "site" not in said(hands)
        for _ in range(9):
            await hands.later(120)
        words = "All 40 devices of eu-kiosks fell silent at 03:1"
        await hands.until(lambda: words in said(hands), words)
        assert "on v1.0.0 and v2.0.0 alike: the site, not a version." in said(hands)
        # The Fleet does not ask for another rollback because of them.
        await hands.press("1")
        await hands.on("FleetScreen")
        await hands.until(lambda: words in said(hands), words)
        fleet = said(hands)
        assert "!!" not in fleet
        assert "silent since" not in fleet
        assert "Press R" not in fleet
        assert "since an update" not in hands.picture
        for _ in range(8):
            await hands.later(240)
        await hands.until(lambda: "the site" not in said(hands), "sentence without the site")
        assert hands.rollback(PHI_ID).phase is Phase.COMPLETE
        assert sim.writes == [ROLLBACK]


async def test_second_operator(on: On) -> None:
    sim = Sim("second-operator")
    async with on(sim) as hands:
        await roll_back(hands)
        await hands.later(100)
        assert hands.rollback(PHI_ID).phase is Phase.ROLLING_BACK
        await hands.later(60)
        await hands.phase(PHI_ID, Phase.SUPERSEDED)
        words = "!! SUPERSEDED: rollback 4132 to v0.9.0 by ana took the place of rollback 4131 to v1.0.0."
        await hands.until(lambda: words in said(hands), words)
        assert hands.bells >= 1
        # Why she did it, without which nobody could talk to her about it.
        await hands.press("3", "enter")
        await hands.on("RolloutScreen")
        await hands.see("ROLLBACK 4132", "1.0.0 seems slow to me", "ana")
        await hands.press("1", "R")
        await hands.on("WizardScreen")
        await hands.see("rollback 4132")
        await hands.press("escape")
        assert sim.writes == [ROLLBACK], "no tug-of-war"


async def test_api_loss(on: On, tmp_path: Path) -> None:
    sim = Sim("api-loss")
    async with on(sim, reports=tmp_path / "reports") as hands:
        await roll_back(hands)
        await hands.later(50)
        before = hands.watch(PHI_ID).change.verified
        for _ in range(3):
            await hands.later(50)
        # How old the picture is, that it goes on without this screen, and that no time is promised.
        await hands.until(lambda: "STALE 2m" in hands.rows[0], "age")
        await hands.see("estimate withdrawn", "Leaving stops nothing.")
        assert hands.watch(PHI_ID).change.verified == before
        # Another rollback is not sent from an old picture.
        await hands.press("1", "R")
        await hands.on("WizardScreen")
        await hands.later(50)
        await hands.press("escape", "w")
        await hands.on("WatchScreen")
        for _ in range(3):
            await hands.later(50)
        await hands.until(lambda: "LIVE 0s" in hands.rows[0], "a picture of now")
        assert hands.watch(PHI_ID).change.verified > before
        assert "estimate withdrawn" not in hands.picture
        end = await to_the_end(hands, "COMPLETE: ")
        assert "124" in end or "50 of 50" in end
        assert sim.writes == [ROLLBACK]
        # The report of it is there, and e says where.
        await hands.see("e report  ")
        await hands.press("e")
        await hands.until(
            lambda: any("4131-phi-4-mini.md" in one for one in hands.said), "place of the report"
        )
        assert (tmp_path / "reports" / "4131-phi-4-mini.md").exists()
