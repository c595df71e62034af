"""The grammar of the commands that say how versions do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def add_health_arguments(commands: Any, add: Callable[..., Any], shared: Any) -> None:
    """Add `health MODEL`.

    Args:
        commands: The commands of the program.
        add: Adds one.
        shared: The flags that every command takes.
    """
    health = add(commands, "health", shared, "say how each version of a model does: errors, delays, memory")
    health.add_argument("model", metavar="MODEL")


def add_compare_arguments(models: Any, add: Callable[..., Any], shared: Any) -> None:
    """Add `models compare MODEL A B`.

    Args:
        models: The commands under `models`.
        add: Adds one.
        shared: The flags that every command takes.
    """
    text = "hold two versions of a model against each other"
    found = add(models, "compare", shared, text, "models_compare")
    found.add_argument("model", metavar="MODEL")
    found.add_argument("left", metavar="A", help="the version to leave")
    found.add_argument("right", metavar="B", help="the version to go to")
