"""What is said when the service did more than it was asked (D-80x)."""

from __future__ import annotations

from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, line


def wider_line(rollback: Rollback) -> Line:
    """Say loudly that the service did more than it was asked."""
    plan = rollback.plan
    asked = (
        f"plan {plan.total.devices} devices in {clean(plan.scope.group_name)}"
        if plan is not None
        else "one group was asked for"
    )
    said = (
        f"the server says {rollback.affected}"
        if rollback.affected is not None
        else "the server did not say how many"
    )
    return line((f"!! WIDER THAN ASKED: {asked}, {said}.", Token.RED))


def wider_lines(rollback: Rollback) -> list[Line]:
    """Return what is known of a rollback that went wider, and what it means."""
    plan = rollback.plan
    if plan is None:
        return []
    strays = len(rollback.strays)
    answer = f"affected {rollback.affected}" if rollback.affected is not None else "no count in the reply"
    return [
        line(
            ("asked  ", Token.MUTED),
            f"POST rollback {version_label(plan.to_version)} group {clean(plan.scope.group_name)}, {as_text.count(plan.total.devices, 'device')}",
        ),
        line(("reply  ", Token.MUTED), f"{rollback.server_word}, {answer}"),
        line(
            ("seen   ", Token.MUTED),
            f"{as_text.count(strays, 'device')} outside the group want {version_label(plan.to_version)} now",
        ),
        line("The server took it further than the group. This console sent nothing else,"),
        line("and sends nothing by itself. The Fleet screen (1) shows every group."),
    ]
