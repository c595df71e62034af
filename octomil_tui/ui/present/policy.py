"""What the Policy page says: each rule with its value against its limit, and what crossed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.policy import RULES, Difference, Policy, Rule, figure
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line

_NAME, _LIMIT, _VALUE, _WHAT, _AGE = 12, 25, 9, 15, 11
_STATES = {
    "ok": ("ok", Token.FINE),
    "crossed": ("CROSSED", Token.NEEDS),
    "no_data": ("no data", Token.MUTED),
    "no_limit": ("no limit", Token.MUTED),
}
_STATUS = 15
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
) -> list[Line]:
    """Return each rule with its limit, and below each running rollout how it stands against it.

    Args:
        policy: What is set.
        rollouts: Those under way, with the rules as they stand; None where they are not known.
        snapshot: For the models' names.
    """
    lines = [line(fit(line(rule.words), _NAME), (_limit(policy, rule), Token.STRONG)) for rule in RULES]
    for rollout, checks in rollouts:
        model = snapshot.model(rollout.model_id or "")
        name = clean(model.name if model is not None else rollout.model_id)
        lines += [
            (),
            line(
                (f"{name} {version_label(rollout.version)}", Token.STRONG),
                (f"  rollout {clean(rollout.id)}{_window(checks)}", Token.MUTED),
            ),
        ]
        if not checks:
            lines.append(muted("  this service does not tell how the rules stand for it"))
        else:
            lines += [_check_line(check) for check in checks]
    return lines


def _limit(policy: Policy, rule: Rule) -> str:
    is_limited = policy.limits.get(rule.setting) is not None
    return f"limit {policy.words(rule)}" if is_limited else policy.words(rule)


def _window(checks: Sequence[Check] | None) -> str:
    """Return over which time the figures are; empty where nobody tells."""
    words = next((check.breach.window_words for check in checks or () if check.breach.window_words), "")
    return f", over {words}" if words else ""


def _check_line(check: Check) -> Line:
    breach = check.breach
    word, token = _STATES.get(check.state, (check.state.replace("_", " ") or "?", Token.TEXT))
    value = figure(breach.value, breach.metric)
    more = as_text.count(breach.devices, "device") if breach.devices is not None else ""
    return line(
        "  ",
        fit(line(breach.name), _NAME),
        fit(line((value, Token.NEEDS if check.is_crossed else Token.STRONG)), _VALUE, "right"),
        ("  of  ", Token.MUTED),
        fit(line(breach.limit_words), _LIMIT),
        fit(line((word, token)), _VALUE),
        (more, Token.MUTED),
    )


def incident_lines(incidents: Iterable[Incident], now: float | None) -> list[Line]:
    """Return what crossed a limit, the newest first."""
    found = []
    for one in list(incidents)[:_SHOWN]:
        age = (
            f"{as_text.age(now - one.created_at)} ago"
            if now is not None and one.created_at is not None
            else ""
        )
        if one.rollback_id is not None:
            came = f"rolled back by {clean(one.rollback_id)}"
        else:
            came = "not rolled back: auto-rollback was OFF" if one.was_left_alone else ""
        found += [
            line(
                fit(line((one.status or "?", Token.NEEDS if one.is_open else Token.MUTED)), _STATUS),
                fit(muted(age), _AGE),
                (one.subject, Token.STRONG),
            ),
            line(" " * _STATUS, one.breach.sentence, (f"  {came}" if came else "", Token.NOTICE)),
        ]
    return found


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
