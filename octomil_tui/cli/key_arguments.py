"""The grammar of `keys`, and the words below the flags of commands that tell of a rollback's progress."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from octomil_tui.domain.glossary import GLOSSARY

_TOLD: Final = frozenset(
    {
        "accepted",
        "waiting",
        "on the way",
        "verified",
        "settled",
        "bounced",
        "stale",
        "offline",
        "DONE",
        "COMPLETE",
    }
)


def add_keys(keys: Any, add: Callable[[Any, str, str, str], argparse.ArgumentParser]) -> None:
    """Add what can be done with keys."""
    check = add(keys, "check", "say everything that is wrong with a keymap", "keys_check")
    check.add_argument("path", nargs="?", metavar="PATH", help="the keymap, instead of the one in use")
    listed = add(keys, "list", "list every action with its key", "keys_list")
    listed.add_argument("--toml", action="store_true", help="as a keymap.toml to begin with")


def explain(parser: argparse.ArgumentParser) -> None:
    """Say below the flags what the words of the progress mean: the same as the screens say."""
    words = [f"  {word.term:<12} {word.meaning}" for word in GLOSSARY if word.term in _TOLD]
    parser.epilog = "\n".join(("words:", *words))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
