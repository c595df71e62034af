"""No command: the full-screen console."""

from __future__ import annotations

import argparse
import asyncio
import importlib
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from octomil_tui.api.address import parse_address
from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.output import Output
from octomil_tui.domain.text import clean
from octomil_tui.settings import KEY_VARIABLE, Settings
from octomil_tui.ui.terminal import check_terminal

if TYPE_CHECKING:
    from octomil_tui.engine.source import Service


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Run the console on the service of the settings."""
    del output
    reason = check_terminal()
    if reason is not None:
        raise CommandError(Exit.USAGE, reason)
    return run_on(settings_of(arguments), exit_after=getattr(arguments, "exit_after", None))


def run_on(settings: Settings, *, exit_after: float | None) -> int:
    """Run the console until somebody leaves it, and return its status.

    What can be refused without asking the service is refused before the first
    paint; the client itself is loaded after it.

    Raises:
        KeyRefusedError: No source names a key.
        AddressError: The base address cannot be used.
    """
    if settings.api_key.value is None:
        raise KeyRefusedError(f"no API key: set {KEY_VARIABLE} or name a file with --api-key-file")
    address = parse_address(settings.base_url.value)
    # The screens are loaded here, so that a refusal comes without them.
    from octomil_tui.ui.app import run_console  # noqa: PLC0415
    from octomil_tui.ui.place import PlaceInfo  # noqa: PLC0415

    async def open_service() -> AbstractAsyncContextManager[Service]:
        # Loading takes a while; in a thread it does not hold up the first paint.
        wiring = await asyncio.to_thread(importlib.import_module, "octomil_tui.cli.wiring")
        service: AbstractAsyncContextManager[Service] = wiring.open_client(settings, wiring.LIVE)
        return service

    place = PlaceInfo(
        mark=settings.level.value,
        org=clean(settings.org_label or address.host),
        host=address.netloc,
        read_only=settings.read_only.value,
    )
    return run_console(open_service, place, exit_after=exit_after)
