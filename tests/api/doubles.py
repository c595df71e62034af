"""Clients whose service answers from a table, without a network."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError
from octomil_tui.api.exchange import Limits
from octomil_tui.api.key import parse_key
from octomil_tui.api.meter import Call, Ended, Permit

SECRET = "edg_live_0123456789abcdef7f3a"  # noqa: S105 - a key that opens nothing
KEY = parse_key(SECRET, "the test")
PRACTICE_SECRET = "edg_sim_0123456789abcdef7f3a"  # noqa: S105 - what this machine may get without being asked who it is
PRACTICE_KEY = parse_key(PRACTICE_SECRET, "the test")
BASE = "https://api.example.test/v1"
DATE = "Sun, 22 Nov 2026 03:12:41 GMT"
SERVED_AT = 1795317161.0

Handler = Callable[[httpx.Request], httpx.Response]


def answer(data: Any, status: int = 200, **headers: str) -> httpx.Response:
    """Return a JSON answer with a `Date`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=data, headers={"Date": DATE, **named})


class Service:
    """Answers by path below the base, and remembers what it was asked."""

    def __init__(self, routes: Mapping[str, Any] | Handler) -> None:
        self.routes = routes
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if callable(self.routes):
            return self.routes(request)
        found = self.routes.get(request.url.path.removeprefix("/v1"))
        if found is None:
            return answer({"detail": "Not Found"}, 404)
        if callable(found):
            found = found(request)
        return found if isinstance(found, httpx.Response) else answer(found)

    @property
    def asked(self) -> list[str]:
        """Method and raw target of every request."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


def client_of(routes: Mapping[str, Any] | Handler | Service, **options: Any) -> AsyncOctomilClient:
    """Return a client whose service is `routes`."""
    service = routes if isinstance(routes, Service) else Service(routes)
    return AsyncOctomilClient(
        options.pop("base_url", BASE), KEY, transport=httpx.MockTransport(service), **options
    )


class Counting:
    """A meter that lets everything through and remembers it."""

    def __init__(self, *, refuses: OctomilError | None = None) -> None:
        self.calls: list[tuple[Call, Ended]] = []
        self.patience: list[float | None] = []
        self.under_way = 0
        self.refuses = refuses

    async def admit(self, call: Call, patience: float | None) -> Permit:
        self.patience.append(patience)
        if self.refuses is not None:
            raise self.refuses
        self.under_way += 1
        return _Counted(self, call)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Method, path and outcome of every request, in the order in which they ended."""
        return [(call.method, call.path, ended.word) for call, ended in self.calls]


class _Counted:
    def __init__(self, meter: Counting, call: Call) -> None:
        self._meter = meter
        self._call = call

    def end(self, ended: Ended) -> None:
        self._meter.under_way -= 1
        self._meter.calls.append((self._call, ended))


def counted(client: AsyncOctomilClient, **options: Any) -> Counting:
    """Return what counts the requests of a client from now on."""
    meter = Counting(**options)
    client.measure_with(meter)
    return meter


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def patient(time: FakeTime, tries: int = 3, patience: float = 15.0) -> dict[str, Any]:
    """Return the options of a client that asks again."""
    return {
        "limits": Limits(tries=tries, patience=patience),
        "clock": time.clock,
        "sleep": time.sleep,
        "random": lambda: 0.5,
    }
