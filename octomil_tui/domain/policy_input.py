"""The policy as people type it into fields, and what of it is a change."""

from __future__ import annotations

import re
from collections.abc import Mapping

from octomil_tui.domain.policy import RULES, Policy, PolicyChange, Rule

AUTO = "auto_rollback"
"""The key of the field for auto-rollback; the others are those of the settings."""

_NUMBER = re.compile(r"(\d{1,7}(?:\.\d{1,4})?)\s*(%|ms|s)?", re.ASCII)
_NONE = frozenset({"", "none", "no limit"})
_AUTO = {"on": True, "yes": True, "off": False, "no": False}
_WHOLE = 100


class InputError(ValueError):
    """What was typed means nothing; the message is a clause."""


def typed(policy: Policy) -> dict[str, str]:
    """Return a policy as the texts of its fields; a limit that is not kept has none."""
    texts = {AUTO: policy.auto_words if policy.auto_rollback is not None else "off"}
    for rule in RULES:
        if rule.setting in policy.limits:
            value = policy.limits[rule.setting]
            texts[rule.setting] = "none" if value is None else f"{value:g}{_unit(rule)}"
    return texts


def change_of(policy: Policy, texts: Mapping[str, str]) -> PolicyChange:
    """Return what is different in the fields from a policy.

    Args:
        policy: As it is.
        texts: What stands in the fields, by `AUTO` and the settings; a setting without one stays.

    Raises:
        InputError: A text means nothing.
    """
    auto = _AUTO.get(texts.get(AUTO, "").strip().casefold())
    if auto is None:
        raise InputError("auto-rollback is on or off")
    limits = {rule.setting: _limit(rule, texts[rule.setting]) for rule in RULES if rule.setting in texts}
    different = {
        key: value for key, value in limits.items() if key not in policy.limits or policy.limits[key] != value
    }
    return PolicyChange(None if auto is policy.auto_rollback else auto, different)


def _unit(rule: Rule) -> str:
    return "ms" if _is_time(rule) else "%"


def _is_time(rule: Rule) -> bool:
    return "_ms" in rule.setting


def _limit(rule: Rule, text: str) -> float | None:
    bare = text.strip().casefold()
    if bare in _NONE:
        return None
    found = _NUMBER.fullmatch(bare)
    units = ("ms", "s", None) if _is_time(rule) else ("%", None)
    value = float(found[1]) if found is not None and found[2] in units else 0.0
    if found is None or not value or (not _is_time(rule) and value > _WHOLE):
        wanted = "a time such as 250ms, or none" if _is_time(rule) else "more than 0 and at most 100%"
        raise InputError(f"{rule.words}: {wanted}")
    return value * 1000 if found[2] == "s" else value
