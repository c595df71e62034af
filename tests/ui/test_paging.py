"""The devices of a group that is too large to be kept whole: pages, and words for what is behind them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from octomil_tui.engine.pages import PAGES_KEPT
from tests.ui.conftest import On
from tests.ui.consoles import Hands
from tests.ui.sims import Sim

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand devices are read before anything else, which takes its time on a busy machine."""
    monkeypatch.setattr("tests.ui.consoles.DEADLINE", 30.0)


@pytest.fixture
def fleet() -> Sim:
    return Sim("fleet-100k")


async def group(hands: Hands, name: str, row: int) -> None:
    """Come to the devices of a group, as soon as there are groups."""
    await hands.see("of 100,000")
    await hands.press("4")
    await hands.on("GroupsScreen")
    await hands.see(name)
    await hands.press("g", *["j"] * row, "enter")
    await hands.on("GroupScreen")


async def kiosks(hands: Hands) -> None:
    """Come to the 20,000 devices of eu-kiosks."""
    await group(hands, "eu-kiosks", 3)
    await hands.see("of 20,000 read", "kiosk-eu-003001")


async def paused(hands: Hands) -> None:
    """Let the pause pass after which what was typed is looked for."""
    hands.clock.now += 1
    await hands.settle()


def devices_written(directory: Path) -> int:
    """Return how many devices are in the one file that was written."""
    (written,) = directory.glob("*.csv")
    return len({row.split(",")[0] for row in written.read_text().splitlines()[1:]})


def asked(sim: Sim, path: str) -> int:
    return sum(1 for seen in sim.door.seen if seen.path.endswith(path))


async def test_pages_come_for_what_is_on_the_screen(on: On, fleet: Sim, tmp_path: Path) -> None:
    async with on(fleet, size=(120, 40), load=False) as hands:
        await kiosks(hands)
        await hands.see(
            "2,000 of 20,000 devices read:", "2,000 of 20,000 read", "A read the rest: 18 requests"
        )
        assert "showing 10,000" not in hands.picture
        members = "/devices"
        await hands.press("space", "pagedown")
        before = len(fleet.door.seen)
        await hands.press("end")
        await hands.see("20,000/20,000", "▌ kiosk-eu-023000", "3,000 of 20,000 read")
        assert [seen.path for seen in list(fleet.door.seen)[before:] if seen.path.endswith(members)] == [
            "/v1/device-groups/grp_eu_kiosks/devices"
        ]
        await hands.press("c")
        assert hands.app.clipboard == "kiosk-eu-003001", "a mark is kept wherever the cursor went"
        await hands.press("escape", "e")
        await hands.until(lambda: "written" in hands.said[-1], "what was written")
        assert "3,000 devices, only among the 3,000 of 20,000 that were read, written to" in hands.said[-1]
        assert devices_written(tmp_path) == 3_000


async def test_what_the_service_can_look_for_it_looks_for_and_the_rest_is_of_what_was_read(
    on: On, fleet: Sim
) -> None:
    async with on(fleet, size=(120, 40), load=False) as hands:
        await group(hands, "gateways", 7)
        await hands.see("2,000 of 7,501 read")
        await hands.press("slash")
        await hands.type("state:offline")
        await hands.see("among 2,000 of 7,501 read, asking")
        await paused(hands)
        await hands.see("of 7,501 by the service's count", "OFFLINE", "read, ")
        await hands.press("escape", "g", "slash")
        await hands.type("ver:v0.9*")
        await hands.see(" among ", "000 of 7,501 read")
        assert "asking" not in hands.picture
        await hands.press("escape", "s", "s")
        await hands.see("sorted among ", ",000 of 7,501 read")
        await hands.press("A")
        await hands.see("7,501 devices: ", "7,501 devices read, ")
        assert "A read the rest" not in hands.picture
        await hands.press("slash")
        await hands.type("ver:v1*")
        await hands.see(" of 7,501 ─")
        await hands.press("enter", "escape")
        assert hands.screen == "GroupScreen"
        await hands.press("escape")
        await hands.on("GroupsScreen")
        reader = hands.app.pages
        assert reader is not None
        assert len(reader.store._order) <= PAGES_KEPT


async def test_while_another_screen_is_in_front_nothing_is_read_and_then_again(on: On, fleet: Sim) -> None:
    fleet.answers["/device-groups/grp_gateways/devices"] = httpx.Response(404, json={"detail": "Not Found"})
    async with on(fleet, size=(120, 40), load=False) as hands:
        await group(hands, "lab", 2)
        await hands.see("2,000 devices: ")
        await hands.press("escape")
        await group(hands, "eu-kiosks", 3)
        await hands.see("2,000 of 20,000 read")
        reader = hands.app.pages
        assert reader is not None
        await hands.press("question_mark")
        await hands.on("HelpScreen")
        assert reader._look is None
        await hands.press("escape")
        await hands.on("GroupScreen")
        await hands.until(lambda: reader._look is not None, "pages that are looked at")
        await hands.press("escape")
        await group(hands, "gateways", 7)
        await paused(hands)
        await hands.see("0 of 7,501 devices read.", "none of its devices was read")
        await hands.see("?? showing 10,000 of 100,000 devices")


async def test_a_service_that_does_not_heed_the_group_is_not_believed(
    on: On, fleet: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a service answers that knows no such parameter: with the devices of the whole fleet.
    monkeypatch.setattr(
        "octomil_tui.api.device_pages._narrowed",
        lambda query: {"platform": dict(query.parameters)["platform"]},
    )
    async with on(fleet, size=(120, 40), load=False) as hands:
        await kiosks(hands)
        await hands.press("slash")
        await hands.type("platform:android")
        await paused(hands)
        await hands.until(lambda: asked(fleet, "/v1/devices") > 10, "a search")
        await hands.see("among 2,000 of 20,000 read")
        await hands.gone("asking")
        assert "by the service's count" not in hands.picture
