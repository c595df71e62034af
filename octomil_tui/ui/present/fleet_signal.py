"""What the lists of models say of figures: the reason why somebody is needed, as a cell and as a sentence."""

from __future__ import annotations

from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.signal import Metric
from octomil_tui.domain.signal_words import SHORT, finding_words, told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui.bars import percent
from octomil_tui.ui.spans import Line, Token, line

_SAID = 2
"""Figures that a wide sentence names."""


def model_signal(facts: ModelFacts, *, wide: bool) -> Line:
    """Return a model's figure for its line, the worst one; empty where its state is what counts.

    A narrow table says a figure only where it needs somebody. A wide one also
    says the errors of a model that is well, beside what is usual.
    """
    if facts.findings:
        worst = facts.findings[0]
        if not wide:
            return line((f"{SHORT[worst.metric]} {told(worst.now)}", Token.NEEDS))
        usual = f" / {told(worst.usual)}" if worst.usual is not None else " too much"
        return line((f"{worst.metric.value} {told(worst.now)}{usual}", Token.NEEDS))
    if not wide or facts.silent or facts.elsewhere or facts.health is None:
        return ()
    if facts.running is not None and facts.urgency == 1:
        return ()
    one = facts.health.version(facts.subject)
    now = one.now.get(Metric.ERRORS) if one is not None else None
    if now is None:
        return ()
    return line((f"errors {told(now)} / {told(facts.health.usual.get(Metric.ERRORS))}", Token.MUTED))


def trouble_sentence(facts: ModelFacts, *, wide: bool) -> Line:
    """Return what is wrong with a model's version, beside what is usual, and how many devices run it.

    Args:
        facts: The model; it has findings.
        wide: Whether there is room for more than the worst figure.
    """
    worst = facts.findings[0]
    of_it = [one for one in facts.findings if one.version == worst.version]
    said = ", ".join(finding_words(one) for one in of_it[: _SAID if wide else 1])
    running = facts.running
    is_of_the_rollout = running is not None and running.version == worst.version
    share = running.share if running is not None and is_of_the_rollout else None
    at = f" at {percent(share)}" if share is not None else ""
    silent = f", {facts.silent} silent" if facts.silent and is_of_the_rollout else ""
    on = facts.by_version.get(worst.version, 0) if not is_of_the_rollout else facts.on
    runs = f"{on:,} of {facts.of:,} devices run it." if wide else f"On {on:,} of {facts.of:,}."
    name = f"{clean(facts.model.name)} {version_label(worst.version)}{at}"
    return line((f"!! {name}: {said}{silent}. {runs}", Token.NEEDS))
