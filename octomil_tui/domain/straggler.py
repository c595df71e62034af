"""The devices that a rollback still waits for, each with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import Stage, Track, Watch, failed_word
from octomil_tui.domain.fleet import Device, Installation
from octomil_tui.domain.plan import PlanClass
from octomil_tui.domain.text import clean, version_label, whole_percent

_ORDER = (
    Stage.BOUNCED,
    Stage.FAILED,
    Stage.OFFLINE,
    Stage.GONE,
    Stage.STALE,
    Stage.UNKNOWN,
    Stage.ON_THE_WAY,
)
"""Stages of stragglers, those that will not come by themselves first."""

_ARTIFACT_WORDS = {
    "downloaded_partial": "download stands still",
    "verifying": "checking the download",
    "verified": "checked, not switched yet",
    "warming": "switching",
    "paused": "paused on the device",
    "rollback_pending": "about to switch",
}
_MODEL_WORDS = {"verifying": "checking the download", "loading": "switching"}


@dataclass(frozen=True, slots=True)
class Straggler:
    """One device that the rollback waits for; its texts are safe to show."""

    device_id: str
    name: str
    group: str
    """Row key of its group."""
    platform: str
    version: str | None
    """What it runs now, raw."""
    stage: Stage
    plan_class: PlanClass
    """UP for a device that moves up, which the sentence counts apart."""
    why: str
    last_contact_at: float | None
    is_moving: bool
    """Whether it is on the way by itself; the others need a look."""


def stragglers(watch: Watch, devices: Iterable[Device]) -> tuple[Straggler, ...]:
    """Return every device that is neither verified nor merely waiting for its next sync.

    Those that will not come by themselves are first; within a kind the longest
    silence is. Devices that move up are among them.
    """
    listed = {device.id: device for device in devices}
    found = [
        _straggler(watch, key, track, listed.get(key))
        for key, track in watch.tracks.items()
        if track.stage in _ORDER and (track.plan_class is not PlanClass.NO_OP or track.bounces)
    ]
    found.sort(
        key=lambda s: (
            _ORDER.index(s.stage),
            s.plan_class is PlanClass.UP,
            _pace(s),
            s.last_contact_at or 0.0,
            s.name,
        )
    )
    return tuple(found)


def _pace(straggler: Straggler) -> int:
    """Downloads take longest, so they come first among the devices on the way."""
    return 0 if straggler.why.startswith("downloading") else 1


def _straggler(watch: Watch, key: str, track: Track, device: Device | None) -> Straggler:
    installation = device.installations.get(watch.model_id) if device is not None else None
    return Straggler(
        device_id=key,
        name=device.name if device is not None else clean(key),
        group=track.group,
        platform=device.platform_label if device is not None else "?",
        version=installation.version if installation is not None else None,
        stage=track.stage,
        plan_class=track.plan_class,
        why=_why(watch, track, device, installation),
        last_contact_at=device.last_contact_at if device is not None else None,
        is_moving=track.stage is Stage.ON_THE_WAY,
    )


def _why(watch: Watch, track: Track, device: Device | None, installation: Installation | None) -> str:
    if device is None or installation is None:
        return "no longer listed by the server"
    why = {
        Stage.OFFLINE: away(device, watch.model_id, track.from_version),
        Stage.STALE: f"stale, {missed_beats(device, watch.at)} beats missed",
        Stage.FAILED: failed_word(installation).replace("_", " "),
        Stage.BOUNCED: f"left {version_label(watch.to_version)} again",
        Stage.UNKNOWN: "does not say what it runs",
    }
    return why.get(track.stage) or progress_words(installation)


def away(device: Device, model_id: str, version: str | None) -> str:
    """Say why an offline device is away, as far as its last word tells."""
    if went_silent(device, model_id, version):
        return f"silent since {version_label(version)}"
    return "offline"


def missed_beats(device: Device, at: float | None) -> int:
    """Return how many heartbeats the device has missed at `at`."""
    if at is None or device.last_contact_at is None:
        return 0
    return max(0, int((at - device.last_contact_at) / device.interval))


def progress_words(installation: Installation) -> str:
    """Say what a device that was told is doing, in the console's words."""
    if "downloading" in (installation.word, installation.artifact_word):
        share = installation.progress
        return "downloading" if share is None else f"downloading {whole_percent(share)}%"
    if installation.artifact_word == "staged":
        return "waits for idle" if installation.activation == "when_idle" else "staged"
    return (
        _ARTIFACT_WORDS.get(installation.artifact_word)
        or _MODEL_WORDS.get(installation.word)
        or "synced, not switched yet"
    )
