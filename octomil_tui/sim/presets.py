"""Faults that go by one name on the command line. Importing this loads no web framework."""

from collections.abc import Iterable, Mapping

__all__ = ["FAULT_NAMES", "PRESETS", "preset"]

PRESETS: Mapping[str, Mapping[str, object]] = {
    "ignore-group": {"fault": "ignore_group"},
    "lost-answer": {"fault": "drop_after", "method": "POST", "path": "/models/*/rollback", "times": 1},
    "refuse-rollback": {"fault": "refuse_rollback"},
    "no-rollback-route": {"fault": "no_rollback_route"},
    "plain-settings": {"fault": "plain_settings"},
}
"""Names of `--fault`, each with the rule that it stands for; `rules` says what a rule may have."""

FAULT_NAMES: tuple[str, ...] = tuple(PRESETS)


def preset(names: Iterable[str]) -> list[Mapping[str, object]]:
    """Return the rules that the names stand for, in the order of `PRESETS`.

    Raises:
        ValueError: There is no fault of one of the names.
    """
    chosen = set(names)
    unknown = chosen.difference(FAULT_NAMES)
    if unknown:
        raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
    return [rule for name, rule in PRESETS.items() if name in chosen]
