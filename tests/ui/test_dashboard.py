"""The dashboard on a control plane: what it stays on, what it says when it is old, and that nothing makes it leave."""

from __future__ import annotations

import re

import httpx
import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.key_source import Reread
from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.theme import ASCII, DEFAULT_PALETTE, Look
from tests.ui.conftest import OnWall
from tests.ui.sims import PHI_ID, Sim
from tests.ui.walls import BY_OTHERS, ROLLBACK, Wall

pytestmark = pytest.mark.anyio

_COUNT = re.compile(r" (\d+) (?:verified|on the way|waiting|stale|offline|bounced|failed|unknown)\b")


def counts(wall: Wall) -> list[int]:
    """Return the counts beside the number."""
    return [int(found[1]) for row in wall.rows[4:9] if (found := _COUNT.search(row))]


async def test_the_worst_rollout_is_big_while_no_rollback_runs(on_wall: OnWall, brief: Sim) -> None:
    async with on_wall(brief) as wall:
        await wall.see("ROLLING OUT    phi-4-mini    v1.0.0 → v2.0.0    at 40%")
        await wall.see("50 on v2.0.0", "74 not on it")
        assert wall.rows[0].startswith(" PROD  acme-edge  READ-ONLY")
        assert "q quit (asks)" in wall.keys


async def test_a_rollback_of_somebody_else_is_taken_up_and_adds_up(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        await wall.rolled_back(night)
        await wall.see("started 03:13Z", "errors 6.1%, INC-2231", "online: verified about 03:17Z")
        assert sum(counts(wall)) == 50
        for _ in range(5):
            await wall.later(38)
            assert sum(counts(wall)) == 50
        assert counts(wall) == [31, 12, 3, 4, 0]
        groups = [row.split()[0] for row in wall.rows if re.search(r" \d+/\d+ {3}", row)]
        assert groups == ["eu-kiosks", "staging", "canary"], "fewest verified first"
        await wall.see("us-kiosks  2 of 2 moved up", "62%", "7 have no ETA")
        assert night.methods == {"GET"}


async def test_several_rollbacks_are_taken_up_one_after_the_other(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        await wall.rolled_back(night)
        asked = len(night.door.seen)
        await night.post("/v1/models/sentiment-v1/rollback", {"to_version": "5.0.1"})
        await wall.later(12)
        assert len(wall.known.rollbacks) == 1, "each costs half a dozen requests"
        await wall.later(12)
        await wall.until(lambda: len(wall.known.rollbacks) == 2, "second rollback")
        await wall.see("OTHER MODELS", "rolling back")
        assert sum(counts(wall)) in (31, 50)
        assert len(night.door.seen) - asked < 40


async def test_it_stays_ten_minutes_after_done_and_then_goes_on(on_wall: OnWall, brief: Sim) -> None:
    async with on_wall(brief) as wall:
        await wall.rolled_back(brief)
        await wall.step_to(700)
        await wall.phase(PHI_ID, Phase.COMPLETE)
        await wall.see("COMPLETE", "50 verified", "done 03:", "100%")
        ended = wall.rollback(PHI_ID).ended_at
        assert ended is not None
        await wall.later(ended + 590 - brief.clock.now())
        await wall.see("COMPLETE")
        await wall.later(30)
        await wall.see("NOTHING IS ROLLING", "124 online", "phi-4-mini ok")
        await wall.gone("COMPLETE")


async def test_a_rollback_that_ended_just_before_it_began_is_shown(on_wall: OnWall, brief: Sim) -> None:
    await brief.post(ROLLBACK, BY_OTHERS)
    for _ in range(20):
        brief.move(38)
    async with on_wall(brief) as wall:
        await wall.see("COMPLETE", "phi-4-mini")


async def test_old_data_has_no_mark_of_life_and_comes_back(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        await wall.rolled_back(night)
        await wall.step_to(190)
        assert "█" in wall.picture
        known_at = re.search(r"\d\d:\d\d:\d\dZ", wall.rows[0])
        assert known_at is not None
        night.broken = httpx.ConnectError("refused")
        await wall.later(5)
        wall.wait(242)
        await wall.see("LAST KNOWN, NOT LIVE", "STALE 4m07s", "ETA withdrawn", "CONNECTION")
        assert wall.rows[0].startswith("?PROD?")
        assert not re.search("[█▒●]", wall.picture)
        assert "░" in wall.picture
        assert sum(f"at {known_at[0]}" in row for row in wall.rows) == 5, "one for each count"
        assert "no ETA" not in wall.picture
        assert "at their next sync" not in wall.picture
        await wall.see("The rollback runs on the server and on the devices, not on this screen.")
        await wall.see("updated 4m07s ago", "cannot connect to")
        night.broken = None
        await wall.later()
        await wall.see("ROLLING BACK", "● LIVE 0s", "█")
        await wall.gone("LAST KNOWN")
        assert sum(counts(wall)) == 50


async def test_the_countdown_to_the_next_try_moves(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        await wall.rolled_back(night)
        night.broken = httpx.ConnectError("refused")
        for _ in range(6):
            await wall.later(12)
        await wall.see("×")
        seen = set()
        for _ in range(4):
            wall.clock.now += 0.25
            wall.wall._tick()
            await wall.settle()
            seen |= set(re.findall(r"next try in \d+s|trying now", wall.picture))
        assert seen, wall.picture
        assert re.search(r"×\d+, (next try in|trying now)", wall.picture)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
async def test_no_refusal_ends_it(on_wall: OnWall, night: Sim, status: int) -> None:
    async with on_wall(night) as wall:
        refused = {"error": "no", "message": "Not today.", "status_code": status}
        night.answers[""] = httpx.Response(status, json=refused)
        await wall.later(2)
        for _ in range(5):
            wall.wait(130)
            await wall.settle()
        await wall.see("LAST KNOWN, NOT LIVE", "CONNECTION")
        assert wall.app.is_running


async def test_a_refused_key_is_read_again_by_itself(
    on_wall: OnWall, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def reread(_client: AsyncOctomilClient) -> Reread:
        asked.append(1)
        night.answers.clear()
        return Reread.CHANGED

    monkeypatch.setattr(AsyncOctomilClient, "reread_key", reread)
    async with on_wall(night) as wall:
        refused = {"error": "unauthorized", "message": "Key revoked.", "status_code": 401}
        night.answers[""] = httpx.Response(401, json=refused)
        await wall.later(5)
        await wall.until(lambda: bool(asked), "look for another key")
        await wall.see("● LIVE", "50 on v2.0.0")
        assert len(asked) == 1


async def test_before_the_first_answer_it_says_whom_it_asks(on_wall: OnWall, night: Sim) -> None:
    night.broken = httpx.ConnectError("refused")
    async with on_wall(night, load=False) as wall:
        await wall.see("NOT CONNECTED", "api.test", "cannot connect to", "nothing was read yet")
        night.broken = None
        await wall.read()
        await wall.see("phi-4-mini", "● LIVE")


async def test_a_model_that_vanishes_is_let_go(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        await wall.rolled_back(night)
        models = [{"id": "m-9", "name": "other-model"}]
        night.answers["/models"] = httpx.Response(200, json={"models": models, "total": 1})
        await wall.later(61)
        await wall.gone("phi-4-mini")
        assert wall.app.is_running


async def test_only_what_changed_is_drawn_again(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        before = wall.rows
        wall.wait(1)
        await wall.settle()
        changed = [
            place for place, (old, new) in enumerate(zip(before, wall.rows, strict=True)) if old != new
        ]
        assert changed == [0, 23]
        widgets = list(wall.app.screen.query("*"))
        for _ in range(5):
            await wall.later(2)
        assert list(wall.app.screen.query("*")) == widgets
        assert wall.app.screen.focused is None


async def test_without_blocks_it_is_drawn_in_ascii(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night, look=Look(DEFAULT_PALETTE, ASCII)) as wall:
        await wall.rolled_back(night)
        await wall.see("####", "->")
        assert wall.picture.replace("…", "").isascii()
        night.broken = httpx.ConnectError("refused")
        await wall.later(5)
        wall.wait(60)
        await wall.see("::::", "LAST KNOWN, NOT LIVE")
        assert wall.picture.replace("…", "").isascii()
