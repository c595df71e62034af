"""What an organization has set: its general settings, and the rules by which a rollout is reverted."""

import re
from collections.abc import Mapping
from typing import Any

from octomil_tui.sim.errors import RefusedError

__all__ = ["Policy"]

GENERAL: Mapping[str, Any] = {
    "auto_rollback_enabled": False,
    "audit_retention_days": 365,
    "require_mfa_for_admin": False,
    "require_admin_approval": False,
    "require_model_approval": False,
    "protect_production": True,
    "session_duration_hours": 12,
    "reauth_interval_minutes": 60,
}
"""What every service keeps, and what an organization starts with."""
THRESHOLDS: Mapping[str, Any] = {
    "error_threshold_percent": 5.0,
    "crash_threshold_percent": 1.0,
    "latency_p95_max_ms": None,
    "min_rollout_duration": None,
    "max_rollout_step_percent": 100.0,
}
"""What a service need not keep: the limits of the policy. None is no limit.

The last two are kept and told, and nothing acts on them.
"""
PERCENT = frozenset({"error_threshold_percent", "crash_threshold_percent", "max_rollout_step_percent"})
DURATION = re.compile(r"\d{1,6}[smhd]")
WHOLE, MOST = 100.0, 1e9


class Policy:
    """The settings of the organization.

    Args:
        changes: What is set from the beginning.
    """

    def __init__(self, changes: Mapping[str, Any] | None = None) -> None:
        self._values = {**GENERAL, **THRESHOLDS, **(changes or {})}

    def stored(self, *, is_plain: bool = False) -> dict[str, Any]:
        """Return what is set; a plain service has no limits of its own."""
        return {k: v for k, v in self._values.items() if not is_plain or k in GENERAL}

    def change(self, changes: Mapping[str, Any], *, is_plain: bool = False) -> dict[str, Any]:
        """Set what is named and known; what is not known is dropped, as services do.

        Returns:
            The settings that are different now.

        Raises:
            RefusedError: 422, a value is none for its setting; nothing is set.
        """
        known = {key: value for key, value in changes.items() if key in self.stored(is_plain=is_plain)}
        for key, value in known.items():
            _check(key, value)
        different = {key: value for key, value in known.items() if self._values[key] != value}
        self._values.update(known)
        return different

    @property
    def is_auto_rollback(self) -> bool:
        """Whether a rollout that crosses a limit is reverted."""
        return bool(self._values["auto_rollback_enabled"])

    def limit(self, name: str) -> float | None:
        """Return a limit by the name of its setting, or None where there is none."""
        value = self._values[name]
        return None if value is None else float(value)


def _check(key: str, value: object) -> None:
    if isinstance(GENERAL.get(key), bool):
        fits, wanted = isinstance(value, bool), "true or false"
    elif key == "min_rollout_duration":
        fits = value is None or (isinstance(value, str) and DURATION.fullmatch(value) is not None)
        wanted = "a time such as 30m or 1h, or null"
    elif key in PERCENT:
        fits, wanted = _is_within(value, WHOLE), "more than 0 and at most 100"
    else:
        fits, wanted = value is None or _is_within(value, MOST), "more than 0, or null"
    if not fits:
        raise RefusedError(422, "validation_error", f"{key}: has to be {wanted}.")


def _is_within(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most
