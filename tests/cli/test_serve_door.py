"""Who is let in: a browser that was sent by a person, by a name that nobody else can have made."""

from __future__ import annotations

import pytest

from octomil_tui.cli.serve_door import Door, headers_for

DOOR = Door(frozenset({"localhost", "opsbox"}))
HERE = "127.0.0.1:8765"


def status(method: str = "GET", path: str = "/", **headers: str) -> int | None:
    """Return the status of the refusal, or None for who is let in."""
    refusal = DOOR.refuses(method, path, {"Host": HERE, **headers})
    return refusal.status if refusal is not None else None


@pytest.mark.parametrize(
    "host", [HERE, "localhost", "LOCALHOST:9000", "[::1]:8765", "opsbox:80", "10.0.0.7:1"]
)
def test_an_address_or_a_name_of_its_own_is_let_in(host: str) -> None:
    assert status(Host=host) is None


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:8765", "a@127.0.0.1",
     "127.0.0.1:x", "127.0.0.1/", "[::1", "127.0.0.1:99999", "opsbox.evil.example"],
)  # fmt: skip
def test_a_name_that_somebody_else_let_lead_here_is_not(host: str) -> None:
    assert status(Host=host) == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "get"])
def test_nothing_but_reading_is_taken(method: str) -> None:
    assert status(method) == 405
    assert status("HEAD") is None


@pytest.mark.parametrize(
    "path", ["/download/x", "/static", "/static/", "/static/js/", "/page/", "/x", "//", "/ws/"]
)
def test_there_is_nothing_but_the_page_and_its_files(path: str) -> None:
    assert status(path=path) == 404
    assert status(path="/static/js/textual.js") is None


def test_a_socket_has_to_say_where_its_page_came_from() -> None:
    assert status(path="/ws") == 403
    assert status(path="/ws", Origin=f"http://{HERE}") is None
    assert status(path="/ws", Host="localhost:9000", Origin="https://localhost:9000") is None, (
        "behind a proxy"
    )


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", f"http://{HERE}.evil.example", "http://localhost:8765", "http://127.0.0.1",
     f"file://{HERE}", HERE],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/ws"])
def test_another_page_opens_nothing(origin: str, path: str) -> None:
    assert status(path=path, Origin=origin) == 403


def test_a_page_may_ask_nobody_but_its_own_server() -> None:
    policy = headers_for(HERE)["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == f"'self' ws://{HERE} wss://{HERE}"
    assert "unsafe" not in rules["script-src"]
    assert "popups" not in rules["sandbox"]
