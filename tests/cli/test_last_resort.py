"""Mistakes that nobody catches: a sentence and a file, never a traceback or a key."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from octomil_tui.api.key import parse_key
from octomil_tui.cli import process

KEY = "another-kind-of-key-4711"


@pytest.fixture(autouse=True)
def _a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse_key(KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def written(tmp_path: Path) -> str:
    return "\n".join(path.read_text() for path in tmp_path.rglob("*.txt"))


def test_case_37_an_exception_that_nobody_catches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled(), pytest.MonkeyPatch.context() as patch:
        told = (tmp_path / "stderr").open("w+")
        patch.setattr(sys, "__stderr__", told)
        process.uncaught(ValueError, ValueError(f"no {KEY}"), None)
        process.uncaught(KeyboardInterrupt, KeyboardInterrupt(), None)
        told.seek(0)
        lines = told.read().splitlines()
        told.close()
        # There may be nobody to tell.
        process.uncaught(ValueError, ValueError("again"), None)
        patch.setattr(sys, "__stderr__", None)
        patch.setattr(sys, "stdout", None)
        process.uncaught(ValueError, ValueError("again"), None)
    assert lines[0].startswith("octomil-console crashed, ValueError: no [hidden]. Traceback: ")
    assert lines[1:] == ["octomil-console: interrupted"]
    assert KEY not in written(tmp_path)


def test_case_37_mistakes_aside_are_told_once_the_screen_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(process, "_say", said.append)
    aside = process._Aside()
    thread = threading.current_thread()
    failed = threading.ExceptHookArgs((ValueError, ValueError(KEY), None, thread))
    aside.in_thread(failed)
    assert said == []
    unraisable = cast("Any", SimpleNamespace(exc_value=OSError(KEY)))
    aside.unraisable(unraisable)
    for noise in (BrokenPipeError(), None):
        aside.unraisable(cast("Any", SimpleNamespace(exc_value=noise)))
    for _ in range(5):
        aside.in_thread(failed)
    aside.tell()
    assert len(said) == 2
    assert all(one.startswith("octomil-console crashed, ValueError: [hidden]") for one in said)
    assert KEY not in written(tmp_path)


def test_case_37_a_record_of_a_log_holds_no_key() -> None:
    make = process._redacted(logging.LogRecord)
    failed = ValueError(KEY)
    record = make(
        "n", logging.ERROR, "p", 1, "%s is %s", (KEY, "edg_x"), (ValueError, failed, failed.__traceback__)
    )
    text = logging.Formatter("%(message)s").format(record)
    assert text.startswith("[hidden] is edg_[hidden]\n")
    assert "ValueError: [hidden]" in text
    assert (record.args, record.exc_info) == (None, None)
    odd = make("n", logging.ERROR, "p", 1, "%d", (KEY,), None)
    assert odd.getMessage() == "(a message that cannot be shown)"


def test_where_nothing_can_be_written_there_is_still_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octomil_tui.ui.crash.record", lambda _: 1 / 0)
    assert process._recorded(ValueError(KEY)) == "octomil-console crashed, ValueError"
