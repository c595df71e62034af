"""The watch of the service over its rollouts: limits that are crossed, and what it does about it by itself."""

from dataclasses import dataclass

from octomil_tui.sim.alert import AlertRule, AlertRules
from octomil_tui.sim.catalog import Catalog, Model
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.health.figures import METRICS, Figures
from octomil_tui.sim.health.monitor import MINUTE, Monitor
from octomil_tui.sim.incident import ENDED, Incident, Incidents
from octomil_tui.sim.ledger import SERVICE, Ledger
from octomil_tui.sim.policy import Policy
from octomil_tui.sim.rollout import Rollout, Trigger
from octomil_tui.sim.service import RollbackOrder, Service

__all__ = ["RULES", "WINDOW_MINUTES", "Check", "Guard", "Rule"]

WINDOW_MINUTES = 5
"""Over how many minutes a figure has to be beyond its limit, taken together."""
JUST_BEFORE = 0.5
"""Seconds by which a look looks back: what is past is counted only once, and is in the next looks as it is."""
FEWEST = 5
"""Devices that have to report before anything is made of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the policy."""

    name: str
    metric: str
    setting: str
    words: str
    unit: str
    above_baseline: bool = False
    """Whether the setting is how far above the usual the figure may be."""

    def limit(self, policy: Policy, baseline: Figures) -> float | None:
        """Return what the figure may come to, or None where there is no limit."""
        allowed = policy.limit(self.setting)
        if allowed is None or not self.above_baseline:
            return allowed
        return round(allowed + (self.usual(baseline) or 0.0), 4)

    def usual(self, baseline: Figures) -> float | None:
        """Return what is usual for the figure."""
        found: float | None = getattr(baseline, self.metric)
        return None if found is None else round(found, 4)


RULES = (
    Rule("error_rate", "error_rate_percent", "error_threshold_percent", "error rate", "%"),
    Rule(
        "crash_rate",
        "crash_rate_percent",
        "crash_threshold_percent",
        "crash rate",
        "%",
        above_baseline=True,
    ),
    Rule("latency_p95", "latency_p95_ms", "latency_p95_max_ms", "latency p95", " ms"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, held against a rollout."""

    rule: Rule
    value: float | None
    """What the devices on the rollout's version told over the window; None where nobody told."""
    limit: float | None
    baseline: float | None
    devices: int

    @property
    def state(self) -> str:
        """`no_limit`, `no_data`, `ok` or `crossed`."""
        if self.limit is None:
            return "no_limit"
        if self.value is None or self.devices < FEWEST:
            return "no_data"
        return "crossed" if self.value > self.limit else "ok"


class Guard:
    """Looks at every rollout once a minute.

    Args:
        catalog: The models.
        fleet: Tells the time, and when to look.
        ledger: The rollouts.
        monitor: What the devices tell.
        policy: The limits, and whether anything is done about them.
        service: Rolls back.
        incidents: Where it is written down.
        alerts: What else people want to be told of.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        fleet: Fleet,
        ledger: Ledger,
        monitor: Monitor,
        policy: Policy,
        service: Service,
        incidents: Incidents,
        alerts: AlertRules,
    ) -> None:
        self._catalog = catalog
        self._fleet = fleet
        self._ledger = ledger
        self._monitor = monitor
        self._policy = policy
        self._service = service
        self._incidents = incidents
        self._alerts = alerts
        self._reverted: set[int] = set()
        fleet.schedule(fleet.now + MINUTE, self._look)

    def checks(self, rollout: Rollout, at: float) -> list[Check]:
        """Return every rule of the policy, held against a rollout at a moment, epoch seconds."""
        reading = self._monitor.window(
            rollout.model_id, rollout.version, at, WINDOW_MINUTES, group=rollout.group
        )
        _, baseline = self._monitor.baseline(rollout)
        return [
            Check(
                rule,
                getattr(reading.figures, rule.metric),
                rule.limit(self._policy, baseline),
                rule.usual(baseline) if rule.above_baseline else None,
                round(reading.devices),
            )
            for rule in RULES
        ]

    def forget(self) -> None:
        """Know of no incident and of nothing that was done, as after a restart without a memory."""
        self._reverted.clear()
        self._incidents.all.clear()

    def _look(self, at: float) -> None:
        for model in self._catalog.models.values():
            rollout = self._ledger.newest(model, at)
            if rollout is not None:
                self._judge(model, rollout, at)
        for incident in self._incidents.all:
            if incident.status not in ENDED:
                self._review(incident, at)
        self._fleet.schedule(at + MINUTE, self._look)

    def _judge(self, model: Model, rollout: Rollout, at: float) -> None:
        for check in self.checks(rollout, at - JUST_BEFORE):
            if check.state == "crossed" and check.value is not None and check.limit is not None:
                rule = check.rule
                title = f"{model.name} {rollout.version}: {rule.words} {_said(check.value, rule)} over {_said(check.limit, rule)}"
                incident = self._incidents.find(rollout.id, rule.name) or self._incidents.add(
                    Incident(
                        id=self._incidents.issue_id(),
                        rule=rule.name,
                        metric=rule.metric,
                        value=check.value,
                        limit=check.limit,
                        baseline=check.baseline,
                        window_minutes=WINDOW_MINUTES,
                        devices=check.devices,
                        model_id=model.id,
                        model_name=model.name,
                        version=rollout.version,
                        rollout_id=rollout.id,
                        title=title,
                        created_at=at,
                        is_auto_rollback=self._policy.is_auto_rollback,
                    )
                )
                if self._policy.is_auto_rollback and rollout.id not in self._reverted:
                    self._revert(model, rollout, check, incident, at)
        for alert in self._alerts.all.values():
            if alert.enabled and alert.metric_name in METRICS:
                self._tell(model, rollout, alert, at)

    def _revert(self, model: Model, rollout: Rollout, check: Check, incident: Incident, at: float) -> None:
        """Roll a rollout back, once."""
        self._reverted.add(rollout.id)
        rule = check.rule
        if rollout.from_version is None or check.value is None or check.limit is None:
            incident.become(incident.status, at, SERVICE, "There is no version to go back to.")
            return
        trigger = Trigger(
            rule=rule.name,
            metric=rule.metric,
            value=check.value,
            limit=check.limit,
            baseline=check.baseline,
            window_minutes=WINDOW_MINUTES,
            devices=check.devices,
            rollout_id=rollout.id,
            incident_id=incident.id,
            at=at,
        )
        reason = f"auto-rollback: {rule.words} {_said(check.value, rule)} over the limit of {_said(check.limit, rule)} for {WINDOW_MINUTES} min"
        order = RollbackOrder(rollout.from_version, reason, rollout.group, SERVICE, trigger)
        try:
            rollback, _ = self._service.rollback(model.id, order)
        except RefusedError as error:
            incident.become(incident.status, at, SERVICE, f"Not rolled back: {error.message}")
            return
        incident.rollback_id = rollback.id
        incident.become("investigating", at, SERVICE, f"Rolled back by {rollback.id}.")

    def _tell(self, model: Model, rollout: Rollout, alert: AlertRule, at: float) -> None:
        minutes = alert.threshold_duration_minutes
        until = at - JUST_BEFORE
        reading = self._monitor.window(model.id, rollout.version, until, minutes, group=rollout.group)
        value: float | None = getattr(reading.figures, alert.metric_name)
        if value is None or value <= alert.threshold_value or self._incidents.find(rollout.id, alert.id):
            return
        self._incidents.add(
            Incident(
                id=self._incidents.issue_id(),
                rule=alert.id,
                metric=alert.metric_name,
                value=value,
                limit=alert.threshold_value,
                baseline=None,
                window_minutes=minutes,
                devices=round(reading.devices),
                model_id=model.id,
                model_name=model.name,
                version=rollout.version,
                rollout_id=rollout.id,
                title=f"{alert.name}: {model.name} {rollout.version}, {value:.3g} over {alert.threshold_value:g}",
                created_at=at,
                severity=alert.severity,
                is_auto_rollback=self._policy.is_auto_rollback,
            )
        )

    def _review(self, incident: Incident, at: float) -> None:
        """Resolve an incident whose figure has come below its limit, or of which nobody tells any more."""
        until = at - JUST_BEFORE
        reading = self._monitor.window(incident.model_id, incident.version, until, incident.window_minutes)
        value: float | None = getattr(reading.figures, incident.metric)
        if value is None or value <= incident.limit:
            incident.become("resolved", at, SERVICE)


def _said(value: float, rule: Rule) -> str:
    """Return a figure for people, with its unit."""
    digits = 0 if rule.unit == " ms" else 1
    return f"{value:.{digits}f}{rule.unit}"
