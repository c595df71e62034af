"""No command: the full-screen console."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import sys
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import require_fitting
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import flags_of, key_of, settings_of, usual_files
from octomil_tui.cli.output import Output
from octomil_tui.cli.places import Places
from octomil_tui.cli.taste import taste_of
from octomil_tui.cli.via import proxy_host
from octomil_tui.domain.text import clean
from octomil_tui.settings import Settings
from octomil_tui.ui import collector
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.terminal import check_terminal

if TYPE_CHECKING:
    from octomil_tui.engine.notebook import Notebook
    from octomil_tui.engine.recording import LocalRecords
    from octomil_tui.engine.source import Service
    from octomil_tui.ui.live import OpenService
    from octomil_tui.ui.switching import Profiles

_TURN = 0.0005
"""Seconds for which a thread runs while another one could; Python's own 5 ms are a quarter of what a request takes."""

_FIRST = ("anyio._backends._asyncio", "octomil_tui.cli.ahead")
"""What asks the first questions; the HTTP library would load the first of these with a request that waits for it."""

_HEAD_START = 0.012
"""Seconds that the first requests have to leave; loading holds up whatever else this process does."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Run the console on the service of the settings, and then on each that somebody switches to."""
    del output
    settings = drawn_settings(arguments, "console")
    places = Places(flags_of(arguments), os.environ, usual_files(), settings, validate=prepare)
    exit_after = getattr(arguments, "exit_after", None)
    while True:
        status = run_on(settings, exit_after=exit_after, profiles=places)
        following = places.take_next()
        # A signal that came while it was being left has the last word.
        if status != Exit.OK or following is None:
            return status
        settings = following
        collector.clear()


def drawn_settings(arguments: argparse.Namespace, what: str) -> Settings:
    """Return the settings for something that is drawn on this terminal.

    Args:
        arguments: The command line.
        what: What is drawn, for the refusal.

    Raises:
        CommandError: There is no terminal, or standard input is wanted for the key.
        OctomilError: As for `settings_of`.
    """
    if getattr(arguments, "api_key_stdin", False):
        raise CommandError(
            Exit.USAGE,
            f"--api-key-stdin takes standard input, which the {what} needs for the keyboard; "
            "name a file with --api-key-file",
        )
    reason = check_terminal()
    if reason is not None:
        raise CommandError(Exit.USAGE, reason)
    return settings_of(arguments, is_drawn=True)


def run_on(settings: Settings, *, exit_after: float | None, profiles: Profiles | None = None) -> int:
    """Run the console until somebody leaves it, and return its status.

    Args:
        settings: The service; everything that asks it is made here, for this run alone.
        exit_after: Seconds after which it leaves by itself, for checks; None for never.
        profiles: Who knows the other profiles; None where there is only this place.

    Raises:
        KeyRefusedError: No source names a key, or it is none for this address.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy that is named, or the keymap, cannot be used.
    """
    open_service, place = prepare(settings)
    collector.hold()
    # A thread that loads or writes gives way to the one that draws and asks as soon as that one has something to do.
    sys.setswitchinterval(_TURN)
    # The screens are loaded here, so that a refusal comes without them.
    from octomil_tui.cli.keymap_file import keymap_of  # noqa: PLC0415 - as the screens
    from octomil_tui.ui.opening import run_console  # noqa: PLC0415

    kept: list[LocalRecords] = []
    records = None if settings.read_only.value else partial(_records, settings, kept)
    from octomil_tui.cli.report_place import reports_of  # noqa: PLC0415 - as the screens

    keymap = keymap_of(settings)
    try:
        return run_console(
            open_service,
            place,
            records=records,
            notebook=partial(_notebook, settings),
            reports=reports_of(settings),
            taste=taste_of(settings),
            on_event=settings.on_event or (),
            profiles=profiles,
            keymap=keymap,
            exit_after=exit_after,
            notifies=settings.notify,
        )
    finally:
        # The process may go on with another place, and come back: what is open is for the next run to take up.
        for one in kept:
            one.release()


def _records(settings: Settings, kept: list[LocalRecords]) -> LocalRecords | None:
    from octomil_tui.cli.records import records_of  # noqa: PLC0415 - after the first paint
    from octomil_tui.engine.writing import InOrder  # noqa: PLC0415

    # The screen does not wait for the disk, and neither does a request whose intent is on it already.
    records = records_of(settings, InOrder())
    if records is not None:
        kept.append(records)
    return records


def _load_first() -> ModuleType:
    *_, ahead = map(importlib.import_module, _FIRST)
    return ahead


def _notebook(settings: Settings) -> Notebook:
    from octomil_tui.cli.notebook import notebook_of  # noqa: PLC0415 - after the first paint

    return notebook_of(settings)


def prepare(settings: Settings) -> tuple[OpenService, PlaceInfo]:
    """Return what builds the client, and what the screens say of where they are.

    What can be refused without asking the service is refused here, before the
    first paint; the client itself is loaded after it.

    Raises:
        KeyRefusedError: No source names a key, or it is none for this address.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy that is named cannot be used.
    """
    address = parse_address(settings.base_url.value)
    require_fitting(key_of(settings), address)

    async def open_service() -> AbstractAsyncContextManager[Service]:
        # Loading takes a while; in a thread it does not hold up the first paint. What asks is a
        # fifth of it, and the service can think about the answers while the rest is loaded.
        early = await asyncio.to_thread(_load_first)
        ahead = early.Ahead(settings)
        ahead.begin()
        try:
            await asyncio.sleep(_HEAD_START)
            wiring = await asyncio.to_thread(importlib.import_module, "octomil_tui.cli.wiring")
            service: AbstractAsyncContextManager[Service] = wiring.open_ahead(settings, ahead)
        except BaseException:
            await ahead.connections.aclose()
            raise
        return service

    place = PlaceInfo(
        mark=settings.level.value,
        org=clean(settings.org_label or address.host),
        host=address.netloc,
        read_only=settings.read_only.value,
        guarded=settings.level.is_guarded,
        via=proxy_host(settings, address),
        profile=settings.profile.value or "",
    )
    return open_service, place
