"""Keeps everything that tests see and every key that they use, so that the one can be looked for in the other.

A pytest plugin (`-p tests.keeping`) that does nothing unless `OCTOMIL_KEEP`
names a directory. It takes hold of the few places through which all output
comes: pseudo-terminals, pipes of child processes, captured streams. Keys go
to the file that `OCTOMIL_KEEP_KEYS` names, outside of that directory, and what
tests themselves write, such as key files, is noted beside it.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.api import key as keys
from octomil_tui.sim.private_file import PrivateFile
from octomil_tui.sim.spawn import Running
from tests.terminal.pty import Terminal

# Tests take the console's variables out of the environment; what these say counts for the whole run.
_DIRECTORY = os.environ.get("OCTOMIL_KEEP")
_KEYS = os.environ.get("OCTOMIL_KEEP_KEYS")
_LOOKED_FOR = re.compile(r"edg_[!-~]{12,200}")
"""Keys that are looked for: parts of shorter ones are in everything."""

_TESTS = str(Path(__file__).parent)
_count = itertools.count()


def keep(what: str, seen: bytes | str | None) -> None:
    """Write what was seen to a file of its own."""
    if _DIRECTORY and seen:
        data = seen.encode(errors="backslashreplace") if isinstance(seen, str) else seen
        # Not by `write_bytes`, which notes what tests write to hand it over.
        with Path(_DIRECTORY, f"{what}-{os.getpid()}-{next(_count)}").open("wb") as file:
            file.write(data)


def issue(key: str | None) -> None:
    """Note that a key is used."""
    if _KEYS and key and _LOOKED_FOR.fullmatch(key.strip()):
        with Path(_KEYS).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{key.strip()}\n")


def given_beside(keys: Path) -> Path:
    """Return where it is noted what tests wrote themselves: a line for each, of its digest and its path."""
    return keys.with_name(f"{keys.name}-given")


def digest(content: bytes) -> str:
    """Return what tells whether a file is still as a test wrote it."""
    return hashlib.sha256(content).hexdigest()


def _was_written(_: Any, path: Path, *__: Any, **___: Any) -> None:
    # The caller of the method that told this one.
    writer = sys._getframe(2).f_code.co_filename
    if writer.startswith(_TESTS):
        _give(path)


def _is_the_keys_own(_: None, file: PrivateFile, *__: Any, **___: Any) -> None:
    """Leave out what the control plane hands its key over in."""
    _give(file.path)


def _give(path: Path) -> None:
    if _KEYS and path.is_file():
        with given_beside(Path(_KEYS)).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{digest(path.read_bytes())} {path}\n")


def _after(target: Any, name: str, then: Callable[..., None]) -> None:
    """Have `then` told the result and the arguments of each call of a method."""
    original = getattr(target, name)

    def told(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        then(result, *arguments, **named)
        return result

    setattr(target, name, told)


def _terminal_ended(_: None, terminal: Terminal, *__: Any) -> None:
    keep("terminal", terminal.raw)


def _began(_: None, __: Any, *___: Any, env: Any = None, **____: Any) -> None:
    issue((env or {}).get("OCTOMIL_API_KEY"))


def _process_said(said: tuple[Any, Any], *_: Any, **__: Any) -> None:
    for stream in said:
        keep("pipe", stream)


def _was_captured(captured: Any, *_: Any) -> None:
    keep("stdout", captured.out)
    keep("stderr", captured.err)


def _control_plane_began(_: None, running: Running, *__: Any, **___: Any) -> None:
    issue(running.api_key)


def _key_was_read(_: Any, text: str, *__: Any, **___: Any) -> None:
    issue(text)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    if _DIRECTORY is None:
        return
    _after(Terminal, "__init__", _began)
    _after(Terminal, "__exit__", _terminal_ended)
    _after(subprocess.Popen, "__init__", _began)
    _after(subprocess.Popen, "communicate", _process_said)
    _after(pytest.CaptureFixture, "readouterr", _was_captured)
    _after(Running, "__init__", _control_plane_began)
    _after(PrivateFile, "__init__", _is_the_keys_own)
    _after(keys, "parse_key", _key_was_read)
    _after(Path, "write_text", _was_written)
    _after(Path, "write_bytes", _was_written)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a test printed as well, and what was logged."""
    report = yield
    for name, content in report.sections:
        keep(f"{item.name[:40].replace('/', '_')}-{name.split()[-2]}", content)
    return report
