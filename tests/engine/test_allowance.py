"""A console's own share: what a refusal makes of it, and how it grows again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.engine.allowance import LEAST, LONG_QUIET, QUIET, SHARED, Allowance

MINUTE = 60.0


def refused(share: Allowance, at: float, sent_at: float | None = None) -> float:
    share.refused(at, sent_at=at if sent_at is None else sent_at, chance=0.5)
    return share.at(at)


def test_alone_it_has_all_of_it() -> None:
    assert Allowance().at(0.0) == Allowance().at(1e9) == 80.0


def test_the_first_refusal_leaves_a_quarter_for_a_long_while() -> None:
    share = Allowance()
    assert refused(share, 1000.0) == SHARED == 24.0
    assert share.at(1000.0 + LONG_QUIET) == SHARED
    assert share.at(1000.0 + LONG_QUIET + MINUTE) == SHARED + 4
    assert share.at(1000.0 + LONG_QUIET + 60 * MINUTE) == 80.0


def test_each_further_one_leaves_less_and_never_nothing() -> None:
    share = Allowance()
    found = [refused(share, 1000.0 + 10 * n) for n in range(8)]
    assert found[:3] == pytest.approx([24.0, 14.4, 8.64])
    assert found[-1] == LEAST


def test_what_left_before_the_last_refusal_says_nothing_new() -> None:
    share = Allowance()
    refused(share, 1000.0)
    assert refused(share, 1000.4, sent_at=999.9) == SHARED
    assert refused(share, 1001.0, sent_at=1000.0) == SHARED
    assert refused(share, 1001.0, sent_at=1000.5) < SHARED


def test_a_small_share_grows_back_to_the_quarter_first() -> None:
    share = Allowance()
    for n in range(3):
        refused(share, 1000.0 + n)
    low = share.at(1002.0)
    assert share.at(1002.0 + QUIET) == low
    assert share.at(1002.0 + QUIET + MINUTE) == pytest.approx(low + 1)
    assert share.at(1002.0 + LONG_QUIET) == pytest.approx(min(SHARED, low + (LONG_QUIET - QUIET) / MINUTE))


def test_who_is_refused_for_trying_tries_later_each_time() -> None:
    share, now, quiet = Allowance(), 1000.0, LONG_QUIET
    refused(share, now)
    for factor in (2, 4, 8, 8):
        now += quiet + MINUTE
        assert share.at(now) > SHARED
        refused(share, now)
        quiet = LONG_QUIET * factor
        assert share.at(now + quiet) <= SHARED
        assert share.at(now + quiet + MINUTE) > SHARED
    now += 3 * quiet
    refused(share, now)
    assert share.at(now + LONG_QUIET + MINUTE) > SHARED, "after a very long quiet it is another story"


@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(0, 0.999)), max_size=30))
def test_it_stays_within_its_bounds_and_never_falls_by_itself(steps: list[tuple[float, float]]) -> None:
    share, now = Allowance(), 0.0
    for wait, chance in steps:
        before = share.at(now)
        assert share.at(now + wait) >= before
        now += wait
        allowed = share.at(now)
        share.refused(now, sent_at=now, chance=chance)
        assert LEAST <= share.at(now) <= allowed
        assert share.at(now) <= SHARED
