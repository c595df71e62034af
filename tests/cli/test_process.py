"""The program as a process: terminals, signals, pipes, and what it loads."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.cli.drill import DEADLINE, ROOT, Asked, Drill, command, environment, run_process

ROLLBACK = ("rollback", "phi-4-mini", "--to-version", "1.0.0")
HEAVY = ("textual", "httpx", "pydantic", "fastapi", "uvicorn", "rich", "asyncio")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["rollback", "--help"], ["frobnicate"]])
def test_what_answers_at_once_loads_nothing(arguments: list[str]) -> None:
    code = (
        "import sys; from octomil_tui.cli.main import main; code = main(sys.argv[1:]); "
        f"print('loaded', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code, *arguments],
        check=True,
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert done.stdout.endswith("loaded []\n")


def test_the_version_and_the_help() -> None:
    version = run_process({}, "--version")
    assert (version.code, version.err) == (0, "")
    assert version.out.startswith("octomil-console 0.")
    helped = run_process({}, "--help")
    assert helped.code == 0
    for name in ("models", "rollout", "groups", "devices", "plan", "rollback", "watch", "demo", "sim"):
        assert f"\n    {name} " in helped.out
    assert "--api-key " not in helped.out


def test_without_a_terminal_there_is_no_console() -> None:
    result = run_process({"OCTOMIL_API_KEY": "edg_12345678"})
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


def test_a_word_typed_on_the_terminal(brief: Drill) -> None:
    with Asked(brief.env, ROLLBACK) as asked:
        asked.until("Type phi-4-mini to roll back the whole fleet: ")
        asked.type("phi-4-mini\n")
        result = asked.end()
    assert result.code == 0
    assert result.lines[0] == "Rollback initiated"
    assert len(brief.writes) == 1


@pytest.mark.parametrize("word", ["phi-4-min\n", "\n", "y\n", "PHI-4-MINI\n", "\x04"])
def test_another_word_sends_nothing(quiet: Drill, word: str) -> None:
    with Asked(quiet.env, ROLLBACK) as asked:
        asked.until("whole fleet: ")
        asked.type(word)
        result = asked.end()
    assert result.code == 5
    assert "that is not phi-4-mini; nothing was sent" in result.err
    assert quiet.writes == []


def test_what_was_typed_before_the_question_does_not_count(quiet: Drill) -> None:
    with Asked(quiet.env, (*ROLLBACK, "--group", "staging")) as asked:
        asked.type("staging\n")
        asked.until("Type staging to roll back this group: ")
        asked.type("no\n")
        assert asked.end().code == 5
    assert quiet.writes == []


def test_a_doubtful_version_is_typed_too(brief: Drill) -> None:
    with Asked(brief.env, ("rollback", "phi-4-mini", "--to-version", "0.9.0")) as asked:
        asked.until("whole fleet: ")
        asked.type("phi-4-mini\n")
        asked.until("Type the version, 0.9.0, to go on (OLD): ")
        asked.type("v0.9.0\n")
        assert asked.end().code == 0
    assert len(brief.writes) == 1


def test_a_plan_that_moved_while_somebody_was_asked_is_not_sent(brief: Drill) -> None:
    with Asked(brief.env, ROLLBACK) as asked:
        asked.until("whole fleet: ")
        brief.post("/v1/models/phi-4-mini/rollouts/4127/advance", {})
        asked.type("phi-4-mini\n")
        result = asked.end()
    assert result.code == 7
    assert "the plan changed since it was shown: rollout 4127 is active at 60% instead of" in result.err
    assert "nothing was sent" in result.err
    assert [path for path in brief.writes if path.endswith("/rollback")] == []


def test_an_interrupt_at_the_question(quiet: Drill) -> None:
    with Asked(quiet.env, ROLLBACK) as asked:
        asked.until("whole fleet: ")
        asked.process.send_signal(signal.SIGINT)
        result = asked.end()
    assert result.code == 130
    assert "interrupted; nothing was sent" in result.err
    assert quiet.writes == []


def test_an_interrupt_while_watching_stops_no_rollback(brief: Drill) -> None:
    with Asked(brief.env, (*ROLLBACK, "--watch", "--json", "--yes", "phi-4-mini")) as asked:
        assert asked.process.stdout is not None
        first = asked.process.stdout.readline()
        second = asked.process.stdout.readline()
        assert ('"accepted"' in first, '"progress"' in second) == (True, True)
        asked.process.send_signal(signal.SIGINT)
        result = asked.end()
    assert result.code == 130
    assert "interrupted; the rollback goes on" in result.err
    assert result.verdict["exit_code"] == 130


def test_a_reader_that_went_away_is_no_trouble(quiet: Drill) -> None:
    with subprocess.Popen(  # noqa: S603 - this program
        command("devices"),
        cwd=ROOT,
        env=environment(quiet.env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        process.wait(DEADLINE)
    assert (process.returncode, said) == (0, "")


def test_another_encoding_gets_plain_letters(brief: Drill) -> None:
    result = run_process({**brief.env, "PYTHONIOENCODING": "ascii"}, *ROLLBACK, "--yes", "phi-4-mini")
    assert result.code == 0
    assert "From: v2.0.0 -> To: v1.0.0" in result.lines


def test_the_control_plane_by_itself() -> None:
    with subprocess.Popen(  # noqa: S603 - this program
        command("sim", "--scenario", "brief", "--manual-clock"),
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert '"base_url"' in process.stdout.readline()
        assert process.stdin is not None
        process.stdin.close()
        process.wait(DEADLINE)
    assert process.returncode == 0
