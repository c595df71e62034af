"""The report of one rollback as Markdown: who, why, the plan, what was sent, what became of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from octomil_tui.domain.convergence import Stage, Tally
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.signal_effect import at_start, effect, figure_changes
from octomil_tui.domain.signal_words import effect_words, told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.timeline import Act
from octomil_tui.domain.wording import parts, trouble
from octomil_tui.report.daylight import Aftermath, left_items, release_command, way_back
from octomil_tui.report.markdown import code, plain, table
from octomil_tui.report.outcome import plan_rows
from octomil_tui.report.report_tables import CLASSES, device_rows, timeline_rows
from octomil_tui.report.sentences import done_sentence, progress_sentence, unknown_sentence, wider_sentence
from octomil_tui.report.words import NOT_KNOWN, age, devices, moment

_NAMED = 12
"""Devices that a sentence names."""
_UNANSWERED = (Phase.UNCONFIRMED, Phase.NOT_FOUND)


def title(evidence: Evidence) -> str:
    """Return `Rollback 4131 of phi-4-mini: v2.0.0 -> v1.0.0`, safe to show."""
    rollback = evidence.rollback
    number = f" {clean(rollback.rollout_id)}" if rollback.rollout_id is not None else ""
    way = f"{version_label(rollback.from_version)} -> {version_label(rollback.order.to_version)}"
    return f"Rollback{number} of {clean(evidence.model)}: {way}"


def verdict_sentence(evidence: Evidence) -> str:
    """Return how it ended, or how far it is, as a sentence."""
    rollback = evidence.rollback
    if rollback.phase in (Phase.DONE, Phase.COMPLETE):
        return done_sentence(rollback)
    if said := trouble(rollback):
        return f"{said}."
    if rollback.phase is Phase.WIDER:
        return f"{wider_sentence(rollback)}."
    if rollback.phase in _UNANSWERED:
        return f"{unknown_sentence(rollback)}."
    if rollback.watch is not None:
        at = rollback.ended_at if rollback.ended_at is not None else _said_completed(evidence)
        # A device that comes back later is on its way again, and what was done stays done.
        head = "Still running" if at is None else f"It was done at {moment(at)}; now"
        return f"{head}: {progress_sentence(rollback.watch)}"
    return rollback.sentence or "Nothing was sent."


def report_lines(evidence: Evidence) -> list[str]:
    """Return the report, line for line."""
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("Plan", _plan(evidence)),
        ("What was sent", _sent(evidence)),
        ("Signal, before and after", _signal(evidence)),
        ("Outcome", _outcome(evidence)),
        ("Left for daylight", _left(evidence)),
        ("The way back", _way_back(evidence)),
        ("Timeline", timeline_rows(evidence)),
        ("Devices", device_rows(evidence)),
    )
    lines = [f"# {plain(title(evidence))}", "", f"**{plain(verdict_sentence(evidence), 1_000)}**", ""]
    lines += _facts(evidence)
    for name, body in sections:
        lines += ["", f"## {name}", "", *body]
    if evidence.notes:
        lines += ["", "## Not in this report", "", *(f"- {plain(note)}" for note in evidence.notes)]
    return lines


def _facts(evidence: Evidence) -> list[str]:
    rollback = evidence.rollback
    watch, group = rollback.watch, rollback.order.group
    size = devices(watch.whole.devices) if watch is not None else NOT_KNOWN
    where = f"group {plain(group)} only" if group is not None else "the whole fleet"
    began = evidence.began_at
    rows = [
        ("Service", code(evidence.service) if evidence.service else NOT_KNOWN),
        ("Organisation", plain(evidence.org) if evidence.org else NOT_KNOWN),
        ("Scope", f"{where}, {size}"),
        ("Who", _who(evidence)),
        ("Why", plain(rollback.order.reason) if rollback.order.reason else "no reason was given"),
        ("Began", moment(began)),
    ]
    if rollback.ended_at is not None:
        took = f", after {age(rollback.ended_at - began)}" if began is not None else ""
        rows.append(("Done", f"{moment(rollback.ended_at)}{took}, as seen by a console"))
    if (at := _said_completed(evidence)) is not None:
        rows.append(("Completed", f"{moment(at)}, as the service says"))
    rows.append(("State of", moment(evidence.made_at)))
    return table(("", ""), rows)


def _said_completed(evidence: Evidence) -> float | None:
    number = evidence.rollback.rollout_id
    found = (e.at for e in evidence.events if e.act is Act.COMPLETED and e.rollout_id == number)
    return next(found, None) if number is not None else None


def _who(evidence: Evidence) -> str:
    rollback = evidence.rollback
    here = next(
        (
            event.by
            for event in evidence.events
            if event.act is Act.CONFIRMED and event.by and event.intent_id == rollback.key
        ),
        None,
    )
    told = [f"{plain(evidence.by)}, as the service says"] if evidence.by else []
    told += [f"{plain(here)} at this console"] if here is not None else []
    return "; ".join(told) or "not told"


def _plan(evidence: Evidence) -> Iterator[str]:
    rollback = evidence.rollback
    if evidence.plan:
        yield f"Confirmed as plan {code(evidence.plan[:4])} (digest {code(evidence.plan)})."
    else:
        yield "It was not planned at this console, or its plan is no longer known here."
    plan = rollback.plan
    if plan is not None and plan.active_rollout is not None:
        yield f"It cancels rollout {plain(plan.active_rollout.id)} to {plain(version_label(plan.active_rollout.version))}."
    if plan is not None:
        yield f"The target was judged {plain(plan.verdict.word)}: {plain(plan.verdict.reason)}."
    rows = plan_rows(evidence)
    if not rows:
        return
    yield ""
    total = {one: sum(row.counts[one] for row in rows) for one in PlanClass}
    yield from table(
        ("Group", *(CLASSES[one] for one in PlanClass), "Devices"),
        [
            *(
                (plain(row.group), *(str(row.counts[one]) for one in PlanClass), str(row.devices))
                for row in rows
            ),
            ("all", *(str(total[one]) for one in PlanClass), str(sum(total.values()))),
        ],
    )


def _sent(evidence: Evidence) -> Iterator[str]:
    rollback, receipt = evidence.rollback, evidence.rollback.receipt
    if rollback.key is None:
        yield "Nothing was sent from here: it was begun elsewhere."
        return
    yield f"- Idempotency key: {code(rollback.key)}"
    if receipt is not None and receipt.request_id:
        yield f"- Request id of the service: {code(receipt.request_id)}"
    if receipt is not None and receipt.status is not None:
        yield f"- HTTP status: {receipt.status}"
    if rollback.affected is not None:
        yield f"- Devices that the service said it moves: {rollback.affected}"
    if rollback.tries > 1:
        yield f"- Sent {rollback.tries} times with one key, each time confirmed anew"
    for one in rollback.log:
        yield f"- {moment(one.at)} {plain(one.text)}"


def _signal(evidence: Evidence) -> Iterator[str]:
    health, began_at = evidence.health, evidence.began_at
    changes = figure_changes(health, began_at) if health is not None and began_at is not None else ()
    if health is None or began_at is None or not changes:
        yield "No data: the service tells no figures of these devices."
        return
    start = at_start(health.history, began_at)
    yield (
        f"The devices that this rollback changes: before at {moment(start.at if start else None)}, "
        f"after at {moment(health.at)}"
        + (f", when {devices(health.devices)} reported." if health.devices is not None else ".")
    )
    said = effect_words(effect(health, began_at))
    yield f"{said[:1].upper()}{said[1:]}."
    yield ""
    yield from table(
        ("Figure", "Before", "After", "Usual"),
        [(one.metric.value, told(one.before), told(one.after), told(one.usual)) for one in changes],
    )


def _outcome(evidence: Evidence) -> Iterator[str]:
    watch = evidence.rollback.watch
    if watch is None:
        yield "No device was looked at."
        return
    if evidence.rollback.by_server_word:
        yield "By the service's word: the devices do not say what they run."
        yield ""
    rows = [
        ("must change", watch.change),
        ("move up", watch.up),
        ("were there", watch.tally(PlanClass.NO_OP)),
    ]
    if watch.newcomers.devices:
        rows.append(("joined since", watch.newcomers))
    for name, tally in rows:
        if tally.devices:
            yield f"- {name}: {_tally(tally)}"


def _tally(tally: Tally) -> str:
    told = [f"{tally.verified} of {tally.devices} verified", f"{tally.count(Stage.SETTLED)} settled"]
    told += [f"{part.count} {part.words}" for part in parts(tally)]
    told += [f"{tally.ever_bounced} bounced on the way"] if tally.ever_bounced else []
    return ", ".join(told)


def left(evidence: Evidence) -> list[list[str]]:
    """Return what is left for daylight, also what only the service saw: of each thing its lines."""
    rollback, watch = evidence.rollback, evidence.rollback.watch
    if watch is None:
        return []
    items = left_items(
        rollback,
        watch,
        evidence.devices,
        evidence.labels,
        evidence.events,
        aftermath=Aftermath(is_held=evidence.is_held),
    )
    told = evidence.affected.devices.values() if evidence.affected is not None else ()
    bounced = [one.name for one in told if one.bounced]
    if bounced and not watch.whole.ever_bounced:
        names = ", ".join(bounced[:_NAMED]) + (", …" if len(bounced) > _NAMED else "")
        target = version_label(rollback.order.to_version)
        items.append([f"{devices(len(bounced))} left {target} once, as the service says: {names}."])
    return items


def _left(evidence: Evidence) -> Iterator[str]:
    rollback = evidence.rollback
    if rollback.watch is None:
        yield "Not known."
        return
    items = left(evidence)
    for number, (first, *more) in enumerate(items, 1):
        yield f"{number}. {plain(first)}"
        yield from (f"   {plain(one)}" for one in more)
    if not items:
        yield "Nothing: every device of the scope settled."


def _way_back(evidence: Evidence) -> Iterator[str]:
    command = way_back(evidence.rollback, evidence.model)
    if command is None:
        yield "The version it came from is not known."
        return
    yield "Only if this was a mistake; it plans, and sends nothing:"
    yield ""
    if evidence.is_held:
        yield f"{code(release_command(evidence.rollback, evidence.model))}, since it is held, and then"
    yield code(command)
