"""What an accepted rollback prints, line for line as the service documents it."""

from __future__ import annotations

from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean, version_label


def receipt_lines(rollback: Rollback) -> list[str]:
    """Return the lines of a rollback that the service took.

    Where its answer had no count, the plan's is given and said to be that.

    Source: the service's Rollback page, "Quick rollback" (CLI tab).
    """
    plan = rollback.plan
    lines = [
        "Rollback initiated",
        f"Model: {clean(plan.model.name if plan is not None else rollback.model_id)}",
        f"From: {version_label(rollback.from_version)} → To: {version_label(rollback.order.to_version)}",
    ]
    if rollback.order.group is not None:
        lines.append(f"Group: {clean(rollback.order.group)}")
    lines.append(f"Affected devices: {_affected(rollback)}")
    lines.append(f"Status: {clean(rollback.server_word)}")
    return lines


def _affected(rollback: Rollback) -> str:
    if rollback.affected is not None:
        return str(rollback.affected)
    return f"{rollback.plan.total.devices} (by the plan)" if rollback.plan is not None else "?"
