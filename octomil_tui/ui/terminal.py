"""Whether there is a terminal to draw on. Loads nothing, so that it can be asked before anything else."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from typing import Final

_INSTEAD = "In scripts and pipes use `octomil-console rollout status` or `octomil-console watch`."

SIZES: Final = ("COLUMNS", "LINES")
"""Exported by some shells, never changed afterwards, and taken for the size of the terminal."""

SWITCHES: Final = (
    "TEXTUAL",
    "TEXTUAL_ALLOW_SIGNALS",
    "TEXTUAL_DEBUG",
    "TEXTUAL_DEVTOOLS_HOST",
    "TEXTUAL_DEVTOOLS_PORT",
    "TEXTUAL_DRIVER",
    "TEXTUAL_FILTERS",
    "TEXTUAL_LOG",
    "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT",
    "TEXTUAL_SCREENSHOT_FILENAME",
    "TEXTUAL_SCREENSHOT_LOCATION",
    "TEXTUAL_SHOW_RETURN",
)
"""Switches for those who write such programs: they press keys, load code, send what is drawn to a port, leave
by themselves. Whoever exported one for another program does not want that here."""

_CELLS = "cells"
"""Name of the rule for characters that the terminal's encoding does not have."""

_LIKE: Final = {"…": ".", "─": "-", "━": "-", "│": "|", "┃": "|", "▔": "-", "▁": "_", "▌": ">", "●": "*"}


def check_terminal() -> str | None:
    """Return why no full-screen console can run here, in one sentence, or None where it can.

    Also puts right what would spoil the picture: the variables of `SIZES` and
    `SWITCHES` are taken out of the environment, and where the terminal's
    encoding (of the error stream, which is drawn on) lacks a character,
    another one of the same width takes its place.
    """
    for name in (*SIZES, *SWITCHES):
        os.environ.pop(name, None)
    for descriptor, name in ((0, "standard input"), (2, "standard error"), (1, "standard output")):
        if not os.isatty(descriptor):
            return f"The console needs a terminal, and {name} is not one. {_INSTEAD}"
    if sys.__stdin__ is None or sys.__stderr__ is None:
        return f"The console needs a terminal, and its streams are closed. {_INSTEAD}"
    if os.environ.get("TERM") == "dumb":
        return f"The console needs a terminal that can place text, and TERM is `dumb`. {_INSTEAD}"
    if is_ascii_only() and isinstance(sys.__stderr__, io.TextIOWrapper):
        # The usual rule writes six letters for one, and all columns shift.
        codecs.register_error(_CELLS, _same_cells)
        sys.__stderr__.reconfigure(errors=_CELLS)
    return None


def is_ascii_only() -> bool:
    """Say whether boxes and blocks have to be drawn in ASCII: the locale names an encoding without them.

    A locale that names none at all (`LANG=C`) is not one of these: Python takes it for UTF-8.
    """
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    return codecs.lookup(encoding).name != "utf-8"


def _same_cells(error: UnicodeError) -> tuple[str, int]:
    """Replace characters that cannot be encoded by as many cells of ASCII as they take."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_LIKE.get(one, "?" * _cells(one)) for one in lost), error.end


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
