"""`dashboard`: the wall that only reads; it cannot write whatever the settings say."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from octomil_tui.cli.console import drawn_settings, prepare
from octomil_tui.cli.output import Output
from octomil_tui.cli.taste import taste_of
from octomil_tui.settings import Setting, Settings

if TYPE_CHECKING:
    from octomil_tui.ui.live import OpenService
    from octomil_tui.ui.place import PlaceInfo


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Run the dashboard on the service of the settings."""
    del output
    settings = drawn_settings(arguments, "dashboard")
    return run_on(settings, rings=arguments.bell, exit_after=getattr(arguments, "exit_after", None))


def run_on(settings: Settings, *, rings: bool, exit_after: float | None) -> int:
    """Run the dashboard until somebody leaves it, and return its status; `rings` for whether it rings the bell.

    Raises:
        KeyRefusedError: No source names a key, or it is none for this address.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy that is named cannot be used.
    """
    open_service, place = prepare_to_read(settings)
    from octomil_tui.ui.dashboard import run_dashboard  # noqa: PLC0415 - a refusal comes without the screens

    return run_dashboard(
        open_service,
        place,
        rings=rings,
        exit_after=exit_after,
        taste=taste_of(settings),
        notifies=settings.notify,
    )


def prepare_to_read(settings: Settings) -> tuple[OpenService, PlaceInfo]:
    """Return what builds a client that cannot write, and what the screen says of where it is.

    Raises:
        KeyRefusedError: No source names a key, or it is none for this address.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy that is named cannot be used.
    """
    # Here, where the client's settings come from, so that nothing above it can forget it.
    return prepare(replace(settings, read_only=Setting(value=True, origin="dashboard")))
