"""The one question before a rollback: a word that cannot be typed by accident."""

from __future__ import annotations

import sys
import termios
from collections.abc import Callable

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.output import Output
from octomil_tui.domain.confirmation import confirmation
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.text import clean


def confirm(plan: Plan, given: str | None, output: Output) -> bool:
    """Return whether somebody was asked; only comes back when the rollback was confirmed.

    Args:
        plan: What was shown.
        given: The word of `--yes`, or None.
        output: Where the question goes.

    Raises:
        CommandError: A wrong word, or none and nobody to ask.
    """
    asked = confirmation(plan)
    word = asked.word
    if given is not None:
        if not asked.accepts_word(given):
            raise _refused(f"--yes names {clean(given)}, and this rollback is confirmed with {clean(word)}")
        # A doubtful version has to be typed as well: on a command line it is, by name, in --to-version.
        return False
    if not is_somebody_there():
        raise _refused(f"there is no terminal to ask on; confirm with --yes {clean(word)}")
    what = "the whole fleet" if plan.scope.is_fleet else "this group"
    _ask(f"Type {clean(word)} to roll back {what}:", word, asked.accepts_word, output)
    if asked.version is not None:
        question = f"Type the version, {clean(asked.version)}, to go on ({plan.verdict.word}):"
        _ask(question, asked.version, asked.accepts_version, output)
    return True


def confirm_word(
    word: str, accepts: Callable[[str], bool], given: str | None, question: str, output: Output
) -> bool:
    """Return whether somebody was asked; only comes back when a change was confirmed with its word.

    Args:
        word: What has to be typed, raw.
        accepts: Says whether what was typed is that.
        given: The word of `--yes`, or None.
        question: What is asked on a terminal, safe to show.
        output: Where the question goes.

    Raises:
        CommandError: A wrong word, or none and nobody to ask.
    """
    if given is not None:
        if not accepts(given):
            raise _refused(f"--yes names {clean(given)}, and this is confirmed with {clean(word)}")
        return False
    if not is_somebody_there():
        raise _refused(f"there is no terminal to ask on; confirm with --yes {clean(word)}")
    _ask(question, word, accepts, output)
    return True


def is_somebody_there() -> bool:
    """Say whether a question would be seen and could be answered."""
    try:
        return sys.stdin.isatty() and sys.stderr.isatty()
    except (AttributeError, ValueError):  # a stream that is closed, or was never there
        return False


def _ask(question: str, wanted: str, accepts: Callable[[str], bool], output: Output) -> None:
    try:
        _drop_typed_ahead()
        output.question(question)
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        output.note("")
        raise CommandError(Exit.INTERRUPTED, "interrupted; nothing was sent") from None
    if not answer:
        output.note("")
    if not accepts(answer):
        raise _refused(f"that is not {clean(wanted)}")


def _drop_typed_ahead() -> None:
    """Forget what was typed before the question could be read."""
    try:
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    except (termios.error, OSError, ValueError):
        return


def _refused(sentence: str) -> CommandError:
    return CommandError(Exit.REFUSED, f"{sentence}; nothing was sent", "not_confirmed")
