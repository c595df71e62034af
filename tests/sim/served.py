"""The service on a socket of this process, so that a test can shorten its deadlines."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
import uvicorn

from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.connection import DrillProtocol
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World

__all__ = ["DEADLINE", "KEY", "Served"]

KEY = "edg_sim_of_a_served_scenario_000"
DEADLINE = 20.0
"""Seconds after which something that should have happened has not."""


class Served:
    """One scenario whose clock stands; use it as a context manager."""

    def __init__(self, scenario: str = "brief", *, keep_alive: int = 5) -> None:
        world = World.begin(scenario, clock=ManualClock(parse_time("2026-06-17T03:12:41Z")))
        self.door = build_app(world, KEY)
        config = uvicorn.Config(
            self.door,
            port=0,
            http=DrillProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            date_header=False,
        )
        config.timeout_graceful_shutdown = 1
        config.timeout_keep_alive = keep_alive
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait(lambda: self.server.started)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.should_exit = True
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)

    def client(self, timeout: float = DEADLINE) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {KEY}"},
            trust_env=False,
            timeout=timeout,
        )

    def dial(self) -> socket.socket:
        """Return a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), DEADLINE)

    @staticmethod
    def wait(holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        end = time.monotonic() + DEADLINE
        while not holds():
            assert time.monotonic() < end, "it never came to that"
            time.sleep(0.01)


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends, or resets."""
    came = bytearray()
    while True:
        try:
            part = connection.recv(65_536)
        except ConnectionResetError:
            return bytes(came)
        if not part:
            return bytes(came)
        came += part


def head(method: str = "GET", path: str = "/v1/models", key: str = KEY, **more: str) -> bytes:
    """Return the beginning of a request, up to and without the empty line."""
    fields = {"Host": "127.0.0.1", "Authorization": f"Bearer {key}", **more}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}".encode()
