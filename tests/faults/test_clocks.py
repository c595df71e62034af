"""Wrong clocks, time zones, and a machine that slept: ages stay right, and old data never passes for new."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from octomil_tui.api.moment import epoch_seconds, http_date
from octomil_tui.domain.order import Reading
from octomil_tui.engine.clock import AwakeClock, Beat, missed
from octomil_tui.engine.freshness import Link, freshness, why_not_now
from octomil_tui.engine.poller import Poller
from octomil_tui.engine.reduce import QUIET_AFTER_WAKING, reduce
from octomil_tui.engine.state import ConsoleState, Event, Polled, PollFailed, Woke
from octomil_tui.engine.topic import ACTIVE, DEVICES
from octomil_tui.engine.trouble import skew
from octomil_tui.ui.news import LinkNews
from octomil_tui.ui.present.doubt import clock_words
from tests.engine.fakes import T0, FakeService, M, device
from tests.engine.virtual import VIRTUAL, VirtualLoop

ROWS = (device("a", "1", "g-1"),)


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def read_at(mono: float, served: float | None = None) -> ConsoleState:
    state = ConsoleState()
    for topic, value in ((ACTIVE, ()), (DEVICES, ROWS)):
        at = T0 + mono if served is None else served
        state = reduce(state, Polled(topic, Reading(value, at), mono, mono - 0.1))
    return state


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"], indirect=True)
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-06-17T03:12:41", datetime(2026, 6, 17, 3, 12, 41, tzinfo=UTC)),
        ("2026-06-17 03:12:41", datetime(2026, 6, 17, 3, 12, 41, tzinfo=UTC)),
        # Once that hour is not there in Berlin, and once it is there twice.
        ("2026-03-29T02:30:00", datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2028-02-29T23:59:59", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_case_33_a_time_without_a_zone_is_utc_wherever_this_machine_is(text: str, meant: datetime) -> None:
    assert epoch_seconds(text) == meant.timestamp()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_case_33_the_date_of_an_answer_is_utc() -> None:
    assert http_date("Sun, 25 Oct 2026 02:30:00 GMT") == datetime(2026, 10, 25, 2, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("hours", [-2, 2])
def test_case_33_a_clock_that_is_hours_off_changes_no_age(hours: int) -> None:
    state = read_at(100.0, T0 + hours * 3600)
    assert freshness(state, 104.0).age == 4.0
    assert freshness(state, 104.0).link is Link.LIVE
    assert state.server_now(104.0) == T0 + hours * 3600 + 4, (
        "ages of devices count by the service's own clock"
    )


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.0, "03:12:41Z"),
        (60.0, "03:12:41Z"),
        (200.0, "server clock +3m  03:12:41Z"),
        (-200.0, "server clock -3m  03:12:41Z"),
        (7_200.0, "server clock +2h  03:12:41Z"),
        (-7_200.0, "server clock -2h  03:12:41Z"),
        (400_000.0, "server clock +4d  03:12:41Z"),
    ],
)
def test_case_33_a_clock_that_differs_by_more_than_a_minute_is_said(ahead: float, said: str) -> None:
    now = datetime(2026, 6, 17, 3, 12, 41, tzinfo=UTC).timestamp()
    state = read_at(100.0, now)
    found = skew(state, 100.0, now - ahead)
    assert clock_words(now, found, brief=False) == said
    assert clock_words(now, found, brief=True) == said.replace("server clock", "server")


def test_case_33_without_a_date_no_difference_is_claimed() -> None:
    state = reduce(ConsoleState(), Polled(DEVICES, Reading(ROWS, None), 1.0))
    assert skew(state, 1.0, 0.0) is None
    assert clock_words(None, None, brief=True) == ""


class Clocks:
    """Both clocks of a machine."""

    def __init__(self) -> None:
        self.mono, self.wall = 500.0, 1_000_000.0

    def run(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += seconds

    def sleep(self, seconds: float) -> None:
        """The lid is closed: only the wall clock goes on."""
        self.wall += seconds


def test_case_34_an_age_counts_the_time_that_the_machine_slept() -> None:
    clocks = Clocks()
    now = AwakeClock(lambda: clocks.mono, lambda: clocks.wall)
    begun = now()
    clocks.run(10)
    clocks.sleep(3600)
    assert now() - begun == 3610
    clocks.wall -= 7200  # somebody set the clock back
    clocks.run(5)
    assert now() - begun == 3615
    clocks.wall += 4  # and this is no sleep, but a clock that is being set
    assert now() - begun == 3615


@pytest.mark.parametrize(
    ("mono", "wall", "gap"),
    [(1.0, 1.0, 0.0), (1.0, 61.0, 60.0), (61.0, 61.0, 60.0), (5.9, 5.9, 0.0), (1.0, -3600.0, 0.0)],
)
def test_case_34_a_gap_is_seen_by_either_clock(mono: float, wall: float, gap: float) -> None:
    assert missed(Beat(0.0, 0.0), Beat(mono, wall), 1.0) == gap


def test_case_34_everything_is_stale_at_once_and_due_at_once() -> None:
    state = read_at(100.0)
    assert freshness(state, 101.0).is_live
    woken = reduce(state, Woke(101.0))
    found = freshness(woken, 101.0)
    assert (found.link, found.sentence) == (Link.STALE, "")
    assert why_not_now(woken, 101.0) == "the data is stale"
    assert woken.snapshot is state.snapshot
    assert all(read.tried_mono is None for read in woken.reads.values())
    # An answer to a question of before the sleep does not make it new, however late it comes.
    early = reduce(woken, Polled(DEVICES, Reading(ROWS, T0), 102.0, 100.5))
    assert freshness(early, 102.0, (DEVICES,)).link is Link.STALE
    again = reduce(woken, Polled(DEVICES, Reading(ROWS, T0), 102.0, 101.5))
    assert freshness(again, 102.0, (DEVICES,)).is_live


@pytest.mark.parametrize(("after", "is_said"), [(1.0, False), (9.9, False), (QUIET_AFTER_WAKING + 0.1, True)])
def test_case_34_the_first_failure_after_waking_is_silent(after: float, is_said: bool) -> None:
    news = LinkNews()
    state = reduce(read_at(100.0), Woke(101.0))
    for topic in (ACTIVE, DEVICES):
        state = reduce(state, PollFailed(topic, "no answer", 101.0 + after, 1.0, began=101.0))
    assert bool(freshness(state, 101.0 + after).sentence) is is_said
    assert bool(news.hear(state)) is is_said
    second = reduce(state, PollFailed(DEVICES, "no answer", 102.0 + after, 1.0, began=101.0 + after))
    assert freshness(second, 102.0 + after).sentence == "no answer", "the second one is said"


@pytest.mark.anyio
@pytest.mark.parametrize("how", ["slept", "stopped"])
async def test_case_34_a_minute_away_is_noticed_and_everything_is_read_again(how: str) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    slept, events, state = 0.0, [], ConsoleState()

    def dispatch(event: Event) -> None:
        nonlocal state
        events.append(event)
        state = reduce(state, event)

    service = FakeService(model_list=(M,))
    now = AwakeClock(loop.time, lambda: loop.time() + slept)
    poller = Poller(
        service,
        state=lambda: state,
        dispatch=dispatch,
        clock=now,
        chance=lambda: 0.5,
        wall=lambda: loop.time() + slept,
    )
    running = asyncio.create_task(poller.run())
    await asyncio.sleep(12.5)
    assert not [event for event in events if isinstance(event, Woke)]
    # One request is on its way when the lid is closed, and its answer never comes.
    service.hold["devices"] = asyncio.Event()
    await asyncio.sleep(3)
    calls = len(service.calls)
    del service.hold["devices"]
    if how == "slept":
        slept = 60.0
    else:
        loop._jump.passed += 60.0
    await asyncio.sleep(1.2)
    assert len([event for event in events if isinstance(event, Woke)]) == 1
    assert {"models", "active", "devices", "groups"} <= set(service.calls[calls:])
    assert freshness(state, now()).is_live
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
