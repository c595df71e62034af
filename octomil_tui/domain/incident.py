"""Limits that were crossed: what a service noticed, what it did about it by itself, and how its rules stand now."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.policy import figure, metric_words, rule_of
from octomil_tui.domain.text import clean, counted, version_label

_ENDED = frozenset({"resolved", "closed"})


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure beside its limit. Both have the unit that `metric` states."""

    rule: str = ""
    """The service's word for the rule, safe to show."""
    metric: str = ""
    """The figure's name, safe to show."""
    value: float | None = None
    """What it came to over the window; None where nobody told."""
    limit: float | None = None
    baseline: float | None = None
    """What is usual, where the limit is above that."""
    window_minutes: float | None = None
    devices: int | None = None
    """How many devices reported."""

    @property
    def name(self) -> str:
        """What the rule is called here, else the figure's own name."""
        rule = rule_of(self.rule)
        return rule.words if rule is not None else metric_words(self.metric or self.rule or "a figure")[0]

    @property
    def limit_words(self) -> str:
        """The limit, and what of it is usual: `1.2% (usual 0.2% and 1%)`."""
        if self.limit is None:
            return "no limit"
        said = figure(self.limit, self.metric)
        if self.baseline is None:
            return said
        more = figure(round(self.limit - self.baseline, 2), self.metric)
        return f"{said} (usual {figure(self.baseline, self.metric)} and {more})"

    @property
    def window_words(self) -> str:
        """Over which time: `5 min`; empty where the service does not say."""
        return "" if self.window_minutes is None else f"{self.window_minutes:g} min"

    @property
    def words(self) -> str:
        """What was crossed, in short: `error rate 6.1% over 5%`; what nobody told is left out."""
        value = f" {figure(self.value, self.metric)}" if self.value is not None else ""
        limit = f" over {figure(self.limit, self.metric)}" if self.limit is not None else ""
        return f"{self.name}{value}{limit}"

    @property
    def sentence(self) -> str:
        """What was crossed: rule, value, limit and window, without a full stop; safe to show."""
        over = f" for {self.window_words}" if self.window_words else ""
        said = f"{self.name} {figure(self.value, self.metric)}, limit {self.limit_words}{over}"
        return said if self.devices is None else f"{said}, {counted(self.devices, 'device')}"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why the service rolled back by itself."""

    breach: Breach
    at: float | None = None
    rollout_id: str | None = None
    """The rollout that it reverted."""
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """A limit that was crossed. Times are epoch seconds of the service's clock; texts but the ids are safe to show."""

    id: str
    breach: Breach
    title: str = ""
    status: str = ""
    """The service's own word: open, acknowledged, investigating, resolved, closed."""
    severity: str = ""
    model_id: str | None = None
    model_name: str | None = None
    """Raw."""
    version: str | None = None
    rollout_id: str | None = None
    rollback_id: str | None = None
    """The rollback that the service made because of it."""
    is_auto_rollback: bool | None = None
    """Whether auto-rollback was on when it was opened; None where the service does not say."""
    created_at: float | None = None
    resolved_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody; a word that is not known does."""
        return self.status not in _ENDED

    @property
    def was_left_alone(self) -> bool:
        """Whether nothing was rolled back by the service, since auto-rollback was off."""
        return self.is_auto_rollback is False and self.rollback_id is None

    @property
    def fired(self) -> str:
        """What was crossed, without a full stop; where the service names no figure, its own title. Safe to show."""
        breach = self.breach
        return breach.sentence if breach.rule or breach.metric else self.title or "an incident without a name"

    @property
    def answer(self) -> str:
        """What the service did about it by itself, a sentence without its full stop."""
        if self.rollback_id is not None:
            return "The server rolled back by itself"
        return {
            False: "Auto-rollback is OFF: nothing was rolled back",
            True: "Auto-rollback is on: nothing was rolled back yet",
            None: "Nothing was rolled back; the server does not say whether it does so by itself",
        }[self.is_auto_rollback]

    @property
    def subject(self) -> str:
        """The model and its version, safe to show."""
        name = clean(self.model_name or self.model_id or "a model")
        return f"{name} {version_label(self.version)}" if self.version is not None else name


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the policy, held against one rollout now."""

    breach: Breach
    state: str = ""
    """The service's own word: `ok`, `crossed`, `no_data`, `no_limit`."""

    @property
    def is_crossed(self) -> bool:
        """Whether the figure is over its limit."""
        return self.state == "crossed"


def unanswered_sentence(incident: Incident) -> str:
    """Return that a limit was crossed and nothing was done about it, without a full stop; safe to show."""
    return f"{incident.subject}: {incident.fired}. {incident.answer}"
