"""From one profile to another in a real terminal: another first line, another service, nothing left of the old one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import confirm, press_until
from tests.terminal.pty import Terminal

KEYS = """
from octomil_tui.ui.app import ConsoleApp

ConsoleApp.action_redraw = lambda app: app.switch_profile("second")
ConsoleApp.action_suspend = lambda app: app.switch_profile("first")
from octomil_tui.__main__ import run
run()
"""
"""The console with ctrl+l for the second profile and ctrl+z for the first."""


@pytest.fixture
def services() -> Iterator[tuple[Drill, Drill]]:
    with Drill("brief") as first, Drill("night") as second:
        yield first, second


def start(tmp_path: Path, services: tuple[Drill, Drill], *arguments: str, **env: str) -> Terminal:
    script = tmp_path / "keys.py"
    script.write_text(KEYS)
    text = "default_profile = 'first'\n"
    for name, level, drill in zip(("first", "second"), ("production", "staging"), services, strict=True):
        key = tmp_path / f"{name}.key"
        key.write_text(drill.running.api_key)
        key.chmod(0o600)
        text += f"""
            [profiles.{name}]
            base_url = "{drill.running.base_url}"
            org_id = "org_{name}"
            level = "{level}"
            api_key_file = "{name}.key"
        """
    config = tmp_path / "config.toml"
    config.write_text(text)
    around = {
        "OCTOMIL_CONFIG": str(config),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        **env,
    }
    return Terminal([sys.executable, script, *arguments], env=around, cwd=tmp_path)


def test_a_switch_is_an_end_and_a_beginning(tmp_path: Path, services: tuple[Drill, Drill]) -> None:
    first, second = services
    with start(tmp_path, services, "--read-only") as terminal:
        terminal.wait_for("LIVE")
        assert "PROD  org_first" in terminal.lines[0]
        assert second.requests == 0
        threads = terminal.threads()
        terminal.press("ctrl+l")
        terminal.wait_for("STAG  org_second")
        terminal.wait_for("LIVE")
        assert "READ-ONLY" in terminal.lines[0]
        assert "phi-4-mini" in terminal.text
        before = first.requests
        asked = second.requests
        assert asked
        terminal.press("ctrl+r")
        terminal.wait(lambda: second.requests > asked, "another request of the second")
        assert first.requests == before
        # And back, as often as one likes.
        terminal.press("ctrl+z")
        terminal.wait_for("PROD  org_first")
        terminal.wait(lambda: first.requests > before, "another request of the first")
        terminal.wait_for("LIVE")
        terminal.press("ctrl+l")
        terminal.wait_for("STAG  org_second")
        terminal.wait_for("LIVE")
        terminal.wait(lambda: terminal.threads() <= threads + 2, "end of the threads of those before")
        terminal.press("q", "y")
        assert terminal.wait_exit() == 0
        assert terminal.is_given_back
    assert {one["method"] for one in (*first.log, *second.log)} <= {"GET", "HEAD"}


def test_a_profile_that_cannot_be_opened_leaves_everything_as_it_is(
    tmp_path: Path, services: tuple[Drill, Drill]
) -> None:
    with start(tmp_path, services) as terminal:
        terminal.wait_for("LIVE")
        (tmp_path / "second.key").chmod(0o644)
        terminal.press("ctrl+l")
        terminal.wait_for("can be read by others")
        assert "PROD  org_first" in terminal.lines[0]
        assert services[1].requests == 0
        terminal.press("q", "y")
        assert terminal.wait_exit() == 0


def test_a_key_of_the_environment_goes_to_its_own_place_only(
    tmp_path: Path, services: tuple[Drill, Drill]
) -> None:
    first, second = services
    # Both are in the profile, too: what is given to the process goes before it, at its own place.
    env = {"OCTOMIL_API_KEY": first.running.api_key, "OCTOMIL_API_URL": first.running.base_url}
    with start(tmp_path, services, **env) as terminal:
        (tmp_path / "first.key").unlink()
        terminal.wait_for("LIVE")
        terminal.press("ctrl+l")
        terminal.wait_for("STAG  org_second")
        terminal.wait_for("LIVE")
        terminal.press("ctrl+z")
        terminal.wait_for("PROD  org_first")
        terminal.wait_for("LIVE")
        terminal.press("q", "y")
        assert terminal.wait_exit() == 0
    assert second.requests


def test_a_rollback_that_is_left_goes_on_and_is_told_of_on_coming_back(
    tmp_path: Path, services: tuple[Drill, Drill]
) -> None:
    with start(tmp_path, services) as terminal:
        terminal.wait_for("50/124")
        terminal.press("R")
        terminal.wait_for("CHANGE")
        press_until(terminal, "enter", "Why?")
        confirm(terminal, "phi-4-mini")
        terminal.press("ctrl+l")
        terminal.wait_for("STAG  org_second")
        terminal.wait_for("LIVE")
        assert "SINCE YOU LEFT" not in terminal.text
        terminal.press("ctrl+z")
        terminal.wait_for("PROD  org_first")
        terminal.wait_for("SINCE YOU LEFT")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit() == 130
    assert [path.rpartition("/")[2] for path in services[0].writes] == ["rollback"]
    assert services[1].writes == []
