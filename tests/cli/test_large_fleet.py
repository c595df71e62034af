"""`devices` on a fleet too large to be read whole: over real HTTP, with how much is behind the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Console
from tests.cli.drill import Drill


@pytest.fixture(scope="module")
def large() -> Iterator[Drill]:
    with Drill("fleet-100k") as drill:
        yield drill


def test_what_the_service_can_look_for_is_whole(large: Drill, console: Console) -> None:
    offline = console("devices", "--group", "eu-kiosks", "--filter", "state:offline", "--json", env=large.env)
    (listed,) = offline.objects
    assert (listed["total"], listed["is_whole"], offline.err) == (20_000, True, "")
    assert listed["read"] == len(listed["devices"]) > 100
    assert {(d["groups"][0], d["connectivity"]) for d in listed["devices"]} == {("eu-kiosks", "offline")}
    named = console("devices", "--filter", "state:offline group:EU-kiosks", "--json", env=large.env)
    assert len(named.objects[0]["devices"]) == len(listed["devices"])
    assert (named.objects[0]["total"], named.objects[0]["is_whole"]) == (100_000, True)


def test_what_only_this_side_can_look_at_is_of_what_was_read_unless_all_is_asked_for(
    large: Drill, console: Console
) -> None:
    arguments = ("devices", "--group", "eu-kiosks", "--filter", "ver:v0.9*", "--json")
    some = console(*arguments, env=large.env)
    assert some.err == "only 10,000 of 20,000 devices were read; --all reads the rest in 10 requests\n"
    (listed,) = some.objects
    assert (listed["read"], listed["is_whole"]) == (10_000, False)
    whole = console(*arguments, "--all", env=large.env)
    assert whole.err == "reading in 20 requests\n"
    assert (whole.objects[0]["read"], whole.objects[0]["is_whole"]) == (20_000, True)
    assert len(whole.objects[0]["devices"]) > len(listed["devices"]) > 0


def test_a_word_that_the_service_writes_another_way_is_looked_at_here(large: Drill, console: Console) -> None:
    found = console("devices", "--group", "lab", "--filter", "platform:Android", "--json", env=large.env)
    (listed,) = found.objects
    assert (listed["read"], listed["is_whole"]) == (2_000, True)
    assert {device["platform"] for device in listed["devices"]} == {"android"}


def test_no_such_group(large: Drill, console: Console) -> None:
    result = console("devices", "--group", "eu", env=large.env)
    assert result.code == 2
    assert "there is no group eu; there are canary, staging" in result.err


def test_a_group_of_a_small_fleet(quiet: Drill, console: Console) -> None:
    result = console("devices", "--group", "staging", "--all", "--json", env=quiet.env)
    (listed,) = result.objects
    assert (listed["total"], listed["read"], listed["is_whole"], len(listed["devices"])) == (12, 12, True, 12)
