"""`demo`: the console on a fleet that is made up; without a terminal, the same job as lines."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from octomil_tui.api.key import parse_key
from octomil_tui.cli import serve
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import look_settings, read_only_of
from octomil_tui.cli.follow import Waiting
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import PROGRAM
from octomil_tui.cli.plan import show
from octomil_tui.cli.planning import Target, make_with_figures
from octomil_tui.cli.rollback import roll_back
from octomil_tui.cli.verdict import ANY_OFFLINE
from octomil_tui.settings import KEY_VARIABLE, Level, Setting, Settings
from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import Running, SpawnError, spawn
from octomil_tui.ui.terminal import check_terminal

SPEED = 20.0
"""Scenario seconds per second."""

MODEL, GOOD_VERSION = "phi-4-mini", "1.0.0"
"""What the night is about."""

REASON = "errors 6.1% after v2.0.0"

ORG = "acme-edge"
_ORIGIN = "demo"


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Start a control plane in a child process and work on it until somebody leaves."""
    if arguments.bell and not arguments.dashboard:
        raise CommandError(
            Exit.USAGE, "--bell is for --dashboard; the console rings by itself, and b turns that off"
        )
    os.environ.pop(KEY_VARIABLE, None)  # nothing of the real service is needed, or given to the child
    is_served = getattr(arguments, "serve", False)
    if is_served:
        serve.require_library()
    is_drawn = not is_served and check_terminal() is None
    try:
        running = spawn(_options(arguments))
    except SpawnError as error:
        raise CommandError(Exit.CONNECTION, f"the demo's control plane did not start: {error}") from None
    if arguments.drill:
        output.note(f"faults for this fleet: {PROGRAM} fault add, in another terminal; see fault --help")
    with running:
        settings = demo_settings(running, read_only=read_only_of(arguments).value)
        if (log := getattr(arguments, "request_log", None)) is not None:
            settings = replace(settings, request_log=Path(log))
        settings = replace(
            settings,
            on_event=getattr(arguments, "on_event", None),
            notify=getattr(arguments, "notify", False),
            **look_settings(arguments),
        )
        if is_served:
            return serve.run_on(settings, arguments, output)
        if not is_drawn:
            return _headless(settings, output)
        from octomil_tui.cli import console, dashboard  # noqa: PLC0415 - the screens, only where they are drawn

        exit_after = getattr(arguments, "exit_after", None)
        if arguments.dashboard:
            return dashboard.run_on(settings, rings=arguments.bell, exit_after=exit_after)
        return console.run_on(settings, exit_after=exit_after)


def _options(arguments: argparse.Namespace) -> SimOptions:
    speed = SPEED if arguments.speed is None else arguments.speed
    return SimOptions(scenario=arguments.scenario, speed=speed, drill=arguments.drill)


def demo_settings(running: Running, *, read_only: bool) -> Settings:
    """Return the settings that lead to a control plane of this machine."""
    return Settings(
        base_url=Setting(running.base_url, _ORIGIN),
        org_id=Setting(running.org_id, _ORIGIN),
        api_key=Setting(parse_key(running.api_key, _ORIGIN), _ORIGIN),
        read_only=Setting(read_only, _ORIGIN),
        level=Level.DEMO,
        org_name=ORG,
    )


def _headless(settings: Settings, output: Output) -> int:
    """Do the job of the night as lines: plan, roll back, watch until everybody who can be reached is there."""
    shown, health = make_with_figures(settings, Target(MODEL, GOOD_VERSION))
    _step(output, f"plan {MODEL} --to-version {GOOD_VERSION}")
    show(shown, output, health)
    if settings.read_only.value:
        output.note("this console is read-only; the demo ends with its plan")
        return Exit.OK
    _step(output, f'rollback {MODEL} --to-version {GOOD_VERSION} --reason "{REASON}" --yes {MODEL} --watch')
    # Four devices of this night never come back by themselves; that is no fault of the demo.
    waiting = Waiting(offline_ok=ANY_OFFLINE)
    return roll_back(settings, shown, output, reason=REASON, is_fresh=True, waiting=waiting)


def _step(output: Output, command: str) -> None:
    output.lines(["", f"$ {PROGRAM} {command}"])
