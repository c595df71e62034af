"""Devices and groups, matched by ids, by names, and by lists of members."""

from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import DEVICES, GROUPS, Kind, Topic
from tests.engine.fakes import CANARY, STAGING, device, polled

GROUPS_READ = (STAGING, CANARY)


def test_rows_may_name_a_group_by_id_or_by_name() -> None:
    devices, groups = assemble([device("a", "1", "staging"), device("b", "1", "g-2", "g-1")], GROUPS_READ, {})
    assert [d.groups for d in devices] == [("g-1",), ("g-1", "g-2")], "in the order of the service's groups"
    assert [g.members for g in groups] == [frozenset("ab"), frozenset("b")]


def test_an_id_goes_before_the_same_name() -> None:
    named = (STAGING, type(STAGING)("g-9", "g-1"))
    devices, _ = assemble([device("a", "1", "g-1")], named, {})
    assert devices[0].groups == ("g-1",)


def test_a_group_that_is_not_listed_stays_as_it_was_named() -> None:
    devices, groups = assemble([device("a", "1", "gone", "canary")], GROUPS_READ, {})
    assert devices[0].groups == ("g-2", "gone")
    assert groups[0].members == frozenset()


def test_members_that_were_read_win_over_rows() -> None:
    members = {"g-1": frozenset({"b"}), "elsewhere": frozenset({"a"})}
    devices, groups = assemble([device("a", "1", "staging"), device("b", "1", "g-2")], GROUPS_READ, members)
    assert [d.groups for d in devices] == [(), ("g-1", "g-2")]
    assert [g.members for g in groups] == [frozenset("b"), frozenset("b")]


def test_without_rows_and_members_nothing_is_claimed() -> None:
    devices, groups = assemble([device("a")], GROUPS_READ, {})
    assert [g.members for g in groups] == [None, None]
    assert devices[0].groups == ()


def test_a_device_that_fits_already_is_the_same_object() -> None:
    one = device("a", "1", "g-1")
    assert assemble([one], GROUPS_READ, {})[0][0] is one


def test_the_state_matches_whatever_comes_first() -> None:
    devices = (device("a", "1", "staging"),)
    one = polled(polled(ConsoleState(), DEVICES, devices), GROUPS, GROUPS_READ)
    other = polled(polled(ConsoleState(), GROUPS, GROUPS_READ), DEVICES, devices)
    assert one.snapshot.devices == other.snapshot.devices
    assert one.snapshot.groups == other.snapshot.groups
    assert one.raw_devices == devices
    assert one.raw_groups == GROUPS_READ


def test_what_was_not_read_stays_unknown() -> None:
    assert polled(ConsoleState(), GROUPS, GROUPS_READ).snapshot.devices is None
    assert polled(ConsoleState(), DEVICES, (device("a"),)).snapshot.groups is None


def test_the_state_takes_members_by_group() -> None:
    state = polled(polled(ConsoleState(), DEVICES, (device("a"), device("b"))), GROUPS, GROUPS_READ)
    state = polled(state, Topic(Kind.MEMBERS, "g-1"), (device("a"),))
    state = polled(state, Topic(Kind.MEMBERS, "g-2"), ())
    assert [d.groups for d in state.snapshot.devices or ()] == [("g-1",), ()]
    assert [g.members for g in state.snapshot.groups or ()] == [frozenset("a"), frozenset()]


def test_members_are_old_once_rows_name_groups() -> None:
    state = polled(polled(ConsoleState(), DEVICES, (device("a"),)), GROUPS, GROUPS_READ)
    state = polled(state, Topic(Kind.MEMBERS, "g-1"), ())
    state = polled(state, DEVICES, (device("a", "1", "g-1"),))
    assert [g.members for g in state.snapshot.groups or ()] == [frozenset("a"), frozenset()]
