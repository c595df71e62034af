"""`watch`: follow a rollback that somebody began, to its end."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterable

from octomil_tui.api.errors import NotFoundError
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.rollback import watch_to_end
from octomil_tui.cli.waiting import waiting_of
from octomil_tui.cli.wiring import READ_WITHIN, READS, gate_for, open_client, within
from octomil_tui.domain.fleet import FleetSnapshot, Model, Rollout
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean, version_label, whole_percent
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.poller import ask
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.topic import MODELS
from octomil_tui.settings import Settings

_LISTED = 8
"""Rollouts that a sentence names."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Watch a rollback."""
    settings = settings_of(arguments)
    gate = gate_for(settings, output.note)
    rollback, name = asyncio.run(_adopt(settings, arguments.what, gate))
    return watch_to_end(settings, rollback, waiting_of(arguments), output, gate=gate, model_name=name)


async def _adopt(settings: Settings, what: str | None, gate: Gate) -> tuple[Rollback, str]:
    """Return the rollback that is meant, with all that the devices say of it now, and its model's raw name.

    Raises:
        CommandError: There is none, or it is not clear which is meant.
        OctomilError: The service could not be read.
    """
    async with open_client(settings, READS, gate) as client:
        session = Session(client)

        async def adopt() -> tuple[Rollback, str]:
            model, rollout = await find_rollback(client, session, what)
            return await session.watch(model.id, rollout), model.name

        return await within(READ_WITHIN, adopt())


async def find_rollback(client: FleetSource, session: Session, what: str | None) -> tuple[Model, Rollout]:
    """Return the rollback that somebody means: by its id, by its model, or the one that runs.

    Raises:
        CommandError: There is none, or it is not clear which is meant.
        OctomilError: The service could not be read.
    """
    session.dispatch(await ask(client, MODELS, lambda: session.state, time.monotonic))
    return await _find(client, session.state.snapshot, what)


async def _find(client: FleetSource, snapshot: FleetSnapshot, what: str | None) -> tuple[Model, Rollout]:
    models = snapshot.models or ()
    if what is None:
        return _the_one(await _running(client, models))
    named = snapshot.model(what)
    if named is not None:
        return named, _newest_rollback(named, (await client.rollouts(named.id)).value)
    for model, rollout in await _running(client, models):
        if rollout.id == what:
            return model, _watchable(model, rollout)
    for model, rollout in await _all(client, models):
        if rollout.id == what:
            return model, _watchable(model, rollout)
    listed = ", ".join(clean(model.name) for model in models[:_LISTED]) or "none"
    raise CommandError(Exit.USAGE, f"no model and no rollout is called {clean(what)}; models: {listed}")


async def _running(client: FleetSource, models: Iterable[Model]) -> list[tuple[Model, Rollout]]:
    """Return what runs, in one request where the service has a list of it."""
    by_key = {model.name: model for model in models} | {model.id: model for model in models}
    try:
        active = (await client.active_rollouts()).value
    except NotFoundError:
        return [(model, r) for model, r in await _all(client, models) if r.state.is_running]
    return [(by_key[r.model_id], r) for r in active if r.model_id in by_key]


async def _all(client: FleetSource, models: Iterable[Model]) -> list[tuple[Model, Rollout]]:
    models = tuple(models)
    readings = await asyncio.gather(*(client.rollouts(model.id) for model in models))
    return [(model, r) for model, reading in zip(models, readings, strict=True) for r in reading.value]


def _the_one(running: list[tuple[Model, Rollout]]) -> tuple[Model, Rollout]:
    rollbacks = [(model, rollout) for model, rollout in running if rollout.is_rollback]
    if len(rollbacks) == 1:
        return rollbacks[0]
    if rollbacks:
        sentence = f"{len(rollbacks)} rollbacks are running, name one: {_listed(rollbacks)}"
    elif running:
        sentence = f"no rollback is running; rollouts under way: {_listed(running)}"
    else:
        sentence = "no rollback is running; name a model or a rollout to look at one that ended"
    raise CommandError(Exit.USAGE, sentence)


def _listed(running: list[tuple[Model, Rollout]]) -> str:
    told = [
        f"{clean(rollout.id)} {clean(model.name)} {version_label(rollout.version)}{_percent(rollout)}"
        for model, rollout in running[:_LISTED]
    ]
    return ", ".join(told) + (", …" if len(running) > _LISTED else "")


def _percent(rollout: Rollout) -> str:
    return f" {whole_percent(rollout.share)}%" if rollout.share is not None else ""


def _newest_rollback(model: Model, rollouts: Iterable[Rollout]) -> Rollout:
    rollbacks = [rollout for rollout in rollouts if rollout.is_rollback]
    found = next((r for r in rollbacks if r.state.is_running), None) or next(iter(rollbacks), None)
    if found is None:
        name = clean(model.name)
        raise CommandError(
            Exit.USAGE, f"{name} has no rollback to watch; see octomil-console rollout status {name}"
        )
    return found


def _watchable(model: Model, rollout: Rollout) -> Rollout:
    # Where the service has no rollbacks, a rollout to 100 % is one.
    if rollout.is_whole:
        return rollout
    raise CommandError(
        Exit.USAGE,
        f"{clean(rollout.id)} is a rollout to {version_label(rollout.version)} and not a rollback; "
        f"see octomil-console rollout status {clean(model.name)}",
    )
