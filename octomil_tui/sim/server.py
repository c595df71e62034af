"""The process: a loopback socket, one line that says where, and three ways to end."""

import argparse
import json
import math
import os
import secrets
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from octomil_tui.sim.app import PREFIXES, build_app
from octomil_tui.sim.clock import Clock, ManualClock, WallClock
from octomil_tui.sim.connection import DroppableProtocol
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.options import SimOptions, options_from
from octomil_tui.sim.world import World

__all__ = ["run_from", "run_server"]

HOST = "127.0.0.1"
MAX_CONNECTIONS = 64
IN_USE = 2
STDIN = 0


class _AnnouncingServer(uvicorn.Server):
    """uvicorn that says when it is ready."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()


def run_server(options: SimOptions) -> int:
    """Serve until SIGTERM, SIGINT, or the end of standard input where that is a pipe.

    Prints one line of JSON with `base_url`, `api_key` and `org_id` when ready.

    Returns:
        The exit status: 0, or 2 where the port is taken.
    """
    try:
        bound = _bind(options.port)
    except OSError as error:
        print(f"cannot listen on {HOST}:{options.port}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return IN_USE
    api_key = f"edg_sim_{secrets.token_urlsafe(24)}"
    world = World.begin(
        options.scenario, clock=_clock(options), seed=options.seed, faults=Faults.named(options.faults)
    )
    config = uvicorn.Config(
        build_app(world, api_key),
        http=DroppableProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )

    def announce() -> None:
        address = f"http://{HOST}:{bound.getsockname()[1]}{PREFIXES[0]}"
        line = {"base_url": address, "api_key": api_key, "org_id": world.catalog.org_id}
        print(json.dumps(line), flush=True)  # noqa: T201

    server = _AnnouncingServer(config, announce)
    _end_with_stdin(server)
    # uvicorn raises the signal again once it has stopped; Ctrl-C is an end like any other.
    with bound, suppress(KeyboardInterrupt):
        server.run(sockets=[bound])
    return 0


def run_from(namespace: argparse.Namespace) -> int:
    """Serve as a command line says that was read with `options.add_arguments`."""
    return run_server(options_from(namespace))


def _bind(port: int) -> socket.socket:
    # With the protocol named, asyncio turns off Nagle's algorithm: answers would wait 40 ms for an acknowledgement.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last connections are still closing may be taken again.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound


def _clock(options: SimOptions) -> Clock:
    # Whole seconds, so that the scenario's tables stay whole seconds on the wire.
    start_at = math.floor(time.time()) if options.start is None else options.start
    return ManualClock(start_at) if options.manual_clock else WallClock(start_at, options.speed)


def _end_with_stdin(server: uvicorn.Server) -> None:
    """Have the server stop when whoever holds the other end of standard input is gone."""
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

    threading.Thread(target=watch, name="stdin", daemon=True).start()
