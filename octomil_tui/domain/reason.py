"""Why a device is where it is, as far as its last word tells: a few words for a table."""

from __future__ import annotations

from octomil_tui.domain.convergence import Stage, Track, failed_word
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.straggler import away, missed_beats, progress_words
from octomil_tui.domain.text import counted, version_label

WITHOUT = "without this model"


def reason(device: Device, model_id: str, track: Track | None, now: float | None) -> str:
    """Return the reason in a few words, empty where nothing is to be said.

    Args:
        device: The device.
        model_id: The model that is asked about.
        track: How far a watched rollback of it has the device.
        now: The service's clock.
    """
    installation = device.installations.get(model_id)
    if installation is None:
        return WITHOUT
    match device.connectivity:
        case Connectivity.REVOKED:
            return "revoked"
        case Connectivity.OFFLINE:
            return away(device, model_id, installation.version)
        case Connectivity.STALE:
            return f"{counted(missed_beats(device, now), 'heartbeat')} missed"
        case _:
            return _of_reachable(installation, track)


def _of_reachable(installation: Installation, track: Track | None) -> str:
    if track is None:
        differs = installation.wanted is not None and installation.wanted != installation.version
        return f"wants {version_label(installation.wanted)}" if differs else ""
    match track.stage:
        case Stage.ON_THE_WAY:
            return progress_words(installation)
        case Stage.SETTLED | Stage.VERIFIED:
            was_there = track.plan_class is PlanClass.NO_OP and not track.bounces
            return "not part of this" if was_there else "device says so"
        case Stage.FAILED:
            return failed_word(installation).replace("_", " ")
        case _:
            return _WORDS.get(track.stage, "")


_WORDS = {
    Stage.BOUNCED: "left the target again",
    Stage.WAITING: "waits for its sync",
    Stage.UNKNOWN: "does not say what it runs",
}
