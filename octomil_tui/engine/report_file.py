"""Reports on this machine: one private file per form, beside the journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from octomil_tui.api.redact import hide_known
from octomil_tui.engine.private import RecordError, opened_directory, telling, write_file

__all__ = ["RecordError", "report_stem", "write_report"]

_UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")
_LONGEST: Final = 80


def report_stem(rollout_id: str | None, model: str) -> str:
    """Return `4131-phi-4-mini`: a file name that any file system takes, whatever the service calls them."""
    parts = [_UNSAFE.sub("_", part)[:_LONGEST].strip(".") for part in (rollout_id or "", model)]
    return "-".join(part for part in parts if part) or "rollback"


def write_report(directory: Path, stem: str, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write each form of a report, replacing one of before, and return where they are.

    Args:
        directory: Where reports are; made, for this user alone, where it is missing.
        stem: The files' name without its ending.
        texts: What to write, by ending: `.md`, `.json`.

    Raises:
        RecordError: They cannot be written.
    """
    with telling("the report"), opened_directory(directory, make=True) as descriptor:
        for ending, text in texts.items():
            write_file(descriptor, f"{stem}{ending}", hide_known(text).encode("utf-8", "backslashreplace"))
    return tuple(directory / f"{stem}{ending}" for ending in texts)
