"""Single pages of lists of devices, for fleets that are too large to be read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.api import convert_device, wire
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.convert_device import Ageing
from octomil_tui.api.decode import RowsDecoder
from octomil_tui.api.errors import StatusError
from octomil_tui.api.exchange import Reader
from octomil_tui.api.listing import LARGE, SMALL, TOO_MANY_AT_ONCE
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.order import Reading

_DEVICES = RowsDecoder(wire.Device, "devices")


class DevicePages:
    """The part of the client that reads one page at a time."""

    _address: Address
    _reader: Reader
    _org: Mapping[str, str]
    _most_rows = LARGE

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = LARGE,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        """Return one page of a list of devices: one request.

        A group as it is: `GET {base}/device-groups/{group}/devices`. Anything
        else: `GET {base}/devices`, narrowed by `status`, `platform`, `search`,
        and by `group`, which not every service knows. Whoever asks has to look
        at the rows to know whether the service heeded what it was asked for.
        A service that refuses a thousand rows at once is asked for a hundred.

        Args:
            query: Which devices.
            model_ids: As for `devices`; of a group as it is they are not used.
            offset: The first row, from 0.
            limit: Rows at most; the service may send fewer.
            cursor: What the page before named; used in place of the offset.

        Raises:
            NotFoundError: No such group.

        Source: the service's API reference, "List devices", and its Device
        groups page; that devices can be searched by group is inferred.
        """
        is_group = query.group_id is not None and not query.parameters
        models = () if is_group else tuple(model_ids)
        path = self._address.path("devices")
        if query.group_id is not None and is_group:
            path = self._address.path("device-groups", query.group_id, "devices")
        params = {} if is_group else {**self._org, **_narrowed(query)}
        place = {"cursor": cursor} if cursor is not None else {"offset": str(offset)}
        while True:
            rows = min(limit, self._most_rows)
            asked = Asked(path, {**params, "limit": str(rows), **place})
            try:
                told = await self._reader.read(asked, self._reader.patience())
            except StatusError as error:
                if rows <= SMALL or error.status not in TOO_MANY_AT_ONCE:
                    raise
                self._most_rows = SMALL
                continue
            page = _DEVICES.decode(told.body)
            devices = tuple(_device(row, models, told.served_at) for row in page.rows)
            found = DevicePage(devices, page.count, page.total, page.next_cursor, page.has_more)
            return Reading(found, told.served_at, page.unreadable, page.total)


def _narrowed(query: DeviceQuery) -> dict[str, str]:
    group = query.group_name if query.group_name is not None else query.group_id
    named = {} if group is None else {"group": group}
    # Half of a character, which a terminal in a wrong encoding can bring, cannot be sent.
    words = {**named, **dict(query.parameters)}
    return {name: word.encode("utf-8", "replace").decode() for name, word in words.items()}


def _device(row: wire.Device, models: Sequence[str], served_at: float | None) -> Device:
    told = convert_device.told(row, models)
    return told.at(served_at) if isinstance(told, Ageing) else told
