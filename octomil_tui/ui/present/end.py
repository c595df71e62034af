"""What is said when a rollback is done (D-80d)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import version_label
from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.report.daylight import hand_over, left_items, names_of
from octomil_tui.report.daylight import way_back as way_back_command
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, line

__all__ = ["done_line", "done_sentence", "guard_lines", "hand_over", "left_lines", "names_of", "way_back"]


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
) -> list[Line]:
    """Return what is left for daylight, numbered."""
    rows: list[Line] = []
    for place, texts in enumerate(left_items(rollback, watch, devices, labels, events), 1):
        rows.append(line((f"{place}  ", Token.STRONG), texts[0]))
        rows += [line("   ", more) for more in texts[1:]]
    return rows or [muted("nothing: every device of the scope settled")]


def way_back(rollback: Rollback, model_name: str) -> list[Line]:
    """Return the command that plans the way back."""
    command = way_back_command(rollback, model_name)
    return [
        line((command, Token.LIGHT))
        if command is not None
        else muted("the version it came from is not known")
    ]


def guard_lines(rollback: Rollback) -> list[Line]:
    """Return what this screen goes on looking for."""
    leaving = version_label(rollback.from_version)
    back = f", or an offline one comes back on {leaving}" if rollback.from_version is not None else ""
    return [
        line(f"This screen stays on guard: it rings if a device leaves the target again{back}."),
        line(("You can close it: on the next start it says what happened meanwhile.", Token.MUTED)),
    ]
