"""The request log: what the last minute was used for, and every request; the same on a console that only reads."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from octomil_tui.engine.asker import Purpose
from octomil_tui.engine.budget import Used
from octomil_tui.engine.gate import Account, Wait
from octomil_tui.engine.request_log import Request
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import DEVICES
from octomil_tui.ui.present import requests as present
from octomil_tui.ui.present.doubt import wait_lines
from octomil_tui.ui.spans import Token, plain
from octomil_tui.ui.theme import UNICODE
from octomil_tui.ui.widgets.table import Table
from tests.engine.fakes import device, polled
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY, Hands
from tests.ui.places import WAYS, go
from tests.ui.sims import KEY, Sim

ONE = Request(
    number=7,
    at=1_781_665_961.0,
    method="GET",
    path="/v1/devices",
    word="200",
    status=200,
    took_ms=12.4,
    size=12_345,
    page=1,
    is_retry=False,
    purpose=Purpose.POLL,
    what="devices",
)


def cells(request: Request, *, wide: bool = True) -> list[str]:
    return [plain(cell) for cell in present.request_row(request, wide=wide).cells]


def test_a_request_is_one_row() -> None:
    assert cells(ONE) == ["03:12:41Z", "GET", "/v1/devices", "200", "12", "12,345", "", "poll devices"]
    assert cells(ONE, wide=False) == ["03:12:41Z", "GET", "/v1/devices", "200", "12", "12,345", "devices"]
    assert len(cells(ONE)) == len(present.request_columns(wide=True))
    assert len(cells(ONE, wide=False)) == len(present.request_columns(wide=False))


@pytest.mark.parametrize(
    ("changed", "status", "mark", "token"),
    [
        ({"word": "304", "status": 304}, "304", "", Token.MUTED),
        ({"word": "429", "status": 429}, "429", "", Token.NEEDS),
        ({"word": "incomplete", "status": None}, "incomplete", "", Token.NEEDS),
        ({"page": 3}, "200", "page 3", Token.TEXT),
        ({"is_retry": True}, "200", "retry", Token.TEXT),
        ({"is_retry": True, "page": 12}, "200", "retry page 12", Token.TEXT),
    ],
)
def test_what_is_unusual_is_marked(changed: dict[str, object], status: str, mark: str, token: Token) -> None:
    one = replace(ONE, **changed)  # type: ignore[arg-type] # fields by name
    assert cells(one)[3] == status
    assert cells(one)[6] == mark
    assert present.request_row(one, wide=True).cells[3][0].token is token
    assert cells(one, wide=False)[3] == f"{status} {mark}".strip()


def test_the_minute_is_said_and_drawn() -> None:
    account = Account(Used(52, 11), 80.0, 0.0, 0)
    assert plain(present.sentence(account)).split("   ")[1] == (
        "63 of 100 requests in the last minute: 52 of its own accord, 11 for you."
    )
    assert "at most 80 a minute; 20 are kept for you" in plain(present.share_sentence(account))
    drawn = plain(present.budget_bar(account, 300, UNICODE))
    assert (drawn.count("▒"), drawn.count("█"), drawn.count("·"), len(drawn)) == (52, 11, 37, 100)
    assert len(plain(present.budget_bar(account, 60, UNICODE))) == 60
    assert plain(present.bar_legend(account, UNICODE)) == "▒ own 52  █ you 11  · free 37"


def test_a_share_that_was_cut_says_why() -> None:
    said = plain(present.share_sentence(Account(Used(9, 0), 14.4, 3.0, 2)))
    assert said.strip() == (
        'The service said "too many" 2 times: others use this key too. By itself it now asks at most 14 a minute.'
    )


def test_what_it_is_spent_on_has_its_period_and_its_age() -> None:
    state = polled(ConsoleState(), DEVICES, (device("a"),), 100.0)
    asked = replace(ONE, purpose=Purpose.PREFLIGHT, what="")
    old = replace(ONE, at=ONE.at - 61)
    rows = present.spent_lines(state, [ONE, ONE, asked, old], 107.0, ONE.at + 1)
    lines = [plain(row) for row in rows]
    assert lines[0].split() == ["devices", "2/min", "every", "5s", "newest", "7s", "ago"]
    assert lines[1].split() == ["preflight", "1/min", "when", "asked", "for"]
    assert lines[2].split() == ["models", "0/min", "every", "1m00s", "not", "read", "yet"]


def test_what_waits_is_said_once_for_each_purpose() -> None:
    told = [(Wait("preflight", 0.0, is_told_to=True), seconds) for seconds in (11.2, 12.4, 3.0)]
    full = [(Wait(f"refresh {what}", 0.0, is_told_to=False), 4.0) for what in ("devices", "models")]
    lines = wait_lines([*told, *full], 200)
    assert [plain(one) for one in lines] == [
        "?? preflight waits 13s: the service asked for a pause (429)",
        "?? refresh waits 4s: 100 requests a minute are allowed, and the last minute is full",
    ]


def shown(hands: Hands) -> int:
    return len(hands.app.screen.query_one("#log", Table).rows)


@pytest.mark.anyio
@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_it_opens_on_every_screen_and_shows_every_request(
    on: On, night: Sim, size: tuple[int, int]
) -> None:
    async with on(night, size=size) as hands:
        for screen in WAYS:
            await go(hands, screen)
            await hands.press("at")
            await hands.on("RequestsScreen")
            await hands.see("requests in the last minute", "THE LAST MINUTE", "REQUESTS", "/v1/m")
            await hands.until(lambda: shown(hands) == len(night.door.seen), "every request")
            await hands.press("escape")
            await hands.on(screen)
        picture = hands.picture
        assert KEY not in picture


@pytest.mark.anyio
async def test_it_goes_on_while_it_is_open_and_says_who_asked(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48), place=READ_ONLY) as hands:
        await go(hands, "WizardScreen")
        await hands.press("at")
        await hands.on("RequestsScreen")
        await hands.see("preflight", "poll devices", "for you")
        before = shown(hands)
        night.answers["/devices"] = httpx.Response(500, json={"code": "boom"})
        await hands.later(5)
        await hands.until(lambda: shown(hands) > before, "newer requests")
        await hands.see("500", "refresh devices")
        top = hands.app.screen.query_one("#log", Table).cursor_index
        assert top == 0, "who looks at the newest goes on doing so"
        assert night.methods == {"GET"}
        await hands.press("at")
        await hands.on("RequestsScreen")
        assert len(hands.app.screen_stack) == 3, "it does not open over itself"


@pytest.mark.anyio
async def test_who_waits_for_a_plan_is_told_why(on: On, night: Sim) -> None:
    night.is_counted = True
    async with on(night, size=(160, 48)) as hands:
        gate = hands.app.gate
        assert gate is not None
        plain_answer = night.handle_async_request

        async def refuse(request: httpx.Request) -> httpx.Response:
            return httpx.Response(429, request=request, json={"code": "slow"}, headers={"Retry-After": "17"})

        night.handle_async_request = refuse  # type: ignore[method-assign]
        hands.app.read_now()
        await hands.until(lambda: gate.pause > 0, "429")
        night.handle_async_request = plain_answer  # type: ignore[method-assign]
        await hands.press("R")
        await hands.on("WizardScreen")
        await hands.until(lambda: bool(gate.waits), "preflight that waits")
        hands.app._tick()
        await hands.see("?? preflight waits 17s: the service asked for a pause (429)")
        hands.wait(5)
        await hands.see("preflight waits 1")
        hands.wait(13)
        await hands.see("CHECKS")
        hands.app._tick()
        await hands.gone("preflight waits")
