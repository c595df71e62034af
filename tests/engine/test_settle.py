"""A lost answer is looked for in the service's records."""

import asyncio

import pytest

from octomil_tui.api.errors import OctomilError, ServerError, UnknownOutcomeError
from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.rollback import Phase
from tests.engine.fakes import BACK, BAD, GOOD, NEW, OLD, T0, FakeService, M, rollout, settled
from tests.engine.stories import ONLY_STAGING, rollback_of
from tests.engine.test_send import Sender

pytestmark = pytest.mark.anyio

LOST = UnknownOutcomeError("no answer from host")
DOWN = ServerError("host answered with status 503")
LOOKS = [1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 5.0]


def losing(*script: tuple[Rollout, ...] | Exception, then: tuple[Rollout, ...] | Exception = ()) -> Sender:
    return Sender(FakeService(receipt=LOST, rollout_script=list(script), rollout_list=then))


async def test_it_looks_for_a_minute_and_then_says_what_the_records_say() -> None:
    sender = losing(then=(NEW, OLD))
    rollback = await sender.send()
    assert rollback.phase is Phase.NOT_FOUND
    assert sender.clock.slept == LOOKS
    assert sum(sender.clock.slept) == 60.0
    assert sender.service.calls == [f"rollouts {M.id}"] * len(LOOKS)
    assert len(sender.service.posts) == 1
    assert sender.log[-1] == "GET rollouts: 4127 active at 40%, nothing new"


async def test_it_is_found_when_the_records_show_it() -> None:
    sender = losing((NEW, OLD), (OLD,), then=(BACK, OLD))
    rollback = await sender.send()
    assert sender.names == ["Sent", "Lost", "Found"]
    assert (rollback.phase, rollback.rollout_id) == (Phase.ROLLING_BACK, "4131")
    assert sender.clock.slept == LOOKS[:3]
    assert rollback.watch is not None
    assert rollback.watch.started_at == BACK.created_at
    assert len(sender.service.posts) == 1
    assert sender.log[-3:] == [
        "GET rollouts: 4127 active at 40%, nothing new",
        "GET rollouts: nothing new",
        "GET rollouts: 4131 goes to v1.0.0, rolling_back",
    ]


async def test_errors_while_looking_are_noted_and_survived() -> None:
    sender = losing(DOWN, ValueError("bug"), OctomilError("odd"), then=(BACK,))
    rollback = await sender.send()
    assert rollback.phase is Phase.ROLLING_BACK
    assert sender.log[2:5] == [
        "GET rollouts: host answered with status 503",
        "GET rollouts: this console could not use the answer (ValueError)",
        "GET rollouts: odd",
    ]


async def test_records_that_cannot_be_read_prove_nothing() -> None:
    sender = losing(then=DOWN)
    rollback = await sender.send()
    assert sender.names == ["Sent", "Lost"]
    assert (rollback.phase, rollback.sentence) == (Phase.UNCONFIRMED, LOST.message)
    assert sender.clock.slept == LOOKS
    assert len(sender.service.posts) == 1


@pytest.mark.parametrize(
    ("last", "phase"),
    [
        ((DOWN, ()), Phase.UNCONFIRMED),
        (((), DOWN), Phase.UNCONFIRMED),
        (((), ()), Phase.NOT_FOUND),
    ],
)
async def test_the_last_two_looks_must_agree(
    last: tuple[tuple[Rollout, ...] | Exception, ...], phase: Phase
) -> None:
    early: list[tuple[Rollout, ...] | Exception] = [DOWN] * 8
    rollback = await losing(*early, *last, then=ValueError("one look too many")).send()
    assert rollback.phase is phase


@pytest.mark.parametrize(
    "record",
    [
        OLD,
        NEW,
        rollout("4131", BAD, RolloutState.ROLLING_BACK, created_at=T0 + 1),
        rollout("4131", GOOD, RolloutState.PENDING, created_at=T0 + 1),
        rollout("4131", GOOD, RolloutState.ROLLING_BACK, created_at=T0 + 1, group="canary"),
        rollout("4001", GOOD),
        rollout("4127", GOOD, RolloutState.ACTIVE),
    ],
    ids=["before", "running", "version", "pending", "group", "timeless and over", "timeless and older"],
)
async def test_another_rollout_is_not_it(record: Rollout) -> None:
    assert (await losing(then=(record,)).send()).phase is Phase.NOT_FOUND


async def test_a_record_without_a_time_that_runs_now_is_it() -> None:
    record = rollout("4131", GOOD, RolloutState.ROLLING_BACK)
    assert (await losing(then=(record, NEW)).send()).rollout_id == "4131"


async def test_the_group_may_be_recorded_by_id_or_name() -> None:
    for group in (ONLY_STAGING.group_id, ONLY_STAGING.group_name):
        record = rollout("4131", GOOD, RolloutState.ROLLING_BACK, created_at=T0, group=group)
        service = FakeService(receipt=LOST, rollout_list=(record,))
        found = await Sender(service, rollback_of(scope=ONLY_STAGING)).send()
        assert found.rollout_id == "4131"


async def test_a_running_rollout_without_a_share_is_told_without_one() -> None:
    running = rollout("4127", BAD, RolloutState.PAUSED, created_at=T0 - 9)
    sender = losing(then=(running,))
    await sender.send()
    assert sender.log[-1] == "GET rollouts: 4127 paused, nothing new"


async def test_a_cancellation_while_looking_leaves_it_unconfirmed() -> None:
    sender = losing(then=(OLD,))
    sender.service.hold[f"rollouts {M.id}"] = asyncio.Event()
    task = asyncio.create_task(sender.send())
    await settled(lambda: bool(sender.service.calls))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sender.rollback.phase is Phase.UNCONFIRMED
    assert len(sender.service.posts) == 1
