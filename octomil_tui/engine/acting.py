"""An action on a rollout or a version: read afresh, sent once, and looked for in the service's own records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from octomil_tui.api.errors import (
    ConfigurationError,
    NotFoundError,
    NotSentError,
    OctomilError,
    RejectedError,
    RequestRefusedError,
)
from octomil_tui.domain.action import Action, ActionKind, Preview, is_done
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.action_preview import of_rollout, of_version
from octomil_tui.domain.fleet import FleetSnapshot, Model, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.order import Reading
from octomil_tui.domain.text import clean, counted
from octomil_tui.domain.version import named
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.change_record import ChangeLine, ChangeRecords, note
from octomil_tui.engine.preflight import UnknownNameError, find_model
from octomil_tui.engine.source import ActionService, FleetSource

LOOKS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each look for a change whose answer was lost."""

_WAITING = (RolloutState.PENDING,)


class PremiseMovedError(Exception):
    """What was shown is no longer so; nothing was sent. The message is a clause, safe to show."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody wants to be done."""

    kind: ActionKind
    model: str
    """Id or name of the model."""
    rollout: str | None = None
    """The raw id of the rollout; None for the one that runs."""
    version: str | None = None
    """The version to hold or release, with or without its `v`."""
    share: float | None = None
    """For `SET`, 0..1."""


async def prepare(source: FleetSource, errand: Errand, known: FleetSnapshot | None = None) -> Preview:
    """Read what an action rests on, and return what it would do.

    Args:
        source: The client's reads.
        errand: What somebody wants.
        known: What is known of devices and groups already; None to read them, which may fail without harm.

    Raises:
        UnknownNameError: No such model, rollout or version.
        OctomilError: A read that is needed failed.
    """
    with asking(Purpose.PREFLIGHT, str(errand.kind)):
        model, listed = await _model(source, errand.model, known)
        if errand.kind.is_of_version:
            versions, rollouts = await asyncio.gather(source.versions(model.id), source.rollouts(model.id))
            snapshot = FleetSnapshot(listed, {model.id: versions.value}, {model.id: rollouts.value})
            return of_version(errand.kind, snapshot, model, _version(versions.value, errand, model))
        rollouts = await source.rollouts(model.id)
        rollout = _rollout(rollouts.value, errand, model)
        around = known if known is not None else await _fleet(source, listed)
        snapshot = FleetSnapshot(
            models=listed,
            rollouts={model.id: rollouts.value},
            groups=around.groups,
            devices=around.devices,
            device_total=around.device_total,
            devices_unreadable=around.devices_unreadable,
        )
        return of_rollout(errand.kind, snapshot, model, rollout, errand.share)


async def _model(
    source: FleetSource, name: str, known: FleetSnapshot | None
) -> tuple[Model, tuple[Model, ...]]:
    found = known.model(name) if known is not None else None
    if found is not None and known is not None:
        return found, known.models or (found,)
    try:
        listed = (await source.models()).value
    except NotFoundError:
        model = Model(id=name, name=name)
        return model, (model,)
    return find_model(listed, name), listed


async def _fleet(source: FleetSource, models: tuple[Model, ...]) -> FleetSnapshot:
    """Return devices and groups; what cannot be read is missing, and its counts with it."""
    got_groups, got_devices = await asyncio.gather(
        source.groups(), source.devices([model.id for model in models]), return_exceptions=True
    )
    for got in (got_groups, got_devices):
        if isinstance(got, BaseException) and not isinstance(got, OctomilError):
            raise got
    groups = got_groups.value if isinstance(got_groups, Reading) else ()
    read = got_devices if isinstance(got_devices, Reading) else None
    placed, filled = assemble(read.value if read is not None else (), groups, {})
    return FleetSnapshot(
        groups=filled,
        devices=placed if read is not None else None,
        device_total=read.total if read is not None else None,
        devices_unreadable=read.unreadable if read is not None else 0,
    )


def _version(versions: tuple[ModelVersion, ...], errand: Errand, model: Model) -> ModelVersion:
    wanted = named(errand.version or "", {version.version for version in versions})
    found = next((version for version in versions if version.version == wanted), None)
    if found is None:
        listed = ", ".join(clean(version.version) for version in versions[:8]) or "none"
        raise UnknownNameError(f"{clean(model.name)} has no version {clean(wanted)}; there are: {listed}")
    return found


def _rollout(rollouts: tuple[Rollout, ...], errand: Errand, model: Model) -> Rollout:
    name = clean(model.name)
    if errand.rollout is not None:
        found = next((rollout for rollout in rollouts if rollout.id == errand.rollout), None)
        if found is None:
            raise UnknownNameError(f"{name} has no rollout {clean(errand.rollout)}")
        return found
    running = [rollout for rollout in rollouts if rollout.state.is_running]
    waiting = [rollout for rollout in rollouts if rollout.state in _WAITING]
    able = running or waiting
    if not able:
        raise UnknownNameError(f"no rollout of {name} runs or waits to be started")
    if len(able) > 1:
        listed = ", ".join(clean(rollout.id) for rollout in able[:8])
        raise UnknownNameError(f"{counted(len(able), 'rollout')} of {name} run; name one of {listed}")
    return able[0]


def errand_of(preview: Preview) -> Errand:
    """Return what a preview was made for, by ids."""
    action = preview.action
    rollout = None if action.rollout is None else action.rollout.id
    share = action.share if action.kind is ActionKind.SET else None
    return Errand(action.kind, preview.model.id, rollout, action.version, share)


async def perform(
    service: ActionService,
    shown: Preview,
    reason: str | None,
    *,
    key: str,
    records: ChangeRecords | None,
    is_fresh: bool = False,
    must_record: bool = True,
    by_deleting: bool = False,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Outcome:
    """Read again what was shown, and if it still is so, do it once; an answer that was lost is looked for.

    Args:
        service: The client.
        shown: What was confirmed.
        reason: Why, or None.
        key: The idempotency key of this intent.
        records: Where it is written down first; None for nowhere.
        is_fresh: It was read within the last seconds, and nobody was asked in between.
        must_record: Whether it must not be sent where it cannot be written down.
        by_deleting: Whether a rollout is cancelled by deleting it.
        sleep: Waits between two looks.

    Raises:
        PremiseMovedError: What was shown is no longer so; nothing was sent.
        RecordError: It could not be written down before; nothing was sent.
        OctomilError: It could not be read again; nothing was sent.
    """
    if not is_fresh:
        await _still_so(service, shown)
    line = _Lines(shown, reason, key)
    if records is not None and must_record:
        await asyncio.to_thread(records.write, line("intent", shown.action.title))
    else:
        note(records, line("intent", shown.action.title))
    try:
        outcome = await _sent(service, shown, reason, key, by_deleting=by_deleting, sleep=sleep)
    except BaseException:
        note(records, line("unknown", "interrupted while its answer was awaited"))
        raise
    await asyncio.to_thread(note, records, line(outcome.result.value, outcome.sentence, outcome.status))
    return outcome


async def _still_so(service: ActionService, shown: Preview) -> None:
    try:
        # The devices play no part in whether it may be sent.
        now = await prepare(service, errand_of(shown), FleetSnapshot(models=(shown.model,)))
    except UnknownNameError as error:
        raise PremiseMovedError(f"what was shown is no longer there: {error}") from None
    if now.refusal:
        raise PremiseMovedError(now.refusal)
    if now.premise != shown.premise:
        raise PremiseMovedError(f"it is another one now: {now.action.title}")


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes the lines of one action for the records."""

    shown: Preview
    reason: str | None
    key: str

    def __call__(self, step: str, words: str, status: int | None = None) -> ChangeLine:
        action = self.shown.action
        rollout = action.rollout
        kind = "version" if action.kind.is_of_version else "rollout"
        return ChangeLine(
            action=f"{kind}.{action.kind}",
            step=step,
            intent_id=self.key,
            model=self.shown.model.name,
            scope=f"group {rollout.group}" if rollout is not None and rollout.group is not None else "fleet",
            from_version=rollout.from_version if rollout is not None else None,
            to_version=action.version,
            reason=self.reason,
            status=status,
            words=words,
        )


async def _sent(
    service: ActionService,
    shown: Preview,
    reason: str | None,
    key: str,
    *,
    by_deleting: bool,
    sleep: Callable[[float], Awaitable[None]],
) -> Outcome:
    try:
        receipt = await service.act(
            shown.model.id, shown.action, reason=reason, idempotency_key=key, by_deleting=by_deleting
        )
    except (NotSentError, ConfigurationError, RequestRefusedError) as error:
        return Outcome(Result.NOT_SENT, error.message)
    except RejectedError as error:
        return Outcome(Result.REJECTED, error.message, error.status, error.request_id)
    except OctomilError as error:
        return await _looked_for(service, shown, error, sleep)
    words = shown.action.done_words
    is_shown = await _shows(service, shown.model, shown.action)
    if is_shown is False:
        words = f"the server took it ({receipt.status}), but its own records do not show yet that {words}"
    return Outcome(Result.DONE, words, receipt.status, receipt.request_id, is_shown=is_shown is True)


async def _looked_for(
    service: ActionService, shown: Preview, error: OctomilError, sleep: Callable[[float], Awaitable[None]]
) -> Outcome:
    """Look in the service's records for a change whose answer was lost."""
    with asking(Purpose.SETTLE, "action"):
        for pause in LOOKS:
            await sleep(pause)
            if await _shows(service, shown.model, shown.action):
                words = f"{shown.action.done_words}; its answer was lost, and the server's records show it"
                return Outcome(Result.DONE, words, error.status, error.request_id, is_shown=True)
    return Outcome(
        Result.UNKNOWN,
        f"{error.message}; the server's records do not show it so far",
        error.status,
        error.request_id,
    )


async def _shows(service: FleetSource, model: Model, action: Action) -> bool | None:
    """Say whether the service's records show it; None where they cannot be read."""
    try:
        if action.kind.is_of_version:
            return is_done(action, (), (await service.versions(model.id)).value)
        return is_done(action, (await service.rollouts(model.id)).value, ())
    except OctomilError:
        return None
