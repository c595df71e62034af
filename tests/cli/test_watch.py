"""Watching without a screen: what is said, when it ends, and with which status."""

from __future__ import annotations

import re

import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import NotFoundError, UnreachableError
from tests.cli.conftest import Console
from tests.cli.drill import Drill

FLEET = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini")


def test_a_rollback_that_is_watched_to_its_end(console: Console) -> None:
    with Drill("brief", speed=400) as drill:
        result = console(*FLEET, "--watch", "--json", env=drill.env)
        assert result.code == 0
        events = [entry["event"] for entry in result.objects]
        assert (events[0], events[-1]) == ("accepted", "verdict")
        assert set(events[1:-1]) == {"progress"}
        verdict = result.verdict
        assert (verdict["verdict"], verdict["whole"]["settled"]) == ("complete", 124)
        assert all(
            sum(entry["change"][stage] for stage in ("verified", "waiting", "on_the_way")) == 50
            for entry in result.objects[1:-1]
        )


def test_the_lines_for_people(night: Drill, console: Console) -> None:
    console(*FLEET, env=night.env)
    night.at(187)
    late = console("watch", "4131", "--timeout", "1s", env=night.env)
    assert late.code == 4
    assert len(late.lines) == 1
    assert late.lines[0].split(". ")[0].endswith("of 50 verified")
    assert "4 offline." in late.lines[0]
    assert late.err == f"octomil-console: still running: {late.lines[0]} It goes on.\n"


def test_the_ends_of_the_night(night: Drill, console: Console) -> None:
    console(*FLEET, env=night.env)
    for seconds in range(300, 1_501, 300):
        night.at(seconds)
    done = console("watch", env=night.env)
    if done.code == 2:  # the service calls it completed by now, and nothing runs
        done = console("watch", "phi-4-mini", env=night.env)
    assert done.code == 6
    assert "DONE: 46 of 46 reachable devices settled on v1.0.0. 4 offline." in done.err
    assert console("watch", "4131", "--offline-ok", env=night.env).code == 0
    assert console("watch", "4131", "--offline-ok", "5", env=night.env).code == 0
    assert console("watch", "4131", "--offline-ok", "3", env=night.env).code == 6
    more = console("watch", "4131", "--until", "complete", "--timeout", "1s", "--json", env=night.env)
    assert (more.code, more.verdict["verdict"]) == (4, "running")
    plain = console("watch", "4131", "--json", "--plain", "--offline-ok", env=night.env)
    assert " DONE: 46 of 46" in plain.lines[-1]
    # The first sentence waits for the first answers: it has a time, and the model's name.
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ Watching rollback 4131 of phi-4-mini ", plain.lines[0])


def test_plain_is_full_sentences_with_their_time(console: Console) -> None:
    with Drill("brief", speed=400) as drill:
        result = console(*FLEET, "--watch", "--plain", env=drill.env)
    assert result.code == 0
    told = result.lines[5:]
    assert all(re.match(r"(2\d{3}-\d\d-\d\dT)?\d\d:\d\d:\d\dZ [A-Za-z0-9].*\.$", one) for one in told), told
    assert re.match(
        r"2\S+Z Watching rollback 4131 of phi-4-mini from v2.0.0 to v1.0.0, the whole fleet: ", told[0]
    )
    assert told[-1].endswith("Z COMPLETE: 124 of 124 devices settled on v1.0.0, nobody is left.")
    assert len({one.partition(" ")[2] for one in told}) == len(told), "nothing is said twice"
    assert "\r" not in result.out
    assert all(one.isascii() for one in told)


def test_plain_ends_with_the_verdict_whatever_the_status(night: Drill, console: Console) -> None:
    console(*FLEET, env=night.env)
    late = console("watch", "4131", "--plain", "--timeout", "1s", env=night.env)
    assert late.code == 4
    assert "Z still running: " in late.lines[-1]
    assert late.err == ""


def test_verified_comes_before_settled(brief: Drill, console: Console) -> None:
    console(*FLEET, env=brief.env)
    brief.at(310)
    early = console("watch", "phi-4-mini", "--until", "verified", env=brief.env)
    assert early.code == 0
    assert early.lines[-1] == "VERIFIED: 124 of 124 devices report v1.0.0."
    assert console("watch", "--timeout", "1s", env=brief.env).code == 4


def test_one_that_somebody_else_took_over(brief: Drill, console: Console) -> None:
    console(*FLEET, env=brief.env)
    brief.at(10)
    brief.post("/v1/models/phi-4-mini/rollback", {"to_version": "0.9.0"})
    result = console("watch", "4131", env=brief.env)
    assert result.code == 7
    assert "SUPERSEDED: rollback 4132 to v0.9.0 by ops took the place of rollback 4131" in result.err


def test_which_one_of_several(brief: Drill, console: Console) -> None:
    for group in ("staging", "lab"):
        brief.post("/v1/models/phi-4-mini/rollback", {"to_version": "0.9.0", "group": group})
    result = console("watch", env=brief.env)
    assert result.code == 2
    assert "2 rollbacks are running, name one: " in result.err
    assert "4131 phi-4-mini v0.9.0" in result.err


def test_without_a_list_of_what_runs(brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise NotFoundError("no such route", status=404)

    monkeypatch.setattr(AsyncOctomilClient, "active_rollouts", fail)
    assert "rollouts under way: 4127" in console("watch", env=brief.env).err
    console(*FLEET, env=brief.env)
    brief.at(310)
    assert console("watch", "4131", "--until", "verified", env=brief.env).code == 0


def test_nothing_runs(brief: Drill, console: Console) -> None:
    console(*FLEET, env=brief.env)
    brief.at(310)
    brief.at(620)
    result = console("watch", env=brief.env)
    assert result.code == 2
    assert "no rollback is running; name a model or a rollout" in result.err
    ended = console("watch", "4131", env=brief.env)
    assert (ended.code, ended.lines[-1]) == (
        0,
        "COMPLETE: 124 of 124 devices settled on v1.0.0, nobody is left.",
    )


def test_a_lost_connection_is_said_and_waited_out(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    console(*FLEET, env=brief.env)
    original = AsyncOctomilClient.devices
    reads = 0

    async def flaky(self: AsyncOctomilClient, model_ids: list[str]) -> object:
        nonlocal reads
        reads += 1
        if reads == 2:  # the first read of the loop; the one before it began the watch
            raise UnreachableError("cannot connect")
        if reads == 3:
            brief.at(310)
            brief.at(620)
        return await original(self, model_ids)

    monkeypatch.setattr(AsyncOctomilClient, "devices", flaky)
    result = console("watch", "4131", "--json", "--timeout", "15s", env=brief.env)
    assert result.code == 0
    links = [entry for entry in result.objects if entry["event"] == "link"]
    assert [entry["link"] for entry in links] == ["OFFLINE", "LIVE"]
    assert "cannot connect; the rollback goes on, and this keeps asking" in result.err
    assert "the service answers again" in result.err
