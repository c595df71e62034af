"""Settings to a client and a session: where the layers meet."""

from __future__ import annotations

import argparse
import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar

from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.exchange import Limits
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import key_of, settings_of
from octomil_tui.cli.request_file import RequestFile
from octomil_tui.engine.gate import Gate, Wait
from octomil_tui.settings import Settings

T = TypeVar("T")

READ_WITHIN = 15.0
"""Seconds in which a command that reads ends, whatever the service does."""

PREFLIGHT_WITHIN = 30.0
"""Seconds in which the reads before a rollback end."""

READS = Limits(deadline=5.0, tries=4, patience=9.0)
"""For commands that end. A preflight reads three times in a row: 27 s at the worst."""

LIVE = Limits(deadline=10.0)
"""For a loop that asks again by itself."""


def gate_for(settings: Settings, note: Callable[[str], None] | None = None) -> Gate:
    """Return what counts the requests of a run: one for all the clients that it opens one after the other.

    Args:
        settings: The service, and where its requests are written down.
        note: Told in a sentence what has to wait, and why; None where a screen says it.

    Raises:
        ConfigurationError: The request log cannot be written.
    """

    def waits(wait: Wait, seconds: float) -> None:
        if note is not None:
            note(f"{wait.what} waits {math.ceil(seconds)} s: {wait.why}")

    log = RequestFile(settings.request_log, note) if settings.request_log is not None else None
    return Gate(on_request=log.write if log is not None else None, on_wait=waits)


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
