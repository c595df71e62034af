"""What holds of a crowd at any moment: its counts are those of its devices, and its rollbacks move their scope."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.crowd.naming import Naming, Stretch
from octomil_tui.sim.device import Connectivity, Device
from octomil_tui.sim.query import Query
from octomil_tui.sim.rollout import Rollout, Status
from octomil_tui.sim.rollout_views import affected_devices, rollout_item
from octomil_tui.sim.scenarios.blueprint import Calendar
from octomil_tui.sim.scenarios.large import build_sized
from octomil_tui.sim.scenarios.large_catalog import PHI
from octomil_tui.sim.service import RollbackOrder
from octomil_tui.sim.world import World
from tests.sim import twin
from tests.sim.twin import STARTS

SIZE = 3000
PAGE = 1000


class Some:
    """A crowd of 3,000 whose clock stands."""

    def __init__(self, seed: int = 0) -> None:
        self.clock = ManualClock(STARTS)
        setting = build_sized(Calendar(STARTS), seed, lambda row: max(6, row.sizes[0] * SIZE // 100_000))
        self.world: World = twin.beside_an_empty_fleet(setting, self.clock)

    def wait(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)
        self.world.advance()

    def roll_back(self, version: str, group: str | None = None) -> Rollout:
        return self.world.service.rollback("phi-4-mini", RollbackOrder(version, group=group))[0]

    def devices(self, query: Query | None = None) -> list[tuple[str, str | None, Device]]:
        """Return group, version of phi-4-mini and the rest of each device, by walking all of them."""
        query = query or Query()
        found: list[tuple[str, str | None, Device]] = []
        total = self.world.population.list(query, 1, 0).total
        for offset in range(0, total, PAGE):
            devices = self.world.population.list(query, PAGE, offset).devices
            found += [(device.groups[0], device.installs[PHI].active, device) for device in devices]
        assert len(found) == total == len({device.id for _, _, device in found})
        return found


def check(some: Some, rollout: Rollout) -> None:
    """Compare the counts with the devices, one by one."""
    now = some.clock.now()
    rows = [row for offset in range(0, SIZE + PAGE, PAGE) for row in rollout.page(PAGE, offset)]
    said = affected_devices(rollout, now, limit=1, offset=0)
    item = rollout_item(rollout, some.world.catalog.models[PHI])
    installs = [rollout.install(row.device) for row in rows]
    assert said["total"] == len(rows) == item["affected_devices"] == len({row.device.id for row in rows})
    for name, counted in (
        ("by_version", Counter(install.active for install in installs)),
        ("by_status", Counter(install.status for install in installs)),
        ("by_connectivity", Counter(row.device.connectivity(now).value for row in rows)),
    ):
        assert said[name] == dict(counted)
        assert sum(said[name].values()) == said["total"]
    assert said["settled"] == sum(row.settled_at is not None for row in rows)
    waiting = [row for row in rows if row.settled_at is None and row.device.reachable(now)]
    assert said["waiting_for"] == len(waiting)
    groups = Counter(row.device.groups[0] for row in rows)
    assert {name: row["total"] for name, row in said["by_group"].items()} == groups
    everybody = some.devices()
    scope = [active for group, active, _ in everybody if rollout.group in {None, group}]
    assert (item["total_devices"], item["on_version"]) == (len(scope), scope.count(rollout.version))
    if rollout.status is Status.ROLLING_BACK:
        assert item["rollout_percentage"] == 100 * scope.count(rollout.version) // len(scope)
    for word in ("online", "stale", "offline", "revoked"):
        known = [device for _, _, device in everybody if device.connectivity(now).value == word]
        assert some.world.population.list(Query(status=word), 1, 0).total == len(known)


@pytest.mark.parametrize(("target", "group"), [("1.0.0", None), ("0.9.0", "eu-kiosks")])
def test_the_counts_are_those_of_the_devices_at_every_moment(target: str, group: str | None) -> None:
    some = Some()
    check(some, some.world.ledger.rollouts[4127])
    some.wait(50.3)
    rollback = some.roll_back(target, group)
    for seconds in (46.0, 311.7, 2400.0):
        some.wait(seconds)
        check(some, rollback)
    check(some, some.world.ledger.rollouts[4127])


def test_a_rollback_of_a_group_moves_its_members_and_nobody_else() -> None:
    some = Some()
    some.wait(3600.0)
    before = {device.id: (active, device.installs[PHI].desired) for _, active, device in some.devices()}
    rollback = some.roll_back("1.0.0", "us-kiosks")
    members = {device.id for group, _, device in some.devices() if group == "us-kiosks"}
    assert rollback.affected == len(members) == 960
    assert {row.device.id for row in rollback.page(PAGE, 0)} == members
    some.wait(2 * 3600.0)
    for group, active, device in some.devices():
        if group == "us-kiosks":
            assert device.installs[PHI].desired == "1.0.0"
        else:
            # Nobody who was on the way to the version that was cancelled goes on.
            assert device.installs[PHI].desired == active
        if before[device.id][0] != active:
            assert group == "us-kiosks" or before[device.id][1] == active


def test_a_rollback_of_the_fleet_ends_with_everybody_who_can_be_reached_on_the_target() -> None:
    some, again = Some(seed=4), Some(seed=4)
    rollback, same = some.roll_back("1.0.0"), again.roll_back("1.0.0")
    size = some.world.population.count(PHI)
    assert (rollback.affected, some.world.ledger.rollouts[4127].status) == (size, Status.CANCELLED)
    some.wait(3600.0)
    completed_at = rollback.completed_at
    assert completed_at is not None
    assert [change.status for change in rollback.history[1:]] == [Status.ROLLING_BACK, Status.COMPLETED]
    for before, status in ((0.01, Status.ROLLING_BACK), (0.0, Status.COMPLETED)):
        again.wait(completed_at - before - again.clock.now())
        waited_for = [row for row in same.page(SIZE, 0) if row.device.reachable(again.clock.now())]
        assert same.status is status
        assert all(row.settled_at for row in waited_for) is (status is Status.COMPLETED)
    some.wait(4 * 3600.0)
    online = [(active, device) for _, active, device in some.devices(Query(status="online"))]
    assert len(online) > 0.9 * size
    assert {active for active, _ in online} == {"1.0.0"}
    assert sum(row.bounced for row in rollback.page(SIZE, 0)) >= 3


def test_the_seed_says_who_does_what() -> None:
    pictures = []
    for seed in (0, 0, 1):
        some = Some(seed)
        some.roll_back("1.0.0")
        some.wait(200.0)
        found = some.devices(Query(group="handhelds"))
        pictures.append([(device.id, active, device.last_contact) for _, active, device in found])
    assert pictures[0] == pictures[1] != pictures[2]


def test_the_answer_does_not_depend_on_when_somebody_looked() -> None:
    looked, slept = Some(), Some()
    for some in (looked, slept):
        some.wait(10.0)
        some.roll_back("1.0.0")
    for _ in range(40):
        looked.wait(50.0)
        looked.devices(Query(group="staging"))
    slept.wait(2000.0)
    assert looked.devices() == slept.devices()
    assert looked.world.ledger.rollouts[4131].history == slept.world.ledger.rollouts[4131].history


def test_somebody_of_every_kind_is_there() -> None:
    some = Some()
    states = Counter(device.connectivity(STARTS) for _, _, device in some.devices())
    assert min(states[word] for word in Connectivity) > 0
    assert {active for _, active, _ in some.devices()} == {"0.9.0", "1.0.0", "2.0.0"}
    some.roll_back("1.0.0")
    some.wait(400.0)
    statuses = Counter(device.installs[PHI].status for _, _, device in some.devices())
    assert min(statuses[word] for word in ("active", "downloading", "ready", "loading")) > 0


NAMING = Naming(
    (Stretch("a", "can-", 0, 20), Stretch("b", "k2-eu-", 20, 400), Stretch("c", "us-", 400, 1234))
)
NAMES = [NAMING.identifier(place, NAMING.stretch(place).prefix) for place in range(NAMING.size)]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_names_are_searched_by_arithmetic_as_if_they_had_been_read(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    begin = data.draw(st.integers(0, len(name) - 1))
    part = name[begin : data.draw(st.integers(begin, len(name)))]
    text = data.draw(st.sampled_from([part, part.upper(), part.replace("1", "7"), part[::-1], "٣"]))
    assert [fits == 1 for fits in NAMING.search(text)] == [text.lower() in name for name in NAMES]


def test_a_device_is_found_by_its_id_and_by_its_name() -> None:
    for place, name in enumerate(NAMES):
        assert NAMING.find(name) == NAMING.find(NAMING.id(place)) == place
    for stranger in ("can-0021", "us-0001", "can-1", "dev_000000000000", "dev_x", "", "us-9999", "0001"):
        assert NAMING.find(stranger) is None


def test_pages_put_together_are_the_whole_list() -> None:
    some, dice = Some(), Random(1)
    for query in (
        Query(),
        Query(platform="linux"),
        Query(status="online", group="handhelds"),
        Query(search="7", status="stale"),
        Query(model_id="mdl_stock_shelf", search="hand-"),
    ):
        everybody = [device.id for _, _, device in some.devices(query)]
        assert everybody
        assert [d.id for _, _, d in some.devices() if query.fits(d, STARTS)] == everybody
        for _ in range(5):
            offset, limit = dice.randrange(len(everybody) + 5), dice.randrange(1, 60)
            page = some.world.population.list(query, limit, offset)
            assert [device.id for device in page.devices] == everybody[offset : offset + limit]
            assert page.total == len(everybody)
