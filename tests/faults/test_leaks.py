"""The search for keys in what comes out, on a small run; `make leaks` does the same with all tests."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.cli.drill import Drill, run_process
from tests.e2e.hands import console
from tests.leaks import PICTURES, forms, search
from tests.terminal.pty import Terminal

CRASH = """
import sys
from octomil_tui.ui.app import ConsoleApp

def broken(self):
    local = self._open_service
    raise ValueError(f"it broke with {KEY}")

ConsoleApp.action_redraw = broken
import os
KEY = os.environ["OCTOMIL_API_KEY"]
from octomil_tui.__main__ import run
run()
"""
KEY = "edg_sim_aB3-xY_9+/q0123456789abcdefgh"


def test_case_37_the_key_is_in_nothing_that_comes_out(tmp_path: Path) -> None:
    seen = tmp_path / "out" / "seen"
    seen.mkdir(parents=True)
    state: dict[str, Any] = {"XDG_STATE_HOME": str(tmp_path / "out" / "state"), "HOME": str(tmp_path / "out")}
    script = tmp_path / "broken.py"
    script.write_text(CRASH)
    with Drill("brief") as drill:
        with console(drill, **state) as terminal:
            terminal.wait_for("50/124")
            for key in "234":
                terminal.press(key)
                terminal.wait_for("124 devices" if key == "4" else "under way")
            terminal.press("R")
            terminal.wait_for("CHANGE")
            terminal.press("ctrl+c", "ctrl+c")
            assert terminal.wait_exit() == 130
            (seen / "terminal-walk").write_bytes(terminal.raw)
        with Terminal([sys.executable, script], env={**drill.env, **state}, cwd=tmp_path) as terminal:
            terminal.wait_for("LIVE")
            terminal.press("ctrl+l")
            assert terminal.wait_exit() == 70
            (seen / "terminal-crash").write_bytes(terminal.raw)
        for flags in ((), ("--json",)):
            said = run_process({**drill.env, **state}, "devices", *flags)
            (seen / f"pipe-{len(flags)}").write_text(said.out + said.err)
        key = drill.running.api_key
        order = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini", "--reason", "why")
        assert run_process({**drill.env, **state}, *order).code == 0

    finds, searched = search({key}, (tmp_path / "out", *PICTURES))
    assert finds == []
    assert searched["terminal"] == 2
    assert searched["pipe"] == 2
    assert list((tmp_path / "out").rglob("crashes/*.txt"))
    planted = seen / "planted"
    planted.write_text(f"Authorization: Bearer {key}")
    assert {find.path for find in search({key}, (tmp_path,))[0]} == {planted}
    # The same search over all tests must not find it.
    planted.unlink()


@pytest.mark.parametrize(
    "written",
    [
        KEY.encode(),
        f"Bearer {KEY}".encode(),
        base64.b64encode(KEY.encode()),
        base64.b64encode(f"u:{KEY}".encode()),
        base64.b64encode(f"us:{KEY}!".encode()),
        base64.urlsafe_b64encode(f"user:{KEY}".encode()),
        quote(KEY, safe="").encode(),
        KEY.encode().hex().encode(),
        KEY[len(KEY) // 2 :].encode(),
    ],
)
def test_case_37_the_search_finds_a_key_however_it_is_written(written: bytes) -> None:
    assert any(form in b"before " + written + b" after" for form in forms(KEY).values())


def test_case_37_the_search_finds_nothing_in_other_keys() -> None:
    other = b"edg_sim_" + b"z" * 40
    texts = (other, base64.b64encode(other), other.hex().encode())
    assert not any(form in text for text in texts for form in forms(KEY).values())
