import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import BearerAuth
from octomil_tui.api.errors import ReadOnlyError, RequestRefusedError
from octomil_tui.api.transport import GuardTransport
from tests.api.doubles import KEY, SECRET

pytestmark = pytest.mark.anyio

BASE = "https://api.test/v1"
ROLLBACK = f"{BASE}/models/phi-4-mini/rollback"


class Recorder(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []
        self.is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return httpx.Response(200, json={})

    async def aclose(self) -> None:
        self.is_closed = True


def guarded(*, read_only: bool, owns: bool = True) -> tuple[GuardTransport, Recorder]:
    recorder = Recorder()
    address = parse_address(BASE)
    guard = GuardTransport(
        recorder, address=address, auth=BearerAuth(KEY, address), read_only=read_only, owns=owns
    )
    return guard, recorder


async def refusal(guard: GuardTransport, request: httpx.Request) -> RequestRefusedError | None:
    try:
        await guard.handle_async_request(request)
    except RequestRefusedError as error:
        return error
    return None


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "get"])
async def test_reads_pass_with_the_key(method: str, read_only: bool) -> None:
    guard, recorder = guarded(read_only=read_only)
    assert await refusal(guard, httpx.Request(method, f"{BASE}/models")) is None
    assert recorder.seen[0].headers["Authorization"] == f"Bearer {SECRET}"


METHODS = [
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "pOsT",
    "PROPFIND",
    "GET ",
    "",
    "GÉT",
]


@pytest.mark.parametrize("method", METHODS)
async def test_case_42_read_only_lets_nothing_else_out(method: str) -> None:
    guard, recorder = guarded(read_only=True)
    for url in (ROLLBACK, f"{BASE}/models", f"{BASE}/devices/x/revoke"):
        assert isinstance(await refusal(guard, httpx.Request(method, url)), ReadOnlyError)
    assert recorder.seen == []


@pytest.mark.parametrize("method", [method for method in METHODS if method.upper() != "POST"])
async def test_other_methods_never_leave(method: str) -> None:
    guard, recorder = guarded(read_only=False)
    assert type(await refusal(guard, httpx.Request(method, ROLLBACK))) is RequestRefusedError
    assert recorder.seen == []


async def test_the_one_write_passes() -> None:
    guard, recorder = guarded(read_only=False)
    for name in ("phi-4-mini", "a%2Fb", "%2E%2E", "m%C3%A9"):
        request = httpx.Request("POST", f"{BASE}/models/{name}/rollback", json={})
        assert await refusal(guard, request) is None
    assert len(recorder.seen) == 4


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", f"models/m/rollouts/%2E%2E/{word}") for word in ("pause", "resume", "advance", "cancel")),
        ("POST", "models/m/rollouts/41%2F27/update-percentage"),
        ("DELETE", "models/m/rollouts/4127?force=true"),
        ("POST", "models/model-versions/v2/deprecate"),
        ("POST", "models/model-versions/v2/publish"),
        ("PATCH", "settings"),
        ("PUT", "settings/org_demo"),
    ],
)
async def test_the_other_writes_pass_unless_read_only(method: str, path: str) -> None:
    guard, recorder = guarded(read_only=False)
    request = httpx.Request(method, f"{BASE}/{path}", json={})
    assert await refusal(guard, request) is None
    assert len(recorder.seen) == 1
    guard, recorder = guarded(read_only=True)
    assert isinstance(await refusal(guard, request), ReadOnlyError)
    assert recorder.seen == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "models/m/rollouts/4127"),
        ("DELETE", "models/m/rollouts/4127?force=true&x=1"),
        ("DELETE", "models/m?force=true"),
        ("DELETE", "models/m/rollouts/?force=true"),
        ("DELETE", "models/m/rollback?force=true"),
        ("DELETE", "settings/org"),
        ("PUT", "settings"),
        ("PUT", "settings/"),
        ("PUT", "settings/a/b"),
        ("PUT", "settings/org?force=true"),
        ("PATCH", "settings/org"),
        ("POST", "settings"),
        ("PUT", "models/m/rollouts/4127/pause"),
        ("POST", "models/m/rollouts/4127/pause/"),
        ("POST", "models/m/rollouts//pause"),
        ("POST", "models/versions/v2/deprecate"),
        ("POST", "models/model-versions/v2/delete"),
        ("PUT", "monitoring/incidents/i"),
    ],
)
async def test_neighbours_of_the_other_writes_never_leave(method: str, path: str) -> None:
    guard, recorder = guarded(read_only=False)
    request = httpx.Request(method, f"{BASE}/{path}")
    assert type(await refusal(guard, request)) is RequestRefusedError
    assert recorder.seen == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models",
        "/v1/models/x",
        "/v1/models/x/rollouts/1",
        "/v1/models/x/rollouts/1/start",
        "/v1/models/x/y/rollouts",
        "/v1/models/x/rollback/",
        "/v1/models//rollback",
        "/v1/models/x/rollback?force=true",
        "/v1/models/x/y/rollback",
        "/v1/models/x/rollbacks",
        "/v2/models/x/rollback",
        "/models/x/rollback",
        "/v1/v1/models/x/rollback",
        "/v1/deployments/x/rollback",
        "/v1/settings/org",
        "/V1/models/x/rollback",
    ],
)
async def test_other_writes_never_leave(path: str) -> None:
    guard, recorder = guarded(read_only=False)
    assert type(await refusal(guard, httpx.Request("POST", f"https://api.test{path}"))) is RequestRefusedError
    assert recorder.seen == []


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.test",
        "https://api.test.evil.test",
        "https://xapi.test",
        "https://api.test.",
        "https://api.test:444",
        "http://api.test",
        "http://api.test:443",
        "https://api.test@evil.test",
        "https://user@api.test",
        "https://\u0430pi.test",
        "https://127.0.0.1",
        "ftp://api.test",
    ],
)
async def test_other_origins_see_neither_request_nor_key(origin: str, read_only: bool) -> None:
    guard, recorder = guarded(read_only=read_only)
    request = httpx.Request("GET", f"{origin}/v1/models")
    assert isinstance(await refusal(guard, request), RequestRefusedError)
    assert recorder.seen == []
    assert SECRET not in str(request.headers.raw)


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", f"{BASE}/models", headers={"X-HTTP-Method-Override": "POST"}),
        httpx.Request("GET", f"{BASE}/models", headers={"x-http-method": "DELETE"}),
        httpx.Request("HEAD", f"{BASE}/models", headers={"X-Method-Override": "PUT"}),
        httpx.Request("GET", f"{BASE}/models", content=b"{}"),
        httpx.Request("GET", f"{BASE}/models", headers={"Transfer-Encoding": "chunked"}),
        httpx.Request("GET", f"{BASE}/models", headers={"Content-Length": "nan"}),
    ],
)
async def test_a_read_that_smuggles_something_never_leaves(request_: httpx.Request, read_only: bool) -> None:
    guard, recorder = guarded(read_only=read_only)
    assert isinstance(await refusal(guard, request_), RequestRefusedError)
    assert recorder.seen == []


async def test_a_rollback_with_an_override_never_leaves() -> None:
    guard, recorder = guarded(read_only=False)
    request = httpx.Request("POST", ROLLBACK, headers={"X-HTTP-Method-Override": "DELETE"})
    assert isinstance(await refusal(guard, request), RequestRefusedError)
    assert recorder.seen == []


@given(st.text(min_size=1))
def test_every_identifier_reaches_the_one_write(name: str) -> None:
    guard, _ = guarded(read_only=False)
    path = parse_address(BASE).path("models", name, "rollback")
    guard._check(httpx.Request("POST", f"https://api.test{path}"))


async def test_the_guard_cannot_be_changed() -> None:
    guard, _ = guarded(read_only=True)
    with pytest.raises(AttributeError):
        guard._read_only = False
    with pytest.raises(AttributeError):
        del guard._read_only
    with pytest.raises(AttributeError):
        guard.extra = 1


async def test_closing_closes_what_it_owns() -> None:
    for owns in (True, False):
        guard, recorder = guarded(read_only=True, owns=owns)
        await guard.aclose()
        assert recorder.is_closed is owns
