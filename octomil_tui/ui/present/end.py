"""What is said when a rollback is done (D-80d)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.radius import NO_GROUP, row_label
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.straggler import devices_in, is_silenced
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, line

_NAMED = 12
"""Devices that are named one by one."""


def done_line(rollback: Rollback, watch: Watch) -> Line:
    """Return `DONE: 46 of 46 reachable devices settled.  4 offline.  1 bounced.` with its counts."""
    word = "COMPLETE" if rollback.phase is Phase.COMPLETE else "DONE"
    if rollback.by_server_word:
        return line(
            (f"   {word}, by the server's word: ", Token.STRONG), "the devices do not say what they run."
        )
    moved = watch.change if watch.change.devices else watch.whole
    offline = watch.whole.count(Stage.OFFLINE)
    failed = watch.whole.count(Stage.FAILED)
    bounced = watch.whole.ever_bounced
    return line(
        (f"   {word}: ", Token.FINE),
        (f"{moved.reachable_settled} of {moved.reachable} reachable devices settled.", Token.STRONG),
        (f"  {offline} offline.", Token.NEEDS if offline else Token.MUTED),
        (f"  {failed} failed, {bounced} bounced.", Token.MUTED),
    )


def done_sentence(model_name: str, watch: Watch) -> Line:
    """Return the same for the Fleet, where the model has to be named."""
    moved = watch.change if watch.change.devices else watch.whole
    offline = watch.whole.count(Stage.OFFLINE)
    away = f" {as_text.count(offline, 'device')} offline." if offline else ""
    return line(
        (f"   {model_name} is back on {version_label(watch.to_version)}: ", Token.FINE),
        f"{moved.reachable_settled} of {moved.reachable} reachable settled.",
        (away, Token.NEEDS),
    )


def left_lines(
    rollback: Rollback, watch: Watch, devices: Sequence[Device], labels: Mapping[str, str]
) -> list[Line]:
    """Return what is left for daylight, numbered."""
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
    items += _more_left(watch)
    rows: list[Line] = []
    for place, texts in enumerate(items, 1):
        rows.append(line((f"{place}  ", Token.STRONG), texts[0]))
        rows += [line("   ", more) for more in texts[1:]]
    return rows or [muted("nothing: every device of the scope settled")]


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
) -> list[str]:
    """Return the text for the channel, in lines; plain and safe to paste."""
    target = version_label(watch.to_version)
    moved = watch.change if watch.change.devices else watch.whole
    away = devices_in(watch, devices, Stage.OFFLINE)
    offline = watch.whole.count(Stage.OFFLINE)
    since = as_text.short_clock(rollback.ended_at)
    lines = [
        f"{clean(model_name)} is back on {target} since {since}.",
        f"{moved.reachable_settled}/{moved.reachable} reachable devices confirmed, {offline} offline.",
    ]
    if away:
        lines.append(f"Offline: {names_of(away, watch, labels)}.")
    if rollback.order.reason:
        lines.append(f"Reason: {clean(rollback.order.reason)}.")
    if rollback.rollout_id is not None:
        lines.append(f"Watch: octomil-console watch {clean(rollback.rollout_id)}")
    return lines


def way_back(rollback: Rollback, model_name: str) -> list[Line]:
    """Return the command that plans the way back."""
    if rollback.from_version is None:
        return [muted("the version it came from is not known")]
    group = f" --group {clean(rollback.order.group)}" if rollback.order.group is not None else ""
    return [
        line(
            (
                f"octomil-console plan {clean(model_name)} --to-version {clean(rollback.from_version)}{group}",
                Token.LIGHT,
            )
        )
    ]


def guard_lines(rollback: Rollback) -> list[Line]:
    """Return what this screen goes on looking for."""
    leaving = version_label(rollback.from_version)
    back = f", or an offline one comes back on {leaving}" if rollback.from_version is not None else ""
    return [
        line(f"This screen stays on guard: it rings if a device leaves the target again{back}."),
        line(("You can close it: on the next start it says what happened meanwhile.", Token.MUTED)),
    ]
