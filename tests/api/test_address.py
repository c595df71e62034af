from urllib.parse import unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api.address import Address, encode_segment, parse_address
from octomil_tui.api.errors import AddressError, RequestRefusedError


@pytest.mark.parametrize(
    ("text", "url", "origin"),
    [
        ("https://api.octomil.com/v1", "https://api.octomil.com/v1", ("https", "api.octomil.com", 443)),
        (
            "HTTPS://API.Octomil.com/api/v1/",
            "https://api.octomil.com/api/v1",
            ("https", "api.octomil.com", 443),
        ),
        (" https://h.test ", "https://h.test", ("https", "h.test", 443)),
        ("https://h.test:8443/v1//", "https://h.test:8443/v1", ("https", "h.test", 8443)),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ("http", "127.0.0.1", 8080)),
        ("http://127.8.9.1", "http://127.8.9.1", ("http", "127.8.9.1", 80)),
        ("http://[::1]:99/v1", "http://[::1]:99/v1", ("http", "::1", 99)),
        ("http://LOCALHOST:1", "http://localhost:1", ("http", "localhost", 1)),
        ("https://10.0.0.7:443", "https://10.0.0.7", ("https", "10.0.0.7", 443)),
        ("https://[2001:DB8::0:1]", "https://[2001:db8::1]", ("https", "2001:db8::1", 443)),
    ],
)
def test_addresses_are_normalised(text: str, url: str, origin: tuple[str, str, int]) -> None:
    address = parse_address(text)
    assert (address.url, address.origin) == (url, origin)
    assert httpx.URL(address.url).host == address.host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.octomil.com",
        "//h.test",
        "ftp://h.test",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://:443",
        "http://api.octomil.com/v1",
        "http://127.0.0.1@evil.test",
        "http://127.0.0.1.evil.test",
        "http://localhost.evil.test",
        "http://localhost.",
        "http://2130706433",
        "http://0x7f000001",
        "http://0x7f.1",
        "http://127.1",
        "http://0177.0.0.1",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:8.8.8.8]",
        "https://[::1%25lo]",
        "https://[::1",
        "https://[zz]",
        "https://[v1.zz]",
        "https://u:p@h.test",
        "https://u@h.test",
        "https://@h.test",
        "https://h.test/v1?x=1",
        "https://h.test/v1?",
        "https://h.test/v1#f",
        "https://h.test#",
        "https://h.test/../v1",
        "https://h.test/./v1",
        "https://h.test/v%31",
        "https://h.test/a b",
        "https://h.test\\@evil.test",
        "https://h.test:0",
        "https://h.test:70000",
        "https://h.test:port",
        "https://h_.-.test",
        "https://exämple.test",
        "https://h.test/\x1b]0;x",
    ],
)
def test_case_40_what_cannot_be_used_is_refused_before_anything_is_sent(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert str(caught.value)


def test_a_password_in_the_address_is_never_shown() -> None:
    for text in ("https://user:hunter2@h.test", "ftp://user:hunter2@h.test", "https://u:hunter2@h.test:x"):
        with pytest.raises(AddressError) as caught:
            parse_address(text)
        assert "hunter2" not in str(caught.value)


def test_plain_http_beyond_this_machine_is_no_value_at_all() -> None:
    with pytest.raises(AddressError, match="in the clear"):
        Address("http", "h.test", 80)
    with pytest.raises(AddressError, match="https"):
        Address("gopher", "127.0.0.1", 70)


@pytest.mark.parametrize(
    ("segment", "encoded"),
    [
        ("phi-4-mini", "phi-4-mini"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("a/b", "a%2Fb"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("modèle 1", "mod%C3%A8le%201"),
        ("\ud800", "%ED%A0%80"),
        ("a;b\\c", "a%3Bb%5Cc"),
    ],
)
def test_any_identifier_is_one_segment(segment: str, encoded: str) -> None:
    assert encode_segment(segment) == encoded


@given(st.text(min_size=1))
def test_no_identifier_changes_the_path(segment: str) -> None:
    path = parse_address("https://h.test/v1").path("models", segment, "rollback")
    target = httpx.URL(f"https://h.test{path}").raw_path.decode()
    assert target == path
    assert urlsplit(target).path.split("/")[:3] == ["", "v1", "models"]
    assert len(target.split("/")) == 5
    assert unquote(target.split("/")[3], errors="surrogatepass") == segment


def test_an_empty_identifier_would_name_another_thing() -> None:
    with pytest.raises(RequestRefusedError):
        parse_address("https://h.test").path("models", "")
