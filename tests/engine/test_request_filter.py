"""What the list of requests can be asked."""

from __future__ import annotations

import pytest

from octomil_tui.domain.filter import parse
from octomil_tui.engine.asker import Purpose
from octomil_tui.engine.request_filter import REQUEST_KEYS, is_failed, request_subject
from octomil_tui.engine.request_log import Request


def one(status: int | None, word: str, *, took_ms: float = 20.0, is_retry: bool = False) -> Request:
    return Request(
        1, 1_000.0, "GET", "/v1/devices", word, status, took_ms, 10, 1, is_retry, Purpose.POLL, "devices"
    )


OK, GONE, LATE = one(200, "200"), one(503, "503", is_retry=True), one(None, "timeout", took_ms=2_500)
SAME = one(304, "304")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("status:5*", [GONE]),
        ("status:timeout", [LATE]),
        ("state:failed", [GONE, LATE]),
        ("state:retry", [GONE]),
        ("state:unchanged", [SAME]),
        ("state:ok", [OK]),
        ("took:>2s", [LATE]),
        ("seen:<30s for:devices method:get status:200", [OK]),
        ("for:you", []),
        ("models", []),
    ],
)
def test_terms(text: str, found: list[Request]) -> None:
    holds = parse(text, REQUEST_KEYS).test(REQUEST_KEYS)

    assert [r for r in (OK, GONE, LATE, SAME) if holds(request_subject(r, 1_010.0))] == found


def test_what_failed() -> None:
    assert [is_failed(r) for r in (OK, GONE, LATE, SAME)] == [False, True, True, False]
