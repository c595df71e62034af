from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.consoles import Hands
from tests.ui.sims import Sim, on_sim
from tests.ui.walls import Wall, dashboard

On = Callable[..., AbstractAsyncContextManager[Hands]]
OnWall = Callable[..., AbstractAsyncContextManager[Wall]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key writes into the directory that the console was started in goes with the test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def on(tmp_path: Path) -> On:
    """Run a console on a control plane: `async with on(sim, size=(160, 48)) as hands`."""
    running: Any = on_sim
    return lambda sim, **options: running(sim, tmp_path, **options)


@pytest.fixture
def on_wall(tmp_path: Path) -> OnWall:
    """Run a dashboard on a control plane: `async with on_wall(sim, size=(160, 48)) as wall`."""
    running: Any = dashboard
    return lambda sim, **options: running(sim, tmp_path, **options)


@pytest.fixture
def night() -> Sim:
    return Sim("night")


@pytest.fixture
def brief() -> Sim:
    return Sim("brief")
