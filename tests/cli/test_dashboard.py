"""The way to the dashboard: whatever the settings say, what it is given cannot write."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from octomil_tui.api.errors import RequestRefusedError
from octomil_tui.domain.order import RollbackOrder
from octomil_tui.engine.source import Service
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.taste import USUAL, Taste
from tests.cli.conftest import Console
from tests.cli.drill import ROOT, Drill, run_process

OpenService = Callable[[], Awaitable[AbstractAsyncContextManager[Service]]]


class Wall:
    """Stands in for the screen: reads once, and tries to write."""

    def __init__(self) -> None:
        self.place: PlaceInfo | None = None
        self.exit_after: float | None = None
        self.notifies = False
        self.rings: bool | None = None
        self.taste: Taste | None = None
        self.models: list[str] = []
        self.refused = ""

    def __call__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        rings: bool,
        exit_after: float | None = None,
        taste: Taste = USUAL,
        notifies: bool = False,
    ) -> int:
        self.place, self.exit_after, self.taste = place, exit_after, taste
        self.rings, self.notifies = rings, notifies

        async def ask() -> None:
            async with await open_service() as service:
                self.models = [model.name for model in (await service.models()).value]
                try:
                    await service.rollback("phi-4-mini", RollbackOrder("1.0.0"), idempotency_key="k")
                except RequestRefusedError as error:
                    self.refused = error.message

        asyncio.run(ask())
        return 0


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    found = Wall()
    monkeypatch.setattr("octomil_tui.ui.dashboard.run_dashboard", found)
    monkeypatch.setattr("octomil_tui.cli.console.check_terminal", lambda: None)
    monkeypatch.setattr("octomil_tui.cli.demo.check_terminal", lambda: None)
    return found


@pytest.mark.parametrize("said", [{}, {"OCTOMIL_READ_ONLY": "0"}], ids=["nothing", "contradicted"])
def test_case_42_dashboard_what_it_asks_with_cannot_write(
    quiet: Drill, console: Console, wall: Wall, said: dict[str, str]
) -> None:
    result = console("dashboard", "--exit-after", "90s", env={**quiet.env, "OCTOMIL_ORG_ID": "acme", **said})
    assert result.code == 0
    assert wall.models == ["phi-4-mini"]
    assert "read-only" in wall.refused
    assert quiet.writes == []
    assert wall.place is not None
    assert (wall.place.mark, wall.place.org, wall.place.read_only) == ("PROD", "acme", True)
    assert (wall.rings, wall.exit_after) == (False, 90)


@pytest.mark.parametrize("flags", [(), ("--notify",)], ids=["silent", "asked for"])
def test_the_desktop_is_told_only_where_somebody_asked_for_it(
    quiet: Drill, console: Console, wall: Wall, flags: tuple[str, ...]
) -> None:
    assert console("dashboard", *flags, env={**quiet.env, "OCTOMIL_ORG_ID": "acme"}).code == 0
    assert wall.notifies is bool(flags)


def test_the_demo_shows_it_too(console: Console, wall: Wall) -> None:
    assert console("demo", "--dashboard").code == 0
    assert "phi-4-mini" in wall.models
    assert "read-only" in wall.refused
    assert wall.place is not None
    assert wall.place.mark == "DEMO"


def test_it_rings_where_it_is_asked_to_and_the_console_is_not_meant(
    quiet: Drill, console: Console, wall: Wall
) -> None:
    assert console("dashboard", "--bell", env=quiet.env).code == 0
    assert wall.rings is True
    assert console("demo", "--dashboard", "--bell").code == 0
    assert wall.rings is True
    refused = console("demo", "--bell")
    assert refused.code == 2
    assert "--bell is for --dashboard" in refused.err


def test_without_a_key_or_a_terminal_it_is_not_drawn(console: Console, wall: Wall, quiet: Drill) -> None:
    assert console("dashboard").code == 2
    assert console("dashboard", "--api-key-stdin", env=quiet.env).code == 2
    assert wall.place is None
    outside = run_process(quiet.env, "dashboard")
    assert outside.code == 2
    assert "needs a terminal" in outside.err


def test_case_42_dashboard_no_screen_that_leads_to_a_write_is_loaded() -> None:
    code = "import sys, octomil_tui.ui.dashboard; print(*(m for m in sys.modules if '.ui.screens.' in m))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == ["octomil_tui.ui.screens.dashboard"]
