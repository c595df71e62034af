"""The blocking client of the service's Python examples: a thin shell over the async one.

from octomil_tui import OctomilClient

client = OctomilClient(api_key="edg_...")
rollback = client.rollouts.rollback(
    model_id="phi-4-mini",
    to_version="1.0.0",
    reason="Latency regression detected",
)
print(f"Rolling back {rollback.affected_devices} devices")
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from octomil_tui.api.address import DEFAULT_BASE_URL
from octomil_tui.api.blocking import BlockingLoop
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import (
    ForbiddenError,
    NotFoundError,
    NotSentError,
    OctomilError,
    ReadOnlyError,
)
from octomil_tui.api.exchange import Limits
from octomil_tui.api.key import parse_key
from octomil_tui.api.transport import Transport
from octomil_tui.domain.fleet import Device, DeviceGroup, Model, ModelVersion, Rollout
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt

_OFF = frozenset({"", "0", "false", "no", "off"})
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rollback:
    """An accepted rollback; whatever the service did not say is None."""

    affected_devices: int | None
    """How many devices the service says it moves."""
    from_version: str | None
    to_version: str | None
    status: str
    """The service's own word, `rolling_back` where it gave none; safe to show."""
    rollout_id: str | None
    group: str | None
    cancelled_rollout_id: str | None
    """The rollout that was active and is not any more."""
    request_id: str | None
    idempotency_key: str
    """What was sent as `Idempotency-Key`."""


class OctomilClient:
    """The service for scripts: blocking, with an event loop of its own.

    Can be used as a context manager, and need not be: what it holds is let go
    with it. Not for several threads at once. Settings that are not given come
    from the environment.

    Args:
        api_key: The key; else `OCTOMIL_API_KEY`.
        base_url: The base address; else `OCTOMIL_API_URL`, `OCTOMIL_API_BASE`,
            or the service's own.
        org_id: The organisation; else `OCTOMIL_ORG_ID`.
        read_only: Refuse to write. `OCTOMIL_READ_ONLY` set to anything but
            `0`, `false`, `no` or `off` does too, whatever is given here.
        limits: Deadlines and tries of reads; three tries unless told otherwise.
        transport: Stands in for the network in tests.
        environment: Instead of the process's own.

    Raises:
        KeyRefusedError: There is no key, or it is none.
        AddressError: The base address cannot be used.
        ConfigurationError: Another setting cannot be used.

    Source: the service's Rollback page, "Quick rollback" (Python tab).
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        org_id: str | None = None,
        read_only: bool = False,
        limits: Limits | None = None,
        transport: Transport | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        settings = os.environ if environment is None else environment
        source = "api_key" if api_key is not None else "OCTOMIL_API_KEY"
        key = parse_key(settings.get("OCTOMIL_API_KEY", "") if api_key is None else api_key, source)
        address = base_url or settings.get("OCTOMIL_API_URL") or settings.get("OCTOMIL_API_BASE")
        says_read_only = settings.get("OCTOMIL_READ_ONLY", "").strip().casefold() not in _OFF
        client = AsyncOctomilClient(
            address or DEFAULT_BASE_URL,
            key,
            org_id=org_id or settings.get("OCTOMIL_ORG_ID"),
            read_only=read_only or says_read_only,
            limits=limits or Limits(tries=_TRIES),
            transport=transport,
        )
        self._loop = BlockingLoop(client)
        self.models = ModelCalls(self._loop)
        self.rollouts = RolloutCalls(self._loop)
        self.groups = GroupCalls(self._loop)
        self.devices = DeviceCalls(self._loop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"OctomilClient({self._loop.client.base_url})"

    def close(self) -> None:
        """Let go of the connections; may be called twice."""
        self._loop.close()


class _Calls:
    def __init__(self, loop: BlockingLoop) -> None:
        self._loop = loop
        self._client = loop.client


class ModelCalls(_Calls):
    """`client.models`."""

    def list(self) -> tuple[Model, ...]:
        """Return the models; see `AsyncOctomilClient.models`."""
        return self._loop.run(self._client.models).value

    def versions(self, model_id: str) -> tuple[ModelVersion, ...]:
        """Return a model's versions, newest first; `model_id` may be its name."""

        async def ask() -> tuple[ModelVersion, ...]:
            return (await self._client.versions(await _resolve(self._client, model_id))).value

        return self._loop.run(ask)


class RolloutCalls(_Calls):
    """`client.rollouts`."""

    def list(self, model_id: str) -> tuple[Rollout, ...]:
        """Return a model's rollouts, newest first; `model_id` may be its name."""

        async def ask() -> tuple[Rollout, ...]:
            return (await self._client.rollouts(await _resolve(self._client, model_id))).value

        return self._loop.run(ask)

    def active(self) -> tuple[Rollout, ...]:
        """Return the active rollouts of all models, newest first."""
        return self._loop.run(self._client.active_rollouts).value

    def rollback(
        self,
        model_id: str,
        to_version: str,
        *,
        reason: str | None = None,
        group: str | None = None,
        idempotency_key: str | None = None,
    ) -> Rollback:
        """Send every device, or those of one group, back to an earlier deployed version.

        Sent once. Nothing is asked for confirmation here: a script has decided.

        Args:
            model_id: The model's id or its name.
            to_version: The version to go back to.
            reason: Why, for the record.
            group: The name of one device group; None for the whole fleet.
            idempotency_key: One key per intent; made here unless given.

        Raises:
            NotSentError: Nothing reached the service.
            UnknownOutcomeError: It may or may not have begun: read, never resend.
            RejectedError: The service refused it.
            ReadOnlyError: This client is read-only; nothing was sent.

        Source: the service's Rollback page, "Quick rollback" (Python tab).
        """
        intent = idempotency_key or str(uuid.uuid4())
        order = RollbackOrder(to_version=to_version, reason=reason, group=group)

        async def send() -> RollbackReceipt:
            if self._client.is_read_only:
                raise ReadOnlyError("this client is read-only; nothing was sent")
            try:
                model = await _resolve(self._client, model_id)
            except OctomilError as error:
                raise NotSentError(
                    f"{error.message}; nothing was sent", status=error.status, code=error.code
                ) from error
            return await self._client.rollback(model, order, idempotency_key=intent)

        receipt = self._loop.run(send)
        return Rollback(
            affected_devices=receipt.affected_devices,
            from_version=receipt.from_version,
            to_version=receipt.to_version,
            status=receipt.word,
            rollout_id=receipt.rollout_id,
            group=receipt.group,
            cancelled_rollout_id=receipt.cancelled_rollout_id,
            request_id=receipt.request_id,
            idempotency_key=intent,
        )


class GroupCalls(_Calls):
    """`client.groups`."""

    def list(self) -> tuple[DeviceGroup, ...]:
        """Return the device groups; see `AsyncOctomilClient.groups`."""
        return self._loop.run(self._client.groups).value


class DeviceCalls(_Calls):
    """`client.devices`."""

    def list(self, model_ids: Sequence[str] = ()) -> tuple[Device, ...]:
        """Return the devices; see `AsyncOctomilClient.devices` for what `model_ids` decides."""
        return self._loop.run(lambda: self._client.devices(model_ids)).value


async def _resolve(client: AsyncOctomilClient, model: str) -> str:
    """Return the id that the service's list has for `model`, an id or a name.

    Where there is no list for this key, or the name is not in it, it is the
    name itself, as in the service's own examples; the service then decides.
    """
    try:
        models = (await client.models()).value
    except (NotFoundError, ForbiddenError):
        return model
    by_id = (known.id for known in models if known.id == model)
    by_name = (known.id for known in models if known.name == model)
    return next(by_id, None) or next(by_name, None) or model
