"""Small real servers that remember everything that reached them, in threads of their own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Heard:
    """One request."""

    method: str
    path: str
    headers: Message

    @property
    def key(self) -> str | None:
        return self.headers["Authorization"]


@dataclass
class Recorder:
    """Gives every request the same answer; use it as a context manager."""

    status: int = 200
    body: bytes = b"[]"
    headers: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    _server: Any = None

    def __enter__(self) -> Self:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self._answer
                raise AttributeError(name)

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                recorder.heard.append(Heard(self.command, self.path, self.headers))
                self.send_response(recorder.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(recorder.body)))
                for name, value in recorder.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(recorder.body)

            def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name
                del format, arguments

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.heard]


class Listener:
    """Listens on every address of this machine and says whether anybody came."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("0.0.0.0", 0))  # noqa: S104 - an attacker would
        self._socket.listen()
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def was_called(self) -> bool:
        """Whether a connection waits to be taken; one that was opened and closed again counts."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True
