"""What the list of requests can be asked in the filter language."""

from __future__ import annotations

from operator import itemgetter

from octomil_tui.domain.filter_keys import A_TIME
from octomil_tui.domain.filter_subject import Subject
from octomil_tui.domain.filter_term import PLAIN, Key, Keys, Kind
from octomil_tui.engine.request_log import Request

_REFUSED = 400
_UNCHANGED = 304
_WORDS = ("ok", "unchanged", "failed", "retry")


def _key(name: str, kind: Kind, example: str, words: tuple[str, ...] = ()) -> tuple[str, Key[Subject]]:
    return name, Key(kind, example, itemgetter(name), words)


REQUEST_KEYS: Keys[Subject] = dict(
    (
        _key(PLAIN, Kind.PART, "a part of a path such as devices"),
        _key("status", Kind.WHOLE, "a status such as 5*, or timeout"),
        _key("state", Kind.WORD, "a word such as failed", _WORDS),
        _key("method", Kind.WHOLE, "a method such as post"),
        _key("for", Kind.PART, "what it was read for, such as devices or you"),
        _key("took", Kind.AGE, "a time such as >2s"),
        _key("seen", Kind.AGE, A_TIME),
    )
)


def is_failed(request: Request) -> bool:
    """Say whether a request brought no answer, or one that refuses."""
    return request.status is None or request.status >= _REFUSED


def request_subject(request: Request, wall: float) -> Subject:
    """Return what a request's line can be asked; `wall` is this machine's clock, epoch seconds."""
    end = "failed" if is_failed(request) else "unchanged" if request.status == _UNCHANGED else "ok"
    who = "console" if request.purpose.is_own else "you"
    return {
        PLAIN: (request.path, request.asked_by),
        "status": (str(request.status or ""), request.word),
        "state": (end, "retry") if request.is_retry else (end,),
        "method": (request.method,),
        "for": (request.asked_by, who),
        "took": request.took_ms / 1_000,
        "seen": wall - request.at,
    }
