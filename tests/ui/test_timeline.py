"""The timeline on the screen: the newest first, narrowed by a filter, with memos; and the report of an end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.audit import AuditLog, whoami
from octomil_tui.engine.notebook import Notebook
from octomil_tui.engine.recording import Origin
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY
from tests.ui.places import watch
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


def notebook_in(directory: Path) -> Notebook:
    origin = Origin("http://127.0.0.1:8000/v1", "127.0.0.1:8000", None, "ab12cd34")
    return Notebook(AuditLog(directory / "audit.jsonl"), origin, lambda: whoami({}))


async def test_what_happened_is_listed_and_narrowed(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("5")
        await hands.see(
            "41 events, 0 memos", "v2.0.0: error rate 6.1%", "rollout 4127 v2.0.0 advanced 20% -> 40%"
        )
        assert "policy" in hands.cursor
        await hands.see("over 5 min", "told by audit, incident")
        await hands.press("slash")
        await hands.type("kind:rollback by:dev")
        await hands.press("enter")
        await hands.see("rollback 3990 v1.1.0 -> v1.0.0 began: latency")
        await hands.gone("advanced 20%")
        await hands.press("escape", "j", "enter")
        await hands.on("ModelScreen")


async def test_the_last_events_are_on_the_fleet(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.see("LAST EVENTS", "03:09Z policy", "02:54Z ops")


async def test_a_memo_is_kept_on_this_machine_and_nothing_is_sent(on: On, night: Sim, tmp_path: Path) -> None:
    keep: Any = partial(notebook_in, tmp_path)
    async with on(night, notebook=keep, place=READ_ONLY) as hands:
        await hands.press("5")
        await hands.see("41 events")
        await hands.press("m")
        await hands.on("MemoDialog")
        await hands.type("support told")
        await hands.press("enter")
        await hands.see("support told", "1 memo among them")
        await hands.press("m")
        await hands.on("MemoDialog")
        await hands.type("never mind")
        await hands.press("escape")
        await hands.on("TimelineScreen")
    (memo,) = notebook_in(tmp_path).past()
    assert (memo.text, memo.model) == ("support told", "phi-4-mini")
    assert night.writes == []


async def test_a_service_without_records_costs_a_pane_and_its_rollouts_tell(on: On, night: Sim) -> None:
    gone = httpx.Response(404, json={"detail": "Not Found"})
    night.answers = {"/logs/audit": gone, "/incidents": gone, "/status-history": gone}
    async with on(night) as hands:
        await hands.press("5")
        await hands.see("rollout 4127 v2.0.0 started", "does not list timeline")
        assert "● LIVE" in hands.rows[0]


async def test_the_end_is_reported_and_its_text_can_be_copied(on: On, brief: Sim, tmp_path: Path) -> None:
    async with on(brief, reports=Path("reports")) as hands:
        await watch(hands)
        for _ in range(8):
            if hands.rollback(PHI_ID).phase is Phase.COMPLETE:
                break
            await hands.later(300)
        await hands.see("IS BACK ON", "4131-phi-4-mini.md")
        await hands.press("c")
        assert "is back on v1.0.0 since" in hands.app.clipboard
        assert any("lines for the channel" in said for said in hands.said)
    text = (tmp_path / "reports" / "4131-phi-4-mini.md").read_text()
    assert "**COMPLETE: " in text
    assert "confirmed plan" in text


async def test_e_writes_the_report_so_far_and_says_where_the_whole_one_is(
    on: On, brief: Sim, tmp_path: Path
) -> None:
    written = tmp_path / "reports" / "4131-phi-4-mini.md"
    async with on(brief, reports=Path("reports")) as hands:
        await roll_back(hands)
        await hands.later(60)
        await hands.press("e")
        await hands.until(lambda: any("the report so far is in " in one for one in hands.said), "toast")
        so_far = written.read_text()
        for _ in range(6):
            await hands.later(120)
        await hands.see("STILL ON GUARD", "e report  ")
        assert written.read_text() != so_far
        before = written.stat().st_mtime_ns
        await hands.press("e")
        await hands.until(lambda: any("the report is in " in one for one in hands.said), "toast")
        assert written.stat().st_mtime_ns == before, "it was written already"


async def test_a_report_that_could_not_be_written_is_tried_again(on: On, brief: Sim, tmp_path: Path) -> None:
    in_the_way = tmp_path / "reports"
    in_the_way.write_text("a file where the directory would be")
    async with on(brief, reports=Path("reports")) as hands:
        await roll_back(hands)
        for _ in range(6):
            await hands.later(120)
        await hands.see("STILL ON GUARD", "e report  ")
        toasts = len(hands.said)
        await hands.press("e")
        await hands.until(lambda: len(hands.said) > toasts, "why there is none")
        assert "the report is in" not in hands.said[-1]
        in_the_way.unlink()
        await hands.press("e")
        await hands.until(lambda: any("the report is in " in one for one in hands.said), "toast")
        assert (in_the_way / "4131-phi-4-mini.md").exists()


async def test_a_console_without_a_place_for_reports_says_so(on: On, brief: Sim) -> None:
    async with on(brief) as hands:
        await roll_back(hands)
        await hands.press("e")
        await hands.until(lambda: any("keeps no reports" in one for one in hands.said), "toast")
