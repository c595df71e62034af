"""What can become of the one request: lost, wider than asked, refused, not sent, and undone again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from octomil_tui.domain.fleet import Device, Installation
from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.theme import DARK
from tests.engine.fakes import BACK, BAD, GOOD, NEW, OLD, T0, FakeService, M, device
from tests.ui.conftest import On
from tests.ui.consoles import console, given
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


async def test_a_lost_answer_is_unclear_until_the_records_tell(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.loses_answers = night.keeps_records_back = True
        await roll_back(hands)
        await hands.phase(PHI_ID, Phase.UNCONFIRMED)
        await hands.see("ROLL BACK phi-4-mini  UNCLEAR", "It was NOT sent again.", "DID IT START?")
        assert hands.bells == 1
        night.keeps_records_back = False
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        await hands.see("ROLLING BACK phi-4-mini → v1.0.0", "0 of 50 verified.")
        assert len(night.writes) == 1
        assert hands.bells == 1


async def test_wider_than_asked_is_said_in_red(on: On) -> None:
    sim = Sim("night", "ignore-group")
    async with on(sim) as hands:
        await roll_back(hands, group=1, word="staging")
        await hands.phase(PHI_ID, Phase.WIDER)
        await hands.see("!! WIDER THAN ASKED: plan 12 devices in staging, the server says 124.")
        strips = hands.app.screen._compositor.render_strips(hands.app.screen.size)
        (style,) = [s.style for strip in strips for s in strip if "!! WIDER THAN ASKED" in s.text]
        assert style is not None
        assert style.color is not None
        assert style.color.name == DARK.red
        await hands.see("41 devices outside it want v1.0.0 now", "eu-kiosks 32", "YOUR CHOICE")
        assert (hands.bells, len(sim.writes)) == (1, 1)
        await hands.later(10)
        assert (hands.rollback(PHI_ID).phase, hands.bells) == (Phase.WIDER, 1)
        await hands.press("2")
        assert "no group in it, affected 124" in hands.app.clipboard
        assert hands.rollback(PHI_ID).phase is Phase.WIDER
        await hands.press("1")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        await hands.see("ROLLING BACK phi-4-mini → v1.0.0", "0 of 50 verified.")
        assert len(sim.writes) == 1


async def test_a_refusal_is_said_in_the_servers_words(on: On) -> None:
    sim = Sim("night", "refuse-rollback")
    async with on(sim) as hands:
        await roll_back(hands)
        await hands.phase(PHI_ID, Phase.REJECTED)
        await hands.see("!! The server refused the rollback: nothing was changed.", "409")
        await hands.press("R")
        await hands.see("SCOPE:", "1/2")
        await hands.press("escape")
        await hands.on("WatchScreen")
        assert len(sim.writes) == 1


async def test_what_never_left_is_said_so(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.broken_writes = httpx.ConnectError("refused")
        await roll_back(hands)
        await hands.phase(PHI_ID, Phase.NOT_SENT)
        await hands.see("!! Nothing reached the server: nothing was changed.", "R start over")
        assert night.writes == []
        night.broken_writes = None
        await hands.press("escape")
        await roll_back(hands)
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        assert len(night.writes) == 1


class Three(FakeService):
    """Two devices of one group; the test says what they run."""

    def report(self, version: str, contact: float) -> None:
        self.device_list = tuple(self._device(key, version, contact) for key in "ab")

    @staticmethod
    def _device(key: str, version: str, contact: float) -> Device:
        installed = Installation(version, wanted=GOOD, since=T0 + 60 if version == GOOD else None)
        return replace(device(key, BAD, "g-1", contact=contact), installations={M.id: installed})


async def test_a_fleet_that_leaves_the_target_again_rings_once_more(tmp_path: Path) -> None:
    service = Three(rollout_list=(NEW, OLD), model_list=(M,))
    service.report(BAD, T0)

    def move(seconds: float) -> None:
        assert service.at is not None
        service.at += seconds

    async with console(lambda: given(service), tmp_path, move=move) as hands:
        await roll_back(hands)
        service.rollout_list, service.active = (BACK, OLD), (BACK,)
        await hands.phase(M.id, Phase.ROLLING_BACK)
        for contact in (60, 400, 800):
            service.report(GOOD, T0 + contact)
            await hands.later(contact)
        await hands.phase(M.id, Phase.DONE, Phase.COMPLETE)
        await hands.see("IS BACK ON v1.0.0")
        assert hands.bells == 1
        service.report(BAD, T0 + 2000)
        await hands.later(1000)
        await hands.phase(M.id, Phase.REGRESSED)
        await hands.see("!! REGRESSED: rollback 4131 was done, and 2 devices left v1.0.0 again.")
        assert hands.bells == 2
        await hands.later(5)
        assert hands.bells == 2
        assert len(service.posts) == 1
        assert hands.screen == "WatchScreen"
