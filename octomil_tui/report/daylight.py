"""What is said when a rollback is done: what is left for daylight, what to tell the others, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.policy import figure
from octomil_tui.domain.radius import NO_GROUP, row_label
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal_effect import NO_EFFECT, Effect
from octomil_tui.domain.signal_words import told
from octomil_tui.domain.straggler import devices_in, is_silenced
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.report.words import clock

_NAMED = 12
"""Devices that are named one by one."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is known of an end beside its devices."""

    effect: Effect = NO_EFFECT
    """Whether it helped."""
    is_held: bool | None = None
    """Whether no rollout can bring the version that was left; None where the registry does not say."""


_UNKNOWN = Aftermath()


def left_items(
    rollback: Rollback,
    watch: Watch,
    devices: Sequence[Device],
    labels: Mapping[str, str],
    events: Iterable[TimelineEvent] = (),
    *,
    aftermath: Aftermath = _UNKNOWN,
) -> list[list[str]]:
    """Return what is left for daylight: of each thing a line, and further lines about it. Empty where nothing is.

    Args:
        rollback: Done or complete, or ended otherwise.
        watch: Its devices.
        devices: The devices that were read of its scope.
        labels: Raw names of the groups, by id.
        events: The timeline of its model.
        aftermath: What else is known of it.
    """
    items: list[list[str]] = []
    away = devices_in(watch, devices, Stage.OFFLINE)
    silent = [d for d in away if (t := watch.track(d.id)) is not None and is_silenced(d, watch, t)]
    if silent:
        leaving = version_label(rollback.from_version)
        go = "device" if len(silent) == 1 else "devices"
        need = "it needs hands" if len(silent) == 1 else "they need hands"
        items.append(
            [
                f"{len(silent)} {go} of {_where(silent, watch, labels)} went silent right after {leaving}: {need}.",
                f"{len(silent)} offline: {names_of(silent, watch, labels)}",
                "They revert at their next sync; nothing more to send.",
            ]
        )
    others = [d for d in away if d not in silent]
    if others:
        items.append(
            [
                f"{len(others)} more offline: {names_of(others, watch, labels)}"
                if silent
                else f"{len(others)} offline: {names_of(others, watch, labels)}",
                "They revert at their next sync.",
            ]
        )
    return items + _more_left(watch) + _hold(rollback, aftermath) + _unguarded(rollback, events)


def _more_left(watch: Watch) -> list[list[str]]:
    """Return what else is left: devices that bounced, that cannot be found, and that came during the watch."""
    whole, joined = watch.whole, watch.newcomers
    target = version_label(watch.to_version)
    items = []
    if bounced := whole.ever_bounced:
        go = "device" if bounced == 1 else "devices"
        text = f"{bounced} {go} left {target} once and came back: look at the crash guard."
        items.append([text, *(f"{one.sentence}." for one in watch.bounces[-1:])])
    if gone := whole.count(Stage.GONE, Stage.LEFT):
        go = "device" if gone == 1 else "devices"
        items.append([f"{gone} {go} left the scope, or the server, before {target} was seen there."])
    if joined.devices > joined.verified:
        late = joined.devices - joined.verified
        go = (
            "device joined during the watch and does"
            if late == 1
            else "devices joined during the watch and do"
        )
        items.append([f"{late} {go} not report {target}."])
    return items


def _hold(rollback: Rollback, aftermath: Aftermath) -> list[list[str]]:
    """Return whether the version that was left can come back by a rollout."""
    if rollback.from_version is None or aftermath.is_held is None:
        return []
    left = version_label(rollback.from_version)
    if aftermath.is_held:
        return [[f"{left} is held: no rollout brings it back until somebody releases it."]]
    return [[f"{left} is not held: a rollout can bring it back."]]


def _unguarded(rollback: Rollback, events: Iterable[TimelineEvent]) -> list[list[str]]:
    """Return that a limit of the version that was left was crossed, and nothing rolled back by itself."""
    found = next(
        (
            event
            for event in events
            if event.act is Act.CROSSED
            and event.breach is not None
            and event.is_armed is False
            and event.version is not None
            and event.version == rollback.from_version
        ),
        None,
    )
    if found is None or found.breach is None:
        return []
    breach = found.breach
    limit = f" of {figure(breach.limit, breach.metric)}" if breach.limit is not None else ""
    return [[clean(f"auto-rollback was OFF; {breach.name} crossed its limit{limit} at {clock(found.at)}.")]]


def names_of(devices: Sequence[Device], watch: Watch, labels: Mapping[str, str], most: int = _NAMED) -> str:
    """Return `eu-kiosks 0117 0122 0125 0139`: names by group, without what they have in common."""
    by_group: dict[str, list[str]] = {}
    for device in devices[:most]:
        track = watch.track(device.id)
        label = clean(row_label(track.group if track is not None else NO_GROUP, labels))
        by_group.setdefault(label, []).append(device.name)
    said = ", ".join(f"{label} {' '.join(_shortened(names))}" for label, names in by_group.items())
    return f"{said} and {len(devices) - most} more" if len(devices) > most else said


def _shortened(names: Sequence[str]) -> list[str]:
    """Return names without the words that all of them begin with; a single name stays whole."""
    # What the first and the last in order have in common, all between them have.
    pairs = zip(min(names), max(names), strict=False) if len(names) > 1 else ()
    common = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    cut = max(common.rfind(mark) + 1 for mark in "-_. ")
    return [name[cut:] or name for name in names]


def _where(devices: Iterable[Device], watch: Watch, labels: Mapping[str, str]) -> str:
    tracks = (watch.track(device.id) for device in devices)
    groups = dict.fromkeys(row_label(track.group, labels) for track in tracks if track is not None)
    return ", ".join(clean(group) for group in groups)


def hand_over(
    rollback: Rollback,
    watch: Watch,
    devices: Sequence[Device],
    labels: Mapping[str, str],
    model_name: str,
    *,
    aftermath: Aftermath = _UNKNOWN,
) -> list[str]:
    """Return the text for the channel, a sentence a line; plain and safe to paste."""
    target = version_label(watch.to_version)
    moved = watch.change if watch.change.devices else watch.whole
    away = devices_in(watch, devices, Stage.OFFLINE)
    offline = watch.whole.count(Stage.OFFLINE)
    since = clock(rollback.ended_at)
    who = f" ({names_of(away, watch, labels)})" if away else ""
    lines = [
        f"{clean(model_name)} is back on {target} since {since}.",
        f"{moved.reachable_settled}/{moved.reachable} reachable devices confirmed, {offline} offline{who}.",
    ]
    found = aftermath.effect
    if found.metric is not None:
        name = found.metric.value.capitalize()
        lines.append(f"{name} {told(found.before)} -> {told(found.now)}, usual {told(found.usual)}.")
    if aftermath.is_held and rollback.from_version is not None:
        lines.append(f"{version_label(rollback.from_version)} is held.")
    if rollback.order.reason:
        lines.append(f"Reason: {clean(rollback.order.reason)}.")
    if rollback.rollout_id is not None:
        lines.append(f"Watch: octomil-console watch {clean(rollback.rollout_id)}")
    return lines


def way_back(rollback: Rollback, model_name: str) -> str | None:
    """Return the command that plans the way back; None where the version it came from is not known."""
    if rollback.from_version is None:
        return None
    group = f" --group {clean(rollback.order.group)}" if rollback.order.group is not None else ""
    return f"octomil-console plan {clean(model_name)} --to-version {clean(rollback.from_version)}{group}"


def release_command(rollback: Rollback, model_name: str) -> str:
    """Return the command that releases the version that was left, which the way back needs where it is held."""
    return f"octomil-console release {clean(model_name)} {clean(rollback.from_version or '')}"
