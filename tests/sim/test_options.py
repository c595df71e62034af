"""The command line of the embedded control plane, and its clocks and stamps."""

import argparse
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.sim.clock import ManualClock, WallClock
from octomil_tui.sim.options import SCENARIOS, SimOptions, add_arguments, options_from, to_arguments
from octomil_tui.sim.stamp import format_time, parse_time


def parse(*arguments: str) -> SimOptions:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    return options_from(parser.parse_args(arguments))


@pytest.mark.parametrize(
    "options",
    [
        SimOptions(),
        SimOptions(
            "brief", 20.0, 7, 8080, ("ignore-group", "lost-answer"), 1_781_666_761.25, manual_clock=True
        ),
        SimOptions(bind="::1", idle_exit=0.5, key_file="a key", drill=True),
    ],
)
def test_options_survive_the_command_line(options: SimOptions) -> None:
    assert parse(*to_arguments(options)) == options


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"),
        ("--speed", "0"),
        ("--start", "soon"),
        ("--fault", "fire"),
        ("--scenario", "day"),
        ("--bind", "10.0.0.1"),
        ("--idle-exit", "0"),
        ("--idle-exit", "x"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises((argparse.ArgumentError, SystemExit)):
        parse(*arguments)


def test_the_scenarios_are_listed_whatever_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse("--seed", "3", "--list")
    lines = capsys.readouterr().out.splitlines()
    assert (end.value.code, [line.split()[0] for line in lines]) == (0, list(SCENARIOS))
    assert max(map(len, lines)) <= 80


def test_options_and_spawn_load_no_web_framework() -> None:
    code = (
        "import sys, octomil_tui.sim.options, octomil_tui.sim.spawn;"
        "sys.exit(bool({'fastapi', 'uvicorn', 'starlette', 'pydantic'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this interpreter


@given(st.integers(0, 4_000_000_000_000))
def test_times_survive_the_wire(milliseconds: int) -> None:
    text = format_time(milliseconds / 1000)
    assert round(parse_time(text) * 1000) == milliseconds


def test_times_without_a_zone_are_utc() -> None:
    assert parse_time("2026-06-17T03:12:41") == parse_time("2026-06-17T05:12:41+02:00")


def test_clocks() -> None:
    manual = ManualClock(100.0)
    manual.advance_to(200.0)
    with pytest.raises(ValueError, match="backwards"):
        manual.advance_to(150.0)
    assert manual.now() == 200.0
    wall = WallClock(100.0, speed=1e6)
    assert 100.0 <= wall.now() < wall.now()
