"""`serve`: the dashboard in a browser, and only the dashboard; nothing can be written from there."""

from __future__ import annotations

import argparse
import asyncio
import importlib

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import require_fitting
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.flags import key_of, settings_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.serve_address import listen
from octomil_tui.cli.serve_arguments import HOST, PORT
from octomil_tui.settings import Settings

_LIBRARY = "textual_serve.server"


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Serve the dashboard on the service of the settings until it is told to end."""
    require_library()
    return run_on(settings_of(arguments), arguments, output)


def require_library() -> None:
    """Refuse to go on without the library that speaks to browsers.

    Raises:
        CommandError: It is not installed.
    """
    try:
        importlib.import_module(_LIBRARY)
    except ModuleNotFoundError:
        raise CommandError(
            Exit.USAGE,
            "serve needs a library that is not installed here; run: pip install 'octomil-console[serve]'",
        ) from None


def run_on(settings: Settings, arguments: argparse.Namespace, output: Output) -> int:
    """Serve the dashboard on these settings until it is told to end, and return the status.

    Args:
        settings: The service; whether they are read-only makes no difference.
        arguments: Where to listen, if it says so.
        output: Where the address is written.

    Raises:
        KeyRefusedError: No source names a key, or it is none for this address.
        AddressError: The base address cannot be used.
        CommandError: It cannot listen there.
    """
    # What can be refused is refused before anybody is invited.
    require_fitting(key_of(settings), parse_address(settings.base_url.value))
    from octomil_tui.cli.serve_handover import pack  # noqa: PLC0415 - a refusal comes without the server
    from octomil_tui.cli.serve_server import run_server  # noqa: PLC0415

    listening = listen(getattr(arguments, "bind", HOST), getattr(arguments, "port", PORT))
    if listening.is_open:
        output.note(
            f"Other machines can reach {listening.url} without a key: whoever does sees the names of this fleet "
            "and how it stands. Nothing can be changed from there."
        )
    names = frozenset(name.casefold() for name in getattr(arguments, "name", None) or ())
    listening = listening._replace(names=listening.names | names)

    def say() -> None:
        output.lines([f"The dashboard is at {listening.url} and only reads; ctrl+c ends it."])
        output.data({"event": "serving", "url": listening.url})

    with listening.socket:
        asyncio.run(run_server(pack(settings), listening, output.note, say))
    return Exit.OK
