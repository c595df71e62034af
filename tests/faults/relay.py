"""A relay between a console and its control plane that holds every POST back until it is let through."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

_CHUNK = 65_536
_LONGEST = 60.0
"""Seconds for which a request is held at most, so that no thread outlives the tests."""


class Relay:
    """Listens on a port of its own and speaks to `base_url` behind it.

    Args:
        base_url: The control plane's, such as `http://127.0.0.1:8765/v1`.
    """

    def __init__(self, base_url: str) -> None:
        host, _, rest = base_url.removeprefix("http://").partition(":")
        port, _, path = rest.partition("/")
        self._behind = (host, int(port))
        self._listener = socket.create_server((host, 0))
        self.base_url = f"http://{host}:{self._listener.getsockname()[1]}/{path}"
        self.holds = threading.Event()
        """Set as soon as a POST is held."""
        self._go = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._go.set()
        # Closing alone does not wake a thread that waits for a connection.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def let_through(self) -> None:
        """Let every POST through, also those to come."""
        self._go.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), socket.create_connection(self._behind) as service:
            threading.Thread(target=self._pass_on, args=(service, client), daemon=True).start()
            while data := client.recv(_CHUNK):
                # A rollback is the first request of a connection of its own.
                if data.startswith(b"POST "):
                    self.holds.set()
                    self._go.wait(_LONGEST)
                service.sendall(data)

    def _pass_on(self, service: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := service.recv(_CHUNK):
                client.sendall(data)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
