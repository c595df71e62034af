"""What is read of how versions do, from routes whose answers the service does not publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from octomil_tui.api import convert_health
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.decode import parse
from octomil_tui.api.errors import NotFoundError, OctomilError, UnreadableError
from octomil_tui.api.exchange import Reader, Told
from octomil_tui.api.memory import made
from octomil_tui.domain.order import Reading
from octomil_tui.domain.signal import ModelHealth, RolloutHealth

T = TypeVar("T")


class HealthReads:
    """The part of the client that reads figures. Every call raises `OctomilError` with a sentence."""

    _address: Address
    _reader: Reader
    _org: Mapping[str, str]

    async def health_overview(self) -> Reading[Mapping[str, ModelHealth]]:
        """Return how the versions of every model do now, in short, by model id.

        `GET {base}/monitoring/overview`: one request for all models.

        Raises:
            NotFoundError: This service has no such route.

        Source: the service's API reference, Monitoring; the answer is not described there.
        """
        path = self._address.path("monitoring", "overview")
        return await self._figures(path, "overview", convert_health.overview, self._org)

    async def health(self, model_id: str) -> Reading[ModelHealth]:
        """Return how each version of a model does, with its last hour.

        `GET {base}/monitoring/models/{model}`. A service without this route may
        still measure all versions together, and is asked for that:
        `GET {base}/models/{model}/inference-metrics?hours=1`.

        Raises:
            NotFoundError: No such model, or no such route.

        Source: the service's API reference, Monitoring, of which the answer is
        not described, and "Inference metrics", of which it is.
        """
        path = self._address.path("monitoring", "models", model_id)
        try:
            return await self._figures(
                path, model_id, lambda data: convert_health.model_health(data, model_id)
            )
        except NotFoundError as error:
            return await self._of_all_versions(model_id, error)

    async def _of_all_versions(self, model_id: str, missing: NotFoundError) -> Reading[ModelHealth]:
        path = self._address.path("models", model_id, "inference-metrics")
        try:
            return await self._figures(
                path, model_id, lambda data: convert_health.inference_metrics(data, model_id), {"hours": "1"}
            )
        except OctomilError:
            raise missing from None

    async def rollout_health(self, rollout_id: str) -> Reading[RolloutHealth]:
        """Return how the devices do that a rollout or a rollback changes, from before it on.

        `GET {base}/monitoring/deployments/{rollout}`.

        Raises:
            NotFoundError: No such rollout, or no such route.

        Source: the service's API reference, Monitoring; the answer is not described there.
        """
        path = self._address.path("monitoring", "deployments", rollout_id)
        return await self._figures(
            path, rollout_id, lambda data: convert_health.rollout_health(data, rollout_id)
        )

    async def _figures(
        self,
        path: str,
        variant: str,
        convert: Callable[[object], T | None],
        params: Mapping[str, str] | None = None,
    ) -> Reading[T]:
        told = await self._reader.read(Asked(path, params or {}), self._reader.patience())
        found = made(told.kept, "figures", variant, lambda: _converted(told, convert))
        return Reading(found, told.served_at)


def _converted(told: Told, convert: Callable[[object], T | None]) -> T:
    found = convert(parse(told.body))
    if found is None:
        raise UnreadableError("unreadable answer: no figures in it")
    return found
