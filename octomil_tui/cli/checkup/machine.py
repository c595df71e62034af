"""What this machine gives to the console: versions, the settings file, and a place to write."""

from __future__ import annotations

import os
import platform
import pwd
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from octomil_tui._version import __version__
from octomil_tui.cli.checkup.finding import Finding, fine, unknown, wrong
from octomil_tui.cli.exits import Exit
from octomil_tui.config.finding import Checked
from octomil_tui.domain.text import clean, counted
from octomil_tui.engine.private import opened_directory

_LITTLE: Final = 20 * 1024 * 1024
"""Bytes of free disk space below which records may soon not be written."""
_MIB: Final = 1024 * 1024


def version_finding() -> Finding:
    """Return what runs here."""
    try:
        drawn = f", Textual {version('textual')}"
    except PackageNotFoundError:
        drawn = ""
    system = clean(f"{platform.system()} {platform.release()}")
    return fine(
        "versions", f"octomil-console {__version__}, Python {platform.python_version()}{drawn}, {system}"
    )


def config_findings(checked: Checked, profile: str | None) -> Iterator[Finding]:
    """Yield what is to be said of the settings file, as far as it matters for the profile in use."""
    problems = checked.problems_of(profile)
    if checked.is_missing:
        yield fine("settings", checked.summary)
    elif not problems:
        others = len(checked.problems)
        if others:
            yield unknown(
                "settings", checked.summary, "other profiles have them: octomil-console config check"
            )
        else:
            yield fine("settings", checked.summary)
    for one in problems:
        yield wrong("settings", one.sentence(checked.place), exit=Exit.USAGE)
    if len(problems) > 1:
        yield unknown(
            "settings", counted(len(problems), "problem"), "octomil-console config check lists them"
        )


def state_findings(directory: Path) -> Iterator[Finding]:
    """Yield whether rollbacks can be written down; makes nothing, writes nothing.

    Args:
        directory: Where the journal and the log are.
    """
    shown = clean(str(directory))
    standing = next((one for one in (directory, *directory.parents) if one.exists()), Path("/"))
    try:
        if standing == directory:
            with opened_directory(directory, make=False):
                pass
    except OSError as error:
        # The clause names the place and the command that helps.
        yield wrong("state", clean(error.strerror or "it cannot be opened", 300))
        return
    if not os.access(standing, os.W_OK | os.X_OK):
        told = f"{shown} cannot be {'written to' if standing == directory else 'made'} by {_me()}"
        yield wrong("state", told, "a rollback asks for an acknowledgement then")
        return
    there = "is yours and can be written" if standing == directory else "is not there yet, and can be made"
    yield fine("state", f"{shown} {there}")
    yield _disk(standing)


def _disk(directory: Path) -> Finding:
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return unknown("disk", "the free space cannot be read")
    text = f"{free // _MIB:,} MiB are free for records"
    return (
        fine("disk", text)
        if free >= _LITTLE
        else wrong("disk", text, "make room: each rollback takes a few KiB")
    )


def _me() -> str:
    try:
        return clean(pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return f"user {os.geteuid()}"
