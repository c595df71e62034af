"""What the errors say: which reads fail, since when, why, and when each is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from octomil_tui.domain.text import clean
from octomil_tui.engine.cadence import wanted
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Topic
from octomil_tui.engine.trouble import retry_in
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line

_WHAT, _SINCE, _TRIES = 26, 12, 10


class Failing(NamedTuple):
    """A read that does not work now."""

    what: str
    since: float | None
    """Seconds since its first failure in a row."""
    failures: int
    sentence: str
    retry_in: float | None
    """Seconds until it is tried again, 0 while it is; None where nothing asks for it now."""


def failing(state: ConsoleState, mono: float) -> list[Failing]:
    """Return the reads that fail now, the one that fails longest first."""
    periods = wanted(state)
    found = [
        Failing(
            _what(state, topic),
            mono - read.since_mono if read.since_mono is not None else None,
            read.failures,
            read.sentence,
            retry_in(state, mono, topic, periods[topic]) if topic in periods else None,
        )
        for topic, read in state.reads.items()
        if read.failures
    ]
    return sorted(found, key=lambda one: -(one.since or 0.0))


def _what(state: ConsoleState, topic: Topic) -> str:
    kind = topic.kind.value.replace("_", " ")
    if not topic.key:
        return kind
    model = state.snapshot.model(topic.key)
    return f"{kind} of {clean(model.name if model is not None else topic.key, 40)}"


def errors_sentence(found: Sequence[Failing], reads: int, failed: int) -> Line:
    """Return whether anything fails now, and how many of the requests that are remembered did."""
    past = f" {as_text.count(failed, 'request')} of those remembered failed." if failed else ""
    if not found:
        return line("   ", ("Nothing fails now.", Token.FINE), (past, Token.MUTED))
    oldest = f", since {as_text.age(found[0].since)}" if found[0].since is not None else ""
    said = f"{len(found)} of {as_text.count(reads, 'read')} do not work now{oldest}."
    return line(("!! ", Token.NEEDS), (said, Token.NEEDS), (past, Token.MUTED))


def failing_lines(found: Sequence[Failing]) -> list[Line]:
    """Return the reads that fail, two lines each: what and when, and why."""
    if not found:
        return [muted("every read that was tried works")]
    lines: list[Line] = []
    for one in found:
        lines.append(
            line(
                fit(line((one.what, Token.STRONG)), _WHAT),
                fit(muted(f"for {as_text.age(one.since)}"), _SINCE),
                fit(muted(as_text.count(one.failures, "try").replace("trys", "tries")), _TRIES),
                (_again(one.retry_in), Token.NOTICE),
            )
        )
        lines.append(line("  ", one.sentence))
    return lines


def _again(seconds: float | None) -> str:
    if seconds is None:
        return "not asked for on this screen"
    return f"tried again in {as_text.age(seconds)}" if seconds >= 1.0 else "is being tried again"
