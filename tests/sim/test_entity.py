"""ETags, 304 and gzip: what an answer costs on the way."""

import gzip
import zlib
from typing import Any

import httpx
import pytest

from octomil_tui.sim.entity import PACKED_FROM, etag_of
from tests.sim.rig import PHI, Rig
from tests.sim.served import KEY, Served, head, read_all

pytestmark = pytest.mark.anyio
PATHS = ["/v1/models", "/v1/devices?limit=50", f"{PHI}/rollouts", "/v1/rollouts/active", "/v1/auth/me"]


@pytest.mark.parametrize("path", PATHS)
async def test_what_the_client_has_already_is_not_sent_again(night: Rig, path: str) -> None:
    first = await night.client.get(path)
    tag = first.headers["ETag"]
    assert tag.encode() == etag_of(first.content)
    for known in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        again = await night.client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Date"]
        assert again.headers["X-Request-Id"]
        assert "Content-Type" not in again.headers
        assert "Content-Length" not in again.headers
    other = await night.client.get(path, headers={"If-None-Match": 'W/"0123"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_the_tag_changes_with_what_is_said(night: Rig) -> None:
    path = f"{PHI}/rollouts"
    tag = (await night.client.get(path)).headers["ETag"]
    assert (await night.client.get(path)).headers["ETag"] == tag
    await night.roll_back()
    changed = await night.client.get(path, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


async def test_only_answers_to_get_that_say_something_have_one(night: Rig) -> None:
    refused = await night.client.get("/v1/models/nobody", headers={"If-None-Match": "*"})
    assert (refused.status_code, "ETag" in refused.headers) == (404, False)
    posted = await night.client.post(
        f"{PHI}/rollback", json={"to_version": "1.0.0"}, headers={"If-None-Match": "*"}
    )
    assert (posted.status_code, "ETag" in posted.headers) == (202, False)


async def test_what_is_large_is_packed_for_those_who_unpack(night: Rig) -> None:
    plain = await night.client.get("/v1/devices?limit=100", headers={"Accept-Encoding": "identity"})
    packed = await night.client.get("/v1/devices?limit=100", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 5
    assert (packed.content, packed.headers["ETag"]) == (plain.content, plain.headers["ETag"])
    assert packed.headers["Vary"] == plain.headers["Vary"] == "accept-encoding"
    for accepted in ("gzip;q=0", "", "br", "gzip; q=0.0, identity"):
        answer = await night.client.get("/v1/devices?limit=100", headers={"Accept-Encoding": accepted})
        assert "Content-Encoding" not in answer.headers
    small = await night.client.get("/v1/auth/me")
    assert len(small.content) < PACKED_FROM
    assert "Content-Encoding" not in small.headers


async def test_faults_meet_the_answer_as_it_goes_out() -> None:
    async with Rig("night") as rig:
        skewed: dict[str, Any] = {"fault": "skew", "seconds": 3600.0}
        assert (await rig.post("/_sim/faults", skewed)).status_code == 201
        tag = (await rig.client.get("/v1/models")).headers["ETag"]
        late = await rig.client.get("/v1/models", headers={"If-None-Match": tag})
        assert (late.status_code, late.headers["Date"]) == (304, "Wed, 17 Jun 2026 04:12:41 GMT")
        await rig.client.put("/_sim/faults", json=[{"fault": "garbage", "path": "/models"}])
        garbled = await rig.client.get("/v1/models", headers={"If-None-Match": tag})
        assert (garbled.status_code, "ETag" in garbled.headers) == (200, False)


async def test_half_of_a_packed_answer_is_no_answer() -> None:
    async with Rig("night") as rig:
        await rig.post("/_sim/faults", {"fault": "truncate", "path": "/devices"})
        with pytest.raises((httpx.HTTPError, ConnectionError, zlib.error)):
            await rig.client.get("/v1/devices?limit=100")


def test_on_a_socket() -> None:
    with Served("night") as served, served.client() as client:
        tag = client.get("/v1/devices?limit=100").headers["ETag"]
        request = head(path="/v1/devices?limit=100", If_None_Match=tag, Connection="close")
        with served.dial() as connection:
            connection.sendall(request + b"\r\n\r\n")
            answer = read_all(connection)
        top, _, body = answer.partition(b"\r\n\r\n")
        assert top.startswith(b"HTTP/1.1 304")
        assert b"date: " in top.lower()
        assert body == b""
        with served.dial() as connection:
            wanted = head(path="/v1/devices?limit=100", Accept_Encoding="gzip", Connection="close")
            connection.sendall(wanted + b"\r\n\r\n")
            top, _, body = read_all(connection).partition(b"\r\n\r\n")
        assert b"content-encoding: gzip" in top.lower()
        assert gzip.decompress(body) == client.get("/v1/devices?limit=100").content
    assert KEY.encode() not in answer
