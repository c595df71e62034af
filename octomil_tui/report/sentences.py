"""Whole sentences from domain values, the same on a screen, in a script and in a report. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.convergence import Stage, Tally, Watch
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import parts
from octomil_tui.report.words import are, devices


def plan_sentence(plan: Plan) -> str:
    """Return the four classes of a plan; they add up to the scope."""
    total = plan.total
    return (
        f"{total.count(PlanClass.CHANGE)} change, {total.count(PlanClass.NO_OP)} already there, "
        f"{total.count(PlanClass.UP)} move UP, {total.count(PlanClass.UNKNOWN) - plan.uncounted} unknown"
        + (f", {plan.uncounted:,} not counted" if plan.uncounted else "")
    )


def scope_sentence(plan: Plan) -> str:
    """Return what a plan would do, to how much of the fleet."""
    move = f"{version_label(plan.from_version)} -> {version_label(plan.to_version)}"
    if plan.scope.is_fleet:
        where = f"the whole fleet, {devices(plan.total.devices)}"
    else:
        name = clean(plan.scope.group_name or plan.scope.group_id)
        where = f"group {name} only, {plan.total.devices} of {devices(plan.fleet_size)}"
    return f"{clean(plan.model.name)} {move} on {where}"


def progress_sentence(watch: Watch) -> str:
    """Return where the devices that must change are; the numbers add up to the total.

    Classes of nobody are left out, but for the first. Devices that move up are
    told after them, or in their place where nothing else moves, and devices
    that were there before only when they are in trouble. Where nothing had to
    move, everybody is told of.
    """
    change, up = watch.change, watch.up
    told = [*_stages(_main(watch))]
    if change.devices and up.devices:
        told.append(f"{up.verified} of {up.devices} moved up{_trouble(up)}.")
    if (joined := watch.newcomers).devices:
        told.append(f"{joined.devices} joined since, {joined.verified} of them there{_trouble(joined)}.")
    there = watch.tally(PlanClass.NO_OP)
    if trouble := _trouble(there):
        told.append(f"Of {there.devices} that were there{trouble}.")
    return " ".join(told)


def _main(watch: Watch) -> Tally:
    """Return what a rollback is about: those that must change, else those that move up, else everybody."""
    return next((tally for tally in (watch.change, watch.up) if tally.devices), watch.whole)


def _stages(tally: Tally) -> Iterable[str]:
    yield f"{tally.verified} of {tally.devices} verified."
    for part in parts(tally):
        if part.stage is Stage.WAITING:  # a table has no room for what it waits for, a sentence has
            yield f"{part.count} waiting for {'its' if part.count == 1 else 'their'} sync."
        else:
            yield f"{part.count} {part.words}."


def _trouble(tally: Tally) -> str:
    """Return the devices that will not come by themselves, as the end of a sentence."""
    told = ((Stage.FAILED, "failed"), (Stage.BOUNCED, "bounced"))
    return "".join(f", {tally.count(stage)} {word}" for stage, word in told if tally.count(stage))


def missing(watch: Watch, *there: Stage) -> int:
    """Return how many devices of the scope are in none of the stages `there`, revoked ones left aside."""
    whole = watch.whole
    return whole.devices - whole.count(*there, Stage.REVOKED)


def done_sentence(rollback: Rollback) -> str:
    """Return how a rollback ended that is DONE or COMPLETE, or that is on its target as far as it goes."""
    target = version_label(rollback.order.to_version)
    watch = rollback.watch
    if rollback.by_server_word or watch is None:
        return (
            f"COMPLETE by the server's word: it says `{clean(rollback.server_word)}`, "
            f"and no device says what it runs."
        )
    whole = watch.whole
    if rollback.phase is Phase.COMPLETE:
        every = whole.count(Stage.SETTLED)
        revoked = whole.count(Stage.REVOKED)
        aside = f" {revoked} revoked left aside." if revoked else ""
        return f"COMPLETE: {every} of {devices(every)} settled on {target}, nobody is left.{aside}"
    moving = watch.tally(PlanClass.CHANGE, PlanClass.UNKNOWN, PlanClass.UP)
    main = _main(watch)
    away = whole.count(Stage.VERIFIED)
    told = [
        f"DONE: {main.reachable_settled} of {main.reachable} reachable devices settled on {target}.",
        *([f"{away} verified and not settled."] if away else []),
        *_left(whole),
        *([f"{moving.count(Stage.REVOKED)} revoked."] if moving.count(Stage.REVOKED) else []),
        *([f"{whole.ever_bounced} bounced on the way."] if whole.ever_bounced else []),
    ]
    return " ".join(told)


def verified_sentence(rollback: Rollback) -> str:
    """Return how far a rollback is whose reachable devices are all verified."""
    watch = rollback.watch
    if watch is None:
        return done_sentence(rollback)
    whole = watch.whole
    target = version_label(rollback.order.to_version)
    left = " ".join(_left(whole))
    return f"VERIFIED: {whole.verified} of {whole.devices} devices report {target}. {left}".rstrip()


def _left(whole: Tally) -> Iterable[str]:
    for part in parts(whole):
        if part.stage in (Stage.OFFLINE, Stage.GONE):
            yield f"{part.count} {part.words}."


def wider_sentence(rollback: Rollback) -> str:
    """Return what a server did that moved more than the one group it was asked for."""
    size, name = rollback.scope_size, clean(rollback.order.group)
    asked = f"plan {devices(size)} in {name}" if size is not None else f"group {name}"
    affected = rollback.affected
    if affected is not None and affected > (size or 0):
        return f"WIDER THAN ASKED: {asked}, the server says {affected}"
    count = len(rollback.strays)
    return f"WIDER THAN ASKED: {asked}, and {devices(count)} outside it {are(count)} moved to the target too"


def unknown_sentence(rollback: Rollback) -> str:
    """Return what is known of a rollback whose answer was lost and which no record shows."""
    was_looked_for = rollback.phase is Phase.NOT_FOUND
    records = "show no such rollback so far" if was_looked_for else "could not be read"
    times = "sent once and not again" if rollback.tries == 1 else f"sent {rollback.tries} times with one key"
    return f"outcome unknown: {rollback.sentence}; the server's records {records}. It was {times}"
