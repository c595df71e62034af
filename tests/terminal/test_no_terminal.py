"""Where there is no terminal the console says so in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.conftest import ROOT, Start
from tests.terminal.pty import Terminal

ASK = "import sys; from octomil_tui.ui.terminal import check_terminal as c; print('said:', c()); print('textual' in sys.modules)"


def ask(tmp_path: Path, shell: str, **env: str | None) -> str:
    """Ask in a pty, with a shell that takes some of its streams away, and return the answer."""
    answer = tmp_path / "answer"
    script = f'exec {sys.executable} -c "$ASK" {shell}'
    with Terminal(["sh", "-c", script], cwd=ROOT, env={"ASK": ASK, "ANSWER": str(answer), **env}) as terminal:
        terminal.wait_exit()
        return answer.read_text() if answer.exists() else terminal.text


@pytest.mark.parametrize(
    ("shell", "name"),
    [
        ("< /dev/null", "standard input"),
        ("<&-", "standard input"),
        ("> $ANSWER", "standard output"),
        ("2> /dev/null", "standard error"),
        ("2>&-", "standard error"),
    ],
)
def test_case_46_a_stream_that_is_no_terminal_is_named(tmp_path: Path, shell: str, name: str) -> None:
    said = ask(tmp_path, shell)
    assert f"said: The console needs a terminal, and {name} is not one." in said.replace("\n", " ")


def test_case_46_a_terminal_that_cannot_place_text_is_refused(tmp_path: Path) -> None:
    assert "TERM is `dumb`" in ask(tmp_path, "", TERM="dumb")


def test_a_terminal_is_fine_and_asking_loads_no_textual(tmp_path: Path) -> None:
    assert ask(tmp_path, "").split() == ["said:", "None", "False"]


def test_case_47_an_exported_size_does_not_outrank_the_real_one(start: Start) -> None:
    terminal = start(COLUMNS="40", LINES="10")
    assert terminal.lines[0].endswith("─")
    assert len(terminal.lines[0]) == 80


def test_case_47_a_character_that_the_encoding_lacks_keeps_its_width(start: Start) -> None:
    terminal = start(
        LC_ALL="C", LANG="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0", PYTHONIOENCODING="latin-1"
    )
    assert terminal.lines[0].startswith("- SAMPLE --")
    assert len(terminal.lines[0]) == 80
    assert terminal.lines[0].endswith("-")


def test_case_47_every_other_character_keeps_its_width_too() -> None:
    code = "import sys; from octomil_tui.ui.terminal import check_terminal as c; c(); sys.stderr.write(sys.argv[1])"
    text = "[é ✓ 日本 e\u0301 … ─ \U0001f600]"
    with Terminal(
        [sys.executable, "-c", code, text], cwd=ROOT, env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    ) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.raw.decode("latin-1") == "[é ? ???? e . - ??]"


def test_case_46_a_script_gets_the_sentence_and_a_status() -> None:
    done = subprocess.run(  # noqa: S603 - the command is the test's own
        [sys.executable, "-m", "tests.terminal.sample_app", os.devnull],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
