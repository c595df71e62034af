"""`rollback`: plan, confirm, send once, and where asked for, watch to the end."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from octomil_tui.cli.confirm import confirm
from octomil_tui.cli.ending import conclude, conclude_plainly
from octomil_tui.cli.exits import CommandError, Exit, Verdict
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.follow import Follower, Waiting
from octomil_tui.cli.output import Output
from octomil_tui.cli.planning import Target, announce, make, nothing_to_do, refuse_if_stopped
from octomil_tui.cli.records import records_of
from octomil_tui.cli.sending import How, Sending
from octomil_tui.cli.verdict import verdict
from octomil_tui.cli.waiting import waiting_of
from octomil_tui.cli.wiring import gate_for
from octomil_tui.domain.beginning import has_no_route
from octomil_tui.domain.choice import why_no_other_way
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import rollout_words
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.recording import Records, shown_path
from octomil_tui.report.action import held_data
from octomil_tui.report.data import count_fields, receipt_data
from octomil_tui.report.receipt import receipt_lines
from octomil_tui.settings import Settings


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Roll a model back."""
    settings = settings_of(arguments)
    if settings.read_only.value:
        origin = settings.read_only.origin
        raise CommandError(
            Exit.REFUSED, f"this console is read-only ({origin}); nothing was sent", "read_only"
        )
    how = How(
        Way.ROLLOUT if arguments.as_rollout else Way.ROLLBACK, arguments.without_journal, hold=arguments.hold
    )
    if arguments.as_rollout and arguments.group is not None:
        sentence = "a rollout to 100 % would move the whole fleet, not one group; nothing was sent"
        raise CommandError(Exit.REFUSED, sentence, "group_as_rollout")
    gate = gate_for(settings, output.note)
    shown = make(settings, Target(arguments.model, arguments.to_version, arguments.group), gate)
    refuse_if_stopped(shown)
    if shown.plan.changes_nothing:
        return _nothing(shown, output, is_fault=arguments.require_change)
    announce(shown, output)
    is_asked = confirm(shown.plan, arguments.yes, output)
    waiting = waiting_of(arguments) if arguments.watch else None
    reason = arguments.reason or None
    return roll_back(
        settings, shown, output, reason=reason, is_fresh=not is_asked, waiting=waiting, how=how, gate=gate
    )


def _nothing(shown: Preflight, output: Output, *, is_fault: bool) -> int:
    sentence = nothing_to_do(shown.plan)
    if is_fault:
        ended = Verdict(Exit.REFUSED, "nothing_to_do", f"{sentence}; a change was required")
    else:
        ended = Verdict(Exit.OK, "nothing_to_do", sentence)
    return conclude(output, ended, {"changed": False})


def roll_back(
    settings: Settings,
    shown: Preflight,
    output: Output,
    *,
    reason: str | None,
    is_fresh: bool,
    waiting: Waiting | None,
    how: How = How(),  # noqa: B008 - a frozen value
    gate: Gate | None = None,
) -> int:
    """Send a confirmed rollback and return the status of the command.

    Args:
        settings: The service.
        shown: The plan that was confirmed.
        output: Where the answer goes.
        reason: Why, or None.
        is_fresh: Whether nobody was asked since the plan was read.
        waiting: What to wait for; None ends once the service took it.
        how: By which route, and whether it needs a record.
        gate: What counts the requests of this run; None for one of its own.
    """
    records = records_of(settings)
    gate = gate if gate is not None else gate_for(settings, output.note)
    try:
        sending = Sending(settings, shown, reason, records, how, gate=gate)
        return _send(
            sending, settings, output, is_fresh=is_fresh, waiting=waiting, records=records, gate=gate
        )
    finally:
        if records is not None:
            records.release()


def _send(
    sending: Sending,
    settings: Settings,
    output: Output,
    *,
    is_fresh: bool,
    waiting: Waiting | None,
    records: Records | None,
    gate: Gate,
) -> int:
    try:
        rollback = asyncio.run(sending.run(is_fresh=is_fresh))
    except KeyboardInterrupt:
        raise sending.interrupted() from None
    has_begun = rollback.phase in (Phase.ROLLING_BACK, Phase.WIDER)
    if has_begun:
        output.lines(receipt_lines(rollback))
        output.data(receipt_data(rollback))
    if sending.held is not None:
        output.note(sending.held.sentence)
        output.data(held_data(rollback.from_version, sending.held))
    if sending.scope_doubt:
        group = clean(rollback.order.group)
        output.note(
            f"the scope could not be checked: {sending.scope_doubt}; look at the devices outside {group}"
        )
    if rollback.phase is Phase.ROLLING_BACK:
        if waiting is None:
            return _accepted(rollback, output)
        name = sending.model_name
        return watch_to_end(settings, rollback, waiting, output, records, gate=gate, model_name=name)
    ended = verdict(rollback, status=rollback.refused_with)
    more = _wider(rollback) if rollback.phase is Phase.WIDER else _refusal(rollback, sending)
    return conclude(output, ended, {"changed": has_begun, **_counts(rollback)}, more=more)


def _refusal(rollback: Rollback, sending: Sending) -> list[str]:
    """Return what can be done about a refusal; nothing of it is done by itself."""
    name = sending.model_name
    if sending.rival is not None:
        number = clean(sending.rival.id)
        return [
            f"  In the way: {rollout_words(sending.rival)}",
            f"  Watch it: octomil-console watch {number}",
        ]
    if why := why_no_other_way(rollback):
        return ["  This service does not know rollbacks of models.", f"  {why}"]
    if has_no_route(rollback):
        target = clean(rollback.order.to_version)
        return [
            "  This service does not know rollbacks of models. What the vendor's SDK sends instead,",
            f"  a rollout of {version_label(rollback.order.to_version)} to 100%, is sent only if you ask for it:",
            f"  octomil-console rollback {name} --to-version {target} --as-rollout",
        ]
    return []


def watch_to_end(
    settings: Settings,
    rollback: Rollback,
    waiting: Waiting,
    output: Output,
    records: Records | None = None,
    *,
    gate: Gate | None = None,
    model_name: str = "",
) -> int:
    """Follow a rollback, say how it ended, and return the status.

    Raises:
        CommandError: Interrupted; the rollback goes on.
    """
    follower = Follower(settings, rollback, waiting, output, records, gate=gate, model_name=model_name)
    try:
        ended = asyncio.run(follower.run())
    except KeyboardInterrupt:
        raise CommandError(Exit.INTERRUPTED, "interrupted; the rollback goes on") from None
    rollback = follower.rollback
    more = _wider(rollback) if rollback.phase is Phase.WIDER else []
    written = {} if follower.report == Path() else {"report": str(follower.report)}
    more += [f"  Report: {shown_path(follower.report)} and .json"] if written else []
    if (last := follower.last_sentence(ended)) is not None:
        return conclude_plainly(output, ended, last, more)
    return conclude(output, ended, {"changed": True, **_counts(rollback), **written}, more=more)


def _accepted(rollback: Rollback, output: Output) -> int:
    """End a command that does not watch; its lines for people are all written."""
    sentence = f"accepted: {clean(rollback.server_word)}; devices switch at their next sync"
    ended = Verdict(Exit.OK, "accepted", sentence)
    return conclude(output, ended, {"changed": True, **_counts(rollback)}, is_quiet=True)


def _counts(rollback: Rollback) -> dict[str, object]:
    return {
        "rollout_id": rollback.rollout_id,
        "affected_devices": rollback.affected,
        **count_fields(rollback),
    }


def _wider(rollback: Rollback) -> list[str]:
    """Return what a wider answer means and what was done about it."""
    plan = rollback.plan
    model = clean(plan.model.name if plan is not None else rollback.model_id)
    number = clean(rollback.rollout_id) if rollback.rollout_id is not None else "the rollback"
    return [
        "  The server took it for more than the group; most likely it does not know the field `group`.",
        "  This console sent one request and nothing else.",
        f"  {number} goes on at the server, and devices switch at their next sync.",
        f"  Look at it: octomil-console rollout status {model}",
    ]
