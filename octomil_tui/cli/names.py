"""Names that the command line can be given, as the service has them: read once in a minute, and never written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.exchange import Limits
from octomil_tui.cli.name_cache import NameCache, Named
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.text import clean, version_label
from octomil_tui.settings import Settings

Clock = Callable[[], float]


async def names_of(
    what: str,
    model: str,
    cache: NameCache,
    open_source: Callable[[], AsyncOctomilClient],
    clock: Clock = time.time,
) -> tuple[Named, ...]:
    """Return the names of one kind.

    Args:
        what: `models`, `groups`, `versions` or `rollouts` of a model, or `runs`: running rollouts, and models.
        model: Name or id of the model that the command line is about; empty where it names none.
        cache: What was read lately.
        open_source: Opens the service; not called where the cache knows all that is asked.
        clock: Epoch seconds.

    Raises:
        OctomilError: The service did not answer.
    """
    asking = _Asking(cache, open_source, clock)
    try:
        return await asking.of(what, model)
    finally:
        await asking.close()


class _Asking:
    def __init__(self, cache: NameCache, open_source: Callable[[], AsyncOctomilClient], clock: Clock) -> None:
        self._cache = cache
        self._open = open_source
        self._clock = clock
        self._opened: AsyncOctomilClient | None = None

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()

    async def of(self, what: str, model: str) -> tuple[Named, ...]:
        if what == "models":
            return await self._cached("models", self._models)
        if what == "groups":
            return await self._cached("groups", self._groups)
        if what == "runs":
            runs, models = await asyncio.gather(self._cached("active", self._active), self.of("models", ""))
            return (*runs, *models)
        model_id = await self._id_of(model)
        if what == "versions":
            return await self._cached(f"versions {model_id}", lambda: self._versions(model_id))
        return await self._cached(f"rollouts {model_id}", lambda: self._rollouts(model_id))

    async def _cached(
        self, question: str, ask: Callable[[], Awaitable[Iterable[Named]]]
    ) -> tuple[Named, ...]:
        known = self._cache.get(question, self._clock())
        if known is None:
            known = tuple(await ask())
            self._cache.put(question, known, self._clock())
        return known

    def _source(self) -> AsyncOctomilClient:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    async def _id_of(self, model: str) -> str:
        models = await self.of("models", "")
        return next((one.id for one in models if model in (one.id, one.name)), model)

    async def _models(self) -> list[Named]:
        return [Named(one.name, one.id) for one in (await self._source().models()).value]

    async def _groups(self) -> list[Named]:
        groups = (await self._source().groups()).value
        return [Named(one.name, one.id, _counted(one.device_count)) for one in groups]

    async def _versions(self, model_id: str) -> list[Named]:
        versions = (await self._source().versions(model_id)).value
        return [Named(one.version, "", "held" if one.hold else clean(one.word)) for one in versions]

    async def _rollouts(self, model_id: str) -> list[Named]:
        return _rollout_names((await self._source().rollouts(model_id)).value)

    async def _active(self) -> list[Named]:
        return _rollout_names((await self._source().active_rollouts()).value)


def _counted(devices: int | None) -> str:
    return "" if devices is None else f"{devices} device{'' if devices == 1 else 's'}"


def _rollout_names(rollouts: Sequence[Rollout]) -> list[Named]:
    return [Named(one.id, "", f"to {version_label(one.version)}, {one.word}") for one in rollouts]


def read_only_source(settings: Settings, within: float) -> Callable[[], AsyncOctomilClient]:
    """Return what opens the service for reads alone, each with one try.

    Args:
        settings: The service.
        within: Seconds that one read may take.
    """
    from octomil_tui.api.auth import KeyHolder  # noqa: PLC0415 - only where a request will leave
    from octomil_tui.cli.flags import key_of  # noqa: PLC0415

    def open_source() -> AsyncOctomilClient:
        return AsyncOctomilClient(
            settings.base_url.value,
            KeyHolder(key_of(settings), settings.key_source),
            org_id=settings.org_id.value,
            read_only=True,
            limits=Limits(deadline=within, patience=within),
            ca_file=settings.ca_file.value,
            use_proxy=settings.uses_proxy,
            proxy=settings.proxy_url,
        )

    return open_source
