"""A command that writes the API key: run without a shell, without a terminal, and not for long."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import FILE_LIMIT, ApiKey, parse_key
from octomil_tui.api.redact import HIDDEN, hide
from octomil_tui.domain.text import clean

WITHIN = 10.0
"""Seconds that the command may take."""

_LOOK = 0.05
"""Seconds between two looks whether the command has ended, while somebody holds its pipes open."""
_SAID = 200
"""Characters of the command's own last line that are shown."""


def run_key_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    origin: str,
    *,
    within: float = WITHIN,
    clock: Callable[[], float] = time.monotonic,
) -> ApiKey:
    """Return the key that a command writes to standard output.

    It gets no standard input and no terminal, so that it cannot ask anybody,
    and is ended with all that it started when the time is over. What it leaves
    running after its own end, such as an agent, is not waited for.

    Args:
        arguments: The program and its arguments; no shell reads them.
        environment: Its variables.
        origin: Where the command is named, for the sentence of the error.
        within: Seconds that it may take.
        clock: Monotonic seconds.

    Raises:
        KeyRefusedError: It cannot be run, fails (with the last line that it
            said), takes too long, writes over 4 KiB, or writes no usable key.
    """
    place = clean(origin)
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own command, in a file that nobody else can write
            list(arguments),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a command"
        raise KeyRefusedError(f"the command of {place} cannot be run: {cause}") from None
    with process:
        try:
            key, said = _listen(process, clock() + within, clock)
        except _TooLongError:
            raise KeyRefusedError(
                f"the command of {place} was not done within {within:.0f} seconds"
            ) from None
        finally:
            _end(process)
    text = _text(key)
    if len(key) > FILE_LIMIT:
        raise KeyRefusedError(f"the command of {place} wrote more than {FILE_LIMIT} bytes")
    if process.returncode:
        ended = f"ended with {process.returncode}" if process.returncode > 0 else "was killed"
        raise KeyRefusedError(f"the command of {place} {ended}{_last_line(_text(said), text.strip())}")
    return parse_key(text, f"the command of {place}")


class _TooLongError(Exception):
    """The time is over."""


def _listen(
    process: subprocess.Popen[bytes], until: float, clock: Callable[[], float]
) -> tuple[bytes, bytes]:
    """Return what the command wrote until it ended: a little more than is allowed at most, and its last words."""
    if process.stdout is None or process.stderr is None:
        return b"", b""
    out, err = process.stdout.fileno(), process.stderr.fileno()
    heard, still_open = {out: b"", err: b""}, {out, err}
    while len(heard[out]) <= FILE_LIMIT:
        if clock() > until:
            raise _TooLongError
        has_ended = process.poll() is not None
        # Once it has ended, what is in the pipes is all that counts: a child may hold them open for ever.
        ready, _, _ = select.select(still_open, (), (), 0 if has_ended else _LOOK)
        for pipe in ready:
            chunk = os.read(pipe, FILE_LIMIT + 1)
            heard[pipe] += chunk
            if not chunk:
                still_open.discard(pipe)
        heard[err] = heard[err][-FILE_LIMIT:]
        if has_ended and not ready:
            break
    return heard[out], heard[err]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and all that it started, unless it has ended by itself."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _last_line(said: str, secret: str) -> str:
    """Return what the command said last, without what it wrote as the key although it failed."""
    told = said.replace(secret, HIDDEN) if secret else said
    lines = [line for line in told.splitlines() if line.strip()]
    return f": {clean(hide(lines[-1]), _SAID)}" if lines else ""
