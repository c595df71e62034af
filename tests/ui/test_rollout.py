"""One rollout with its status history: reached from the list and from its model."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.history import StatusChange
from octomil_tui.ui.present.rollout import history_lines
from octomil_tui.ui.spans import shown, width
from octomil_tui.ui.theme import ASCII
from tests.ui.conftest import On
from tests.ui.forms import SIZES
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio

ROLLOUT = f"/v1/models/{PHI_ID}/rollouts/4127"
NOW = 1_781_665_961.0


@SIZES
async def test_the_history_of_a_rollout_says_who_when_from_what_and_why(
    on: On, brief: Sim, size: tuple[int, int]
) -> None:
    async with on(brief, size=size) as hands:
        await brief.post(f"{ROLLOUT}/pause", {"reason": "waiting for labels"})
        await hands.later(1)
        await hands.press("3", "enter")
        await hands.on("RolloutScreen")
        await hands.see("ROLLOUT 4127", "STATUS HISTORY", "active → paused", "waiting for labels")
        await hands.see("20% → 40%", "ops", "progressive, v1.0.0 → v2.0.0, the whole fleet")
        assert "Rollout 4127 of phi-4-mini to v2.0.0, paused at 40%. On 50 of 124." in hands.picture
        assert "w watch" not in hands.keys
        if size[0] > 100:
            await hands.see("GROUPS ON v2.0.0", "32/40")
        await hands.press("a")
        await hands.see("ACTIONS ON phi-4-mini", "resume")
        await hands.press("escape", "escape")
        await hands.on("RolloutsScreen")
        assert brief.writes == []


async def test_a_rollback_is_watched_from_it(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("3990")
        await hands.press("tab", "down", "enter")
        await hands.on("RolloutScreen")
        await hands.see("ROLLBACK 3990", "rolling back → completed", "latency", "w watch")
        await hands.press("R")
        await hands.on("WizardScreen")
        await hands.press("escape")
        await hands.on("RolloutScreen")
        await hands.press("w")
        await hands.on("WatchScreen")


async def test_a_service_without_histories_says_so(on: On, brief: Sim) -> None:
    brief.answers["/status-history"] = httpx.Response(404, json={"detail": "Not Found"})
    async with on(brief) as hands:
        await hands.press("3", "enter")
        await hands.on("RolloutScreen")
        await hands.see("ROLLOUT 4127", "STATUS HISTORY")
        await hands.gone("20% → 40%")
        assert "LIVE" in hands.rows[0]


def plain(changes: tuple[StatusChange, ...], cells: int) -> list[str]:
    lines = history_lines(changes, NOW, cells, ASCII)
    assert all(width(line) <= cells for line in lines)
    return ["".join(shown(span.text) for span in line).rstrip() for line in lines]


def test_a_reason_without_room_beside_the_rest_goes_below_it() -> None:
    long = "errors 6.1% after v2.0.0 since 02:58Z, waiting for somebody from the model team, INC-2231"
    changes = (
        StatusChange(RolloutState.PAUSED, "paused", NOW - 60, 0.4, "ops", long),
        StatusChange(RolloutState.ACTIVE, "active", NOW - 86_400, None, None),
        StatusChange(RolloutState.PENDING, "pending"),
    )
    rows = plain(changes, 76)
    assert rows[0].split() == ["UTC", "AGO", "FROM", "->", "TO", "SHARE", "BY", "WHY"]
    assert rows[1].split() == ["03:11:41Z", "1m", "active", "->", "paused", "40%", "ops"]
    assert " ".join(row.strip() for row in rows[2:4]) == long
    assert rows[4].split() == ["16", "Jun", "1d", "pending", "->", "active", "-", "-"]
    assert rows[5].split() == ["?", "pending", "-", "-"]
    assert plain(changes, 156)[1].endswith(f"ops      {long}")
    assert history_lines((), NOW, 76, ASCII) == []
