"""The grammar of what looks at the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Adding = Callable[..., Any]
"""Adds a command: its parent, its name, what it is for, and the module that runs it."""


def add_looking(commands: Any, add: Adding, nested: Callable[..., Any]) -> None:
    """Add what shows and checks the settings, and the way to the service.

    Args:
        commands: All commands.
        add: Adds one.
        nested: Adds one that has commands of its own.
    """
    add(
        commands,
        "doctor",
        "look at everything between this terminal and the service; changes nothing",
        "doctor",
    )
    config = nested(commands, "config", "the settings, and their file")
    show = add(config, "show", "show every setting as it holds now; never a key", "config_show")
    show.add_argument("--origin", action="store_true", help="say where each came from")
    check = add(config, "check", "look for everything that is wrong in the settings file", "config_check")
    check.add_argument("path", nargs="?", metavar="PATH", help="the file; the one in use without it")
    add(config, "schema", "write the JSON Schema of the settings file, for editors", "config_schema")
