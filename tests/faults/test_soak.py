"""The long runs of `make soak`, short: that they measure what they say, and that nothing piles up in some dozens of refreshes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.measure import ALLOWED, MONTH, Sample, Verdict, counting
from tests.soak.refreshes import RUNS, refresh

REFRESHES = 40
AT_REST = Sample(0, 100_000_000, 2, 9, 50, 1, 4, 200_000, 1_000_000)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("name", RUNS)
async def test_case_49_refreshes_and_errors_leave_nothing_behind(tmp_path: Path, name: str) -> None:
    enter, interval = RUNS[name]
    run = await refresh(enter, tmp_path, count=REFRESHES, seed=1, interval=interval, name=name, samples=20)
    assert len(run.samples) >= 14
    assert run.grown == []


def grown_by(each: int, **more: int) -> Verdict:
    samples = [
        replace(AT_REST, refreshes=n * 100, rss=AT_REST.rss + n * 100 * each, **(more if n > 50 else {}))
        for n in range(60)
    ]
    return Verdict("made up", counting(samples), 2.0)


def test_case_49_a_leak_of_memory_is_seen() -> None:
    enough = int(ALLOWED * 2.0 / MONTH) + 1
    assert grown_by(0).is_good
    assert grown_by(enough).per_refresh == pytest.approx(enough)
    assert not grown_by(enough).is_good


@pytest.mark.parametrize("kind", ["threads", "files", "tasks", "workers", "timers"])
def test_case_49_more_of_anything_is_seen(kind: str) -> None:
    run = grown_by(0, **{kind: getattr(AT_REST, kind) + 1})
    assert run.grown == [kind]
    assert not run.is_good
