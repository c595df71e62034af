"""The reads before a rollback, and the plan that follows."""

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.api.errors import NotFoundError, OctomilError, ServerError
from octomil_tui.domain.beginning import planned
from octomil_tui.domain.check import Stop, stops
from octomil_tui.domain.fleet import Device, DeviceGroup, Model
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.engine.preflight import NoTargetError, UnknownNameError, find_group, find_model, preflight
from tests.engine.fakes import BAD, CANARY, GOOD, OTHER, STAGING, T0, VERSIONS, FakeService, M, device

pytestmark = pytest.mark.anyio
DOWN = ServerError("host answered with status 503")


async def test_it_reads_what_a_fleet_wide_plan_rests_on_once() -> None:
    service = FakeService()
    found = await preflight(service, M.id, GOOD, None)
    assert service.counted == {
        "models": 1,
        f"versions {M.id}": 1,
        f"rollouts {M.id}": 1,
        "groups": 1,
        "devices": 1,
    }
    assert (found.model, found.plan.scope, found.plan.to_version) == (M, FLEET, GOOD)
    assert found.plan.from_version == BAD
    assert [d.plan_class for d in found.plan.devices] == [PlanClass.CHANGE, PlanClass.NO_OP]
    assert found.server_at == found.snapshot.at == T0
    assert found.devices_sentence == ""
    assert stops(found.checks) == ()


async def test_every_call_reads_again() -> None:
    service = FakeService()
    one = await preflight(service, M.id, GOOD, None)
    service.device_list = (device("a", GOOD, "g-1"), device("b", GOOD, "g-2"))
    two = await preflight(service, M.id, GOOD, None)
    assert one.plan.digest != two.plan.digest
    assert service.counted["devices"] == 2


@pytest.mark.parametrize("name", ["m-1", "phi-4-mini"])
async def test_a_model_is_named_by_id_or_name_and_its_id_is_sent(name: str) -> None:
    service = FakeService()
    assert (await preflight(service, name, GOOD, None)).model is M
    assert f"rollouts {M.id}" in service.calls


@pytest.mark.parametrize("name", ["g-1", "staging"])
async def test_a_group_is_named_by_id_or_name(name: str) -> None:
    service = FakeService(members={"g-1": (device("a"),)})
    found = await preflight(service, M.id, GOOD, name)
    assert found.plan.scope == Scope("g-1", "staging")
    assert [d.id for d in found.plan.devices] == ["a"]


async def test_an_unknown_model_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"^no model is called phi; there are: phi-4-mini, whisper$"):
        await preflight(FakeService(), "phi", GOOD, None)
    with pytest.raises(UnknownNameError, match=r"^no model is called \\x1bc; there are: none$"):
        find_model((), "\x1bc")


async def test_at_most_eight_names_are_listed() -> None:
    many = tuple(Model(f"m{n}", f"model{n}") for n in range(20))
    with pytest.raises(UnknownNameError) as raised:
        find_model(many, "x")
    assert str(raised.value).count("model") == 9


async def test_an_unknown_group_is_named_with_those_there_are() -> None:
    service = FakeService()
    with pytest.raises(UnknownNameError, match=r"^no device group is called eu; there are: staging, canary$"):
        await preflight(service, M.id, GOOD, "eu")
    with pytest.raises(UnknownNameError, match="there are: none"):
        await preflight(replace(service, group_list=()), M.id, GOOD, "eu")


async def test_of_two_groups_the_one_of_that_name_is_meant() -> None:
    twisted = (DeviceGroup("canary", "odd"), CANARY)
    assert find_group(twisted, "canary") is CANARY


async def test_a_service_without_a_list_of_models_takes_the_name() -> None:
    service = FakeService(model_list=NotFoundError("no such route"))
    found = await preflight(service, M.id, GOOD, None)
    assert found.model == Model(M.id, M.id)
    assert found.snapshot.models == (found.model,)
    assert service.asked_for == [(M.id,)]


async def test_devices_are_asked_for_with_every_model_of_the_service() -> None:
    service = FakeService()
    await preflight(service, M.id, GOOD, None)
    assert service.asked_for == [(M.id, OTHER.id)], "with one name a row of another model would count as its"


@pytest.mark.parametrize("error", [DOWN, OctomilError("odd")])
async def test_a_list_of_models_that_fails_is_no_plan(error: OctomilError) -> None:
    with pytest.raises(type(error), match=error.message):
        await preflight(FakeService(model_list=error), M.id, GOOD, None)


async def test_members_win_over_rows() -> None:
    service = FakeService(members={"g-1": (device("b"),)})
    found = await preflight(service, M.id, GOOD, "staging")
    assert [d.id for d in found.plan.devices] == ["b"]
    assert found.snapshot.devices is not None
    assert {d.id: d.groups for d in found.snapshot.devices} == {"a": (), "b": ("g-1", "g-2")}


async def test_an_empty_group_stops_the_plan() -> None:
    found = await preflight(FakeService(members={"g-1": ()}), M.id, GOOD, "staging")
    assert [check.stop for check in stops(found.checks)] == [Stop.EMPTY]


async def test_without_a_members_route_the_rows_count() -> None:
    found = await preflight(FakeService(), M.id, GOOD, "staging")
    assert [d.id for d in found.plan.devices] == ["a"]


async def test_without_members_and_rows_nobody_knows_the_group() -> None:
    service = FakeService(device_list=(device("a"), device("b")))
    with pytest.raises(NotFoundError):
        await preflight(service, M.id, GOOD, "staging")
    with pytest.raises(NotFoundError):
        await preflight(replace(service, device_list=DOWN), M.id, GOOD, "staging")


async def test_members_that_cannot_be_read_are_no_plan() -> None:
    with pytest.raises(ServerError):
        await preflight(FakeService(members={"g-1": DOWN}), M.id, GOOD, "staging")


async def test_unreadable_devices_are_counted_as_unknown_and_said() -> None:
    found = await preflight(FakeService(device_list=DOWN), M.id, GOOD, None)
    assert found.devices_sentence == DOWN.message
    assert found.snapshot.devices is None
    assert not found.plan.devices_known
    assert found.plan.total.count(PlanClass.UNKNOWN) == M.device_count == 3


async def test_unreadable_devices_of_a_group_are_counted_by_its_members() -> None:
    members: tuple[Device, ...] = (device("a"), device("x"))
    found = await preflight(FakeService(device_list=DOWN, members={"g-1": members}), M.id, GOOD, "staging")
    assert found.snapshot.devices is None
    assert found.plan.total.count(PlanClass.UNKNOWN) == 2


@pytest.mark.parametrize(
    "service", [FakeService(version_list=DOWN), FakeService(rollout_list=DOWN)], ids=["versions", "rollouts"]
)
async def test_versions_and_rollouts_must_be_read(service: FakeService) -> None:
    with pytest.raises(ServerError, match="503"):
        await preflight(service, M.id, GOOD, None)
    assert service.under_way.total() == 0


async def test_groups_must_be_read_for_one_group_only() -> None:
    service = FakeService(group_list=DOWN)
    found = await preflight(service, M.id, GOOD, None)
    assert found.snapshot.groups is None
    with pytest.raises(ServerError, match="503"):
        await preflight(service, M.id, GOOD, "staging")


async def test_without_a_version_one_is_proposed() -> None:
    found = await preflight(FakeService(), M.id, None, None)
    assert found.plan.to_version == GOOD


async def test_where_none_can_be_proposed_one_must_be_named() -> None:
    service = FakeService(version_list=VERSIONS[:1])
    with pytest.raises(NoTargetError, match="no version of phi-4-mini can be proposed as a target; name one"):
        await preflight(service, M.id, None, None)


async def test_without_a_clock_there_is_none() -> None:
    assert (await preflight(FakeService(at=None), M.id, GOOD, None)).server_at is None


async def test_a_cancellation_ends_the_reads() -> None:
    service = FakeService(hold={"devices": asyncio.Event(), "groups": asyncio.Event()})
    task = asyncio.create_task(preflight(service, M.id, GOOD, "staging"))
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert service.under_way.total() == 0
    assert STAGING.id not in str(service.calls)


LARGE = replace(M, device_count=100_000)


def large(**fields: object) -> FakeService:
    """Return a service with more devices than are read whole, three of them in a group that is read."""
    group = replace(STAGING, device_count=4)
    rows = (device("x", BAD, "g-1"), device("y", GOOD, "g-1"), device("z", BAD, "g-1", "g-2"))
    given = {"members": {"g-1": rows}, "total": 100_000, **fields}
    return FakeService(model_list=(LARGE, OTHER), group_list=(group, CANARY), **given)  # type: ignore[arg-type] # by name


async def test_a_group_of_a_fleet_too_large_to_read_is_read_by_itself() -> None:
    service = large()
    plan = (await preflight(service, M.id, GOOD, "staging")).plan
    assert "devices" not in service.counted
    assert [d.id for d in plan.devices] == ["x", "y", "z"]
    # The fourth is in the service's count alone: it is in the total, so that no reply seems to go wider.
    assert (plan.total.devices, plan.uncounted, plan.fleet_size) == (4, 1, 100_000)
    assert sum(plan.total.by_class.values()) == sum(row.devices for row in plan.rows) == 4
    assert plan.moves == 3


@pytest.mark.parametrize(
    "members",
    [{}, {"g-1": (replace(device("a"), installations={}), replace(device("x"), installations={}))}],
    ids=["no route", "bare rows"],
)
async def test_members_that_say_no_version_are_looked_for_among_the_devices(
    members: dict[str, tuple[Device, ...]],
) -> None:
    service = large(members=members)
    plan = (await preflight(service, M.id, GOOD, "staging")).plan
    assert service.counted["devices"] == 1
    assert [d.id for d in plan.devices] == ["a"]
    assert (plan.total.devices, plan.uncounted) == (4, 3)


async def test_the_whole_of_a_large_fleet_is_planned_with_what_was_not_counted() -> None:
    plan = (await preflight(large(), M.id, GOOD, None)).plan
    assert (len(plan.devices), plan.uncounted, plan.total.devices) == (2, 99_998, 100_000)
    assert plan.total.count(PlanClass.UNKNOWN) == 99_998
    assert not plan.changes_nothing


async def test_devices_around_a_group_that_was_read_alone_are_those_that_the_polls_know() -> None:
    found = await preflight(large(), M.id, GOOD, "staging")
    inside, unread = device("x", BAD, "g-1", wanted=BAD), device("m", BAD, "g-1", wanted=BAD)
    known = found.known_devices((device("o", BAD, "g-2", wanted=BAD), inside, unread))
    assert [d.id for d in known] == ["o", "x", "m", "y", "z"]
    # A member beyond those that were read will move, as was asked for; only others would be a sign of too much.
    assert dict(planned(found.plan, None, "key", known).wanted_outside) == {"o": BAD}


async def test_of_a_fleet_that_was_read_whole_nothing_older_counts() -> None:
    found = await preflight(FakeService(members={"g-1": (device("a"),)}), M.id, GOOD, "staging")
    assert [d.id for d in found.known_devices((device("gone", BAD),))] == ["a", "b"]


async def test_what_was_read_before_is_read_again_at_once() -> None:
    service = FakeService()
    before = await preflight(service, M.id, GOOD, None)
    service.calls.clear()
    service.hold["models"] = asyncio.Event()
    again = asyncio.create_task(preflight(service, M.id, GOOD, None, before))
    await asyncio.sleep(0.05)
    assert len(service.counted) == 5, "nothing waits for the list of models"
    service.hold["models"].set()
    assert (await again).plan.digest == before.plan.digest
    assert set(service.counted.values()) == {1}


async def test_another_list_of_models_is_read_with_what_hangs_on_it() -> None:
    service = FakeService()
    before = await preflight(service, M.id, GOOD, None)
    service.model_list = (M,)
    service.asked_for.clear()
    await preflight(service, M.id, GOOD, None, before)
    assert service.asked_for == [(M.id, OTHER.id), (M.id,)]


async def test_a_list_of_models_that_fails_the_second_time_is_no_plan() -> None:
    service = FakeService()
    before = await preflight(service, M.id, GOOD, None)
    service.model_list = service.version_list = DOWN
    tasks = asyncio.all_tasks()
    service.hold["devices"] = asyncio.Event()
    with pytest.raises(ServerError):
        await preflight(service, M.id, GOOD, None, before)
    assert asyncio.all_tasks() == tasks, "nothing is still being read"
