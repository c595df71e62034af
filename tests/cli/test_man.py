"""The manual and the card, made of what the program runs by."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from octomil_tui.cli.exits import MEANINGS, Exit
from octomil_tui.cli.manual import leaves, manual
from octomil_tui.cli.manual_words import ENVIRONMENT
from octomil_tui.cli.parser import build_parser
from octomil_tui.report.page import WIDTH, Entry, Example, Section, text_lines
from octomil_tui.report.roff import roff_lines
from octomil_tui.ui.intents import INTENTS
from tests.cli.conftest import Console

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "octomil-console.1"


def test_the_page_that_is_shipped_is_what_the_program_writes(console: Console) -> None:
    assert console("man", "--roff").out == PAGE.read_text()


def test_it_has_every_command_key_and_status(console: Console) -> None:
    text = console("man").out

    for name, _, _ in leaves(build_parser(with_sim=True)):
        assert re.search(rf"^  {name}$", text, re.MULTILINE), name
    flat = " ".join(text.split())
    for intent in INTENTS:
        assert f"{intent.shown} {intent.meaning}" in flat
    assert set(MEANINGS) == set(Exit)
    for status, meaning in MEANINGS.items():
        assert f"{int(status)} {meaning}" in flat


def test_every_variable_that_the_program_reads_is_in_it() -> None:
    read = {
        name
        for path in (ROOT / "octomil_tui").rglob("*.py")
        for name in re.findall(r'"(OCTOMIL_[A-Z_]+)"', path.read_text())
    }
    told = {name for entry in ENVIRONMENT for name in entry.term.split(", ")}

    # How the practice fleet is handed its key by the process that starts it.
    assert read - told == {"OCTOMIL_SIM_KEY"}


def test_no_line_is_wider_than_a_terminal(console: Console) -> None:
    assert max(map(len, console("man").lines)) <= WIDTH


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man here: make system-tools")
def test_the_systems_own_reader_understands_it() -> None:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["man", "--warnings", "-l", str(PAGE)],  # noqa: S607 - the system's own
        env={"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "octomil-console rollback MODEL --to-version V" in done.stdout


def test_in_a_terminal_the_systems_reader_shows_it(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader = tmp_path / "man"
    reader.write_text(f"#!/bin/sh\nenv > {tmp_path}/env\nexec cat > {tmp_path}/page\n")
    reader.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert console("man", env={"OCTOMIL_API_KEY": "edg_of_a_person_who_reads"}).out == ""
    assert "edg_of_a_person_who_reads" not in (tmp_path / "env").read_text()
    assert (tmp_path / "page").read_text() == PAGE.read_text()

    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert "EXIT STATUS" in console("man").out


def test_the_card_is_written_in_both_forms(console: Console) -> None:
    assert console("card").lines[0].startswith("OCTOMIL-CONSOLE AT 3 AM")
    assert console("card", "--markdown").lines[0] == "# octomil-console at 3 am"


def test_roff_obeys_no_text() -> None:
    page = [Section("A", (".so secret", Entry("-x", "'quoted\\ ~^`"), Example((".nf", "a-b"))))]
    lines = list(roff_lines("p", "1", page))

    assert "\\&.so secret" in lines
    assert "\\(aqquoted\\e \\(ti\\(ha\\(ga" in lines
    assert "\\&.nf" in lines
    assert "a\\-b" in lines


def test_a_page_as_text() -> None:
    page = [
        Section(
            "One", ("word " * 16, Entry("a", "short"), Entry("a-very-long-term-here", "text"), Entry("b", ""))
        ),
        Section("below", (Example(("as it is",)),), is_below=True),
    ]

    assert list(text_lines(page)) == [
        "ONE",
        "    word word word word word word word word word word word word word word word",
        "    word",
        "",
        "    a               short",
        "    a-very-long-term-here",
        "                    text",
        "    b",
        "",
        "  below",
        "    as it is",
        "",
    ]


def test_the_manual_ends_where_one_reads_on() -> None:
    assert manual()[-1].title == "See also"
