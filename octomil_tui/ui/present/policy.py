"""What the Policy page says: each rule with its value against its limit, and what crossed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.policy import RULES, Difference, Policy, Rule, figure
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, join, line, width, wrap

_NAME, _LIMIT, _VALUE, _WHAT, _AGE = 12, 34, 9, 15, 9
_STATES = {
    "ok": ("ok", Token.FINE),
    "crossed": ("CROSSED", Token.NEEDS),
    "no_data": ("no data", Token.MUTED),
    "no_limit": ("no limit", Token.MUTED),
}
_STATUS = 14
_SHOWN = 20


def policy_sentence(policy: Policy | None, incidents: Sequence[Incident]) -> Line:
    """Return what holds now, for line 2."""
    if policy is None:
        return muted("   Reading the policy …")
    crossed = sum(1 for one in incidents if one.is_open)
    told = f"  {as_text.count(crossed, 'limit')} crossed." if crossed else ""
    if policy.auto_rollback:
        lead = line(("   Auto-rollback is ON: ", Token.FINE), "the server rolls back what crosses a limit.")
    elif policy.auto_rollback is None:
        lead = line(("   This service does not tell whether auto-rollback is on.", Token.NOTICE))
    else:
        lead = line(("!! Auto-rollback is OFF: ", Token.NEEDS), "what crosses a limit is only told.")
    return line(*lead, (told, Token.NEEDS))


def rule_lines(
    policy: Policy,
    rollouts: Iterable[tuple[Rollout, Sequence[Check] | None]],
    snapshot: FleetSnapshot,
    *,
    most: int,
) -> list[Line]:
    """Return each rule with its limit, and below each running rollout how it stands against it.

    Args:
        policy: What is set.
        rollouts: Those under way, with the rules as they stand; None where they are not known.
        snapshot: For the models' names.
        most: Lines that there is room for; blank ones go first.
    """
    lines = [line(fit(line(rule.words), _NAME), (_limit(policy, rule), Token.STRONG)) for rule in RULES]
    for rollout, checks in rollouts:
        model = snapshot.model(rollout.model_id or "")
        name = clean(model.name if model is not None else rollout.model_id)
        lines += [
            (),
            line(
                (f"{name} {version_label(rollout.version)}", Token.STRONG),
                (f"  rollout {clean(rollout.id)}{_window(checks)}{_reporting(checks)}", Token.MUTED),
            ),
        ]
        if not checks:
            lines.append(muted("  this service does not tell how the rules stand for it"))
        else:
            is_told_once = bool(_reporting(checks))
            lines += [_check_line(check, with_devices=not is_told_once) for check in checks]
    return lines if len(lines) <= most else [one for one in lines if one]


def _limit(policy: Policy, rule: Rule) -> str:
    is_limited = policy.limits.get(rule.setting) is not None
    return f"limit {policy.words(rule)}" if is_limited else policy.words(rule)


def _window(checks: Sequence[Check] | None) -> str:
    """Return over which time the figures are; empty where nobody tells."""
    words = next((check.breach.window_words for check in checks or () if check.breach.window_words), "")
    return f", over {words}" if words else ""


def _reporting(checks: Sequence[Check] | None) -> str:
    """Return how many devices report, where that is the same for every rule; else empty."""
    counts = {check.breach.devices for check in checks or ()}
    count = counts.pop() if len(counts) == 1 else None
    return "" if count is None else f", {as_text.count(count, 'device')} report{'s' if count == 1 else ''}"


def _check_line(check: Check, *, with_devices: bool) -> Line:
    breach = check.breach
    word, token = _STATES.get(check.state, (check.state.replace("_", " ") or "?", Token.TEXT))
    value = figure(breach.value, breach.metric)
    is_told = with_devices and breach.devices is not None
    more = as_text.count(breach.devices or 0, "device") if is_told else ""
    return line(
        "  ",
        fit(line(breach.name), _NAME),
        fit(line((value, Token.NEEDS if check.is_crossed else Token.STRONG)), _VALUE, "right"),
        ("  of  ", Token.MUTED),
        fit(line(breach.limit_words), _LIMIT),
        fit(line((word, token)), _VALUE),
        (more, Token.MUTED),
    )


def incident_lines(incidents: Iterable[Incident], now: float | None, cells: int) -> list[Line]:
    """Return what crossed a limit, the newest first: whose, and below it which one and what was done.

    Args:
        incidents: The newest first.
        now: The service's clock.
        cells: Cells of a line; 0 breaks nothing.
    """
    found = []
    for one in list(incidents)[:_SHOWN]:
        ago = now - one.created_at if now is not None and one.created_at is not None else None
        head = line(
            fit(line((one.status or "?", Token.NEEDS if one.is_open else Token.MUTED)), _STATUS),
            fit(muted(f"{as_text.brief_age(ago)} ago" if ago is not None else ""), _AGE),
            (one.subject, Token.STRONG),
        )
        told = [line(one.breach.sentence), *([line((came, Token.NOTICE))] if (came := _came(one)) else [])]
        beside = [join(told, 2)]
        room = cells - _STATUS if cells else 0
        # What was done stands beside what was crossed where both fit whole, else below it.
        rows = beside if not room or width(beside[0]) <= room else wrap(told, room)
        found += [head, *(line(" " * _STATUS, row) for row in rows)]
    return found


def _came(incident: Incident) -> str:
    """Return what the service did about it by itself; empty where nobody tells."""
    if incident.rollback_id is not None:
        return f"rolled back by {clean(incident.rollback_id)}"
    return "not rolled back: auto-rollback was OFF" if incident.was_left_alone else ""


def change_lines(rows: Iterable[Difference]) -> list[Line]:
    """Return what a change would do, one line for each setting that becomes another one."""
    return [
        line(fit(line(row.what), _WHAT), (row.before, Token.MUTED), "  becomes  ", (row.after, Token.STRONG))
        for row in rows
        if row.is_change
    ]


def running_of(
    active: Iterable[Rollout], checks: Mapping[str, Sequence[Check]]
) -> list[tuple[Rollout, Sequence[Check] | None]]:
    """Return the rollouts that the policy watches, with the rules as they stand."""
    return [
        (rollout, checks.get(rollout.id))
        for rollout in active
        if rollout.state.is_running and not rollout.is_rollback
    ]
