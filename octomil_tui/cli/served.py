"""The dashboard of one tab: the child that `serve` starts, and nobody else.

It draws on pipes and knows nothing but the dashboard. There is no command that
leads here: its only argument is the number of the pipe that `serve` left open
for it, and without that there are no settings to run on.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from octomil_tui.cli import process
from octomil_tui.cli.ending import fail
from octomil_tui.cli.exits import CommandError, Exit, exit_of
from octomil_tui.cli.output import Output

OWN_VARIABLES: Final = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "PYTHONUTF8": "1",
}
"""What the terminal in a browser is, whatever terminal `serve` was started in."""

_CHUNK = 65_536


def run(descriptor: int) -> int:
    """Run the dashboard on the settings that come through a pipe, and return its exit status."""
    from octomil_tui.api.errors import OctomilError  # noqa: PLC0415 - after the process was made safe

    output = Output(is_json=False)
    try:
        return _run(descriptor)
    except OctomilError as error:
        return fail(output, CommandError(exit_of(error), error.message))
    except (OSError, ValueError, KeyError, TypeError):
        return fail(output, CommandError(Exit.USAGE, "only serve starts this"))


def _run(descriptor: int) -> int:
    from octomil_tui.cli.dashboard import prepare_to_read  # noqa: PLC0415 - as above
    from octomil_tui.cli.serve_handover import unpack  # noqa: PLC0415
    from octomil_tui.cli.taste import taste_of  # noqa: PLC0415

    settings = unpack(_read(descriptor), os.environ)
    open_service, place = prepare_to_read(settings)
    from octomil_tui.ui.tab import run_in_tab  # noqa: PLC0415 - a refusal comes without the screens

    return run_in_tab(open_service, place, taste_of(settings))


def _read(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read()


if __name__ == "__main__":
    process.prepare()
    sys.exit(run(int(sys.argv[1])))
