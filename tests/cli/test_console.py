"""The two ways to the screens, as far as the command line goes with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from octomil_tui.cli import demo
from octomil_tui.engine.recording import Records
from octomil_tui.engine.source import Service
from octomil_tui.ui.place import PlaceInfo
from tests.cli.conftest import Console
from tests.cli.drill import Drill

OpenService = Callable[[], Awaitable[AbstractAsyncContextManager[Service]]]


class Screens:
    """Stands in for the screens: asks the service once, and leaves."""

    def __init__(self) -> None:
        self.place: PlaceInfo | None = None
        self.exit_after: float | None = None
        self.records: Records | None = None
        self.models: list[str] = []

    def __call__(
        self,
        open_service: OpenService,
        place: PlaceInfo,
        *,
        records: Records | None = None,
        exit_after: float | None = None,
        **_more: object,
    ) -> int:
        self.place, self.exit_after, self.records = place, exit_after, records

        async def ask() -> None:
            async with await open_service() as service:
                self.models = [model.name for model in (await service.models()).value]

        asyncio.run(ask())
        return 0


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    found = Screens()
    monkeypatch.setattr("octomil_tui.ui.opening.run_console", found)
    monkeypatch.setattr("octomil_tui.cli.console.check_terminal", lambda: None)
    monkeypatch.setattr("octomil_tui.cli.demo.check_terminal", lambda: None)
    return found


def test_the_console_gets_a_service_and_a_place(quiet: Drill, console: Console, screens: Screens) -> None:
    env = {**quiet.env, "OCTOMIL_ORG_ID": "acme"}
    assert console("--read-only", "--exit-after", "5", env=env).code == 0
    assert screens.models == ["phi-4-mini"]
    assert screens.exit_after == 5
    assert screens.place is not None
    assert (screens.place.mark, screens.place.org, screens.place.read_only) == ("PROD", "acme", True)
    assert screens.place.host == quiet.running.base_url.split("/")[2]
    assert screens.records is None, "what cannot write has nothing to write down"


def test_the_console_without_a_key_is_not_drawn(console: Console, screens: Screens) -> None:
    assert console().code == 2
    assert console("--base-url", "ftp://x", env={"OCTOMIL_API_KEY": "edg_12345678"}).code == 2
    assert screens.place is None


def test_the_demo_is_named_one(console: Console, screens: Screens) -> None:
    assert console("demo").code == 0
    assert "phi-4-mini" in screens.models
    assert screens.place is not None
    assert (screens.place.mark, screens.place.org) == ("DEMO", "acme-edge")


def test_the_demo_without_a_terminal_does_the_whole_job(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "SPEED", 600.0)
    result = console("demo")
    assert result.code == 0
    assert "50 change, 71 already there, 3 move UP, 0 unknown" in result.lines
    assert "Rollback initiated" in result.lines
    # How many of the four silent ones come back by themselves depends on how long the polls take.
    assert re.match(
        r"DONE: (\d+) of \1 reachable devices settled on v1\.0\.0\. \d offline\.", result.lines[-1]
    )


def test_a_read_only_demo_ends_with_its_plan(console: Console) -> None:
    result = console("demo", "--read-only")
    assert result.code == 0
    assert "Rollback initiated" not in result.lines
