"""Which version a model serves, where it came from, and what each version did before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.scope import Scope

_ENDED = (RolloutState.COMPLETED, RolloutState.CANCELLED, RolloutState.FAILED)


def active_rollout(rollouts: Sequence[Rollout], scope: Scope | None = None) -> Rollout | None:
    """Return the newest rollout that still decides what devices run, or None.

    With a scope, only one that reaches into it: a rollout of the fleet reaches
    every group, a rollout of one group reaches the fleet and that group.
    """
    return next((r for r in rollouts if r.state.is_running and reaches(r, scope)), None)


def reaches(rollout: Rollout, scope: Scope | None) -> bool:
    """Say whether the rollout decides for at least one device of the scope."""
    if scope is None or scope.is_fleet or rollout.group is None:
        return True
    return rollout.group in (scope.group_id, scope.group_name)


def active_version(rollouts: Sequence[Rollout], devices: Iterable[Device], model_id: str) -> str | None:
    """Return the version that the service wants the fleet to run, or None when nothing tells.

    The newest fleet-wide rollout that completed or is a running rollback
    decides; without one, what most devices report, whatever their order. The
    newest *registered* version never does.
    """
    for rollout in rollouts:
        leads = rollout.is_rollback and rollout.state.is_running
        if rollout.group is None and (leads or rollout.state is RolloutState.COMPLETED):
            return rollout.version
    counted = Counter(versions_on_devices(devices, model_id))
    return max(counted, key=lambda version: (counted[version], version), default=None)


def versions_on_devices(devices: Iterable[Device], model_id: str) -> Iterable[str]:
    """Yield the version of the model on each device that has one, in the devices' order."""
    for device in devices:
        installation = device.installations.get(model_id)
        if installation is not None and installation.version is not None:
            yield installation.version


def from_version(rollouts: Sequence[Rollout], active: str | None, scope: Scope) -> str | None:
    """Return the version that a rollback leaves: the active rollout's, else the active one."""
    running = active_rollout(rollouts, scope)
    return running.version if running is not None else active


@dataclass(frozen=True, slots=True)
class Service:
    """What one version did before, as the model's rollouts tell."""

    deployed: bool = False
    """A rollout of it began, a rollout left it, or a device runs it."""
    completed: bool = False
    """A rollout of it reached its whole scope."""
    rolled_back_by: str | None = None
    """The id of the newest rollback that left this version."""
    rolled_back_at: float | None = None
    from_at: float | None = None
    to_at: float | None = None
    """When it stopped being served; None while it is served."""

    def served_for(self, now: float | None) -> float | None:
        """Return for how many seconds it was served, or None when the service does not say."""
        end = self.to_at if self.to_at is not None else now
        return None if self.from_at is None or end is None else max(0.0, end - self.from_at)


def history_is_known(rollouts: Sequence[Rollout]) -> bool:
    """Say whether the rollouts tell the past: a list of running ones alone does not."""
    return any(rollout.state in _ENDED for rollout in rollouts)


def service_of(version: str, rollouts: Sequence[Rollout], *, on_devices: int, active: str | None) -> Service:
    """Return what `version` did before.

    Args:
        version: The raw version.
        rollouts: Every rollout of the model that the service told of, newest first.
        on_devices: How many devices run it now.
        active: The active version.
    """
    began = [r for r in rollouts if r.version == version and r.state is not RolloutState.PENDING]
    left = next((r for r in rollouts if r.is_rollback and r.from_version == version), None)
    starts = [r.began_at for r in began if r.began_at is not None]
    serves = version == active or any(r.state.is_running for r in began)
    return Service(
        deployed=bool(began) or on_devices > 0 or any(r.from_version == version for r in rollouts),
        completed=any(r.state is RolloutState.COMPLETED for r in began),
        rolled_back_by=left.id if left is not None else None,
        rolled_back_at=left.began_at if left is not None else None,
        from_at=min(starts) if starts else None,
        to_at=None if serves else _ended_at(version, began, rollouts),
    )


def _ended_at(version: str, began: Sequence[Rollout], rollouts: Sequence[Rollout]) -> float | None:
    """Return when the version stopped: cancelled, or another one took over."""
    if not began:
        return None
    newest = began[0]
    if newest.state is RolloutState.CANCELLED:
        return newest.cancelled_at
    later = [
        r.began_at
        for r in rollouts
        if r.version != version
        and r.state is RolloutState.COMPLETED
        and r.began_at is not None
        and newest.began_at is not None
        and r.began_at > newest.began_at
    ]
    return min(later) if later else None
