"""Everything that is read from the service: each call one route, each answer a domain value."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from operator import is_
from typing import TypeVar, cast

from octomil_tui.api import convert, convert_device, wire
from octomil_tui.api.address import Address, encodable
from octomil_tui.api.answer import Asked
from octomil_tui.api.convert_device import Ageing
from octomil_tui.api.decode import RowsDecoder, decode_one, parse, repaired
from octomil_tui.api.device_pages import DevicePages
from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.api.exchange import Reader, Told
from octomil_tui.api.health_reads import HealthReads
from octomil_tui.api.listing import Listing, ListReader
from octomil_tui.api.memory import made
from octomil_tui.api.paging import MEMBER_CAP, ROW_CAP
from octomil_tui.api.shape import Shape
from octomil_tui.api.timeline_reads import TimelineReads
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.fleet import Device, DeviceGroup, Model, ModelVersion, Rollout
from octomil_tui.domain.order import Reading

_MODELS = RowsDecoder(wire.Model, "models")
_VERSIONS = RowsDecoder(wire.ModelVersion, "versions")
_ROLLOUTS = RowsDecoder(wire.Rollout, "rollouts")
_GROUPS = RowsDecoder(wire.Group, "groups")
_DEVICES = RowsDecoder(wire.Device, "devices")
_AFFECTED = RowsDecoder(wire.AffectedDevice, "devices")

_NO_SUCH_METHOD = 405
_SLICE = 1000

_RowT = TypeVar("_RowT", bound=Shape)


class ServiceReads(DevicePages, TimelineReads, HealthReads):
    """The reading half of the client.

    Every call returns a `Reading`: the value, the service's clock, how many
    rows were unreadable, and how many there are. Every call raises
    `OctomilError` in one of its kinds (see `errors`), always with a sentence.
    A value that the service says did not change is the same object as before;
    the service's clock beside it is always that of the newest answer.

    Args:
        address: The service.
        reader: Asks it.
        org_id: Sent with the lists that older services scope by organisation.
    """

    def __init__(self, address: Address, reader: Reader, org_id: str | None) -> None:
        self._address = address
        self._reader = reader
        self._lists = ListReader(reader)
        self._org: dict[str, str] = {"org_id": encodable(org_id)} if org_id else {}

    async def models(self) -> Reading[tuple[Model, ...]]:
        """Return the models of the organisation, as the service orders them.

        `GET {base}/models`, all pages.

        Source: the service's API reference, "List models".
        """
        listing = await self._lists.read(_MODELS, self._address.path("models"), self._org)
        return listing.reading(
            listing.made("models", None, lambda: tuple(convert.model(row) for row in listing.rows))
        )

    async def versions(self, model_id: str) -> Reading[tuple[ModelVersion, ...]]:
        """Return the published versions of a model, newest first.

        `GET {base}/models/{model}/versions`, all pages. By time where every
        version has one, else as the service sent them. A service without this
        route lists the versions in the model itself, and is asked for that.

        Raises:
            NotFoundError: No such model.

        Source: the service's Rollback page, "Rollback to any version".
        """
        try:
            listing = await self._lists.read(_VERSIONS, self._address.path("models", model_id, "versions"))
        except NotFoundError as error:
            return await self._versions_of_model(model_id, error)
        return listing.reading(listing.made("versions", None, lambda: convert.versions(listing.rows)))

    async def _versions_of_model(
        self, model_id: str, missing: NotFoundError
    ) -> Reading[tuple[ModelVersion, ...]]:
        try:
            told = await self._one(self._address.path("models", model_id))
            row = _row(told, wire.ModelDetail, "model")
        except OctomilError:
            raise missing from None
        found = made(told.kept, "versions", None, lambda: convert.versions(row.versions))
        return Reading(found, told.served_at)

    async def rollouts(self, model_id: str) -> Reading[tuple[Rollout, ...]]:
        """Return the rollouts and rollbacks of a model, newest first.

        `GET {base}/models/{model}/rollouts`. By time where every one has it,
        else by numeric id, else as the service sent them. A service without
        this route still lists the active ones; then those of the model are
        returned, and finished ones are missing.

        Raises:
            NotFoundError: No such model.

        Source: the service's Rollouts page; its Python package calls this route.
        """
        try:
            listing = await self._lists.read(_ROLLOUTS, self._address.path("models", model_id, "rollouts"))
        except NotFoundError as error:
            if _is_about_the_model(error):
                raise
            return await self._active_rollouts_of(model_id, error)
        return listing.reading(
            listing.made("rollouts", model_id, lambda: convert.rollouts(listing.rows, model_id))
        )

    async def _active_rollouts_of(
        self, model_id: str, missing: NotFoundError
    ) -> Reading[tuple[Rollout, ...]]:
        try:
            listing = await self._lists.read(_ROLLOUTS, self._address.path("rollouts", "active"))
        except NotFoundError:
            raise missing from None
        rows = [row for row in listing.rows if model_id in (str(row.model_id), str(row.model_name))]
        return Reading(convert.rollouts(rows, model_id), listing.served_at, listing.unreadable)

    async def active_rollouts(self) -> Reading[tuple[Rollout, ...]]:
        """Return the active rollouts of all models, newest first.

        `GET {base}/rollouts/active`: one request for the whole fleet.

        Raises:
            NotFoundError: This service has no such list.

        Source: the service's API reference, "List active rollouts".
        """
        listing = await self._lists.read(_ROLLOUTS, self._address.path("rollouts", "active"))
        return listing.reading(listing.made("running", None, lambda: convert.rollouts(listing.rows)))

    async def rollout(self, model_id: str, rollout_id: str) -> Reading[Rollout]:
        """Return one rollout, `GET {base}/models/{model}/rollouts/{rollout}`.

        Raises:
            NotFoundError: No such rollout, or no longer.

        Source: the service's API reference, "Get rollout".
        """
        told = await self._one(self._address.path("models", model_id, "rollouts", rollout_id))
        row = _row(told, wire.Rollout, "rollout")
        return Reading(
            made(told.kept, "value", model_id, lambda: convert.rollout(row, model_id)), told.served_at
        )

    async def affected_devices(self, model_id: str, rollout_id: str) -> Reading[AffectedDevices]:
        """Return what the service says of each device that a rollout touches.

        `GET {base}/models/{model}/rollouts/{rollout}/affected-devices`, all
        pages. The counts beside the list are the service's own.

        Raises:
            NotFoundError: No such rollout, or a service without this route.

        Source: the service's Python package calls this route; its keys are not documented.
        """
        path = self._address.path("models", model_id, "rollouts", rollout_id, "affected-devices")
        listing = await self._lists.read(_AFFECTED, path, is_large=True)

        def counted() -> AffectedDevices:
            summary = repaired(wire.AffectedSummary, parse(listing.first.body)) or wire.AffectedSummary({})
            return convert_device.affected(listing.rows, summary)

        return listing.reading(listing.made("affected", None, counted))

    async def groups(self) -> Reading[tuple[DeviceGroup, ...]]:
        """Return the device groups, without their members.

        `GET {base}/device-groups`, all pages, whether by offset or by cursor.

        Raises:
            NotFoundError: This service has no groups.

        Source: the service's Device groups page.
        """
        listing = await self._lists.read(_GROUPS, self._address.path("device-groups"), self._org)
        return listing.reading(
            listing.made("groups", None, lambda: tuple(convert.group(row) for row in listing.rows))
        )

    async def group_members(self, group_id: str) -> Reading[tuple[Device, ...]]:
        """Return the devices of one group, `GET {base}/device-groups/{group}/devices`, up to 20,000 devices.

        Rows here often have less than those of `devices`; ids and names are sure.

        Raises:
            NotFoundError: No such group.

        Source: the service's Device groups page.
        """
        path = self._address.path("device-groups", group_id, "devices")
        return await self._devices(path, {}, (), most=MEMBER_CAP)

    async def devices(self, model_ids: Sequence[str]) -> Reading[tuple[Device, ...]]:
        """Return the devices of the organisation with what they run.

        `GET {base}/devices`, all pages, up to 10,000 devices.

        Args:
            model_ids: The models that the console watches. A row may name a
                version without its model: with exactly one model here it is
                that one's; with several it is left out. A row that says nothing
                of any model counts as having the one model, version unknown;
                with several it has none.

        Returns:
            Devices whose `groups` are the keys of the row, ids or names as the
            service has them; the caller knows the groups and resolves them.
            Connectivity is the service's word, else derived from the last
            contact and the heartbeat interval by the service's own clock.

        Source: the service's API reference, "List devices".
        """
        return await self._devices(self._address.path("devices"), self._org, tuple(model_ids))

    async def _devices(
        self, path: str, params: Mapping[str, str], model_ids: tuple[str, ...], *, most: int = ROW_CAP
    ) -> Reading[tuple[Device, ...]]:
        listing: Listing[Device | Ageing] = await self._lists.read_as(
            _DEVICES,
            path,
            params,
            lambda row, _told: convert_device.told(row, model_ids),
            model_ids,
            is_large=True,
            most=most,
        )
        return listing.reading(await _as_of_now(listing, model_ids))

    async def device(self, device_id: str, model_ids: Sequence[str] = ()) -> Reading[Device]:
        """Return one device with the history of its models, `GET {base}/devices/{device}`.

        Args:
            device_id: The device's raw id.
            model_ids: As for `devices`.

        Raises:
            NotFoundError: No such device, or no longer.

        Source: the service's API reference, "Get device"; the history is inferred.
        """
        told = await self._one(self._address.path("devices", device_id))
        row = _row(told, wire.Device, "device")
        found = made(told.kept, "value", tuple(model_ids), lambda: convert_device.told(row, model_ids))
        return Reading(found if isinstance(found, Device) else found.at(told.served_at), told.served_at)

    async def _one(self, path: str) -> Told:
        return await self._reader.read(Asked(path), self._reader.patience())


def _row(told: Told, shape: type[_RowT], wrapper: str) -> _RowT:
    """Return the one object of an answer."""
    return made(told.kept, "row", shape.__name__, lambda: decode_one(told.body, shape, wrapper))


async def _as_of_now(listing: Listing[Device | Ageing], variant: tuple[str, ...]) -> tuple[Device, ...]:
    """Return the devices at the time of the answer: the same tuple as before where none of them changed."""
    devices: list[Device] = []
    for begin in range(0, len(listing.rows), _SLICE):
        rows = listing.rows[begin : begin + _SLICE]
        devices += [row if isinstance(row, Device) else row.at(listing.served_at) for row in rows]
        await asyncio.sleep(0)  # ten thousand at once would hold up the screen for several frames
    before = cast("tuple[Device, ...] | None", listing.before("devices", variant))
    if before is not None and all(map(is_, before, devices)):
        return before
    now = tuple(devices)
    listing.keep("devices", variant, now)
    return now


def _is_about_the_model(error: NotFoundError) -> bool:
    """Say whether a service knows the route and says that the model is gone.

    A missing route is told apart by its words; one that repeats the path
    (`Cannot GET /v1/models/…`) says nothing about the model.
    """
    said = f"{error.code or ''} {error.message}".casefold().split()
    return error.status != _NO_SUCH_METHOD and any(
        word.lstrip("'\"`").startswith("model") for word in said if "/" not in word
    )
