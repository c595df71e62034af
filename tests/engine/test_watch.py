"""Following a rollback that somebody else began."""

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.api.errors import NotFoundError, ServerError
from octomil_tui.domain.affected import AffectedDevice, AffectedDevices
from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import FleetSnapshot, Installation
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.resume import devices_of
from octomil_tui.domain.rollback import Phase, Rollback
from tests.engine.fakes import BACK, BAD, GOOD, NEW, OLD, STAGING, T0, FakeService, M, device, settled
from tests.engine.test_session import session_of, shown_by

pytestmark = pytest.mark.anyio
NONE = NotFoundError("no such route")

BEGUN = replace(BACK, created_at=T0 - 100, from_version=BAD)
MOVED = device("a", GOOD, "g-1", contact=T0 - 50)
MOVED = replace(MOVED, installations={M.id: Installation(GOOD, since=T0 - 50)})
THERE = device("b", GOOD, "g-2", contact=T0 - 400)
WAITING = device("c", BAD, "g-2", contact=T0 - 200)


def serving(**fields: object) -> FakeService:
    service = FakeService(
        device_list=(MOVED, THERE, WAITING), rollout_list=(BEGUN, NEW, OLD), active=(BEGUN,)
    )
    for name, value in fields.items():
        setattr(service, name, value)
    return service


def classes(rollback: Rollback) -> dict[str, PlanClass]:
    assert rollback.watch is not None
    return {key: track.plan_class for key, track in rollback.watch.tracks.items()}


def stages(rollback: Rollback) -> dict[str, Stage]:
    assert rollback.watch is not None
    return {key: track.stage for key, track in rollback.watch.tracks.items()}


async def test_without_a_list_of_what_moves_the_devices_tell() -> None:
    service = serving()
    rollback = await session_of(service).watch(M.id, BEGUN)
    assert (rollback.phase, rollback.rollout_id, rollback.sent_at) == (Phase.ROLLING_BACK, "4131", T0 - 100)
    assert classes(rollback) == {"a": PlanClass.CHANGE, "b": PlanClass.NO_OP, "c": PlanClass.CHANGE}
    assert stages(rollback) == {"a": Stage.VERIFIED, "b": Stage.SETTLED, "c": Stage.WAITING}
    assert rollback.plan is None
    assert rollback.key is None
    assert service.posts == []


async def test_the_service_s_list_of_what_moves_is_believed() -> None:
    moved = {"b": AffectedDevice("b", "b", from_version="0.9.0"), "c": AffectedDevice("c", "c")}
    rollback = await session_of(serving(affected=AffectedDevices(moved))).watch(M.id, BEGUN)
    assert classes(rollback) == {"a": PlanClass.CHANGE, "b": PlanClass.UP, "c": PlanClass.CHANGE}


async def test_what_the_polls_bring_moves_it_on() -> None:
    service = serving()
    session = session_of(service)
    await session.watch(M.id, BEGUN)
    task = asyncio.create_task(session.run())
    service.at = T0 + 900
    service.device_list = tuple(
        replace(d, last_contact_at=T0 + 800, installations={M.id: Installation(GOOD, since=T0 - 50)})
        for d in (MOVED, THERE, WAITING)
    )
    session.refresh()
    await settled(lambda: session.state.rollbacks[M.id].phase is Phase.COMPLETE)
    task.cancel()


async def test_one_group_is_watched_alone() -> None:
    for group in ("staging", "g-1"):
        rollback = await session_of(serving()).watch(M.id, replace(BEGUN, group=group))
        assert set(classes(rollback)) == {"a"}


async def test_members_are_read_where_rows_name_no_groups() -> None:
    bare = tuple(replace(d, groups=()) for d in (MOVED, THERE, WAITING))
    service = serving(device_list=bare, members={"g-1": (MOVED,)})
    rollback = await session_of(service).watch(M.id, replace(BEGUN, group="staging"))
    assert set(classes(rollback)) == {"a"}
    service = serving(device_list=bare)
    with pytest.raises(NotFoundError):
        await session_of(service).watch(M.id, replace(BEGUN, group="staging"))


async def test_a_service_without_lists_of_models_and_groups_can_be_watched() -> None:
    service = serving(model_list=NONE, group_list=NONE)
    rollback = await session_of(service).watch(M.id, BEGUN)
    assert len(classes(rollback)) == 3
    assert service.asked_for == [(M.id,)], "rows that name no model are of the one that was named"


async def test_models_are_read_first_and_once() -> None:
    service = serving()
    session = session_of(service)
    await session.watch(M.id, BEGUN)
    assert service.asked_for == [("m-1", "m-2")]
    await session.watch("m-2", replace(BEGUN, id="1", model_id="m-2"))
    assert service.counted["models"] == 1


@pytest.mark.parametrize("field", ["model_list", "group_list", "device_list", "rollout_list", "version_list"])
async def test_what_it_rests_on_must_be_read(field: str) -> None:
    session = session_of(serving(**{field: ServerError("503")}))
    with pytest.raises(ServerError):
        await session.watch(M.id, BEGUN)
    assert session.state.rollbacks == {}


async def test_without_a_clock_of_the_service_it_is_watched_too() -> None:
    assert stages(await session_of(serving(at=None)).watch(M.id, BEGUN))["c"] is Stage.WAITING


async def test_a_rollback_that_is_watched_already_keeps_what_was_seen() -> None:
    service = serving()
    session = session_of(service)
    one = await session.watch(M.id, BEGUN)
    calls = len(service.calls)
    assert await session.watch(M.id, BEGUN) is one
    assert len(service.calls) == calls
    other = await session.watch(M.id, replace(BEGUN, id="4140"))
    assert other.rollout_id == "4140"


async def test_two_watches_at_once_are_one() -> None:
    session = session_of(serving())
    one, two = await asyncio.gather(session.watch(M.id, BEGUN), session.watch(M.id, BEGUN))
    assert one is two


async def test_the_own_rollback_stays_the_own() -> None:
    service = FakeService()
    session = session_of(service)
    own = await session.roll_back(await shown_by(session), None)
    assert await session.watch(M.id, replace(BACK, id="4131")) is own
    assert own.plan is not None


def test_the_devices_of_a_rollout() -> None:
    rows = (MOVED, replace(THERE, groups=("g-9",)))
    snapshot = FleetSnapshot(groups=(STAGING,), devices=rows)
    assert devices_of(BEGUN, snapshot) == rows
    assert devices_of(replace(BEGUN, group="staging"), snapshot) == (MOVED,)
    assert devices_of(replace(BEGUN, group="g-9"), snapshot) == rows[1:], "a group that is not listed"
    assert devices_of(BEGUN, FleetSnapshot()) == ()
