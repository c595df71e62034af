"""Whether a version is a good one to go back to, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import FleetSnapshot, Lifecycle, ModelVersion, Rollout
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.domain.serving import (
    Service,
    active_rollout,
    active_version,
    from_version,
    history_is_known,
    service_of,
    versions_on_devices,
)


class Level(StrEnum):
    """What a verdict asks of the operator."""

    GOOD = "good"
    """Nothing speaks against it."""
    WARN = "warn"
    """It can be chosen; its name has to be typed for it: in the dialog, or as `--to-version`."""
    REFUSE = "refuse"
    """It cannot be a target."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one version as a target."""

    level: Level
    word: str
    """Two or three words for a table."""
    reason: str
    """The same as a clause of a sentence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One version with everything that speaks for or against it."""

    version: ModelVersion
    verdict: Verdict
    service: Service
    on_devices: int
    """Devices that run it now."""
    of_devices: int
    """Devices that have the model."""
    rollout_id: str | None = None
    """The active rollout that is bringing it."""


def candidates(snapshot: FleetSnapshot, model_id: str, scope: Scope = FLEET) -> tuple[Candidate, ...]:
    """Return every known version of the model with its verdict, newest first.

    A version that devices run or rollouts name and the registry does not list
    is not among them: it cannot be sent.
    """
    rollouts = snapshot.rollouts.get(model_id, ())
    devices = snapshot.devices or ()
    counted = Counter(versions_on_devices(devices, model_id))
    of_devices = sum(1 for device in devices if model_id in device.installations)
    active = active_version(rollouts, devices, model_id)
    running = active_rollout(rollouts, scope)
    leaving = from_version(rollouts, active, scope)
    found = []
    for version in snapshot.versions.get(model_id, ()):
        service = service_of(version.version, rollouts, on_devices=counted[version.version], active=active)
        verdict = _judge(version, service, rollouts, running=running, leaving=leaving)
        brings = running.id if running is not None and running.version == version.version else None
        found.append(Candidate(version, verdict, service, counted[version.version], of_devices, brings))
    return tuple(found)


def judge(snapshot: FleetSnapshot, model_id: str, version: str, scope: Scope = FLEET) -> Verdict:
    """Return the verdict on one version, also one that the registry does not know."""
    for candidate in candidates(snapshot, model_id, scope):
        if candidate.version.version == version:
            return candidate.verdict
    if model_id not in snapshot.versions:
        return Verdict(Level.WARN, "NOT KNOWN", "the registry's list of versions could not be read")
    return Verdict(Level.REFUSE, "NO SUCH VERSION", "the registry does not know this version")


def _judge(
    version: ModelVersion,
    service: Service,
    rollouts: Sequence[Rollout],
    *,
    running: Rollout | None,
    leaving: str | None,
) -> Verdict:
    if version.hold is not None:
        return Verdict(Level.REFUSE, "HELD", f"{version.hold.words}; release it first")
    if not service.deployed:
        return _undeployed(rollouts)
    if version.version == leaving:
        if running is not None:
            verb = "is rolling back to it" if running.is_rollback else "is bringing it"
            return Verdict(
                Level.WARN,
                "in rollback" if running.is_rollback else "rolling out",
                f"rollout {running.id} {verb}",
            )
        return Verdict(Level.WARN, "ACTIVE NOW", "it is the active version")
    if service.rolled_back_by is not None:
        return Verdict(Level.WARN, "WAS ROLLED BACK", f"rollback {service.rolled_back_by} left it")
    return _by_lifecycle(version, service)


def _undeployed(rollouts: Sequence[Rollout]) -> Verdict:
    if history_is_known(rollouts):
        return Verdict(Level.REFUSE, "NEVER DEPLOYED", "no rollout of it ever began and no device runs it")
    return Verdict(Level.WARN, "NOT KNOWN", "the service does not tell whether it was ever deployed")


def _by_lifecycle(version: ModelVersion, service: Service) -> Verdict:
    match version.lifecycle:
        case Lifecycle.RETIRED:
            return Verdict(Level.WARN, "RETIRED", "the registry has retired it")
        case Lifecycle.DEPRECATED:
            return Verdict(Level.WARN, "OLD", "the registry has deprecated it")
        case Lifecycle.PREVIEW:
            return Verdict(Level.WARN, "PREVIEW", "the registry lists it as a preview")
        case _ if service.completed:
            return Verdict(Level.GOOD, "GOOD TARGET", "it was fully deployed and never rolled back from")
        case _:
            return Verdict(Level.WARN, "NEVER COMPLETED", "no rollout of it ever reached its whole scope")


def proposed_target(snapshot: FleetSnapshot, model_id: str, scope: Scope = FLEET) -> str | None:
    """Return the version to propose as the target: the one served last before the version to leave.

    Good targets go before those with a warning; among them the active version
    is first, then the one that was served most recently. Never the second
    newest of the registry for its place alone: a version of which nothing tells
    that it was ever served is not proposed.
    """
    rollouts = snapshot.rollouts.get(model_id, ())
    active = active_version(rollouts, snapshot.devices or (), model_id)
    leaving = from_version(rollouts, active, scope)
    able = [
        c
        for c in candidates(snapshot, model_id, scope)
        if c.service.deployed and c.version.version != leaving
    ]
    if not able:
        return None

    def rank(candidate: Candidate) -> tuple[bool, bool, float, int, int]:
        service, version = candidate.service, candidate.version.version
        ended = service.to_at if service.to_at is not None else float("inf")
        is_good = candidate.verdict.level is Level.GOOD
        # Where the service tells no times, its order of the rollouts does.
        place = next((-place for place, r in enumerate(rollouts) if r.version == version), -len(rollouts))
        ended_at = ended if service.from_at is not None else 0.0
        return (is_good, version == active, ended_at, place, candidate.on_devices)

    return max(able, key=rank).version.version


def is_held(snapshot: FleetSnapshot, model_id: str, version: str | None) -> bool | None:
    """Say whether no rollout can bring a version; None where the registry's word on it is not known."""
    found = (one for one in snapshot.versions.get(model_id, ()) if one.version == version)
    return next((one.hold is not None for one in found), None)
