"""What is said when the service did more than it was asked (D-80x)."""

from __future__ import annotations

from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, line

_NAMED = 4


def wider_line(rollback: Rollback) -> Line:
    """Say loudly that the service did more than it was asked."""
    asked = f"plan {as_text.count(rollback.scope_size or 0, 'device')} in {clean(rollback.order.group)}"
    said = (
        f"the server says {rollback.affected}"
        if rollback.affected is not None
        else "the server did not say how many"
    )
    return line((f"!! WIDER THAN ASKED: {asked}, {said}.", Token.RED))


def wider_facts(rollback: Rollback, snapshot: FleetSnapshot) -> list[Line]:
    """Return what was asked, what came back, and what the devices show."""
    receipt, target = rollback.receipt, version_label(rollback.order.to_version)
    devices = as_text.count(rollback.scope_size or 0, "device")
    status = f"{receipt.status}  " if receipt is not None and receipt.status is not None else ""
    group = f"group {clean(receipt.group)}" if receipt is not None and receipt.group else "no group in it"
    count = f"affected {rollback.affected}" if rollback.affected is not None else "no count in it"
    found = [
        line(
            ("asked   ", Token.MUTED),
            f"POST rollback {target}  group {clean(rollback.order.group)}, {devices}",
        ),
        line(("reply   ", Token.MUTED), f"{status}{group}, {count}"),
    ]
    if receipt is not None and receipt.request_id:
        found.append(line(("        ", Token.MUTED), f"request id {receipt.request_id}"))
    strays = len(rollback.strays)
    if strays:
        where = f"{as_text.count(strays, 'device')} outside it want {target} now"
        found.append(line(("seen    ", Token.MUTED), where))
        found.append(line(("        ", Token.MUTED), (_where(rollback, snapshot), Token.TEXT)))
    return found


def _where(rollback: Rollback, snapshot: FleetSnapshot) -> str:
    """Return the groups of the strays with their counts, the largest first."""
    strays = set(rollback.strays)
    names = {group.id: group.name for group in snapshot.groups or ()}
    counts: dict[str, int] = {}
    for device in snapshot.devices or ():
        if device.id in strays:
            label = names.get(device.groups[0], device.groups[0]) if device.groups else "no group"
            counts[label] = counts.get(label, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    told = ", ".join(f"{clean(label)} {count}" for label, count in ranked[:_NAMED])
    return told + (", …" if len(ranked) > _NAMED else "")


def wider_meaning(rollback: Rollback, snapshot: FleetSnapshot) -> list[Line]:
    """Return what it means, and how many of those that were not meant have switched already."""
    found = [
        line("The server took it as a rollback of more than the group; most likely it does"),
        line("not know the field `group`. This console has sent nothing else."),
        (),
    ]
    if outside := len(rollback.wanted_outside):
        switched = _switched(rollback, snapshot)
        inside = rollback.watch.whole.verified if rollback.watch is not None else 0
        found.append(
            line(
                (f"{switched} of {outside}", Token.NEEDS if switched else Token.STRONG),
                f" devices outside the group have switched so far; {inside} of {rollback.scope_size} inside it.",
            )
        )
    return [
        *found,
        line(("Devices switch at their next sync, whether this screen is open or not.", Token.MUTED)),
    ]


def _switched(rollback: Rollback, snapshot: FleetSnapshot) -> int:
    target = rollback.order.to_version
    return sum(
        1
        for device in snapshot.devices or ()
        if device.id in rollback.wanted_outside
        and (installation := device.installations.get(rollback.model_id)) is not None
        and installation.version == target
    )


def wider_text(rollback: Rollback, snapshot: FleetSnapshot, model_name: str) -> str:
    """Return the facts as plain lines for the incident channel; safe to paste."""
    lines = [wider_line(rollback), *wider_facts(rollback, snapshot), *wider_meaning(rollback, snapshot)]
    number = f"rollback {clean(rollback.rollout_id)}" if rollback.rollout_id is not None else "rollback"
    head = f"{clean(model_name)}: {number}"
    return "\n".join([head, *("".join(span.text for span in one) for one in lines if one)])
