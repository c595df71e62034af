"""How much of a large fleet was counted, and how long ago: no figure of a count stands without it."""

from __future__ import annotations

from octomil_tui.domain.check import Check, Weight
from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.version import registry_order
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui import format as as_text


def counted_words(state: ConsoleState, now: float | None) -> str:
    """Return `counted 37,000 of 100,000 so far` or `counted 100,000 of 100,000, 4m ago`; empty for a fleet that was read whole.

    The age is that of the oldest figure: the moment at which the count began.
    """
    snapshot, sweep = state.snapshot, state.census.shown
    if not snapshot.uncounted:
        return ""
    total = f"{snapshot.device_total or 0:,}"
    if sweep is None:
        return f"none of {total} counted yet"
    if sweep is not state.census.last:
        return f"counted {sweep.counted:,} of {total} so far"
    ago = f", {as_text.brief_age(now - sweep.began_at)} ago" if now is not None else ""
    return f"counted {sweep.counted:,} of {total}{ago}"


def away_words(state: ConsoleState) -> str:
    """Return `100,000 devices, 1,204 offline`, by the count where the fleet was not read whole; safe to show."""
    snapshot, sweep = state.snapshot, state.census.shown
    devices = snapshot.devices or ()
    if not snapshot.uncounted:
        offline = sum(1 for device in devices if device.connectivity is Connectivity.OFFLINE)
        return f"{as_text.count(len(devices), 'device')}, {f'{offline:,} offline' if offline else 'nobody offline'}"
    known = as_text.count(snapshot.device_total or 0, "device")
    if sweep is None:
        return known
    offline = sweep.by_connectivity().get(Connectivity.OFFLINE, 0)
    whole = sweep is state.census.last
    return f"{known}, {offline:,} {'offline' if whole else f'of the {sweep.counted:,} counted are offline'}"


def counted_check(state: ConsoleState, plan: Plan, now: float | None) -> Check | None:
    """Return what the count says of the devices that a plan does not name; None where all were read, or none counted."""
    sweep = state.census.shown
    if not plan.uncounted or sweep is None or plan.scope.group_id is not None:
        return None
    order = registry_order([one.version for one in state.snapshot.versions.get(plan.model.id, ())])
    classes = sweep.by_class(plan.model.id, plan.to_version, order)
    words = (
        f"{classes.get(PlanClass.CHANGE, 0):,} CHANGE",
        f"{classes.get(PlanClass.NO_OP, 0):,} already there",
        f"{classes.get(PlanClass.UP, 0):,} move UP",
        f"{classes.get(PlanClass.UNKNOWN, 0):,} unknown",
    )
    return Check(Weight.LOOK, f"by pages ({counted_words(state, now)}): {', '.join(words)}")
