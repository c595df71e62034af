"""Settings to a client and a session: where the layers meet."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.exchange import Limits
from octomil_tui.cli.ahead import DEADLINE, Ahead, gate_for
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import key_of, settings_of
from octomil_tui.engine.gate import Gate
from octomil_tui.settings import Settings

__all__ = ["LIVE", "READS", "gate_for", "open_ahead", "open_client", "read", "within"]

T = TypeVar("T")

READ_WITHIN = 15.0
"""Seconds in which a command that reads ends, whatever the service does."""

PREFLIGHT_WITHIN = 30.0
"""Seconds in which the reads before a rollback end."""

READS = Limits(deadline=5.0, tries=4, patience=9.0)
"""For commands that end. A preflight reads three times in a row: 27 s at the worst."""

LIVE = Limits(deadline=DEADLINE)
"""For a loop that asks again by itself."""


def open_client(settings: Settings, limits: Limits, gate: Gate | None = None) -> AsyncOctomilClient:
    """Return the client of these settings; nothing is connected yet.

    Args:
        settings: The service.
        limits: How long a read may take.
        gate: What counts its requests; None for one of its own.

    Raises:
        KeyRefusedError: No source names a key.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy, or the request log, cannot be used.
    """
    client = AsyncOctomilClient(
        settings.base_url.value,
        KeyHolder(key_of(settings), settings.key_source),
        org_id=settings.org_id.value,
        read_only=settings.read_only.value,
        limits=limits,
        ca_file=settings.ca_file.value,
        use_proxy=settings.uses_proxy,
        proxy=settings.proxy_url,
    )
    client.measure_with(gate if gate is not None else gate_for(settings))
    return client


def open_ahead(settings: Settings, ahead: Ahead) -> AsyncOctomilClient:
    """Return the client for a loop, on connections on which the first questions are on their way already."""
    client = AsyncOctomilClient(
        settings.base_url.value,
        ahead.holder,
        org_id=settings.org_id.value,
        read_only=settings.read_only.value,
        limits=LIVE,
        connections=ahead.connections,
        ca_file=settings.ca_file.value,
        use_proxy=settings.uses_proxy,
        proxy=settings.proxy_url,
    )
    client.measure_with(ahead.gate)
    return client


def read(arguments: argparse.Namespace, ask: Callable[[AsyncOctomilClient], Awaitable[T]]) -> T:
    """Return what a command reads, within the time that reading commands have.

    Raises:
        OctomilError: A read that is needed failed.
        CommandError: The time is over.
    """
    settings = settings_of(arguments)

    async def asked() -> T:
        async with open_client(settings, READS, gate_for(settings, arguments.note)) as client:
            return await within(READ_WITHIN, ask(client))

    return asyncio.run(asked())


def read_for_long(arguments: argparse.Namespace, ask: Callable[[AsyncOctomilClient], Awaitable[T]]) -> T:
    """Return what a command reads that may take minutes, since somebody asked for all of it.

    Raises:
        OctomilError: A read that is needed failed.
    """
    settings = settings_of(arguments)

    async def asked() -> T:
        async with open_client(settings, LIVE, gate_for(settings, arguments.note)) as client:
            return await ask(client)

    return asyncio.run(asked())


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Return what `work` does in time.

    Raises:
        CommandError: The time is over.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        raise CommandError(
            Exit.CONNECTION, f"the service did not answer within {seconds:.0f} seconds"
        ) from None
