"""What is written to terminals with fewer colours: never a code that they do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import CONSOLE
from tests.terminal.pty import Terminal

TRUE, EIGHT_BIT = re.compile(rb"[34]8;2;\d"), re.compile(rb"[34]8;5;\d")
ANY = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with Drill("night") as running:
        yield running


def written(drill: Drill, env: Mapping[str, str | None], *flags: str) -> bytes:
    """Return what the console writes until the fleet is on the screen and the palette was open."""
    base: dict[str, str | None] = {"COLORTERM": None, "NO_COLOR": None, "OCTOMIL_THEME": None}
    with Terminal([CONSOLE, "--read-only", *flags], env={**base, **drill.env, **env}) as terminal:
        terminal.wait_for("50/124")
        terminal.press("ctrl+p")
        terminal.wait_for("what do you want?")
        terminal.press("ctrl+c", "ctrl+c")
        terminal.wait_exit()
        return terminal.raw


def test_a_terminal_with_true_colours_gets_those(drill: Drill) -> None:
    assert TRUE.search(written(drill, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}))


def test_a_terminal_with_256_colours_gets_no_others(drill: Drill) -> None:
    raw = written(drill, {"TERM": "xterm-256color"}, "--theme", "light")
    assert not TRUE.search(raw)
    assert EIGHT_BIT.search(raw)


@pytest.mark.parametrize("theme", ["default", "contrast", "ansi"])
def test_a_terminal_with_sixteen_colours_gets_no_others(drill: Drill, theme: str) -> None:
    raw = written(drill, {"TERM": "xterm-16color"}, "--theme", theme)
    assert not TRUE.search(raw)
    assert not EIGHT_BIT.search(raw)
    assert ANY.search(raw)


def test_the_terminals_own_colours_stay_its_own_where_it_has_more(drill: Drill) -> None:
    raw = written(drill, {"TERM": "xterm-256color", "COLORTERM": "truecolor", "OCTOMIL_THEME": "ansi"})
    assert not TRUE.search(raw)
    assert not EIGHT_BIT.search(raw)


@pytest.mark.parametrize(
    ("env", "flags"),
    [
        ({"NO_COLOR": "1"}, ()),
        ({"NO_COLOR": "yes", "OCTOMIL_THEME": "contrast"}, ()),
        ({}, ("--theme", "mono")),
    ],
    ids=["asked", "before a variable", "by name"],
)
def test_without_colours_there_is_none(drill: Drill, env: dict[str, str], flags: tuple[str, ...]) -> None:
    raw = written(drill, {"TERM": "xterm-256color", "COLORTERM": "truecolor", **env}, *flags)
    assert not ANY.search(raw)


def test_a_theme_on_the_command_line_goes_before_no_color(drill: Drill) -> None:
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}
    assert TRUE.search(written(drill, env, "--theme", "default"))


def test_an_empty_no_color_asks_for_nothing(drill: Drill) -> None:
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}
    assert TRUE.search(written(drill, env))


def test_ascii_is_all_that_is_written_where_it_is_asked_for(drill: Drill) -> None:
    raw = written(drill, {"TERM": "xterm-256color"}, "--ascii")
    assert not [byte for byte in raw if byte > 0x7E]
