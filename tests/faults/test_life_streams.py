"""Streams that are no terminal, or that are not there: one sentence, status 2, and no processor time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.life import LONG, begin

ENDED = "; echo status $? > ended"
"""The status goes to a file, since a stream of the shell may be the one that is closed."""


@pytest.mark.parametrize(
    ("line", "stream"),
    [
        ("{console} < /dev/null", "standard input"),
        ("{console} <&-", "standard input"),
        ("echo y | {console}", "standard input"),
        ("{console} > out", "standard output"),
        ("{console} >&-", "standard output"),
        ("{console} 2>&-", "standard error"),
        ("{console} 2> err", "standard error"),
        ("{console} < /dev/null > out 2> err", "standard input"),
        ("{console} <&- >&- 2>&-", ""),
    ],
)
def test_case_46_a_stream_that_is_no_terminal_is_named(tmp_path: Path, line: str, stream: str) -> None:
    with begin(None, tmp_path, line=f"cd {tmp_path}; {line}{ENDED}") as terminal:
        terminal.wait_exit(deadline=LONG)
        said = terminal.raw.decode() + "".join(
            (tmp_path / name).read_text() for name in ("out", "err") if (tmp_path / name).exists()
        )
    assert (tmp_path / "ended").read_text() == "status 2\n"
    assert said.count("\n") == (1 if stream else 0)
    assert f"needs a terminal, and {stream} is not one" in said if stream else said == ""
    assert "\x1b" not in said


def test_case_46_a_pipe_that_takes_the_output_is_refused(tmp_path: Path) -> None:
    line = f"cd {tmp_path}; {{{{ {{console}}{ENDED}; }}}} | cat"
    with begin(None, tmp_path, line=line) as terminal:
        terminal.wait_exit(deadline=LONG)
        assert "standard output is not one" in terminal.raw.decode()
    assert (tmp_path / "ended").read_text() == "status 2\n"


def test_case_46_a_terminal_that_cannot_place_text_is_refused(tmp_path: Path) -> None:
    with begin(None, tmp_path, env={"TERM": "dumb"}) as terminal:
        assert terminal.wait_exit(deadline=LONG) == 2
        assert b"TERM is `dumb`" in terminal.raw
        assert terminal.raw.count(b"\n") == 1
        assert b"\x1b" not in terminal.raw
