"""What a service offers of all that the console can show, and what has to be left out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import ForbiddenError, NotFoundError, OctomilError
from octomil_tui.cli.checkup.finding import Finding, fine, unknown
from octomil_tui.domain.device_page import DeviceQuery
from octomil_tui.domain.fleet import Model
from octomil_tui.domain.text import counted

_LOOKED_AT = 20
"""Devices that are looked at."""


async def feature_findings(client: AsyncOctomilClient, seconds: float) -> AsyncIterator[Finding]:
    """Yield what a service offers; six reads at once, and nothing is written.

    Args:
        client: The service, with a key that it accepts.
        seconds: How long all of it may take.
    """
    asked: list[tuple[str, str, Callable[[Sequence[Model]], Awaitable[Finding]]]] = [
        ("devices", "progress cannot be told device by device", lambda models: _devices(client, models)),
        ("groups", "only the whole fleet can be rolled back", lambda _: _groups(client)),
        (
            "figures",
            "SIGNAL, COMPARE and whether a rollback helps are left out",
            lambda m: _figures(client, m),
        ),
        ("incidents", "limits that were crossed are left out", lambda _: _incidents(client)),
        ("policy", "auto-rollback and its limits are left out", lambda _: _policy(client)),
        ("timeline", "the timeline has this machine's part and the rollouts", lambda _: _timeline(client)),
    ]
    models = asyncio.create_task(_models(client))
    try:
        async with asyncio.timeout(seconds):
            found = await asyncio.gather(*(_looked(models, *one) for one in asked))
    except TimeoutError:
        yield unknown("features", "the service did not answer in time", "try again")
        return
    finally:
        models.cancel()
    for one in found:
        yield one
    yield unknown("rollback", "its route cannot be tried without rolling back: the first one shows it")


async def _models(client: AsyncOctomilClient) -> Sequence[Model]:
    return (await client.models()).value


async def _looked(
    models: asyncio.Task[Sequence[Model]],
    topic: str,
    loss: str,
    look: Callable[[Sequence[Model]], Awaitable[Finding]],
) -> Finding:
    try:
        return await look(await asyncio.shield(models))
    except NotFoundError:
        return unknown(topic, "this service tells nothing of them", loss)
    except ForbiddenError:
        return unknown(topic, "this key may not read them (403)", loss)
    except OctomilError as error:
        return unknown(topic, f"could not be read: {error.message}", loss)


async def _devices(client: AsyncOctomilClient, models: Sequence[Model]) -> Finding:
    page = await client.device_page(DeviceQuery(), [one.id for one in models], limit=_LOOKED_AT)
    total = page.value.total if page.value.total is not None else page.value.count
    of = counted(total, "device")
    if not page.value.devices:
        return unknown("devices", "there are none yet")
    told = [one for device in page.value.devices for one in device.installations.values()]
    if not any(one.version is not None and one.by_device for one in told):
        return unknown(
            "devices", f"{of}; they do not tell which version they run", "progress is what the service counts"
        )
    return fine("devices", f"{of}; each tells which version it runs")


async def _groups(client: AsyncOctomilClient) -> Finding:
    return fine("groups", counted(len((await client.groups()).value), "device group"))


async def _figures(client: AsyncOctomilClient, models: Sequence[Model]) -> Finding:
    if not models:
        return unknown("figures", "there is no model yet")
    health = (await client.health(models[0].id)).value
    if health.versions:
        return fine("figures", "of each version")
    return unknown(
        "figures", "of all versions together only", "COMPARE, and whether a rollback helps, are left out"
    )


async def _incidents(client: AsyncOctomilClient) -> Finding:
    open_ones = sum(one.is_open for one in (await client.incidents()).value)
    return fine("incidents", f"told; {counted(open_ones, 'open one')}")


async def _policy(client: AsyncOctomilClient) -> Finding:
    policy = (await client.policy()).value
    return fine("policy", f"told; auto-rollback: {policy.auto_words}")


async def _timeline(client: AsyncOctomilClient) -> Finding:
    log = (await client.timeline((), most=1)).value
    if log.audit is None:
        return unknown(
            "timeline", "this service keeps no audit log for this key", "others' actions are not all told"
        )
    return fine("timeline", "the service keeps an audit log")
