import ssl
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.api.address import parse_address
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import ConfigurationError, NotSentError
from octomil_tui.api.network import has_authorities, proxy_for, tls_context
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import KEY
from tests.api.scripted import CERTIFICATES

HTTPS = parse_address("https://api.example.test/v1")


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128"}, "proxy.test"),
        ({"https_proxy": "proxy.test:3128"}, "proxy.test"),
        ({"ALL_PROXY": "https://proxy.test"}, "proxy.test"),
        ({"HTTP_PROXY": "http://proxy.test"}, None),
        ({"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": "example.test"}, None),
        ({"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": ""}, None),
    ],
)
def test_proxies(environment: dict[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(HTTPS)
    assert (proxy.host if proxy else None) == host


@pytest.mark.parametrize("url", ["socks5://user:hunter2@proxy.test", "http://", "http://[::1"])
def test_proxies_that_cannot_be_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(ConfigurationError, match="not an http proxy") as caught:
        AsyncOctomilClient("https://api.example.test", KEY)
    assert "hunter2" not in str(caught.value)
    assert AsyncOctomilClient("https://api.example.test", KEY, use_proxy=False).proxy_host is None


def test_a_proxy_never_shows_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@proxy.test")
    assert repr(proxy_for(HTTPS)) == "Proxy(proxy.test)"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "https://127.0.0.1", "http://localhost:1", "https://[::1]"]
)
def test_no_proxy_for_loopback(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.test")
    assert proxy_for(parse_address(url)) is None


def test_verification_is_always_on() -> None:
    for address in (HTTPS, parse_address("http://127.0.0.1")):
        context = tls_context(address, str(CERTIFICATES / "good.pem"))
        assert context is not None
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


def test_a_file_of_authorities_counts_alone() -> None:
    context = tls_context(HTTPS, str(CERTIFICATES / "good.pem"))
    assert context is not None
    assert context.cert_store_stats()["x509"] == 1


def test_a_system_without_authorities_leaves_it_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    paths: Any = ssl.get_default_verify_paths()
    paths = paths._replace(cafile=None, capath=None)
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: paths)
    assert not has_authorities()
    assert tls_context(HTTPS) is None
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "good.pem"))
    assert has_authorities()
    assert tls_context(HTTPS) is not None


@pytest.mark.anyio
async def test_the_librarys_authorities_serve_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("octomil_tui.api.connection.tls_context", lambda *_: None)
    client = AsyncOctomilClient("https://api.example.test", KEY)
    await client._connections._load_context()
    context = client._connections._context
    assert context is not None
    assert context.cert_store_stats()["x509_ca"] > 1


@pytest.mark.anyio
@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_file_of_authorities_that_holds_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca\x1b.pem"
    if content is not None:
        path.write_bytes(content)
    async with AsyncOctomilClient("https://127.0.0.1:9", KEY, ca_file=str(path)) as client:
        with pytest.raises(ConfigurationError, match="cannot be read or holds no certificate") as caught:
            await client.models()
        assert "\x1b" not in str(caught.value)
        with pytest.raises(NotSentError, match="nothing was sent"):
            await client.rollback("m", RollbackOrder("1"), idempotency_key="k")
