"""The last words of a command: one sentence for people, one object for scripts, one status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from octomil_tui.cli.exits import CommandError, Exit, Verdict
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import PROGRAM

NO_COUNTS: Mapping[str, object] = {}


def conclude(
    output: Output,
    verdict: Verdict,
    counts: Mapping[str, object] = NO_COUNTS,
    *,
    more: Iterable[str] = (),
    is_quiet: bool = False,
) -> int:
    """Write how a command ended and return its status.

    Args:
        output: Where to.
        verdict: The end.
        counts: What the object for scripts has besides.
        more: Lines that explain the sentence; on the side, like every sentence of a status but 0.
        is_quiet: Whether all that people need is written already, where the status is 0.
    """
    if verdict.exit is Exit.OK:
        output.lines([] if is_quiet else [verdict.sentence])
    else:
        output.note(f"{PROGRAM}: {verdict.sentence}")
    for line in more:
        output.note(line)
    output.data(verdict_data(verdict, counts))
    return int(verdict.exit)


def conclude_plainly(output: Output, verdict: Verdict, sentence: str, more: Iterable[str]) -> int:
    """Write the last sentence of a watch that is told in sentences, and return its status.

    It follows the others whatever the status is: whoever keeps them wants the end with them.
    """
    output.lines([sentence])
    for line in more:
        output.note(line)
    return int(verdict.exit)


def verdict_data(verdict: Verdict, counts: Mapping[str, object] = NO_COUNTS) -> dict[str, object]:
    """Return the object that ends every output for scripts."""
    return {
        "event": "verdict",
        "exit_code": int(verdict.exit),
        "verdict": verdict.word,
        "sentence": verdict.sentence,
        **counts,
    }


def fail(output: Output, error: CommandError) -> int:
    """Write why a command ends before it did anything, and return its status."""
    return conclude(output, Verdict(error.exit, error.word, error.sentence))
