from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.pty import Terminal

ROOT = Path(__file__).parents[2]
Start = Callable[..., Terminal]


@pytest.fixture
def beats(tmp_path: Path) -> Path:
    return tmp_path / "beats"


@pytest.fixture
def start(tmp_path: Path, beats: Path, request: pytest.FixtureRequest) -> Start:
    """Start the sample app in a pty and wait for its first picture."""

    def started(*, controlling: bool = True, size: tuple[int, int] = (80, 24), **env: str | None) -> Terminal:
        terminal = Terminal(
            [sys.executable, "-m", "tests.terminal.sample_app", beats],
            size=size,
            cwd=ROOT,
            env={"XDG_STATE_HOME": str(tmp_path / "state"), **env},
            controlling=controlling,
        )
        request.addfinalizer(lambda: terminal.__exit__(None, None, None))
        terminal.wait_for("beat ")
        return terminal

    return started
