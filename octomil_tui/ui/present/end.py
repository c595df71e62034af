"""What is said when a rollback is done (D-80d)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.signal import Signals
from octomil_tui.domain.signal_effect import effect
from octomil_tui.domain.text import version_label
from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.domain.verdict import is_held
from octomil_tui.engine.state import ConsoleState
from octomil_tui.report.daylight import Aftermath, hand_over, left_items, names_of, release_command
from octomil_tui.report.daylight import way_back as way_back_command
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, line

__all__ = [
    "aftermath_of",
    "done_line",
    "done_sentence",
    "guard_lines",
    "hand_over",
    "left_lines",
    "names_of",
    "way_back",
]


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
    rollback: Rollback,
    watch: Watch,
    devices: Sequence[Device],
    labels: Mapping[str, str],
    events: Iterable[TimelineEvent] = (),
    *,
    aftermath: Aftermath = Aftermath(),  # noqa: B008 - a frozen value
) -> list[Line]:
    """Return what is left for daylight, numbered."""
    rows: list[Line] = []
    for place, texts in enumerate(
        left_items(rollback, watch, devices, labels, events, aftermath=aftermath), 1
    ):
        rows.append(line((f"{place}  ", Token.STRONG), texts[0]))
        rows += [line("   ", more) for more in texts[1:]]
    return rows or [muted("nothing: every device of the scope settled")]


def way_back(rollback: Rollback, model_name: str, *, with_release: bool = False) -> list[Line]:
    """Return the command that plans the way back, and before it what frees the version where it is held."""
    command = way_back_command(rollback, model_name)
    if command is None:
        return [muted("the version it came from is not known")]
    free = release_command(rollback, model_name) if with_release else None
    return [line((one, Token.LIGHT)) for one in (free, command) if one is not None]


def aftermath_of(state: ConsoleState, signals: Signals, rollback: Rollback, watch: Watch) -> Aftermath:
    """Return what is known of an end beside its devices."""
    found = effect(signals.of_rollout(rollback.rollout_id), watch.started_at)
    return Aftermath(found, is_held(state.snapshot, rollback.model_id, rollback.from_version))


def guard_lines(rollback: Rollback) -> list[Line]:
    """Return what this screen goes on looking for."""
    leaving = version_label(rollback.from_version)
    back = f", or an offline one comes back on {leaving}" if rollback.from_version is not None else ""
    return [
        line(f"This screen stays on guard: it rings if a device leaves the target again{back}."),
        line(("You can close it: on the next start it says what happened meanwhile.", Token.MUTED)),
    ]
