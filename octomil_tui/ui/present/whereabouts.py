"""What the wide watch adds: in which step the devices are, and when they are expected (D-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.convergence import MOVING, Stage, Watch
from octomil_tui.domain.eta import LastTime, last_time, span
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.pace import ON_TIME
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.step import Step, step_at
from octomil_tui.domain.straggler import devices_in
from octomil_tui.domain.text import clean, version_label, whole_percent
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.watch import elapsed
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line, width
from octomil_tui.ui.theme import Glyphs

_ALWAYS = (Step.DOWNLOADING, Step.CHECKING, Step.IDLE, Step.SWITCHING)
"""Steps that keep their line while nobody is there, so that nothing moves."""
_NAMED = 3
"""Downloads that are told one by one."""
LABEL = 13
"""Cells of the word before a fact."""
_WORDS = 28
_BUCKETS = 5
_MEGA = 1e6


def stage_lines(
    watch: Watch, devices: Sequence[Device], now: float | None, cells: int, glyphs: Glyphs
) -> list[Line]:
    """Return where the devices that change are, step by step, for the wide screen: a pile names the cause."""
    tally, steps = watch.change, watch.steps(*MOVING)
    rows = [("not synced since the start", tally.count(Stage.WAITING), Token.TEXT, "")]
    notes = _notes(watch, devices, now) if steps else {}
    rows += [
        (_label(step, watch), steps.get(step, 0), Token.LIGHT, notes.get(step, ""))
        for step in Step
        if step in _ALWAYS or steps.get(step)
    ]
    rows += [
        ("verified, device says so", tally.count(Stage.VERIFIED), Token.FINE, ""),
        ("settled, one sync later", tally.count(Stage.SETTLED), Token.FINE, _first_settles(watch)),
        ("stale", tally.count(Stage.STALE), Token.NOTICE, ""),
        ("offline", tally.count(Stage.OFFLINE), Token.NEEDS, ""),
        (f"bounced back to {version_label(watch.leaving)}", tally.count(Stage.BOUNCED), Token.NEEDS, ""),
        ("failed", tally.count(Stage.FAILED), Token.NEEDS, ""),
    ]
    rest = tally.count(Stage.UNKNOWN, Stage.REVOKED, Stage.GONE, Stage.LEFT)
    if rest:
        rows.append(("unknown, revoked, gone, left", rest, Token.NOTICE, ""))
    if unseen := tally.count(Stage.UNSEEN):
        rows.append(("not looked at yet", unseen, Token.NOTICE, ""))
    return [_row(row, max(1, tally.devices), cells, glyphs) for row in rows]


def _row(row: tuple[str, int, Token, str], total: int, cells: int, glyphs: Glyphs) -> Line:
    words, count, token, note = row
    head = line(fit(muted(words), _WORDS), (f"{count:>7,}  ", token if count else Token.DIM))
    room = max(0, cells - width(head) - 1)
    if note:
        return line(head, muted(note))
    return line(head, (glyphs.verified * (max(1, room * count // total) if count else 0), token))


def _label(step: Step, watch: Watch) -> str:
    if step is Step.DOWNLOADING and watch.size is not None:
        return f"{step} {as_text.size(watch.size)}"
    return step.value


def _notes(watch: Watch, devices: Sequence[Device], now: float | None) -> dict[Step, str]:
    """Return what is told of single devices: how far downloads are, and who waits for idle longest."""
    shares: list[float] = []
    since: list[float] = []
    for device in devices_in(watch, devices, Stage.ON_THE_WAY):
        installation = device.installations[watch.model_id]
        step = step_at(installation)
        if (track := watch.track(device.id)) is None or track.plan_class not in MOVING:
            continue
        if step is Step.DOWNLOADING and installation.progress is not None:
            shares.append(installation.progress)
        elif step is Step.IDLE and installation.word_since is not None:
            since.append(installation.word_since)
    notes = {}
    if 0 < len(shares) <= _NAMED:
        notes[Step.DOWNLOADING] = " ".join(f"{whole_percent(share)}%" for share in sorted(shares))
    if since and now is not None:
        notes[Step.IDLE] = f"oldest {as_text.age(now - min(since))}"
    return notes


def _first_settles(watch: Watch) -> str:
    if watch.first_verified is None or watch.change.count(Stage.SETTLED):
        return ""
    return f"from {as_text.short_clock(watch.first_verified[1] + watch.slowest)}"


def when_lines(
    rollback: Rollback, watch: Watch, snapshot: FleetSnapshot, now: float | None, *, is_live: bool
) -> list[Line]:
    """Return when it began, by whom and why, when it is expected to end, and whether waiting is reasonable."""
    record = next(
        (r for r in snapshot.rollouts.get(rollback.model_id, ()) if r.id == rollback.rollout_id), None
    )
    by = f" by {record.by}" if record is not None and record.by else ""
    reason = rollback.order.reason or (record.reason if record is not None else None)
    rows = [
        _fact("started", as_text.clock_utc(watch.started_at) + by),
        _fact("reason", clean(reason) if reason else "none given"),
        _fact("elapsed", as_text.age(elapsed(rollback, now))),
        *_server(rollback),
    ]
    last = last_time(snapshot.rollouts.get(rollback.model_id, ()), rollback.rollout_id)
    if rollback.ended_at is None:
        rows += _estimates(watch, last, now) if is_live else [muted("estimate withdrawn: the data is old")]
    if last is not None:
        devices = f", {as_text.count(last.devices, 'device')}" if last.devices is not None else ""
        rows.append(_fact("last time", f"{as_text.age(last.took)}{devices}"))
    return [
        *rows,
        *(_pace(watch, now) if is_live else []),
        (),
        muted("DONE: every reachable device reports the target,"),
        muted("and still does at its next sync."),
        muted("COMPLETE: nobody offline is left either."),
    ]


def _server(rollback: Rollback) -> list[Line]:
    rows = [_fact("server says", rollback.server_word or "?")]
    if rollback.affected is not None:
        rows.append(_fact("affected", f"{rollback.affected}, those already there included"))
    return rows


def _estimates(watch: Watch, last: LastTime | None, now: float | None) -> list[Line]:
    """Return when the online devices, and apart from them the downloads, are expected: a range each."""
    at = now if now is not None else watch.at
    if at is None:
        return []
    rows, pace = [], watch.pace
    syncs = pace.last_due(watch.started_at, is_download=False)
    # The service calls a rollback completed when all have settled, one sync after they were verified.
    history = watch.started_at + last.took - watch.slowest if last is not None else None
    if syncs is not None:
        rows.append(_fact("online done", _span(syncs.at, at, history)))
    loads = pace.last_due(watch.started_at, is_download=True)
    if loads is not None:
        rows.append(_fact("downloads", f"{as_text.short_clock(loads.at)}   ({_downloads(watch)})"))
    untimed = watch.untimed
    if untimed:
        rows.append(_fact("no estimate", as_text.count(untimed, "device")))
    return rows


def _span(likely: float, at: float, history: float | None) -> str:
    found = span(likely, at, history)
    early, late = (as_text.short_clock(one).removesuffix("Z") for one in (found.early, found.late))
    return f"{as_text.short_clock(likely)}   (between {early} and {late})"


def _downloads(watch: Watch) -> str:
    count = as_text.count(watch.pace.downloads(), "device")
    low, high = (_speed(one) for one in (watch.rates.low, watch.rates.high))
    speed = f"{low} MB/s" if low == high else f"{low} to {high} MB/s"
    return f"{count}, {speed}" if watch.is_measured else f"{count}, {speed} taken for granted"


def _speed(rate: float) -> str:
    megabytes = rate / _MEGA
    return f"{megabytes:.0f}" if megabytes >= 1 else f"{megabytes:.1f}"


def _pace(watch: Watch, now: float | None) -> list[Line]:
    """Return how many arrived in the last minutes, and whether that is as many as were expected."""
    at = now if now is not None else watch.at
    if at is None or watch.at is None:
        return []
    counted = " ".join(f"+{count}" for count in watch.pace.per_bucket(at, _BUCKETS))
    done, expected = watch.change.verified, watch.pace.expected_by(at, watch.started_at)
    is_on_time = done >= ON_TIME * expected
    word, token = ("pace ok", Token.FINE) if is_on_time else ("slower than expected", Token.NOTICE)
    return [
        (),
        line(("last 3m20s   ", Token.MUTED), f"{counted} ", muted("verified per 40s")),
        line((f"{word}: ", token), f"{done} done, {expected} expected by now"),
    ]


def _fact(label: str, value: str) -> Line:
    return line((f"{label:<{LABEL}}", Token.MUTED), value)
