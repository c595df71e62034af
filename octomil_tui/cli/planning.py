"""The plan before a rollback: read, shown, and refused where it cannot be sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from octomil_tui.api.errors import OctomilError
from octomil_tui.cli.exits import CommandError, Exit, exit_of
from octomil_tui.cli.figures import figures_if_told
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import PREFLIGHT_WITHIN, READS, open_client, within
from octomil_tui.domain.check import Check, Stop, Weight, stops
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.preflight import NoTargetError, Preflight, UnknownNameError
from octomil_tui.engine.session import Session
from octomil_tui.report.listing import check_lines
from octomil_tui.report.sentences import plan_sentence, scope_sentence
from octomil_tui.report.words import devices
from octomil_tui.settings import Settings

_LISTED = 8
"""Versions that a sentence names."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the operator asked for."""

    model: str
    to_version: str
    group: str | None = None


def make(settings: Settings, target: Target, gate: Gate | None = None) -> Preflight:
    """Read what the rollback rests on and return its plan.

    Args:
        settings: The service.
        target: What the operator asked for.
        gate: What counts the requests of this run; None for one of its own.

    Raises:
        CommandError: No such model or group, a read that is needed failed, or it took too long.
    """
    return _read(settings, target, gate, with_figures=False)[0]


def make_with_figures(settings: Settings, target: Target) -> tuple[Preflight, ModelHealth | None]:
    """Return the plan of a rollback, and how the model's versions do where the service says so in time.

    Raises:
        CommandError: As of `make`; figures that cannot be read are none.
    """
    return _read(settings, target, None, with_figures=True)


def _read(
    settings: Settings, target: Target, gate: Gate | None, *, with_figures: bool
) -> tuple[Preflight, ModelHealth | None]:
    async def read() -> tuple[Preflight, ModelHealth | None]:
        async with open_client(settings, READS, gate) as client:
            session = Session(client)
            made = await within(
                PREFLIGHT_WITHIN, session.preflight(target.model, target.to_version, target.group)
            )
            return made, await figures_if_told(client, made.plan.model.id) if with_figures else None

    try:
        return asyncio.run(read())
    except (UnknownNameError, NoTargetError) as error:
        raise CommandError(Exit.USAGE, f"{error}; nothing was sent") from None
    except OctomilError as error:
        raise CommandError(exit_of(error), f"{error.message}; nothing was sent") from None


def announce(preflight: Preflight, output: Output) -> None:
    """Write beside the result what the plan does, and what has to be thought about."""
    plan = preflight.plan
    output.note(f"Plan {plan.name}: {scope_sentence(plan)}")
    output.note(f"  {plan_sentence(plan)}")
    if preflight.devices_sentence:
        output.note(f"  the devices could not be read: {preflight.devices_sentence}")
    worth_a_look = [check for check in preflight.checks if check.weight is Weight.LOOK]
    for line in check_lines(worth_a_look):
        output.note(f"  {line}")


def refuse_if_stopped(preflight: Preflight) -> None:
    """End the command where the plan cannot be sent.

    Raises:
        CommandError: The target, the scope, or a rollback that runs is in the way.
    """
    found = stops(preflight.checks)
    if not found or (preflight.plan.changes_nothing and not _stopped_by(found, Stop.TARGET, Stop.EMPTY)):
        return
    plan = preflight.plan
    if _stopped_by(found, Stop.TARGET) and not _is_registered(preflight):
        raise CommandError(Exit.USAGE, f"{_unknown_version(preflight)}; nothing was sent", "unknown_version")
    stop = found[0]
    is_busy = stop.stop is Stop.BUSY
    word = stop.stop.value if stop.stop is not None else None
    hint = f"; octomil-console watch {clean(plan.model.name)}" if is_busy else ""
    raise CommandError(
        Exit.CONFLICT if is_busy else Exit.REFUSED, f"{stop.text}; nothing was sent{hint}", word
    )


def _stopped_by(found: tuple[Check, ...], *reasons: Stop) -> bool:
    return any(check.stop in reasons for check in found)


def _is_registered(preflight: Preflight) -> bool:
    plan = preflight.plan
    return any(
        version.version == plan.to_version for version in preflight.snapshot.versions.get(plan.model.id, ())
    )


def _unknown_version(preflight: Preflight) -> str:
    plan = preflight.plan
    known = [clean(v.version) for v in preflight.snapshot.versions.get(plan.model.id, ())]
    listed = ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
    return f"{clean(plan.model.name)} has no version {clean(plan.to_version)}; there are: {listed or 'none'}"


def nothing_to_do(plan: Plan) -> str:
    """Return the sentence for a plan that changes nothing."""
    where = "" if plan.scope.is_fleet else f" of {clean(plan.scope.group_name)}"
    count = plan.total.devices
    every = f"all {devices(count)}{where} run" if count != 1 else f"the one device{where} runs"
    return f"Nothing to do: {every} {version_label(plan.to_version)} already"
