"""Questions that are on their way before the client is there: each is asked once, and answers the first who asks it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from octomil_tui.api import ahead
from octomil_tui.api.address import parse_address
from octomil_tui.api.ahead import ConnectionsAhead, first_questions
from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError
from tests.api.doubles import BASE, KEY, Service, answer

pytestmark = pytest.mark.anyio

ROUTES: dict[str, Any] = {
    "/models": {"models": [{"id": "m"}]},
    "/rollouts/active": {"rollouts": []},
    "/devices": {"devices": [{"id": "d"}]},
    "/device-groups": {"groups": []},
}


def connected(service: Service) -> tuple[ConnectionsAhead, AsyncOctomilClient]:
    holder = KeyHolder(KEY)
    made = ConnectionsAhead(
        parse_address(BASE),
        holder,
        read_only=True,
        connect_timeout=1.0,
        transport=httpx.MockTransport(service),
    )
    return made, AsyncOctomilClient(BASE, holder, org_id="acme", read_only=True, connections=made)


def begin(connections: ConnectionsAhead) -> None:
    for _, asked in first_questions(parse_address(BASE), "acme"):
        connections.begin(asked, 5.0)


async def test_what_a_start_reads_first_is_asked_once_in_the_words_of_the_client() -> None:
    service = Service(ROUTES)
    connections, client = connected(service)
    async with client:
        begin(connections)
        reads = await asyncio.gather(
            client.models(), client.active_rollouts(), client.devices(["m"]), client.groups()
        )
        assert [len(read.value) for read in reads] == [1, 0, 1, 0]
        assert len(service.asked) == 4
        await client.models()
        assert len(service.asked) == 5


async def test_an_error_is_for_whoever_asks_and_the_next_one_asks_again() -> None:
    service = Service({**ROUTES, "/models": answer({"detail": "no"}, 500)})
    connections, client = connected(service)
    async with client:
        begin(connections)
        with pytest.raises(OctomilError, match="500"):
            await client.models()
        service.routes = ROUTES
        assert [model.id for model in (await client.models()).value] == ["m"]


async def test_what_was_told_to_another_key_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(ROUTES)
    connections, client = connected(service)
    async with client:
        begin(connections)
        await asyncio.sleep(0.05)
        monkeypatch.setattr(ConnectionsAhead, "owner", object())
        await client.models()
        assert len([asked for asked in service.asked if "/models" in asked]) == 2


async def test_what_nobody_takes_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "GOOD_FOR", 0.0)
    service = Service(ROUTES)
    connections, client = connected(service)
    async with client:
        begin(connections)
        await asyncio.sleep(0.05)
        await client.models()
        assert len([asked for asked in service.asked if "/models" in asked]) == 2


async def test_what_is_under_way_ends_with_the_connections() -> None:
    service = Service(ROUTES)
    connections, client = connected(service)
    before = asyncio.all_tasks()
    begin(connections)
    assert len(asyncio.all_tasks() - before) == 4
    await client.aclose()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
