"""When the window's title changes, when the desktop is told, and what `b` does to the bell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.bell import News, Ring
from octomil_tui.ui.present.title import news_text, title_of
from tests.ui.conftest import On
from tests.ui.consoles import PLACE, Hands
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


class Listener:
    """What the terminal would be told."""

    def __init__(self, hands: Hands) -> None:
        self.titles: list[str] = []
        self.told: list[str] = []
        app = hands.app
        app.entitle = self.titles.append  # type: ignore[method-assign,assignment]
        app.notify_desktop = self.told.append  # type: ignore[method-assign,assignment]
        app.notifies = True
        self._hands = hands

    @property
    def title(self) -> str:
        """The title after one more tick of the console's clock."""
        self._hands.app._pass()
        return self.titles[-1]


async def test_the_title_follows_a_rollback_to_its_end(on: On, night: Sim) -> None:
    async with on(night) as hands:
        listener = Listener(hands)
        assert listener.title == "PROD acme-edge"
        await roll_back(hands)
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        assert listener.title == "0% phi-4-mini -> v1.0.0 (0/50)"
        seen = set()
        for step in range(60):
            if hands.rollback(PHI_ID).phase is not Phase.ROLLING_BACK:
                break
            seen.add(listener.title)
            await hands.later(30 if step < 25 else 60)
        assert "62% phi-4-mini -> v1.0.0 (31/50)" in seen
        assert listener.title == "DONE phi-4-mini v1.0.0"
        assert listener.told == [
            "PROD acme-edge: !! phi-4-mini -> v1.0.0: 1 bounced",
            "PROD acme-edge: DONE phi-4-mini v1.0.0",
        ]
        assert hands.bells == len(listener.told) == 2
        await hands.later(700)
        assert listener.title == "PROD acme-edge", "an end is news for ten minutes"


async def test_what_is_not_live_says_so_first(on: On, night: Sim) -> None:
    async with on(night) as hands:
        listener = Listener(hands)
        await roll_back(hands)
        await hands.later(240)
        counted = listener.title
        assert counted.startswith("62%")
        hands.clock.now += 30
        assert listener.title == f"STALE, was {counted}"
        hands.clock.now += 215
        assert listener.title == f"STALE 4m, was {counted}"


async def test_trouble_is_in_the_title_and_told_once(on: On) -> None:
    sim = Sim("night", "ignore-group")
    async with on(sim) as hands:
        listener = Listener(hands)
        await roll_back(hands, group=1, word="staging")
        await hands.phase(PHI_ID, Phase.WIDER)
        assert listener.title == "!! WIDER phi-4-mini staging"
        await hands.later(10)
        assert listener.told == ["PROD acme-edge: !! WIDER phi-4-mini staging"]


async def test_nobody_who_did_not_ask_is_told(on: On) -> None:
    sim = Sim("night", "ignore-group")
    async with on(sim) as hands:
        listener = Listener(hands)
        hands.app.notifies = False
        await roll_back(hands, group=1, word="staging")
        await hands.phase(PHI_ID, Phase.WIDER)
        assert (hands.bells, listener.told) == (1, [])


async def test_b_turns_the_bell_and_line_1_says_what_it_rings_for(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        await roll_back(hands)
        await hands.see("bell on")
        for word, said in (("for trouble", "trouble only"), ("off", "off"), ("on", "done + trouble")):
            await hands.press("b")
            await hands.see(f"bell {word}")
            assert hands.said[-1] == f"bell: {said}"
        await hands.press("b", "b")
        for _ in range(80):
            if hands.rollback(PHI_ID).phase is not Phase.ROLLING_BACK:
                break
            await hands.later(60)
        assert hands.rollback(PHI_ID).phase is Phase.DONE
        assert hands.bells == 0


async def test_trouble_only_does_not_ring_for_the_end(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.press("b")
        assert hands.app.ring_of(PHI_ID) is Ring.TROUBLE
        bounced = 0
        for _ in range(80):
            if hands.rollback(PHI_ID).phase is not Phase.ROLLING_BACK:
                break
            bounced = max(bounced, hands.watch(PHI_ID).bounced)
            await hands.later(30)
        assert hands.rollback(PHI_ID).phase is Phase.DONE
        assert hands.bells == bounced == 1


async def test_a_rollback_that_is_gone_and_one_that_failed_have_words_too(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.later(30)
        state, mono = hands.known, hands.clock.now
        news = News("gone", is_end=False, is_alarm=False)
        assert news_text(state, news, PLACE) == "PROD acme-edge"
        rollback = state.rollbacks[PHI_ID]
        for phase, said in (
            (Phase.FAILED, "!! FAILED phi-4-mini"),
            (Phase.NOT_FOUND, "!! NOT FOUND phi-4-mini"),
            (Phase.COMPLETE, "COMPLETE phi-4-mini v1.0.0"),
        ):
            changed = replace(state, rollbacks={PHI_ID: replace(rollback, phase=phase)})
            assert title_of(changed, mono, PLACE) == said
        sending = replace(rollback, phase=Phase.SENDING, watch=None)
        changed = replace(state, rollbacks={PHI_ID: sending})
        assert title_of(changed, mono, PLACE) == "SENDING phi-4-mini -> v1.0.0"
