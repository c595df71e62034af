"""`team set-policy`: set what is named, once, and say what the service did not keep."""

from __future__ import annotations

import argparse

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.cli.changing import Changing, verdict_of
from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import CommandError, Exit, Verdict
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import READ_WITHIN, within
from octomil_tui.domain.action_outcome import Result
from octomil_tui.domain.policy import Policy, PolicyChange, differences
from octomil_tui.engine.commands import new_key
from octomil_tui.engine.policy_setting import PolicySet, set_policy
from octomil_tui.report.policy import change_lines, policy_data

_LIMITS = (
    ("error_threshold", "error_threshold_percent"),
    ("crash_threshold", "crash_threshold_percent"),
    ("latency_p95_max", "latency_p95_max_ms"),
)


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Set the policy. The words on the command line are the confirmation: each names what it sets."""
    change = change_of(arguments)
    if change.is_empty:
        raise CommandError(
            Exit.USAGE,
            "nothing to set: name --auto-rollback, --no-auto-rollback, --error-threshold, --crash-threshold or "
            "--latency-p95-max",
        )
    changing = Changing(arguments)

    async def send(client: AsyncOctomilClient) -> tuple[Policy, PolicySet]:
        before = (await within(READ_WITHIN, client.policy())).value
        return before, await set_policy(
            client,
            before,
            change,
            key=new_key(),
            records=changing.records,
            is_fresh=True,
            must_record=changing.must_record,
        )

    before, done = changing.run(send, is_sending=True)
    if done.outcome.result is not Result.DONE or done.after is None:
        return conclude(output, verdict_of(done.outcome))
    output.lines(["Policy updated", *change_lines(differences(before, done.after))])
    counts = {**policy_data(done.after), "before": policy_data(before), "not_kept": list(done.not_kept)}
    if done.not_kept:
        auto = done.after.auto_words
        sentence = f"auto-rollback is {auto}, but not everything was kept: {'; '.join(done.not_kept)}"
        return conclude(output, Verdict(Exit.CONFLICT, "not_kept", sentence), counts)
    return conclude(output, verdict_of(done.outcome), counts, is_quiet=True)


def change_of(arguments: argparse.Namespace) -> PolicyChange:
    """Return what the command line asks for."""
    given = {setting: getattr(arguments, name) for name, setting in _LIMITS}
    limits = {key: None if value == "none" else value for key, value in given.items() if value is not None}
    return PolicyChange(arguments.auto_rollback, limits)
