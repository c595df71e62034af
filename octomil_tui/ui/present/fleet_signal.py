"""What the lists of models say of figures: the reason why somebody is needed, as a cell and as a sentence."""

from __future__ import annotations

from octomil_tui.domain.incident import Incident
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.policy import figure
from octomil_tui.domain.signal import Measure, Metric, Unit
from octomil_tui.domain.signal_judge import Finding
from octomil_tui.domain.signal_words import SHORT, finding_words, told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui.bars import percent
from octomil_tui.ui.spans import Line, Token, line

_SAID = 2
"""Figures that a wide sentence names."""
_OF_RULES = {"error_rate": Metric.ERRORS, "crash_rate": Metric.CRASHES, "latency_p95": Metric.P95}
"""What the rules of a policy look at."""


def model_signal(facts: ModelFacts, *, wide: bool) -> Line:
    """Return a model's figure for its line, the worst one; empty where its state is what counts.

    A narrow table says a figure only where it needs somebody. A wide one also
    says the errors of a model that is well, beside what is usual.
    """
    if facts.findings:
        worst = facts.findings[0]
        if not wide:
            return line((f"{SHORT[worst.metric]} {told(worst.now)}", Token.NEEDS))
        return line((f"{worst.metric.value} {_beside(worst)}", Token.NEEDS))
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
    said = ", ".join(finding_words(one) for one in _named(facts, wide=wide))
    runs = (
        f"{_on(facts):,} of {facts.of:,} devices run it." if wide else f"On {_on(facts):,} of {facts.of:,}."
    )
    return line((f"!! {_about(facts)}: {said}{_silent(facts)}. {runs}", Token.NEEDS))


def crossed_lines(facts: ModelFacts, incident: Incident, *, wide: bool) -> list[Line]:
    """Return the same where it crossed a limit and the service may do nothing about it: two sentences, a line each.

    Args:
        facts: The model; it has findings.
        incident: The limit that was crossed by the version that does badly; see `is_about`.
        wide: Whether there is room for more than the worst figure.
    """
    breach = incident.breach
    metric = _OF_RULES.get(breach.rule)
    limit = figure(breach.limit, breach.metric)
    named = _named(facts, wide=wide)
    said = ", ".join(
        f"{finding_words(one)}, limit {limit} crossed" if one.metric is metric else finding_words(one)
        for one in named
    )
    crossed = ""
    if all(one.metric is not metric for one in named):
        # Another figure than the one that crossed a limit is what is worst.
        what = f"{breach.name} {figure(breach.value, breach.metric)}"
        crossed = f" {what[:1].upper()}{what[1:]} crossed its limit of {limit}."
    runs = f"{_on(facts):,} of {facts.of:,} devices run it" if wide else f"On {_on(facts):,} of {facts.of:,}"
    off = f"Auto-rollback is OFF: nothing was rolled back. {runs}{_silent(facts)}."
    return [line((f"!! {_about(facts)}: {said}.{crossed}", Token.NEEDS)), line((f"   {off}", Token.NEEDS))]


def is_about(incident: Incident, facts: ModelFacts) -> bool:
    """Say whether a limit was crossed by the very version that does worst."""
    return (
        bool(facts.findings)
        and incident.model_id == facts.model.id
        and incident.version in (None, facts.findings[0].version)
    )


def _beside(worst: Finding) -> str:
    """Return `6.1% / 0.7%`: now, and what is usual; or `3.9 of 3.5 GB`: now, and what the devices have."""
    now = told(worst.now)
    if worst.usual is not None:
        return f"{now} / {told(worst.usual)}"
    room = worst.part.available_mb if worst.part is not None else None
    if room is None:
        return f"{now}, too much"
    has = told(Measure(room, Unit.MB))
    unit = has[has.rindex(" ") :]
    return f"{now.removesuffix(unit)} of {has}"


def _named(facts: ModelFacts, *, wide: bool) -> list[Finding]:
    worst = facts.findings[0]
    return [one for one in facts.findings if one.version == worst.version][: _SAID if wide else 1]


def _is_of_the_rollout(facts: ModelFacts) -> bool:
    return facts.running is not None and facts.running.version == facts.findings[0].version


def _about(facts: ModelFacts) -> str:
    running = facts.running if _is_of_the_rollout(facts) else None
    at = f" at {percent(running.share)}" if running is not None and running.share is not None else ""
    return f"{clean(facts.model.name)} {version_label(facts.findings[0].version)}{at}"


def _on(facts: ModelFacts) -> int:
    if _is_of_the_rollout(facts):
        return facts.on
    return facts.by_version.get(facts.findings[0].version, 0)


def _silent(facts: ModelFacts) -> str:
    return f", {facts.silent} silent" if facts.silent and _is_of_the_rollout(facts) else ""
