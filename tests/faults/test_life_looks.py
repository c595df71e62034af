"""Terminals of other kinds, other locales and other sizes: always readable, always the real size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.faults.life import LONG, begin, shown
from tests.terminal.pty import Terminal

_TRUE_COLOUR = re.compile(r"[34]8;2;(\d+);(\d+);(\d+)")
_CODES = re.compile(r"\x1b\[([0-9;]*)m")
UTF8_OFF = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.fixture(scope="module")
def night() -> Iterator[Drill]:
    with Drill("night") as drill:
        yield drill


def assert_readable(terminal: Terminal) -> None:
    """Everything that matters is said in words, and the columns are where their heads are."""
    shown(terminal)
    # A frame may be read in two halves: the rows below and above come on their own.
    terminal.wait_for("!! phi-4-mini v2.0.0 at 40%:", deadline=LONG)
    terminal.wait(lambda: terminal.lines[-1].startswith(" 1 Fleet"), "last line", deadline=LONG)
    terminal.wait(
        lambda: any("SERVING" in row and "DEVICES" in row for row in terminal.lines), "head", deadline=LONG
    )
    assert " PROD  acme-edge" in terminal.lines[0]
    head = next(row for row in terminal.lines if "SERVING" in row and "DEVICES" in row)
    row = next(row for row in terminal.lines if "50/124" in row)
    assert row.index("50/124") + len("50/124") == head.index("DEVICES") + len("DEVICES")


@pytest.mark.parametrize("term", [None, "vt100", "linux", "xterm-16color"])
def test_case_47_a_terminal_of_another_kind(night: Drill, tmp_path: Path, term: str | None) -> None:
    # Sizes that a shell exported say nothing of this terminal.
    with begin(
        night, tmp_path, env={"TERM": term, "COLORTERM": None, "COLUMNS": "40", "LINES": "10"}
    ) as terminal:
        assert_readable(terminal)
        codes = {code for found in _CODES.findall(terminal.raw.decode()) for code in found.split(";")}
        assert codes.isdisjoint({"38", "48"})


def test_case_47_without_colour_the_words_are_the_same(night: Drill, tmp_path: Path) -> None:
    with begin(night, tmp_path, env={"NO_COLOR": "1"}) as terminal:
        assert_readable(terminal)
        assert not _TRUE_COLOUR.findall(terminal.raw.decode())
        terminal.wait_for("us-kiosks", deadline=LONG)
        terminal.wait(lambda: not terminal.drain(0.3), "screen that stands still", deadline=LONG)
        mono = terminal.lines[1:]
    with begin(night, tmp_path) as terminal:
        assert_readable(terminal)
        terminal.wait(lambda: terminal.lines[1:] == mono, "same words as without colour", deadline=LONG)


@pytest.mark.parametrize(
    "locale", [{"LANG": "C"}, {"LANG": None, "LC_ALL": "POSIX"}, {"LANG": "xx_XX.unknown"}], ids=str
)
def test_case_47_a_locale_that_says_nothing_means_utf8(
    night: Drill, tmp_path: Path, locale: dict[str, str | None]
) -> None:
    with begin(night, tmp_path, env=locale) as terminal:
        assert_readable(terminal)
        terminal.wait_for("─ MODELS ──", deadline=LONG)


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", **UTF8_OFF, "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", **UTF8_OFF, "PYTHONIOENCODING": None},
    ],
    ids=["latin-1", "ascii"],
)
def test_case_47_another_encoding_gets_ascii(
    night: Drill, tmp_path: Path, locale: dict[str, str | None]
) -> None:
    with begin(night, tmp_path, env=locale) as terminal:
        assert_readable(terminal)
        terminal.press("ctrl+p")
        terminal.wait_for("what do you want?", deadline=LONG)
        terminal.press("esc")
        terminal.wait_gone("what do you want?", deadline=LONG)
        terminal.press("R")
        terminal.wait_for("50 CHANGE", deadline=LONG)
        terminal.wait_for("v2.0.0 -> v1.0.0", deadline=LONG)
        terminal.wait_gone("- MODELS --", deadline=LONG)
        assert terminal.raw.isascii()
        assert b"\\u" not in terminal.raw


def test_case_47_sizes_that_change_while_it_runs(night: Drill, tmp_path: Path) -> None:
    with begin(night, tmp_path, size=(20, 5)) as terminal:
        terminal.wait_for("make me bigger", deadline=LONG)
        terminal.wait(lambda: terminal.lines[0].startswith(" PROD"), "first line", deadline=LONG)
        terminal.resize(400, 100)
        shown(terminal)
        terminal.wait(lambda: len(terminal.lines[0]) > 390, "first line of the whole width", deadline=LONG)
        terminal.wait(lambda: "1 Fleet" in terminal.lines[99], "keys in the last line", deadline=LONG)
        terminal.resize(60, 12)
        terminal.wait(lambda: "1 Fleet" in terminal.lines[11], "keys in the last line", deadline=LONG)
        assert_readable(terminal)

        terminal.press("R")
        terminal.wait_for("50 CHANGE", deadline=LONG)
        terminal.press("s")
        terminal.wait_for("esc leave as it is", deadline=LONG)
        for step in range(120):
            terminal.resize(*((1, 1), (3, 2), (59, 11), (20, 5), (60, 12), (200, 60))[step % 6])
            terminal.drain(0.005)
        terminal.resize(1, 1)
        terminal.wait(lambda: not terminal.drain(0.3), "screen that stands still", deadline=LONG)
        terminal.resize(80, 24)
        # The dialog is still there, still hears the arrows, and still goes with esc.
        terminal.wait_for("esc leave as it is", deadline=LONG)
        terminal.press("down")
        terminal.wait_for("▌ only canary", deadline=LONG)
        terminal.press("esc")
        terminal.wait_gone("esc leave as it is", deadline=LONG)
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit(deadline=LONG) == 130
        assert terminal.is_given_back


def test_case_47_what_cannot_be_seen_cannot_be_done(night: Drill, tmp_path: Path) -> None:
    with begin(night, tmp_path) as terminal:
        shown(terminal)
        terminal.resize(39, 24)
        terminal.wait_for("make me bigger, or use: watch --plain", deadline=LONG)
        # Where nothing else is shown, all of the sentence is.
        terminal.wait(
            lambda: "On 50 of 124, 4 silent." in " ".join(terminal.text.split()), "sentence", deadline=LONG
        )
        assert "MODELS" not in terminal.text
        terminal.press("R", "enter", "w", "2", "1")
        terminal.resize(80, 24)
        terminal.wait_gone("make me bigger", deadline=LONG)
        assert_readable(terminal)
        # The list has the focus again.
        terminal.press("down", "enter")
        terminal.wait_for("sentiment-v1", deadline=LONG)
        terminal.wait_for("VERSIONS", deadline=LONG)
    assert night.writes == []


def test_case_47_switches_of_other_programs_do_nothing_here(night: Drill, tmp_path: Path) -> None:
    log = tmp_path / "log"
    env = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_ALLOW_SIGNALS": "1",
        "TEXTUAL_DRIVER": "no.such:Driver",
        "TEXTUAL_LOG": str(log),
        "TEXTUAL_PRESS": "q,y",
        "TEXTUAL_SCREENSHOT": "1",
    }
    with begin(night, tmp_path, env=env) as terminal:
        assert_readable(terminal)
        terminal.press("ctrl+c")
        terminal.wait_for("ctrl+c again", deadline=LONG)
        assert terminal.process.poll() is None
    assert not log.exists()
