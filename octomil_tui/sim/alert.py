"""Alert rules: what people want to be told of, beside the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from octomil_tui.sim.errors import RefusedError

__all__ = ["AlertRule", "AlertRules"]


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule: a figure, and what it may come to."""

    id: str
    name: str
    metric_name: str
    threshold_value: float
    created_at: float
    alert_type: str = "threshold"
    severity: str = "warning"
    threshold_duration_minutes: int = 5
    enabled: bool = True


class AlertRules:
    """All alert rules."""

    def __init__(self) -> None:
        self.all: dict[str, AlertRule] = {}
        self._issued = 0

    def add(self, at: float, given: Mapping[str, Any]) -> AlertRule:
        """Keep a new rule, made at `at`."""
        self._issued += 1
        rule = AlertRule(f"alr_{self._issued}", created_at=at, **given)
        self.all[rule.id] = rule
        return rule

    def change(self, rule_id: str, changes: Mapping[str, Any]) -> AlertRule:
        """Change what is named of a rule.

        Raises:
            RefusedError: 404, there is no such rule.
        """
        self.all[rule_id] = replace(self._get(rule_id), **changes)
        return self.all[rule_id]

    def remove(self, rule_id: str) -> None:
        """Take a rule away.

        Raises:
            RefusedError: 404, there is no such rule.
        """
        del self.all[self._get(rule_id).id]

    def _get(self, rule_id: str) -> AlertRule:
        if rule_id not in self.all:
            raise RefusedError(404, "alert_rule_not_found", f"There is no alert rule {rule_id}.")
        return self.all[rule_id]
