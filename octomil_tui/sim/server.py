"""The process: one line that says where it listens, and the ways to end."""

import argparse
import json
import math
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import socket
from types import FrameType
from typing import NoReturn

import uvicorn

from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import Clock, ManualClock, WallClock
from octomil_tui.sim.connection import DrillProtocol
from octomil_tui.sim.door import PREFIXES
from octomil_tui.sim.drill_file import DrillAddress, publish
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.idle import Idle
from octomil_tui.sim.key import KeyUnusableError, take_key
from octomil_tui.sim.listener import bind, origin
from octomil_tui.sim.options import SimOptions, options_from
from octomil_tui.sim.private_file import PrivateFile, PrivateFileError
from octomil_tui.sim.world import World

__all__ = ["run_from", "run_server"]

UNUSABLE = 2
KEEP_ALIVE = 5
"""Seconds for which a connection without a request stays open."""
ENDS_WITHIN = 2.0
"""Seconds after which a server whose parent is gone ends without more ado."""
STDIN = 0


class _AnnouncingServer(uvicorn.Server):
    """uvicorn that says when it is ready, and ends when nobody needs it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], idle: Idle) -> None:
        super().__init__(config)
        self._announce = announce
        self._idle = idle

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._idle.is_over()


def run_server(options: SimOptions) -> int:
    """Serve until SIGTERM, SIGINT, the end of standard input where that is a pipe, or idleness.

    Prints one line of JSON with `base_url`, `api_key` and `org_id` when ready;
    with a key file, `api_key_file` stands in for the key.

    Returns:
        The exit status: 0, or 2 where the port is taken or something given cannot be used.
    """
    try:
        _end_in_order()
        api_key = take_key(os.environ)
        with ExitStack() as stack:
            _serve(options, api_key, stack)
    except (KeyUnusableError, PrivateFileError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except _PortTakenError as error:
        print(f"cannot listen on {options.bind}:{options.port}: {error}", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    return 0


class _PortTakenError(Exception):
    pass


def _serve(options: SimOptions, api_key: str, stack: ExitStack) -> None:
    try:
        bound = stack.enter_context(bind(options.bind, options.port))
    except OSError as error:
        raise _PortTakenError(error.strerror) from None
    faults = Faults.named(options.faults, options.seed)
    world = World.begin(options.scenario, clock=_clock(options), seed=options.seed, faults=faults)
    base_url = origin(bound) + PREFIXES[0]
    line = {"base_url": base_url, "api_key": api_key, "org_id": world.catalog.org_id}
    if options.key_file is not None:
        stack.enter_context(PrivateFile(Path(options.key_file), f"{api_key}\n"))
        del line["api_key"]
        line["api_key_file"] = options.key_file
    if options.drill:
        stack.enter_context(publish(DrillAddress(base_url, api_key), bound.getsockname()[1]))
    door = build_app(world, api_key)
    config = uvicorn.Config(
        door,
        http=DrillProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    server = _AnnouncingServer(
        config,
        lambda: print(json.dumps(line), flush=True),  # noqa: T201
        Idle(options.idle_exit * 3600, lambda: door.last_admitted),
    )
    _end_with_stdin(server, stack)
    # uvicorn raises the signal again once it has stopped; Ctrl-C is an end like any other.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[bound])


def _end_in_order() -> None:
    """Have signals leave through the `with` blocks, so that no private file stays behind."""

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        # Whoever has it ignored, as nohup does, wants that. Any other handler would leave the blocks out.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)


def run_from(namespace: argparse.Namespace) -> int:
    """Serve as a command line says that was read with `options.add_arguments`."""
    return run_server(options_from(namespace))


def _clock(options: SimOptions) -> Clock:
    # Whole seconds, so that the scenario's tables stay whole seconds on the wire.
    start_at = math.floor(time.time()) if options.start is None else options.start
    return ManualClock(start_at) if options.manual_clock else WallClock(start_at, options.speed)


def _end_with_stdin(server: uvicorn.Server, stack: ExitStack) -> None:
    """Have the server stop when whoever holds the other end of standard input is gone.

    Args:
        server: What is to stop.
        stack: What is to be taken away with it, however it ends.
    """
    try:
        piped = stat.S_ISFIFO(os.fstat(STDIN).st_mode)
    except OSError:
        return
    if not piped:
        return

    def watch() -> None:
        while os.read(STDIN, 4096):
            pass
        server.should_exit = True
        time.sleep(ENDS_WITHIN)
        # Whatever holds it up is not worth a process that nobody owns; its private files go in any case.
        stack.close()
        os._exit(0)

    threading.Thread(target=watch, name="stdin", daemon=True).start()
