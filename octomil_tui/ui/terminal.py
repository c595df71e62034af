"""Whether there is a terminal to draw on. Loads nothing, so that it can be asked before anything else."""

from __future__ import annotations

import io
import os
import sys

_INSTEAD = "In scripts and pipes use `octomil-console rollout status` or `octomil-console watch`."


def check_terminal() -> str | None:
    """Return why no full-screen console can run here, in one sentence, or None where it can.

    Also puts right what would only spoil the picture: `COLUMNS` and `LINES`
    that a shell exported and that would outrank the real size, and an error
    stream (the one that is drawn on) of another encoding than UTF-8.
    """
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    for descriptor, name in ((0, "standard input"), (2, "standard error"), (1, "standard output")):
        if not os.isatty(descriptor):
            return f"The console needs a terminal, and {name} is not one. {_INSTEAD}"
    if sys.__stdin__ is None or sys.__stderr__ is None:
        return f"The console needs a terminal, and its streams are closed. {_INSTEAD}"
    if os.environ.get("TERM") == "dumb":
        return f"The console needs a terminal that can place text, and TERM is `dumb`. {_INSTEAD}"
    stream = sys.__stderr__
    if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
        # Otherwise every box character becomes six letters and all columns shift.
        stream.reconfigure(encoding="utf-8")
    return None
