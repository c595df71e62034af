"""The rules by which a service rolls back by itself: what is set, what is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from octomil_tui.domain.text import clean

_UNITS = (("_percent", "%"), ("_pct", "%"), ("_ms", " ms"), ("_mb", " MB"), ("_seconds", " s"))
"""Ends of a figure's name that state its unit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the policy."""

    name: str
    """The service's word for it."""
    setting: str
    """The name of the setting that holds its limit; it states the unit."""
    words: str
    default: str
    """What holds where nobody set a limit, as the service's documentation says."""
    above_usual: bool = False
    """Whether the limit is how far above the usual the figure may be."""


RULES = (
    Rule("error_rate", "error_threshold_percent", "error rate", "5%"),
    Rule("crash_rate", "crash_threshold_percent", "crash rate", "1%", above_usual=True),
    Rule("latency_p95", "latency_p95_max_ms", "latency p95", "no limit"),
)
"""All rules that are known here, in the order in which they are shown."""


def rule_of(key: str) -> Rule | None:
    """Return the rule of this name, or the one whose limit is this setting."""
    return next((rule for rule in RULES if key in (rule.name, rule.setting)), None)


def metric_words(metric: str) -> tuple[str, str]:
    """Return a figure's name as words and its unit; the unit is empty where the name states none."""
    # A limit may say so after the unit, as in `latency_p95_ms_max`.
    name = metric.removesuffix("_max").removesuffix("_min")
    for end, unit in _UNITS:
        if name.endswith(end):
            return name.removesuffix(end).replace("_", " "), unit
    return metric.replace("_", " "), ""


def figure(value: float | None, name: str) -> str:
    """Return a figure with the unit that its name states, and no unit where it states none; none is `no data`."""
    if value is None:
        return "no data"
    unit = metric_words(name)[1]
    digits = f"{value:,.0f}" if unit == " ms" or abs(value) >= 1000 else f"{value:.2f}"  # noqa: PLR2004
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}{unit}"


def limit_words(value: float | None, rule: Rule) -> str:
    """Return a limit as words: `5%`, `1% above usual`, `no limit`."""
    if value is None:
        return "no limit"
    return f"{figure(value, rule.setting)}{' above usual' if rule.above_usual else ''}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organisation has set, as the service stores it."""

    auto_rollback: bool | None = None
    """Whether a rollout that crosses a limit is reverted; None where the service does not say."""
    limits: Mapping[str, float | None] = field(default_factory=dict)
    """By setting, in its own unit; None is no limit. A setting that is missing is not kept by this service."""
    org_id: str | None = None
    """The raw id of the organisation, where the answer names it."""

    @property
    def auto_words(self) -> str:
        """`on`, `off`, or `not told`."""
        return {True: "on", False: "off", None: "not told"}[self.auto_rollback]

    def words(self, rule: Rule) -> str:
        """Return the limit of a rule as words, or that this service does not keep it."""
        if rule.setting not in self.limits:
            return "not kept by this service"
        return limit_words(self.limits[rule.setting], rule)


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What somebody wants to be set; everything else stays."""

    auto_rollback: bool | None = None
    """None leaves it."""
    limits: Mapping[str, float | None] = field(default_factory=dict)
    """By setting, in its own unit; None is no limit."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return self.auto_rollback is None and not self.limits

    def applied(self, before: Policy) -> Policy:
        """Return the policy as it would be if the service kept all of it."""
        auto = before.auto_rollback if self.auto_rollback is None else self.auto_rollback
        return Policy(auto, {**before.limits, **self.limits}, before.org_id)

    def is_kept(self, after: Policy) -> bool:
        """Say whether a policy has all that was asked for."""
        return not not_kept(self, after)


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting before and after; the texts are safe to show."""

    what: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Whether anything would be different."""
        return self.before != self.after


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return every setting before and after, also those that stay."""
    rows = [Difference("auto-rollback", before.auto_words, after.auto_words)]
    return (*rows, *(Difference(rule.words, before.words(rule), after.words(rule)) for rule in RULES))


def not_kept(change: PolicyChange, after: Policy) -> tuple[str, ...]:
    """Return what was asked for and is not stored, a clause each; safe to show.

    Args:
        change: What was asked for.
        after: What the service says that it has stored.
    """
    found = []
    if change.auto_rollback is not None and after.auto_rollback is not change.auto_rollback:
        asked = "on" if change.auto_rollback else "off"
        found.append(f"auto-rollback was to be {asked}, and is {after.auto_words}")
    for setting, value in change.limits.items():
        rule = rule_of(setting)
        if rule is None:
            found.append(f"{clean(setting)} is no setting that this console knows")
        elif setting not in after.limits:
            found.append(f"{rule.words}: this service does not keep a limit of its own")
        elif after.limits[setting] != value:
            asked = limit_words(value, rule)
            found.append(f"{rule.words}: {asked} was asked for, and {after.words(rule)} is stored")
    return tuple(found)
