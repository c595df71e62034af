"""Answers of any size: the console holds a few megabytes of them and says what happened."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.api.fault import BODY_LIMIT
from tests.api.scripted import bomb, http
from tests.faults.server import Fault, Wire, answers, device, fleet

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
HUGE = 300_000_000
MOST_KIB = 32 * 1024


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def measured(fault: Fault) -> dict[str, Any]:
    """Let another process read once as it should be, and once with `fault`."""

    async def second(wire: Wire) -> None:
        is_first = len(server.asked("devices")) == 1
        await (wire.write(wire.whole) if is_first else fault(wire))

    async with fleet() as server:
        server.faults["devices"] = second
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.size_child", server.url),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


async def _endless(wire: Wire) -> None:
    await wire.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n[" % HUGE
    )
    for _ in range(HUGE // 65_536):
        await wire.write(b" " * 65_536)


HUGE_ANSWERS: dict[str, Fault] = {
    "300 MB": _endless,
    "gzip bomb": answers(http(bomb(HUGE), Content_Encoding="gzip")),
}


@pytest.mark.parametrize("kind", HUGE_ANSWERS)
async def test_case_27_a_huge_answer_is_let_go_early(kind: str) -> None:
    found = await measured(HUGE_ANSWERS[kind])
    assert found["said"].endswith("is too large (over 8 MiB)")
    assert found["grown_kib"] < MOST_KIB


async def test_case_27_many_small_rows_in_one_answer_are_no_way_around_it() -> None:
    rows = b'{"id":1},' * ((BODY_LIMIT - 20) // 9)
    found = await measured(answers(http(b"[" + rows[:-1] + b"]")))
    assert "too many objects" in found["said"]
    assert found["grown_kib"] < MOST_KIB


async def test_case_27_a_whole_page_of_devices_is_not_too_large() -> None:
    page = json.dumps({"devices": [device(f"d{number}") for number in range(1000)], "total": 1000}).encode()
    found = await measured(answers(http(page)))
    assert found["said"] == "read"
