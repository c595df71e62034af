"""What the screens say while the service is not as it should be."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.ui.spans import Token
from tests.ui.conftest import On
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


def refusal(status: int, code: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": "because"})


async def test_case_23_one_toast_each_way(on: On, night: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on(night) as hands:
        # Toasts leave by themselves, so they are noted when they come.
        said: list[str] = []
        monkeypatch.setattr(hands.app, "_say", said.append)
        for _ in range(3):
            night.broken = httpx.ConnectError("refused")
            for _ in range(4):
                await hands.later(2)
            night.broken = None
            await hands.later(2)
            await hands.see("● LIVE 0s")
        away, back = "cannot connect to 127.0.0.1:8000; what was known stays", "the service answers again"
        assert said == [away, back] * 3


async def test_case_23_after_five_minutes_a_banner_stands_out(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.broken = httpx.ConnectError("refused")
        await hands.later(5)
        await hands.see("?? cannot connect to 127.0.0.1:8000, ")
        hands.wait(320)
        await hands.see("!! no news for 5m25s: cannot connect to 127.0.0.1:8000, ")
        assert hands.rows[0].startswith("?PROD?")
        assert Token.PLACE in tokens_of(hands, "no news for")


def tokens_of(hands: object, text: str) -> set[Token]:
    sentence = hands.app.screen.query_one("#sentence")  # type: ignore[attr-defined] # the hands of a console
    return {token for one in sentence._lines for words, token in one if text in words}


async def test_case_28_a_rejected_key_is_a_banner_and_stops_the_sending(on: On, night: Sim) -> None:
    async with on(night) as hands:
        rows = hands.rows[4:7]
        night.answers[""] = refusal(401)
        await hands.later(1)
        await hands.see("!! key rejected (401, revoked?): nothing can be sent")
        for row in rows:
            assert row[:20] in hands.picture
        assert hands.rows[0].startswith("?PROD?")
        night.answers.clear()
        await hands.later(1)
        await hands.see("● LIVE 0s")
        await hands.gone("key rejected")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_case_29_a_missing_permission_is_said_in_its_pane(
    on: On, night: Sim, size: tuple[int, int]
) -> None:
    async with on(night, size=size) as hands:
        await hands.see("eu-kiosks")
        night.answers["/device-groups"] = refusal(403)
        await hands.later(1)
        await hands.see("?? the key lacks a permission: device groups")
        assert "eu-kiosks" in hands.picture, "what was known stays"
        assert "LIVE" in hands.rows[0]
        assert hands.said == []


@pytest.mark.parametrize("status", [404, 405])
async def test_case_29_a_missing_list_costs_one_pane(on: On, night: Sim, status: int) -> None:
    night.answers["/device-groups"] = night.answers["/rollouts/active"] = refusal(status)
    async with on(night, load=False) as hands:
        await hands.see("● LIVE", "phi-4-mini", "this service does not list device groups")
        await hands.press("4")
        await hands.see("this service does not list device groups")
        assert hands.app.is_running


async def test_case_29_a_watched_model_that_is_gone_is_said_and_nothing_is_claimed(
    on: On, night: Sim
) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.later(120)
        await hands.see("verified")
        night.answers[f"/{PHI_ID}/rollouts"] = refusal(404, "model_not_found")
        night.answers[f"/{PHI_ID}/versions"] = refusal(404, "model_not_found")
        night.answers["/models"] = httpx.Response(200, json={"models": []})
        await hands.later(1)
        await hands.later(31)
        await hands.see("!! the model no longer exists on this service", "estimate withdrawn")
        assert hands.rows[0].startswith("?PROD?")
        assert "█" not in hands.picture, "no bar is drawn as if it were true now"
        assert hands.rollback(PHI_ID).watch is not None


async def test_case_32_rows_that_cannot_be_read_are_counted_on_the_screen(on: On, night: Sim) -> None:
    async with on(night) as hands:
        answer = await night._wire.handle_async_request(
            httpx.Request(
                "GET",
                "http://127.0.0.1:8000/v1/devices?limit=1000",
                headers={"Authorization": "Bearer edg_sim_test_of_the_screens"},
            )
        )
        await answer.aread()
        rows = answer.json()["devices"]
        rows[7] = {"name": "no id"}
        night.answers["/devices"] = httpx.Response(200, json={**answer.json(), "devices": rows})
        await hands.later(1)
        await hands.see(f"?? 1 of {len(rows)} rows unreadable: devices")
        assert "LIVE" in hands.rows[0]


async def test_case_33_a_server_clock_that_differs_is_said_in_line_one(on: On, night: Sim) -> None:
    async with on(night) as hands:
        assert "server" not in hands.rows[0]
        hands.app._wall_clock = lambda: night.clock.now() - 190
        hands.wait(1)
        await hands.see("server +3m  03:12:4")


async def test_case_34_the_numbers_fade_while_they_are_old(on: On, night: Sim) -> None:
    async with on(night, size=(120, 40)) as hands:
        assert "░" not in hands.picture
        night.broken = httpx.ConnectError("refused")
        hands.wait(40)
        await hands.see("STALE 40s", "░")
        assert hands.app.screen.has_class("-old")
        night.broken = None
        await hands.later()
        await hands.see("● LIVE 0s")
        assert "░" not in hands.picture
        assert not hands.app.screen.has_class("-old")
