"""What the wide watch adds: in which step the devices are, and the facts of the rollback (D-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.straggler import progress_words
from octomil_tui.domain.text import clean
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.watch import MOVING, elapsed
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs


def stage_lines(watch: Watch, devices: Sequence[Device], cells: int, glyphs: Glyphs) -> list[Line]:
    """Return where the devices that change are, step by step, for the wide screen: a pile names the cause."""
    tally = watch.change
    steps: dict[str, int] = {}
    for device in devices:
        track = watch.tracks.get(device.id)
        if track is not None and track.stage is Stage.ON_THE_WAY and track.plan_class in MOVING:
            words = progress_words(device.installations[watch.model_id])
            step = "downloading" if words.startswith("downloading") else words
            steps[step] = steps.get(step, 0) + 1
    rows = [("not synced since the start", tally.count(Stage.WAITING), Token.TEXT)]
    rows += [(key, count, Token.LIGHT) for key, count in sorted(steps.items())]
    rows += [
        ("verified, the device says so", tally.count(Stage.VERIFIED), Token.FINE),
        ("settled, one sync later", tally.count(Stage.SETTLED), Token.FINE),
        ("stale", tally.count(Stage.STALE), Token.NOTICE),
        ("offline", tally.count(Stage.OFFLINE), Token.NEEDS),
        ("bounced", tally.count(Stage.BOUNCED), Token.NEEDS),
        ("failed", tally.count(Stage.FAILED), Token.NEEDS),
    ]
    rest = tally.count(Stage.UNKNOWN, Stage.REVOKED, Stage.GONE)
    if rest:
        rows.append(("unknown, revoked or gone", rest, Token.NOTICE))
    room = max(4, cells - 36)
    total = max(1, tally.devices)
    return [
        line(
            fit(muted(words), 28),
            (f"{count:>5}  ", token if count else Token.DIM),
            (glyphs.verified * (max(1, room * count // total) if count else 0), token),
        )
        for words, count, token in rows
    ]


def facts_lines(rollback: Rollback, watch: Watch, snapshot: FleetSnapshot, now: float | None) -> list[Line]:
    """Return when it began, by whom and why, and what ends it, for the wide screen."""
    record = next(
        (r for r in snapshot.rollouts.get(rollback.model_id, ()) if r.id == rollback.rollout_id), None
    )
    by = record.by if record is not None and record.by else None
    reason = rollback.order.reason or (record.reason if record is not None else None)
    rows = [
        _fact("started", as_text.clock_utc(watch.started_at) + (f" by {by}" if by else "")),
        _fact("reason", clean(reason) if reason else "none given"),
        _fact("elapsed", as_text.age(elapsed(rollback, now))),
        _fact("server says", rollback.server_word or "?"),
    ]
    if rollback.affected is not None:
        rows.append(_fact("affected", f"{rollback.affected}, those already there included"))
    return [
        *rows,
        (),
        muted("DONE: every reachable device reports the target,"),
        muted("and still does at its next sync."),
        muted("COMPLETE: nobody offline is left either."),
    ]


def _fact(label: str, value: str) -> Line:
    return line((f"{label:<13}", Token.MUTED), value)
