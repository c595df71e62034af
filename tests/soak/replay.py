"""A service that answers from memory: what the embedded control plane said before, with new dates, and with errors.

The control plane itself would grow while it is asked twenty thousand times;
what is measured here is the console alone.
"""

from __future__ import annotations

import random

import httpx

from octomil_tui.sim.stamp import http_date
from tests.ui.sims import Sim

Said = tuple[int, dict[str, str], bytes]

_OK = 200
_KEPT = ("content-type", "x-octomil-simulator")


class Replay(Sim):
    """The control plane of this process until `take_over`; from then on its answers.

    Args:
        scenario: What the control plane plays.
        seed: Which requests fail.
        errors: The share of requests that fail, 0 to 1.
    """

    def __init__(self, scenario: str, *, seed: int, errors: float) -> None:
        super().__init__(scenario)
        self._random = random.Random(seed)
        self._errors = errors
        self._frames: list[dict[str, Said]] = [{}]
        self._at = 0
        self._now = 0.0
        self.asked = self.failed = 0
        self._is_replayed = False

    def next_frame(self) -> None:
        """Record what is said from here on apart from what was said before, or go on to what was."""
        if self._is_replayed:
            self._at = (self._at + 1) % len(self._frames)
        else:
            self._frames.append(dict(self._frames[-1]))

    def take_over(self) -> None:
        """Answer from memory from here on; the control plane is let go."""
        self._now = self.clock.now()
        self._is_replayed = True
        del self.world, self.door, self._wire

    def move(self, seconds: float) -> None:
        if self._is_replayed:
            self._now += seconds
        else:
            super().move(seconds)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        if not self._is_replayed:
            # What is remembered must be whole and not packed, whoever asked for it first.
            for name in ("accept-encoding", "if-none-match"):
                request.headers.pop(name, None)
            response = await super().handle_async_request(request)
            body = await response.aread()
            if request.method == "GET" and response.status_code == _OK:
                kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
                self._frames[-1][path] = (response.status_code, kept, body)
            return httpx.Response(response.status_code, headers=response.headers, content=body)
        self.asked += 1
        if self._random.random() < self._errors:
            self.failed += 1
            return self._failure(request)
        status, headers, body = self._frames[self._at].get(path, (404, {}, b'{"error": "not_found"}'))
        headers = {"content-type": "application/json", **headers, "date": http_date(self._now)}
        return httpx.Response(status, headers=headers, content=body)

    def _failure(self, request: httpx.Request) -> httpx.Response:
        kind = self._random.randrange(6)
        if kind == 0:
            raise httpx.ReadError("gone", request=request)
        if kind == 1:
            raise httpx.ConnectError("refused", request=request)
        if kind == 2:
            raise httpx.ReadTimeout("silent", request=request)
        return (
            httpx.Response(503, json={"error": "unavailable", "message": f"try {self.failed}"}),
            httpx.Response(200, html="<html>a proxy</html>"),
            httpx.Response(200, headers={"content-type": "application/json"}, content=b'{"models": [{'),
        )[kind - 3]
