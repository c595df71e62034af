"""`rollout pause|resume|advance|set|cancel`, `hold` and `release`: preview, confirm, send once, read back."""

from __future__ import annotations

import argparse

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.cli.changing import Changing, verdict_of
from octomil_tui.cli.confirm import confirm_word
from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import PREFLIGHT_WITHIN, within
from octomil_tui.domain.action import ActionKind, Preview
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.text import clean
from octomil_tui.engine.acting import Errand, perform, prepare
from octomil_tui.engine.commands import new_key
from octomil_tui.report.action import outcome_data, preview_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do one thing to a rollout or a version."""
    changing = Changing(arguments)
    errand = Errand(
        ActionKind(arguments.action),
        arguments.model,
        rollout=getattr(arguments, "rollout", None),
        version=getattr(arguments, "version", None),
        share=getattr(arguments, "percent", None),
    )

    async def read(client: AsyncOctomilClient) -> Preview:
        return await within(PREFLIGHT_WITHIN, prepare(client, errand))

    shown = changing.run(read, is_sending=False)
    for line in preview_lines(shown):
        output.note(line)
    if shown.refusal:
        sentence = f"{shown.action.title}: {shown.refusal}; nothing was sent"
        raise CommandError(Exit.REFUSED, sentence, "not_possible")
    question = f"Type {clean(shown.word)} to {errand.kind} it:"
    is_asked = confirm_word(shown.word, shown.accepts, arguments.yes, question, output)
    by_deleting = getattr(arguments, "by_deleting", False)

    async def send(client: AsyncOctomilClient) -> Outcome:
        return await perform(
            client,
            shown,
            arguments.reason or None,
            key=new_key(),
            records=changing.records,
            is_fresh=not is_asked,
            must_record=changing.must_record,
            by_deleting=by_deleting,
        )

    outcome = changing.run(send, is_sending=True)
    more = _more(shown, outcome, by_deleting=by_deleting)
    return conclude(output, verdict_of(outcome), outcome_data(shown, outcome), more=more)


def _more(shown: Preview, outcome: Outcome, *, by_deleting: bool) -> list[str]:
    """Return what can be done next; nothing of it is done by itself."""
    name, action = clean(shown.model.name), shown.action
    if action.kind is not ActionKind.CANCEL or action.rollout is None:
        return []
    if outcome.has_no_route and not by_deleting:
        return [
            "  This service may have no way to cancel a rollout but to delete it, which is sent only if you ask for it:",
            f"  octomil-console rollout cancel {name} --rollout {clean(action.rollout.id)} --by-deleting",
        ]
    if outcome.result is Result.DONE and not action.rollout.is_rollback:
        back = action.rollout.from_version
        to = f" --to-version {clean(back)}" if back is not None else " --to-version V"
        return [f"  Cancel is not rollback. To take the devices back: octomil-console rollback {name}{to}"]
    return []
