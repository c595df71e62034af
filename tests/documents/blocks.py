"""Commands in documents: found, run as a reader would, and compared with what the document says they print.

A comment before each block of commands says what becomes of it:

    <!-- run: brief -->             on a new practice fleet of that scenario, whose clock stands
    <!-- run: brief lost-answer --> the same, with faults
    <!-- run -->                    on the fleet of the block before
    <!-- run, time passes -->       on that fleet, while its time passes
    <!-- run, time passes: brief --> both at once
    <!-- not run: why -->           by a person only

In what a block says is printed, a line `…` stands for any number of lines, and
`…` in a line for any text; empty lines do not count. A command may fail only where `echo $?` follows it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.cli.drill import Drill, environment

ROOT = Path(__file__).parents[2]
WITHIN = 180.0
"""Seconds that a block may take, on a busy machine."""

_BLOCK = re.compile(
    r"(?P<before>[^\n]*)\n+```(?P<language>sh|console)\n(?P<body>.*?)\n```$", re.MULTILINE | re.DOTALL
)
_MARK = re.compile(r"<!-- (?P<does>run|not run)(?P<passes>, time passes)?(?:: (?P<what>[^>]+))? -->")
_STEP = "\x01"
_TICK, _PACE = 0.1, 4.0
"""Every so many seconds the fleet's clock goes on by so many."""


class Command(NamedTuple):
    """One command, and the lines that the document shows below it; None where it shows none."""

    text: str
    shown: tuple[str, ...] | None


class Block(NamedTuple):
    """One block of commands."""

    document: str
    line: int
    is_run: bool
    what: str
    """Scenario and faults of a new fleet, or why it is not run; empty for the fleet before."""
    passes: bool
    commands: tuple[Command, ...]

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


def blocks_of(path: Path) -> list[Block]:
    """Return the blocks of a document; one without a mark is an error of the document."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("body")) + 1
        mark = _MARK.fullmatch(match["before"].strip())
        assert mark is not None, f"{path.name}:{line}: say before the block whether it is run"
        found.append(
            Block(
                path.name,
                line,
                mark["does"] == "run",
                mark["what"] or "",
                mark["passes"] is not None,
                tuple(_commands(match["body"], is_console=match["language"] == "console")),
            )
        )
    return found


def _commands(body: str, *, is_console: bool) -> Iterator[Command]:
    if not is_console:
        yield Command(body, None)
        return
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.rstrip("\n").split("\n")
        end = next(n for n, one in enumerate(lines) if not one.endswith("\\")) + 1
        yield Command("\n".join(lines[:end]), tuple(one for one in lines[end:] if one))


def run_document(path: Path, home: Path) -> Iterator[str]:
    """Run what a document says is run, in its order, and yield what is not as it says.

    Args:
        path: The document.
        home: An empty directory: what its reader calls home.
    """
    drill: Drill | None = None
    try:
        for block in blocks_of(path):
            if not block.is_run:
                continue
            if block.what:
                if drill is not None:
                    drill.__exit__()
                scenario, *faults = block.what.split()
                drill = Drill(scenario, *faults)
            assert drill is not None, f"{block.place}: on which fleet?"
            with _passing(drill, passes=block.passes):
                yield from _tried(block, drill, home)
    finally:
        if drill is not None:
            drill.__exit__()


@contextmanager
def _passing(drill: Drill, *, passes: bool) -> Iterator[None]:
    over = threading.Event()
    if not passes:
        yield
        return

    def tick() -> None:
        while not over.wait(_TICK):
            drill.pass_time(_PACE)

    ticking = threading.Thread(target=tick, name="time")
    ticking.start()
    try:
        yield
    finally:
        over.set()
        ticking.join()


def _tried(block: Block, drill: Drill, home: Path) -> Iterator[str]:
    script = "".join(
        f"{one.text}\n_s=$?; printf '{_STEP}%s{_STEP}' $_s; (exit $_s)\n" for one in block.commands
    )
    done = subprocess.run(  # noqa: S603 - the documents of this project
        ["bash", "-c", script],  # noqa: S607 - as the reader's own terminal finds it
        check=False,
        cwd=home,
        env=environment(
            {
                **drill.env,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(home),
                "XDG_STATE_HOME": str(home / "state"),
                "XDG_CONFIG_HOME": str(home / "config"),
                "OCTOMIL_ORG_ID": "org_demo",
            }
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WITHIN,
    )
    pieces = done.stdout.split(_STEP)
    followers = [*(one.text for one in block.commands[1:]), ""]
    for number, command in enumerate(block.commands):
        printed = [line for line in pieces[2 * number].splitlines() if line.strip()]
        status = pieces[2 * number + 1]
        if status != "0" and followers[number] != "echo $?":
            yield f"{block.place}: {command.text!r} ended with {status}: {printed}"
        if command.shown is not None and not agrees(command.shown, printed):
            yield f"{block.place}: {command.text!r} printed\n" + "\n".join(printed)


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Say whether a command printed what the document shows."""
    if not shown:
        return not printed
    first, *rest = shown
    if first.strip() == "…":
        return any(agrees(rest, printed[skipped:]) for skipped in range(len(printed) + 1))
    pattern = "".join(".*" if piece == "…" else re.escape(piece) for piece in re.split("(…)", first.rstrip()))
    return (
        bool(printed) and re.fullmatch(pattern, printed[0].rstrip()) is not None and agrees(rest, printed[1:])
    )
