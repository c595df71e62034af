"""A number of requests a minute, divided among what is worth asking."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.engine.apportion import apportion
from octomil_tui.engine.demand import IDLE, LIVE, SLOW, WATCHED_DEVICES, WATCHED_ROLLOUTS, Demand
from octomil_tui.engine.topic import Topic, rollouts_of


def topics(*demands: Demand) -> dict[Topic, Demand]:
    return {rollouts_of(str(n)): demand for n, demand in enumerate(demands)}


def spent(demands: dict[Topic, Demand], periods: dict[Topic, float]) -> float:
    return sum(60 * demand.cost / periods[topic] for topic, demand in demands.items())


def test_where_there_is_enough_everything_is_asked_as_often_as_it_may_be() -> None:
    demands = topics(LIVE, SLOW, IDLE)
    assert list(apportion(demands, 80).values()) == [5.0, 60.0, 60.0]


def test_periods_follow_the_square_root_of_cost_over_weight() -> None:
    demands = topics(*(Demand(weight, 0.1, cost=cost) for weight, cost in [(1, 1), (4, 1), (100, 1), (1, 9)]))
    first, second, third, fourth = apportion(demands, 30).values()
    assert first / second == pytest.approx(2)
    assert first / third == pytest.approx(10)
    assert fourth / first == pytest.approx(3)
    assert spent(demands, apportion(demands, 30)) == pytest.approx(30)


def test_no_other_division_of_the_same_requests_has_a_smaller_weighted_age() -> None:
    demands = topics(*(Demand(weight, 0.1, cost=cost) for weight, cost in [(1, 1), (5, 2), (40, 1)]))

    def age(periods: list[float]) -> float:
        return sum(one.weight * period for one, period in zip(demands.values(), periods, strict=True))

    best = list(apportion(demands, 30).values())
    for moved in range(3):
        for other in {0, 1, 2} - {moved}:
            rates = [60 * one.cost / period for one, period in zip(demands.values(), best, strict=True)]
            rates[moved], rates[other] = rates[moved] + 0.5, rates[other] - 0.5
            tried = [60 * one.cost / rate for one, rate in zip(demands.values(), rates, strict=True)]
            assert age(best) < age(tried)


def test_what_is_promised_is_kept_however_many_others_there_are() -> None:
    for others in (0, 50, 1000):
        demands = topics(WATCHED_DEVICES, WATCHED_ROLLOUTS, LIVE, *[IDLE] * others)
        devices, rollouts, *_ = apportion(demands, 73.6).values()
        assert devices <= 2.5
        assert rollouts <= 2.5


def test_promises_that_cannot_be_paid_for_are_stretched_alike() -> None:
    demands = topics(WATCHED_DEVICES, WATCHED_ROLLOUTS, LIVE, *[IDLE] * 5000)
    devices, rollouts, live, *_ = apportion(demands, 20.0).values()
    assert devices == pytest.approx(rollouts)
    assert live == pytest.approx(4 * devices)
    assert devices == pytest.approx(2.5 * 54 / 18)


@given(
    st.lists(
        st.builds(
            lambda weight, shortest, more, cost: Demand(weight, shortest, shortest + more, cost),
            st.floats(0.01, 1000),
            st.floats(0.5, 120),
            st.one_of(st.just(math.inf), st.floats(0.0, 600)),
            st.integers(1, 10),
        ),
        min_size=1,
        max_size=30,
    ),
    st.floats(1, 80),
)
def test_it_never_spends_more_and_never_asks_more_often_than_it_may(
    demands: list[Demand], rate: float
) -> None:
    found = topics(*demands)
    periods = apportion(found, rate)
    assert spent(found, periods) <= rate * (1 + 1e-6)
    for topic, demand in found.items():
        assert periods[topic] >= demand.shortest
    assert apportion(dict(reversed(found.items())), rate) == pytest.approx(periods)


def test_a_read_of_more_pages_is_asked_less_often() -> None:
    many = [Demand(10.0, 1.0)] * 20
    found = [
        next(iter(apportion(topics(replace(WATCHED_DEVICES, cost=n, longest=math.inf), *many), 60).values()))
        for n in (1, 4, 9)
    ]
    assert found == sorted(found)
    assert found[-1] > 4.5
