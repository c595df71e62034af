"""A control plane that gives everything an odd name: the embedded one, with an attack in each word on the wire.

Devices, rollouts and rollbacks behave as ever; only what they are called is
hostile. Requests are read back the same way, so that an identifier that comes
back changed names nothing.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Collection
from typing import Any, Self
from urllib.parse import unquote
from zlib import crc32

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.door import Seen
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World

KEY = "edg_sim_of_odd_names_0123456789"
DEADLINE = 20.0
"""Seconds after which a server that should have begun has not."""

WORDS = frozenset(
    [
        "id",
        "name",
        "model_id",
        "model_name",
        "model",
        "device_identifier",
        "version",
        "from_version",
        "to_version",
        "active_version",
        "active_model_version",
        "desired_version",
        "previous_version",
        "group",
        "reason",
        "created_by",
        "published_by",
        "description",
        "network_type",
        "platform",
        "architecture",
        "sdk_version",
        "runtime_version",
        "lifecycle_status",
        "on_disk",
        "groups",
    ]
)
"""Keys whose text is a name; the others are words of the contract, times and counts."""


class OddNames:
    """The service; use it as a context manager.

    Args:
        attacks: What names end in; each name has one of them, always the same.
        spared: Names that stay as they are, so that they can be typed.
    """

    def __init__(self, *attacks: str, spared: Collection[str] = (), scenario: str = "brief") -> None:
        self.attacks = attacks
        # Half a surrogate pair has no UTF-8: the console names such a thing by the escape that it shows.
        self._endings = {
            ending for one in attacks for ending in (one, one.encode(errors="backslashreplace").decode())
        }
        self._spared = frozenset(spared)
        self.clock = ManualClock(parse_time("2026-06-17T03:12:41Z"))
        self.world = World.begin(scenario, clock=self.clock)
        self._door = build_app(self.world, KEY)
        self.refuses_writes = False
        """Whether a rollback is refused with the attack as the reason."""
        self.is_broken = False
        """Whether every read fails with the attack as the reason."""
        config = uvicorn.Config(
            self._answer,
            host="127.0.0.1",
            port=0,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
            date_header=False,
            # A connection that is closed while it is asked is a fault of its own.
            timeout_keep_alive=600,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="odd-names")

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + DEADLINE
        while not self._server.started:
            assert time.monotonic() < until, "the service of odd names did not begin"
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(DEADLINE)

    @property
    def env(self) -> dict[str, str]:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return {"OCTOMIL_API_URL": f"http://127.0.0.1:{port}/v1", "OCTOMIL_API_KEY": KEY}

    @property
    def seen(self) -> list[Seen]:
        return list(self._door.seen)

    @property
    def writes(self) -> list[Seen]:
        return [one for one in self.seen if one.method not in ("GET", "HEAD")]

    def move(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    def odd(self, name: str) -> str:
        """Return what the service calls `name`."""
        if name in self._spared or name.isdigit():
            return name
        return name + self.attacks[crc32(name.encode()) % len(self.attacks)]

    def _plain(self, name: str) -> str:
        ending = next((one for one in self._endings if name.endswith(one)), "")
        return name.removesuffix(ending)

    def _renamed(self, value: Any, *, is_name: bool = False) -> Any:
        if isinstance(value, dict):
            return {key: self._renamed(inner, is_name=key in WORDS) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._renamed(inner, is_name=is_name) for inner in value]
        return self.odd(value) if is_name and isinstance(value, str) else value

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.is_broken or (self.refuses_writes and scope["method"] == "POST"):
            status, error = (500, "broken") if self.is_broken else (409, "conflict")
            why = "".join(self.attacks)
            await _say(send, status, {"error": f"{error}{why}", "message": f"Why: {why}"})
            return
        steps = [unquote(step, errors="surrogatepass") for step in scope["raw_path"].decode().split("/")]
        scope["path"] = "/".join(map(self._plain, steps))
        asked = json.loads(await _body(receive) or b"null")
        if isinstance(asked, dict):
            asked = {key: self._plain(value) for key, value in asked.items()}
        body = b"" if asked is None else json.dumps(asked).encode()
        # What is told here is renamed: it must come whole, and not packed.
        left = {b"content-length", b"accept-encoding", b"if-none-match"}
        kept = [(name, value) for name, value in scope["headers"] if name not in left]
        scope["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        given: list[Message] = []

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            given.append(message)

        await self._door(scope, again, keep)
        told = json.loads(b"".join(message.get("body", b"") for message in given))
        await _say(send, given[0]["status"], self._renamed(told), dict(given[0]["headers"])[b"date"])


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _say(send: Send, status: int, value: object, date: bytes = b"") -> None:
    # Escapes for everything beyond ASCII: half a surrogate pair is legal there and nowhere else.
    body = json.dumps(value).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if date:
        headers.append((b"date", date))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
