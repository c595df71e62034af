"""The hook: every event once, in order, and nothing that its command does disturbs who tells it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from octomil_tui.engine.hook import WAITING_AT_MOST, Hook

pytestmark = pytest.mark.anyio

DEADLINE = 30.0


async def told(hook: Hook, *events: str) -> None:
    for event in events:
        hook.tell(event)
    running = asyncio.create_task(hook.run())
    await hook.finish(DEADLINE)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_each_event_is_one_run_with_one_object_on_its_standard_input(tmp_path: Path) -> None:
    kept, said = tmp_path / "kept", list[str]()
    code = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read()); print('noise'); sys.stderr.write('noise')"
    await told(Hook((sys.executable, "-c", code, str(kept)), said.append), '{"n": 1}', '{"n": 2}')
    assert [json.loads(line) for line in kept.read_text().splitlines()] == [{"n": 1}, {"n": 2}]
    assert said == []


async def test_a_command_that_is_not_there_is_said_once() -> None:
    said: list[str] = []
    await told(Hook(("/nowhere/at\x1b/all",), said.append), "{}", "{}")
    assert said == [
        "the command of --on-event cannot be run: /nowhere/at\\x1b/all: No such file or directory"
    ]


async def test_a_command_that_fails_is_said_and_one_that_ignores_its_input_is_fine() -> None:
    said: list[str] = []
    await told(Hook((sys.executable, "-c", "raise SystemExit(3)"), said.append), "{}")
    await told(Hook((sys.executable, "-c", "pass"), said.append), "x" * 200_000)
    assert said == ["the command of --on-event failed with status 3"]


async def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    said, child = list[str](), tmp_path / "child"
    script = f"sleep 600 & echo $! > {child}; wait"
    await told(Hook(("sh", "-c", script), said.append, timeout=1.0), "{}")
    assert said == ["the command of --on-event took longer than 1 seconds and was ended"]
    await asyncio.to_thread(_wait_until_gone, int(child.read_text()))


def _wait_until_gone(pid: int) -> None:
    """Return once a process is dead; one that was killed and that nobody waits for is as good as that."""
    for _ in range(int(DEADLINE * 20)):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    raise AssertionError("the child lives on")


async def test_telling_never_waits_and_the_oldest_events_go_first(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    hook = Hook(("sh", "-c", f"cat >> {kept}"), lambda _: None)
    for number in range(WAITING_AT_MOST + 5):
        hook.tell(str(number))
    assert hook._events.qsize() == WAITING_AT_MOST
    assert hook._events.get_nowait() == "5"
