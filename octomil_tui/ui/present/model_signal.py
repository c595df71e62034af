"""What the page of one model says of figures: a cell for each version, the reason as a sentence, the SIGNAL pane."""

from __future__ import annotations

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.signal import Metric, ModelHealth
from octomil_tui.domain.signal_judge import findings, metrics_of
from octomil_tui.domain.signal_words import finding_words, told
from octomil_tui.domain.text import version_label
from octomil_tui.ui.present.signal import FIRST, figure_token
from octomil_tui.ui.present.words import dim
from octomil_tui.ui.spans import Line, Token, line

_FEW, _MANY = 2, 4
"""Figures of each version that a narrow and a wide table have."""


def shown_metrics(health: ModelHealth | None, facts: ModelFacts, *, wide: bool) -> tuple[Metric, ...]:
    """Return which figures the table of versions has: those that are bad first; none where nobody says any."""
    if health is None:
        return ()
    known = metrics_of(*(one.best_known for one in health.versions))
    bad = [one.metric for one in facts.findings]
    ordered = dict.fromkeys((*(m for m in bad if m in known), *(m for m in FIRST if m in known)))
    return tuple(ordered)[: _MANY if wide else _FEW]


def version_figure(health: ModelHealth | None, version: str, metric: Metric) -> Line:
    """Return one figure of a version: what it is now, and of one that runs nowhere what it was, in grey."""
    one = health.version(version) if health is not None else None
    if health is None or one is None:
        return dim()
    if metric in one.now:
        bad = {finding.metric for finding in findings(health, version)}
        usual = health.usual.get(metric)
        token = Token.NEEDS if metric in bad else figure_token(metric, one.now[metric], usual)
        return line((told(one.now[metric]), token))
    was = one.best_known.get(metric) if not one.now else None
    return line((told(was), Token.MUTED)) if was is not None else dim()


def bad_sentence(facts: ModelFacts, target: str) -> Line:
    """Return which version does badly, and in what.

    Args:
        facts: The model; it has findings.
        target: Where to go back to, as a sentence, or empty.
    """
    worst = facts.findings[0]
    silent = f", {facts.silent} silent" if facts.silent else ""
    said = f"!! {version_label(worst.version)} looks bad: {finding_words(worst)}{silent}.{target}"
    return line((said, Token.NEEDS))


def signal_version(facts: ModelFacts, running: Rollout | None) -> str | None:
    """Return the version whose figures the page shows: the worst one, the one that is brought, or left, or serves."""
    if facts.findings:
        return facts.findings[0].version
    if running is not None and running.is_rollback:
        return running.from_version or facts.serving
    return facts.subject
