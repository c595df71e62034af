"""The service's API as typed calls that return domain values.

Reads accept every variant that the service is known to answer with, and may be
repeated. A rollback, like every other write, is sent once and never repeated.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from random import random as any_number
from types import TracebackType
from typing import Self

from octomil_tui.api import convert
from octomil_tui.api.access_reads import AccessReads
from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.connection import Connections
from octomil_tui.api.errors import (
    ConfigurationError,
    NotSentError,
    RateLimitedError,
    ReadOnlyError,
    RequestRefusedError,
    RollbackError,
)
from octomil_tui.api.exchange import Limits, Reader
from octomil_tui.api.fault import FaultError
from octomil_tui.api.key import ApiKey
from octomil_tui.api.key_source import Reread
from octomil_tui.api.meter import Meter
from octomil_tui.api.network import proxy_for
from octomil_tui.api.outcome import lost, settle
from octomil_tui.api.policy_reads import PolicyReads
from octomil_tui.api.reads import ServiceReads
from octomil_tui.api.transport import Transport
from octomil_tui.api.writes import ServiceWrites
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt, Way

GROUP_FIELD = "group"
"""What the body of a rollback calls its device group.

The service documents `--group` of its command line, and its deploy calls have
this key in their bodies; the rollback's own body is documented without one.
"""


class AsyncOctomilClient(ServiceReads, PolicyReads, AccessReads, ServiceWrites):
    """One service, one key; an async context manager.

    Making one costs nothing: connections and certificates come with the first
    call. The reads are described in `reads`.

    Args:
        base_url: The base address; may end in `/v1`, `/api/v1` or nothing.
        key: The API key, or what holds it and can read it again.
        org_id: Sent with the lists that older services scope by organisation.
        read_only: Whether writing is refused, here and in the transport.
        limits: Deadlines and tries of reads; see `Limits`.
        connect_timeout: Seconds to connect.
        write_deadline: Seconds for a rollback's whole answer.
        transport: Stands in for the network in tests, behind the guard.
        connections: Connections that were made before, of the same service, key and settings.
        ca_file: The authorities to trust instead of the system's.
        use_proxy: Whether a proxy is used; never for loopback.
        proxy: The URL of the proxy to use instead of the one that the environment names.
        clock: Monotonic seconds.
        sleep: Waits between tries.
        random: A number in [0, 1) for the jitter of those waits.

    Raises:
        AddressError: `base_url` cannot be used.
        KeyRefusedError: The key is for practice, and the address is not on this machine.
        ConfigurationError: The proxy that is named cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        key: ApiKey | KeyHolder,
        *,
        org_id: str | None = None,
        read_only: bool = False,
        limits: Limits | None = None,
        connect_timeout: float = 5.0,
        write_deadline: float = 10.0,
        transport: Transport | None = None,
        connections: Connections | None = None,
        ca_file: str | None = None,
        use_proxy: bool = True,
        proxy: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        random: Callable[[], float] = any_number,
    ) -> None:
        limits = limits or Limits()
        address = parse_address(base_url)
        self._proxy = proxy_for(address, proxy) if use_proxy and transport is None else None
        self._holder = KeyHolder(key) if isinstance(key, ApiKey) else key
        self._read_only = read_only
        self._write_deadline = write_deadline
        self._connections = connections or Connections(
            address,
            self._holder,
            read_only=read_only,
            connect_timeout=connect_timeout,
            transport=transport,
            ca_file=ca_file,
            proxy=self._proxy,
            body_limit=limits.body,
        )
        reader = Reader(self._connections, address, limits, clock=clock, sleep=sleep, random=random)
        super().__init__(address, reader, org_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; a client that is closed asks nothing more."""
        await self._connections.aclose()

    @property
    def host(self) -> str:
        """The service's host and port, safe to show."""
        return self._address.netloc

    @property
    def base_url(self) -> str:
        """The base address, normalised and safe to show."""
        return self._address.url

    @property
    def is_read_only(self) -> bool:
        """Whether writing is refused."""
        return self._read_only

    @property
    def proxy_host(self) -> str | None:
        """The proxy that requests go through, safe to show; None where there is none."""
        return self._proxy.host if self._proxy else None

    @property
    def meter(self) -> Meter:
        """Who counts the requests, and holds back those for which there is no room."""
        return self._connections.meter

    def measure_with(self, meter: Meter) -> None:
        """Have every request counted by `meter` from now on."""
        self._connections.meter = meter

    @property
    def is_key_refused(self) -> bool:
        """Whether the service's last word on the key was 401."""
        return self._holder.is_refused

    async def reread_key(self) -> Reread:
        """Read the key's source again, and use what is there from the next request on.

        Raises:
            KeyRefusedError: There is no key there now, or none that can be used; the old one stays.
        """
        return await asyncio.to_thread(self._holder.reread, self._address)

    async def rollback(self, model: str, order: RollbackOrder, *, idempotency_key: str) -> RollbackReceipt:
        """Send every device of the scope back to an earlier deployed version.

        `POST {base}/models/{model}/rollback`, once, on a fresh connection; where
        the order says so, a rollout of the older version to 100 % instead
        (`POST {base}/models/{model}/rollouts`), for a service that has no
        rollback of models. Answers once the service has accepted; devices move
        at their own next sync. If the task is cancelled in flight, the outcome
        is unknown.

        Args:
            model: The model's id or name, as the service gave it.
            order: Target version, reason, and the group, or None for the fleet.
            idempotency_key: One key per intent, the same if it is ever sent again.

        Returns:
            The receipt. `affected_devices` is a count; every other field may be
            absent, since the service's documentation names no other.

        Raises:
            NotSentError: Nothing reached the service.
            UnknownOutcomeError: It may or may not have begun: read, never resend.
            RejectedError: 404 unknown, 409 conflict, 422 never deployed, 403, …
            ReadOnlyError: This console is read-only; nothing was sent.

        Source: the service's Rollback page, "Quick rollback" (cURL tab); for the
        rollout, what the service's own Python SDK sends as its rollback.
        """
        if self._read_only:
            raise ReadOnlyError("this console is read-only; nothing was sent")
        is_rollout = order.way is Way.ROLLOUT
        if is_rollout and order.group is not None:
            raise NotSentError(
                "a rollout to 100 % would move the whole fleet, not one group; nothing was sent"
            )
        if not order.to_version or order.group == "":
            # Empty is not "none": a service may well read an empty group as the whole fleet.
            raise NotSentError(
                "a rollback needs a target version, and a group if one is named; nothing was sent"
            )
        if not (idempotency_key.isascii() and idempotency_key.isprintable() and idempotency_key.strip()):
            raise NotSentError("the idempotency key cannot be sent; nothing was sent")
        content = json.dumps(_rollout_body(order) if is_rollout else _rollback_body(order)).encode()
        headers = {"Idempotency-Key": idempotency_key}
        try:
            path = self._address.path("models", model, "rollouts" if is_rollout else "rollback")
            answer = await self._connections.post(path, content, headers, self._write_deadline)
        except FaultError as error:
            raise lost(error.fault, self.host) from None
        except (ConfigurationError, RateLimitedError, RequestRefusedError) as error:
            raise NotSentError(f"{error.message}; nothing was sent") from None
        settled = settle(answer, self.host)
        if isinstance(settled, RollbackError):
            raise settled
        return convert.receipt(settled, answer)


def _rollback_body(order: RollbackOrder) -> dict[str, object]:
    body = {"to_version": order.to_version, "reason": order.reason, GROUP_FIELD: order.group}
    return {name: value for name, value in body.items() if value is not None}


def _rollout_body(order: RollbackOrder) -> dict[str, object]:
    """Return what the vendor's SDK sends; it has no field for a reason."""
    return {
        "version": order.to_version,
        "rollout_percentage": 100.0,
        "target_percentage": 100.0,
        "increment_step": 100.0,
        "start_immediately": True,
    }
