"""What a device that was told of a rollback is doing, from the status words that it sends."""

from __future__ import annotations

from enum import StrEnum

from octomil_tui.domain.fleet import Installation
from octomil_tui.domain.text import whole_percent

FAILED_WORDS = ("failed", "corrupt")


class Step(StrEnum):
    """One step on the way, in the console's words."""

    SYNCED = "synced, not switched yet"
    DOWNLOADING = "downloading"
    STANDS_STILL = "download stands still"
    CHECKING = "checking the download"
    CHECKED = "checked, not switched yet"
    STAGED = "staged"
    IDLE = "waits for idle"
    SWITCHING = "switching"
    PAUSED = "paused on the device"
    ABOUT = "about to switch"


_BY_ARTIFACT = {
    "downloaded_partial": Step.STANDS_STILL,
    "verifying": Step.CHECKING,
    "verified": Step.CHECKED,
    "warming": Step.SWITCHING,
    "paused": Step.PAUSED,
    "rollback_pending": Step.ABOUT,
}
_BY_MODEL = {"verifying": Step.CHECKING, "loading": Step.SWITCHING}


def step_of(artifact_word: str, word: str, activation: str | None) -> Step:
    """Return what a device is doing by its two status words; words that nobody knows say that it synced."""
    if "downloading" in (word, artifact_word):
        return Step.DOWNLOADING
    if artifact_word == "staged":
        return Step.IDLE if activation == "when_idle" else Step.STAGED
    return _BY_ARTIFACT.get(artifact_word) or _BY_MODEL.get(word) or Step.SYNCED


def step_at(installation: Installation) -> Step:
    """Return what the device of an installation is doing."""
    return step_of(installation.artifact_word, installation.word, installation.activation)


def progress_words(installation: Installation) -> str:
    """Say what a device that was told is doing, in the console's words."""
    step = step_at(installation)
    if step is Step.DOWNLOADING and installation.progress is not None:
        return f"{step} {whole_percent(installation.progress)}%"
    return step.value


def failed_word(installation: Installation) -> str:
    """Return the status word that says the model failed on the device, else an empty one."""
    words = (installation.artifact_word, installation.word)
    return next((word for word in words if any(sign in word.lower() for sign in FAILED_WORDS)), "")
