"""Names that Textual does not promise: this fails when an upgrade changes one, before a pty test does."""

from __future__ import annotations

import hashlib
import inspect

import pytest
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver

from octomil_tui.ui import driver, frame, listening, tab

# Of textual 8.2.8. Where one differs: read what changed, check `ui/driver.py`, `ui/listening.py`, `ui/tab.py` and `ui/frame.py` against it,
# then put the new one here.
SOURCES = {
    ("LinuxDriver", "write"): "b78a34033db5",
    ("LinuxDriver", "start_application_mode"): "7c41f5ba11a8",
    ("LinuxDriver", "stop_application_mode"): "9a7e99c8d4bd",
    ("LinuxDriver", "close"): "c32293a24c1a",
    ("LinuxDriver", "_run_input_thread"): "d2ef22cc2c97",
    ("LinuxDriver", "_sigcont_application"): "1d7463a74df1",
    ("WriterThread", "__init__"): "77d80cc491d7",
    ("WriterThread", "run"): "314021aab4f5",
    ("WriterThread", "stop"): "e02ca6dd8268",
    ("App", "_handle_exception"): "baea2e7f88e7",
    ("App", "_fatal_error"): "2474616cec7f",
    ("App", "panic"): "9c4a264c909e",
    ("App", "_print_error_renderables"): "6e6be4034677",
    ("App", "_close_messages_no_wait"): "f5db7e8fd40a",
    ("LinuxDriver", "_get_terminal_size"): "7e80e59356c6",
    ("App", "_display"): "4b78dff6669a",
    ("App", "_begin_update"): "74b869c65286",
    ("App", "_end_update"): "1ecb7ab2a36d",
    ("App", "post_display_hook"): "5465ca3c0416",
    ("LayoutUpdate", "__init__"): "0a0399f5b7e5",
    ("LayoutUpdate", "render_segments"): "ff329c722506",
    ("ChopsUpdate", "__init__"): "f40588bd8fbd",
    ("ChopsUpdate", "render_segments"): "4c1cdb567e0b",
    ("Strip", "render"): "2ba7a4913a72",
    ("Strip", "render_style"): "749d890bb5c4",
    ("Strip", "render_ansi"): "08043dedb90d",
    ("Compositor", "cuts"): "205385a66fda",
    ("Compositor", "get_widget_at"): "8305c4558a59",
    ("StylesCache", "set_dirty"): "78552ddea750",
    ("Widget", "render_lines"): "1f2a11f3d518",
    ("LinuxDriver", "__init__"): "671887bbf938",
    ("LinuxDriver", "run_input_thread"): "d796af6d69db",
    ("LinuxDriver", "disable_input"): "6154c5a7c174",
    ("Parser", "tick"): "44606084ad3b",
    ("Parser", "feed"): "390106cde019",
    ("WebDriver", "__init__"): "37aff7eba903",
    ("WebDriver", "write"): "31cd430836b7",
    ("WebDriver", "write_meta"): "58080b9f7c13",
    ("WebDriver", "start_application_mode"): "712a1fe2c912",
    ("WebDriver", "stop_application_mode"): "baf3ad299a87",
    ("WebDriver", "run_input_thread"): "3864aaf4ca91",
    ("WebDriver", "on_meta"): "4e52d693ece0",
    ("WebDriver", "_disable_mouse_support"): "9bc92343330e",
}


NAMES = [
    (owner, name)
    for private in (driver.PRIVATE, frame.PRIVATE, listening.PRIVATE, tab.PRIVATE)
    for owner, names in private.items()
    for name in names
]


@pytest.mark.parametrize(("owner", "name"), NAMES)
def test_what_is_overridden_or_done_in_another_way_is_what_it_was(owner: type, name: str) -> None:
    member = getattr(owner, name)
    source = inspect.getsource(getattr(member, "fget", None) or member)
    assert hashlib.sha256(source.encode()).hexdigest()[:12] == SOURCES[owner.__name__, name]


def test_nothing_that_is_pinned_is_unused() -> None:
    assert set(SOURCES) == {(owner.__name__, name) for owner, name in NAMES}


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (LinuxDriver, ("_app", "_writer_thread", "_key_thread")),
        (WriterThread, ("_queue",)),
        (WebDriver, ("_write", "_mouse", "exit_event")),
        (App, ("_exit_renderables",)),
        *frame.ATTRIBUTES.items(),
    ],
)
def test_the_attributes_are_still_set(owner: type, names: tuple[str, ...]) -> None:
    sources = "".join(
        inspect.getsource(base) for base in owner.__mro__ if base.__module__.startswith("textual")
    )
    for name in names:
        assert f"self.{name} = " in sources or f"self.{name}: " in sources
