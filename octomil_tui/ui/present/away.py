"""What is said of a rollback that went on while this console was closed (A-80r)."""

from __future__ import annotations

from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.record import server_record
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import trouble
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, legend, line

_ENDS = {
    Phase.DONE: "is done",
    Phase.COMPLETE: "is complete",
    Phase.ROLLING_BACK: "is still running",
    Phase.UNCONFIRMED: "has no recorded outcome: asking",
    Phase.NOT_FOUND: "is not in the server's records",
}


def away_sentence(rollback: Rollback, model_name: str, ended_at: float | None) -> Line:
    """Return line 2: which rollback, whose, and how it stands.

    Args:
        rollback: Left alone by this console.
        model_name: Safe to show.
        ended_at: When the service says that it ended, if it does.
    """
    number = f"Rollback {clean(rollback.rollout_id)}" if rollback.rollout_id is not None else "Rollback"
    what = f"{number} of {model_name} (yours, {as_text.short_clock(rollback.sent_at)})"
    # A device that came back late may not have settled yet; for the server it ended.
    if ended_at is not None and rollback.phase in (Phase.DONE, Phase.COMPLETE, Phase.ROLLING_BACK):
        return line((f"~~ {what} ended while you were away.", Token.NOTICE))
    if wrong := trouble(rollback):
        word, _, _ = wrong.partition(":")
        return line((f"!! {what}: {word}.", Token.NEEDS))
    token = Token.NEEDS if rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND) else Token.NOTICE
    mark = "??" if token is Token.NEEDS else "~~"
    return line((f"{mark} {what} {_ENDS.get(rollback.phase, rollback.phase.value)}.", token))


def ended_at(rollback: Rollback, snapshot: FleetSnapshot) -> float | None:
    """Return when the service says that the rollback ended, if it does."""
    record = server_record(rollback, snapshot.rollouts.get(rollback.model_id, ()))
    if record is None:
        return None
    return record.completed_at if record.completed_at is not None else record.cancelled_at


def away_title(rollback: Rollback, more: int) -> tuple[str, Line]:
    """Return the pane's title and what stands at its right end."""
    others = f", {more} more after this" if more else ""
    return (
        f"SINCE YOU LEFT AT {as_text.clock_utc(rollback.left_at)}",
        muted(f"from server records; nobody watched{others}"),
    )


def away_lines(rollback: Rollback, snapshot: FleetSnapshot, now: float | None) -> list[Line]:
    """Return what the service's records and the devices tell of the time in between."""
    found = [*_events(rollback, snapshot), *_now(rollback)]
    if now is not None and rollback.left_at is not None and rollback.watch is not None:
        minutes = max(0, int((now - rollback.left_at) // 60))
        gap = f"{minutes} minutes" if minutes != 1 else "1 minute"
        what = f"{gap} not observed: a bounce and return would not show"
        found.append(line(("gap     ", Token.MUTED), what))
    if wrong := trouble(rollback):
        found.append(line(("        ", Token.MUTED), (wrong, Token.NEEDS)))
    return [*found, line("        ", *legend(("enter", "open it"), ("esc", "dismiss")))]


def _events(rollback: Rollback, snapshot: FleetSnapshot) -> list[Line]:
    record = server_record(rollback, snapshot.rollouts.get(rollback.model_id, ()))
    if record is None:
        return [line(("sent    ", Token.MUTED), f"{as_text.clock_utc(rollback.sent_at)}, no answer recorded")]
    ended = record.completed_at if record.completed_at is not None else record.cancelled_at
    at = as_text.short_clock(ended) if ended is not None else "now"
    return [line((f"{at:<8}", Token.MUTED), f"server: rollback {clean(record.id)} {record.word}")]


def _now(rollback: Rollback) -> list[Line]:
    watch = rollback.watch
    if watch is None:
        return []
    whole = watch.change if watch.change.devices else watch.whole
    offline = whole.count(Stage.OFFLINE)
    away = f", {offline} offline" if offline else ""
    target = version_label(rollback.order.to_version)
    return [line(("now     ", Token.MUTED), f"{whole.verified} of {whole.devices} report {target}{away}")]
