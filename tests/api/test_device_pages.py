"""Single pages of devices: which route, which query, and what the page tells."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from octomil_tui.api.errors import NotFoundError, StatusError
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.order import Reading
from tests.api.doubles import SERVED_AT, Service, answer, client_of

pytestmark = pytest.mark.anyio

GROUP = DeviceQuery("g/1", "eu kiosks")
ROW = {"id": "d1", "device_identifier": "kiosk-1", "active_model_version": "1.0.0"}


async def test_a_group_as_it_is() -> None:
    service = Service({"/device-groups/g/1/devices": {"devices": [ROW, {"x": 1}], "total": 20_000}})
    reading = await client_of(service, org_id="o").device_page(GROUP, ["m"], offset=4_000)
    assert service.asked == ["GET /v1/device-groups/g%2F1/devices?limit=1000&offset=4000"]
    page = reading.value
    assert (page.count, page.total, page.next_cursor, page.has_more) == (2, 20_000, None, None)
    assert (reading.server_at, reading.unreadable, reading.total) == (SERVED_AT, 1, 20_000)
    assert [device.name for device in page.devices] == ["kiosk-1"]


async def test_what_the_service_is_to_look_for() -> None:
    service = Service({"/devices": {"devices": [ROW], "total": 1}})
    client = client_of(service, org_id="o")
    query = GROUP.looking_for(("search", "kiosk 1\ud800"), ("status", "offline"))
    page = (await client.device_page(query, ["m"], limit=200)).value
    assert page.devices[0].installations["m"].version == "1.0.0"
    await client.device_page(DeviceQuery(parameters=(("platform", "ios"),)))
    await client.device_page(DeviceQuery("g2").looking_for(("status", "stale")))
    assert [one.removeprefix("GET /v1/devices?org_id=o&") for one in service.asked] == [
        "group=eu+kiosks&search=kiosk+1%3F&status=offline&limit=200&offset=0",
        "platform=ios&limit=1000&offset=0",
        "group=g2&status=stale&limit=1000&offset=0",
    ]


async def test_by_cursor() -> None:
    service = Service(
        {"/device-groups/g/1/devices": {"devices": [ROW], "next_cursor": "c2", "has_more": True}}
    )
    page = (await client_of(service).device_page(GROUP, offset=1_000, cursor="c1")).value
    assert (page.total, page.next_cursor, page.has_more) == (None, "c2", True)
    assert service.asked == ["GET /v1/device-groups/g%2F1/devices?limit=1000&cursor=c1"]


async def test_a_service_that_refuses_a_thousand_at_once_is_asked_for_a_hundred_from_then_on() -> None:
    def page(request: httpx.Request) -> Any:
        return answer({}, 422) if request.url.params["limit"] == "1000" else {"devices": [ROW], "total": 900}

    service = Service({"/devices": page})
    client = client_of(service)
    await client.device_page(DeviceQuery())
    await client.device_page(DeviceQuery(), offset=100)
    assert [one.partition("?")[2] for one in service.asked] == [
        "limit=1000&offset=0",
        "limit=100&offset=0",
        "limit=100&offset=100",
    ]
    with pytest.raises(StatusError):
        await client_of({"/devices": answer({}, 400)}).device_page(DeviceQuery())
    with pytest.raises(NotFoundError):
        await client_of({}).device_page(GROUP)


async def test_a_device_of_which_the_service_does_not_say_whether_it_can_be_reached() -> None:
    row = {**ROW, "last_seen_at": SERVED_AT - 10, "heartbeat_interval_seconds": 300}
    found: Reading[DevicePage] = await client_of({"/devices": [row]}).device_page(DeviceQuery())
    assert found.value.devices[0].connectivity is Connectivity.ONLINE
    assert found.value.total is None
