"""What the request log says: what the last minute was used for, on what, and the newest requests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from octomil_tui.engine.asker import LIMIT, OWN_LIMIT
from octomil_tui.engine.cadence import wanted
from octomil_tui.engine.gate import Account
from octomil_tui.engine.request_log import Request
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import Kind
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import stack
from octomil_tui.ui.present.words import dim, muted, number
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_MINUTE = 60.0
_REFUSED = 400
_UNCHANGED = 304
_LABEL, _COUNT, _PERIOD = 17, 9, 25


def sentence(account: Account) -> Line:
    """Return what the last minute was used for."""
    used = account.used
    return line(
        "   ",
        (f"{used.total} of {LIMIT}", Token.STRONG),
        f" requests in the last minute: {used.own} of its own accord, {used.user} for you.",
    )


def share_sentence(account: Account) -> Line:
    """Return how many requests this console makes by itself at most, and why it may be fewer than usual."""
    if account.allowance < OWN_LIMIT:
        times = as_text.count(account.refusals, "time")
        why = f'   The service said "too many" {times}: others use this key too.'
        return line((f"{why} By itself it now asks at most {int(account.allowance)} a minute.", Token.NOTICE))
    return muted(f"   By itself it asks at most {OWN_LIMIT} a minute; {LIMIT - OWN_LIMIT} are kept for you.")


def budget_bar(account: Account, cells: int, glyphs: Glyphs) -> Line:
    """Return the minute as a bar: of its own accord, for the person, free."""
    used = account.used
    parts = (
        (used.own, glyphs.on_the_way, Token.LIGHT),
        (used.user, glyphs.verified, Token.FINE),
        (max(0, LIMIT - used.total), glyphs.waiting, Token.DIM),
    )
    return stack(parts, max(0, min(cells, LIMIT)))


def bar_legend(account: Account, glyphs: Glyphs) -> Line:
    """Return what the parts of the bar are."""
    used = account.used
    return line(
        (glyphs.on_the_way, Token.LIGHT),
        (f" own {used.own}  ", Token.MUTED),
        (glyphs.verified, Token.FINE),
        (f" you {used.user}  ", Token.MUTED),
        (glyphs.waiting, Token.DIM),
        (f" free {max(0, LIMIT - used.total)}", Token.MUTED),
    )


@dataclass(slots=True)
class _Spent:
    """What one kind of read costs."""

    periods: list[float] = field(default_factory=list)
    read_mono: float | None = None


def spent_lines(state: ConsoleState, requests: Iterable[Request], mono: float, wall: float) -> list[Line]:
    """Return what the requests of the last minute were for, the most costly first.

    Args:
        state: What the console knows; its reads tell the ages.
        requests: The newest requests.
        mono: Seconds of this machine, as in `state`.
        wall: Epoch seconds of this machine, as in `requests`.
    """
    counted = Counter(
        request.what or request.purpose.value for request in requests if request.at > wall - _MINUTE
    )
    by_kind: dict[str, _Spent] = defaultdict(_Spent)
    for topic, period in wanted(state).items():
        spent = by_kind[topic.kind.value]
        spent.periods.append(period)
        read = state.reads.get(topic, Read())
        if read.ok_mono is not None:
            spent.read_mono = max(read.ok_mono, spent.read_mono or read.ok_mono)
    order = [kind.value for kind in Kind]
    labels = sorted({*counted, *by_kind}, key=lambda label: (-counted[label], _place(order, label)))
    return [_spent_line(label, counted[label], by_kind.get(label), mono) for label in labels]


def _place(order: Sequence[str], label: str) -> tuple[int, str]:
    return (order.index(label) if label in order else len(order), label)


def _spent_line(label: str, count: int, spent: _Spent | None, mono: float) -> Line:
    age = mono - spent.read_mono if spent is not None and spent.read_mono is not None else None
    return line(
        fit(line(label), _LABEL),
        fit(line(number(count), ("/min", Token.MUTED)), _COUNT, "right"),
        "  ",
        fit(muted(_period_words(spent)), _PERIOD),
        muted(f"newest {as_text.age(age)} ago" if age is not None else "not read yet" if spent else ""),
    )


def _period_words(spent: _Spent | None) -> str:
    if spent is None or not spent.periods:
        return "when asked for"
    first, last = as_text.age(min(spent.periods)), as_text.age(max(spent.periods))
    every = f"every {_brief(min(spent.periods))}" if first == last else f"every {first} to {last}"
    return f"{every} ({len(spent.periods)})" if len(spent.periods) > 1 else every


def _brief(seconds: float) -> str:
    """Return a short period with the half second that an age leaves out."""
    is_half = seconds < _MINUTE / 6 and seconds % 1 >= 0.05  # noqa: PLR2004 - a twentieth is nothing to say
    return f"{seconds:.1f}s" if is_half else as_text.age(seconds)


def request_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the log; where there is little room, the mark stands behind the status."""
    return (
        Column("at", "TIME UTC", 9, gap=1),
        Column("method", "", 4, gap=1, priority=2),
        Column("path", "PATH"),
        Column("status", "STATUS", 11, gap=1),
        Column("took", "MS", 5, "right", gap=1),
        Column("size", "BYTES", 7, "right", priority=1),
        *([Column("mark", "", 13)] if wide else []),
        Column("asked", "ASKED BY", 22 if wide else 12),
    )


def request_row(request: Request, *, wide: bool) -> Row:
    """Return one request's line."""
    mark = _mark(request)
    status = _status(request)
    who = request.asked_by if wide else request.what or request.purpose.value
    return Row(
        str(request.number),
        (
            muted(as_text.clock_utc(request.at)),
            line((request.method, Token.STRONG if request.method == "POST" else Token.MUTED)),
            line(request.path),
            status if wide or not mark else line(status, (f" {mark}", Token.MUTED)),
            line(f"{request.took_ms:.0f}"),
            number(request.size),
            *([muted(mark)] if wide else []),
            muted(who) if request.purpose.is_own else line(who),
        ),
    )


def _status(request: Request) -> Line:
    if request.status is None or request.status >= _REFUSED:
        return line((request.word, Token.NEEDS))
    return muted(request.word) if request.status == _UNCHANGED else line(request.word)


def _mark(request: Request) -> str:
    retry = "retry" if request.is_retry else ""
    page = f"page {request.page}" if request.page > 1 else ""
    return " ".join(part for part in (retry, page) if part)


NOTHING = dim("nothing was asked yet")
NONE_FAILED = dim("none of them failed")
