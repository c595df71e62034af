"""What is said when a rollback is done (D-80d)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.plan import row_label
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, line

_NAMED = 4


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
    away = [d for d in devices if (t := watch.tracks.get(d.id)) is not None and t.stage is Stage.OFFLINE]
    silent = [d for d in away if went_silent(d, watch.model_id, rollback.from_version)]
    if silent:
        leaving = version_label(rollback.from_version)
        where = _where(silent, watch, labels)
        go = "device" if len(silent) == 1 else "devices"
        items.append(
            [
                f"{len(silent)} {go} of {where} went silent right after {leaving}: may need hands.",
                "They revert at their next sync; nothing more to send.",
            ]
        )
    others = [d for d in away if d not in silent]
    if others:
        go = "device is" if len(others) == 1 else "devices are"
        items.append(
            [f"{len(others)} {go} offline ({_where(others, watch, labels)}); they revert at their next sync."]
        )
    bounced = sum(1 for t in watch.tracks.values() if t.bounces)
    if bounced:
        go = "device" if bounced == 1 else "devices"
        items.append(
            [
                f"{bounced} {go} left {version_label(watch.to_version)} once and came back: look at the crash guard."
            ]
        )
    rows: list[Line] = []
    for place, texts in enumerate(items, 1):
        rows.append(line((f"{place}  ", Token.STRONG), texts[0]))
        rows += [line("   ", more) for more in texts[1:]]
    return rows or [muted("nothing: every device of the scope settled")]


def _where(devices: Iterable[Device], watch: Watch, labels: Mapping[str, str]) -> str:
    groups = dict.fromkeys(row_label(watch.tracks[d.id].group, labels) for d in devices)
    return ", ".join(clean(group) for group in groups)


def hand_over(rollback: Rollback, watch: Watch, devices: Sequence[Device], model_name: str) -> list[str]:
    """Return the text for the channel, in lines; plain and safe to paste."""
    target = version_label(watch.to_version)
    moved = watch.change if watch.change.devices else watch.whole
    away = [d for d in devices if (t := watch.tracks.get(d.id)) is not None and t.stage is Stage.OFFLINE]
    since = as_text.short_clock(rollback.ended_at)
    lines = [
        f"{clean(model_name)} is back on {target} since {since}.",
        f"{moved.reachable_settled}/{moved.reachable} reachable devices confirmed, {len(away)} offline.",
    ]
    if away:
        lines.append(f"Offline: {_names(away)}.")
    if rollback.order.reason:
        lines.append(f"Reason: {clean(rollback.order.reason)}.")
    if rollback.rollout_id is not None:
        lines.append(f"Watch: octomil-console watch {clean(rollback.rollout_id)}")
    return lines


def _names(devices: Sequence[Device]) -> str:
    named = " ".join(device.name for device in devices[:_NAMED])
    return f"{named} and {len(devices) - _NAMED} more" if len(devices) > _NAMED else named


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


GUARD = (
    line("This screen stays on guard: it rings if a device leaves the target again."),
    line(("You can close it: nothing depends on it.", Token.MUTED)),
)
