"""When a device is expected to report the target: always a range, never a promise.

What is known decides: when the device will ask next, what it has to download
and how fast it does, whether it waits to be idle. Where one of these is missing
there is no estimate, and none for a device that cannot be reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, sqrt

from octomil_tui.domain.fleet import Device, Installation, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.pace import Due
from octomil_tui.domain.step import Step, step_at
from octomil_tui.domain.track import Stage

SWITCH = 60.0
"""Seconds from a sync, or from the end of a download, to the report of the new version."""

_IDLE = 0.5
"""Part of an interval for which a device that waits for idle is expected to wait."""
_SOON = 10.0
"""Seconds from which on a download has told how fast it is."""
_EARLY, _LATE, _LATEST = 0.6, 1.6, 3.0
"""Parts of the time that is left: from when on it may be, by when it should be, and what history may make of that."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast devices download, in bytes per second."""

    low: float
    high: float

    @property
    def likely(self) -> float:
        """What a device of which nothing is known is taken to do."""
        return sqrt(self.low * self.high)


USUAL = Rates(1e6, 9e6)
"""Where nothing was measured yet."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of moments, by the service's clock."""

    early: float
    likely: float
    late: float


@dataclass(frozen=True, slots=True)
class LastTime:
    """How long the newest finished rollback of the same model took."""

    took: float
    """Seconds until the service called it completed."""
    devices: int | None


def expected(
    device: Device, stage: Stage, at: float, *, model_id: str, to_version: str, size: int | None, rates: Rates
) -> Due | None:
    """Return when a device is expected to report the target; None where nothing tells.

    Args:
        device: As it was read.
        stage: Where it stands.
        at: The service's clock at that read.
        model_id: The model that is rolled back.
        to_version: The target.
        size: Bytes of the target.
        rates: How fast devices of this rollback download.
    """
    installation = device.installations.get(model_id)
    if installation is None or stage not in (Stage.WAITING, Stage.ON_THE_WAY):
        return None
    kept = installation.on_disk
    must_load = kept is not None and to_version not in kept
    if stage is Stage.ON_THE_WAY:
        return _on_the_way(device, installation, at, size, rates, must_load=must_load)
    if device.last_contact_at is None or (must_load and size is None):
        return None
    load = size / rates.likely if must_load and size is not None else 0.0
    return Due(_next_sync(device.last_contact_at, device.interval, at) + load + SWITCH, must_load)


def _next_sync(contact: float, interval: float, at: float) -> float:
    """Return the device's next sync; one that it missed is made up for at the one after."""
    missed = max(0, ceil((at - contact) / interval) - 1)
    return contact + (missed + 1) * interval


def _on_the_way(
    device: Device, installation: Installation, at: float, size: int | None, rates: Rates, *, must_load: bool
) -> Due | None:
    began = installation.word_since
    if began is None:
        began = device.last_contact_at if device.last_contact_at is not None else at
    match step_at(installation):
        case Step.DOWNLOADING:
            return _download(device, installation, at, size, rates)
        case Step.STANDS_STILL | Step.PAUSED:
            return None
        case Step.IDLE:
            return Due(max(began + _IDLE * device.interval, at) + SWITCH, is_download=False)
        case Step.SYNCED if must_load:
            return (
                Due(max(began + size / rates.likely, at) + SWITCH, is_download=True)
                if size is not None
                else None
            )
        case _:
            return Due(max(began + SWITCH, at), is_download=False)


def _download(
    device: Device, installation: Installation, at: float, size: int | None, rates: Rates
) -> Due | None:
    if size is None:
        return None
    share = installation.progress if installation.progress is not None else 0.0
    rate = measured(device, installation, size) or rates.likely
    seen = device.last_contact_at if device.last_contact_at is not None else at
    return Due(max(seen + (1.0 - share) * size / rate, at) + SWITCH, is_download=True)


def measured(device: Device, installation: Installation, size: int | None) -> float | None:
    """Return how fast a device downloads, bytes per second, by its own report; None where it does not tell."""
    contact, began, share = device.last_contact_at, installation.word_since, installation.progress
    if contact is None or began is None or not share or size is None or contact - began < _SOON:
        return None
    return share * size / (contact - began)


def size_of(versions: Iterable[ModelVersion], version: str) -> int | None:
    """Return the bytes of a version, where the service tells."""
    return next((one.size_bytes for one in versions if one.version == version), None)


def last_time(rollouts: Iterable[Rollout], but: str | None) -> LastTime | None:
    """Return how long the newest finished rollback took, that with the id `but` left aside."""
    for one in rollouts:
        began, ended = one.began_at, one.completed_at
        if one.id == but or not one.is_rollback or one.state is not RolloutState.COMPLETED:
            continue
        if began is not None and ended is not None and ended > began:
            return LastTime(ended - began, one.affected)
    return None


def span(likely: float, at: float, history: float | None = None) -> Span:
    """Return the range around a moment.

    Args:
        likely: The moment.
        at: The service's clock now.
        history: When it would be by the last rollback of the same model.
    """
    left = max(0.0, likely - at)
    late = at + _LATE * left + SWITCH
    if history is not None:
        late = max(late, min(history, at + _LATEST * left + SWITCH))
    return Span(at + _EARLY * left, likely, late)
