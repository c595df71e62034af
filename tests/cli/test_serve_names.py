"""What is taken from textual-serve without a promise is what it was when it was taken."""

from __future__ import annotations

import hashlib
import inspect

import pytest
from textual_serve.app_service import AppService

from octomil_tui.cli import serve_server, serve_tab

# Of textual-serve 1.1.3. Where one differs: read what changed, check `cli/serve_server.py` and `cli/serve_tab.py`
# against it, then put the new one here.
SOURCES = {
    ("AppService", "__init__"): "97d2aa2d006b",
    ("AppService", "_open_app_process"): "1202e78eb3e9",
    ("AppService", "run"): "065799c360c5",
    ("AppService", "start"): "677839f69c78",
    ("AppService", "stop"): "e17b0255d820",
    ("AppService", "encode_packet"): "dbf1b409681b",
    ("AppService", "send_bytes"): "7188bc997d4e",
    ("AppService", "send_meta"): "8ed9ef8fbca7",
    ("AppService", "set_terminal_size"): "83809ee887c2",
    ("AppService", "blur"): "dcfc8d5f662d",
    ("AppService", "focus"): "5a0918e5f16b",
    ("Server", "__init__"): "e7388c474b96",
    ("Server", "_make_app"): "f49af73ecb6e",
    ("Server", "_process_messages"): "c30aaa2d9521",
    ("Server", "handle_index"): "c961f57f6af2",
    ("Server", "handle_websocket"): "87c0c9d50be8",
}

NAMES = [
    (owner, name)
    for private in (serve_tab.PRIVATE, serve_server.PRIVATE)
    for owner, names in private.items()
    for name in names
]


@pytest.mark.parametrize(("owner", "name"), NAMES)
def test_what_is_overridden_or_relied_on_is_what_it_was(owner: type, name: str) -> None:
    source = inspect.getsource(getattr(owner, name))
    assert hashlib.sha256(source.encode()).hexdigest()[:12] == SOURCES[owner.__name__, name]


def test_nothing_that_is_pinned_is_unused() -> None:
    assert set(SOURCES) == {(owner.__name__, name) for owner, name in NAMES}


def test_the_attributes_are_still_set() -> None:
    sources = inspect.getsource(AppService)
    for name in ("_process", "_stdin", "_task"):
        assert f"self.{name} = " in sources or f"self.{name}: " in sources
