"""The words of this product, each with what it means: one list for the screens, `--help` and the documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    term: str
    meaning: str
    """A clause."""
    brief: str = ""
    """The same in at most 27 characters, where the clause is longer."""

    @property
    def in_brief(self) -> str:
        """What it means in at most 27 characters."""
        return self.brief or self.meaning


GLOSSARY: Final[tuple[Word, ...]] = (
    Word("accepted", "the service took the request; no device has said anything", "taken; no device said so"),
    Word("waiting", "has not synced since", "has not synced since"),
    Word("on the way", "synced since: downloads, waits for idle, switches", "synced, not switched yet"),
    Word("verified", "the device itself reports the target", "the device says so"),
    Word("settled", "it still does at its next sync", "still so one sync later"),
    Word("bounced", "was verified, then reported another version", "verified, then left"),
    Word("stale", "2 to 5 heartbeats missed", "2 to 5 heartbeats missed"),
    Word("offline", "more than 5 heartbeats missed; no estimate", "more than 5 missed"),
    Word("silent", "offline since minutes after it got a version", "fell silent after it"),
    Word("reachable", "online or stale, not revoked", "online or stale"),
    Word(
        "overdue",
        "reachable, has not settled, and missed two of its syncs since the start",
        "missed two syncs",
    ),
    Word(
        "straggler",
        "a device that the rollback waits for and that is not merely waiting for its next sync; always with a reason",
        "late, with a reason",
    ),
    Word("no-op", "was on the target before", "was there already"),
    Word("up", "is older than the target and will be moved up", "older: moves up"),
    Word("DONE", "every reachable device settled", "all reachable settled"),
    Word("COMPLETE", "DONE, and nobody offline is left", "DONE, nobody offline"),
    Word("scope", "what a rollback touches: the fleet or one group", "the fleet or one group"),
    Word("target version", "where a rollback goes (`to_version`)", "where a rollback goes"),
    Word(
        "plan f960",
        "the beginning of the hash of what you saw: if it moved, nothing is sent",
        "hash of what you saw",
    ),
    Word("held", "marked so that no rollout picks the version up by accident", "no rollout picks it up"),
    Word(
        "signal",
        "what is measured of a version: errors, crashes, latency, quality, memory",
        "what is measured",
    ),
    Word(
        "usual",
        "what is usual for a model: the figures of the version before the newest rollout, as the service tells them",
        "the version before it",
    ),
    Word(
        "memo",
        "a line for the timeline that a person wrote; kept on this machine",
        "your line in the timeline",
    ),
    Word("report", "what one rollback did, from first to last", "what a rollback did"),
    Word("LIVE", "what is shown was read within two of its periods", "read just now"),
    Word("STALE", "it was not: the age is beside it, and nothing is sent", "old: nothing is sent"),
    Word("OFFLINE", "the last try failed, and nothing was read for 5 minutes", "not read for 5 minutes"),
    Word("FROZEN", "you stopped the picture; nothing is sent until it goes on", "you stopped the picture"),
)

ENDS: Final = (
    (0, "complete"),
    (1, "failed, regressed"),
    (2, "usage"),
    (3, "connection"),
    (4, "not finished, not known"),
    (5, "refused"),
    (6, "done, some offline"),
    (7, "conflict"),
    (8, "not allowed"),
    (130, "interrupted"),
)
"""What the exit status of a command says; all of them are in the documents."""


def meaning(term: str) -> Word | None:
    """Return the word that is called so, else the one whose case differs; None where the product has none.

    The case counts first: `stale` is said of a device, `STALE` of what is shown.
    """
    alike = [word for word in GLOSSARY if word.term.casefold() == term.casefold()]
    return next((word for word in alike if word.term == term), next(iter(alike), None))
