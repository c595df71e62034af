"""The small pure modules: times, delays, answers, error trees."""

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api import errors
from octomil_tui.api.answer import Answer
from octomil_tui.api.errors import (
    ForbiddenError,
    NotTheApiError,
    OctomilError,
    RateLimitedError,
    ServerError,
    StatusError,
    TimedOutError,
    UnreachableError,
    UnreadableError,
    UntrustedError,
)
from octomil_tui.api.fault import Fault, read_error, sentence
from octomil_tui.api.moment import epoch_seconds, http_date
from octomil_tui.api.retry import may_retry, next_delay, retry_after_seconds
from tests.api.doubles import DATE, SERVED_AT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2026-11-22T03:12:41Z", SERVED_AT),
        ("2026-11-22T03:12:41z", SERVED_AT),
        ("2026-11-22t03:12:41Z", SERVED_AT),
        ("2026-11-22T04:12:41+01:00", SERVED_AT),
        ("2026-11-22T03:12:41", SERVED_AT),
        ("2026-11-22 03:12:41", SERVED_AT),
        ("2026-11-22T03:12:41.500000Z", SERVED_AT + 0.5),
        (" 2026-11-22T03:12:41Z ", SERVED_AT),
        (1795317161, SERVED_AT),
        (1795317161.5, SERVED_AT + 0.5),
        (1795317161000, SERVED_AT),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("1970-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("0001-01-01T00:00:00+23:59", None),
        (0, None),
        (-5, None),
        (1e300, None),
        (10**400, None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_times(value: str | float | None, seconds: float | None) -> None:
    assert epoch_seconds(value) == seconds


@given(st.one_of(st.text(), st.integers(), st.floats()))
def test_times_are_total_and_sane(value: str | float) -> None:
    seconds = epoch_seconds(value)
    assert seconds is None or 946684800 <= seconds <= 4102444800


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 1.0),
        ("1000000000", 120.0),
        ("9" * 6000, 120.0),
        ("000000000000007", 7.0),
        ("Sun, 22 Nov 2026 03:12:58 GMT", 17.0),
        ("Sun, 22 Nov 2027 03:12:58 GMT", 120.0),
        ("Sun, 22 Nov 2026 03:12:40 GMT", None),
        ("-5", None),
        ("1e9", None),
        ("7.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("\u0667", None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_retry_after(value: str | None, wait: float | None) -> None:
    assert retry_after_seconds(value, SERVED_AT) == wait


def test_a_date_without_a_date_to_hold_against_it_says_nothing() -> None:
    assert retry_after_seconds("Sun, 22 Nov 2026 03:12:58 GMT", None) is None


def test_delays_grow_with_full_jitter_to_a_cap() -> None:
    longest = [next_delay(attempt, retry_after=None, chance=1.0) for attempt in range(1, 9)]
    assert longest == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert next_delay(10**6, retry_after=None, chance=0.5) == 15.0
    assert next_delay(3, retry_after=None, chance=0.0) == 0.0
    assert next_delay(1, retry_after=7.0, chance=0.3) == 7.0
    assert next_delay(1, retry_after=1e9, chance=0.3) == 120.0
    assert next_delay(1, retry_after=0.1, chance=0.3) == 1.0


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (UnreachableError("x"), True),
        (TimedOutError("x"), True),
        (UntrustedError("x"), False),
        (RateLimitedError("x", status=429), True),
        (ServerError("x", status=503), True),
        (ServerError("x", status=501), False),
        (StatusError("x", status=408), True),
        (StatusError("x", status=409), False),
        (ForbiddenError("x", status=403), False),
        (NotTheApiError("x", status=502), True),
        (NotTheApiError("x", status=200), False),
        (UnreadableError("x"), False),
    ],
)
def test_what_may_be_asked_again(error: OctomilError, again: bool) -> None:
    assert may_retry(error) is again


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (DATE, SERVED_AT),
        (DATE.replace("GMT", "-0000"), SERVED_AT),
        (None, None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("", None),
        ("soon", None),
        ("Sun, 99 Foo 2026", None),
        ("\x00", None),
    ],
)
def test_http_dates(value: str | None, seconds: float | None) -> None:
    assert http_date(value) == seconds


@given(st.text())
def test_http_dates_are_total(value: str) -> None:
    http_date(value)


@pytest.mark.parametrize(
    ("content_type", "may_be_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("", True),
        ("text/html", False),
        ("text/plain", False),
        ("application/jsonp", False),
    ],
)
def test_content_types(content_type: str, may_be_json: bool) -> None:
    assert Answer(200, {"content-type": content_type}).may_be_json is may_be_json


def test_every_fault_has_a_sentence_and_an_error() -> None:
    for fault in Fault:
        assert sentence(fault, "api.test").strip()
        assert "api.test" in str(read_error(fault, "api.test"))
    assert "1 MiB" in sentence(Fault.TOO_LARGE, "h", 5)


def test_the_error_tree_is_whole() -> None:
    drawn = errors.__doc__ or ""
    kinds: list[Any] = [
        kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__
    ]
    words = [kind.word for kind in kinds]
    assert len(set(words)) == len(words)
    for kind in kinds:
        assert kind.__name__ in drawn
        assert issubclass(kind, OctomilError)


def test_sentences_are_made_safe_and_short() -> None:
    error = OctomilError("\x1b]52;c;x\x07" + "m" * 1000, code="\x9b2J", request_id="a\nb")
    assert str(error).startswith("\\x1b]52;c;x\\x07")
    assert len(str(error)) <= 301
    assert (error.code, error.request_id) == ("\\x9b2J", "a\\x0ab")
