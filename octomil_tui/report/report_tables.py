"""The long tables of a report: what happened, and every device."""

from __future__ import annotations

from collections.abc import Iterator

from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.text import version_label
from octomil_tui.domain.timeline_words import actor_of, sentence_of
from octomil_tui.report.markdown import plain, table
from octomil_tui.report.outcome import DeviceOutcome, outcomes
from octomil_tui.report.words import devices, moment

ROWS = 1_000
"""Devices up to which the Markdown lists all of them; of more it lists those that did not simply settle."""

CLASSES = {
    PlanClass.CHANGE: "CHANGE",
    PlanClass.NO_OP: "NO-OP",
    PlanClass.UP: "UP",
    PlanClass.UNKNOWN: "UNKNOWN",
}
"""How the classes of a plan are headed."""


def timeline_rows(evidence: Evidence) -> Iterator[str]:
    """Yield what happened, the oldest first."""
    if not evidence.events:
        yield "Nothing is known."
        return
    yield from table(
        ("UTC", "Who", "What"),
        [
            (moment(one.at), plain(actor_of(one)), plain(sentence_of(one)))
            for one in reversed(evidence.events)
        ],
    )


def device_rows(evidence: Evidence) -> Iterator[str]:
    """Yield every device with its outcome; of a large scope those that did not simply settle."""
    found = outcomes(evidence)
    if not found:
        yield "None was looked at."
        return
    watch = evidence.rollback.watch
    whole = watch.whole.devices if watch is not None else len(found)
    listed = found if len(found) <= ROWS else [one for one in found if not _is_plain(one)]
    if len(listed) < whole:
        yield f"{len(listed):,} of {devices(whole)}: those that simply settled, or that nobody named, are left out."
        yield ""
    yield from table(
        ("Device", "Group", "Platform", "Plan", "From", "Now", "Outcome", "Verified", "Note"),
        [_device(one) for one in listed],
    )


def _is_plain(one: DeviceOutcome) -> bool:
    return one.stage is Stage.SETTLED and not one.bounces


def _device(one: DeviceOutcome) -> tuple[str, ...]:
    note = ", ".join(part for part in (f"bounced {one.bounces}x" if one.bounces else "", one.note) if part)
    return (
        plain(one.name),
        plain(one.group),
        plain(one.platform),
        CLASSES[one.plan_class] if one.plan_class is not None else "joined",
        plain(version_label(one.from_version)),
        plain(version_label(one.version)),
        one.stage.value.replace("_", " "),
        moment(one.verified_at) if one.verified_at is not None else "",
        plain(note),
    )
