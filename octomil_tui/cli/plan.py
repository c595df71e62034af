"""`plan`: what a rollback would do. Only reads, and ends as the rollback itself would before it is sent."""

from __future__ import annotations

import argparse

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.planning import Target, make_with_figures, nothing_to_do, refuse_if_stopped
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_check import with_signals
from octomil_tui.engine.preflight import Preflight
from octomil_tui.report.data import plan_data
from octomil_tui.report.listing import check_lines, plan_lines
from octomil_tui.report.sentences import plan_sentence, scope_sentence


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Show a plan."""
    target = Target(arguments.model, arguments.to_version, arguments.group)
    shown, health = make_with_figures(settings_of(arguments), target)
    show(shown, output, health)
    refuse_if_stopped(shown)
    if shown.plan.changes_nothing:
        output.lines([nothing_to_do(shown.plan)])
    return Exit.OK


def show(preflight: Preflight, output: Output, health: ModelHealth | None) -> None:
    """Write a whole plan as the result, with what the figures say for and against it."""
    plan = preflight.plan
    checks = with_signals(preflight.checks, plan, health)
    output.lines([f"Plan {plan.name}: {scope_sentence(plan)}", plan_sentence(plan), ""])
    output.lines([*plan_lines(plan), "", *check_lines(checks)])
    output.data(plan_data(plan, checks))
    if preflight.devices_sentence:
        output.note(f"the devices could not be read: {preflight.devices_sentence}")
