"""The grammar of the commands that plan, send and watch a rollback."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from octomil_tui.cli.argument_type import count, duration
from octomil_tui.cli.key_arguments import explain

_ANY = -1


def add_plan(commands: Any, add: Callable[..., Any], shared: Any) -> None:
    """Add `plan MODEL`.

    Args:
        commands: The commands of the program.
        add: Adds one.
        shared: The flags that every command takes.
    """
    _add_target(add(commands, "plan", shared, "say what a rollback would do; nothing is sent"))


def add_rollback(commands: Any, add: Callable[..., Any], shared: Any) -> None:
    """Add `rollback MODEL`.

    Args:
        commands: The commands of the program.
        add: Adds one.
        shared: The flags that every command takes.
    """
    rollback = add(commands, "rollback", shared, "roll a model back")
    explain(rollback)
    _add_target(rollback)
    rollback.add_argument("--reason", metavar="R", help="why, for the records")
    rollback.add_argument(
        "--yes", metavar="WORD", help="confirm: the model's name for the fleet, the group's for a group"
    )
    rollback.add_argument("--watch", action="store_true", help="stay until it is done")
    rollback.add_argument(
        "--without-journal",
        action="store_true",
        help="send it even where this machine cannot keep a record of it",
    )
    rollback.add_argument(
        "--hold",
        action="store_true",
        help="hold the version that is left once the rollback is taken, so that no rollout brings it back",
    )
    rollback.add_argument(
        "--as-rollout",
        action="store_true",
        help="send a rollout of the version to 100%% instead, to a service without rollbacks; fleet only",
    )
    rollback.add_argument(
        "--require-change", action="store_true", help="exit with 5 where there is nothing to do"
    )
    _add_waiting(rollback)


def add_watch(commands: Any, add: Callable[..., Any], shared: Any) -> None:
    """Add `watch ROLLOUT_ID|MODEL`.

    Args:
        commands: The commands of the program.
        add: Adds one.
        shared: The flags that every command takes.
    """
    watch = add(commands, "watch", shared, "follow a rollback until it is done")
    explain(watch)
    watch.add_argument("what", nargs="?", metavar="ROLLOUT_ID|MODEL", help="the one that runs, without it")
    _add_waiting(watch)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--to-version", required=True, metavar="V", help="the version to go back to")
    parser.add_argument("--group", metavar="G", help="one device group instead of the fleet")


def _add_waiting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plain",
        action="store_true",
        help="watch in full sentences with their time, for screen readers, tickets and logs; never JSON",
    )
    parser.add_argument(
        "--until",
        choices=("verified", "settled", "complete"),
        default="settled",
        help="what to wait for (default: %(default)s)",
    )
    parser.add_argument(
        "--timeout", type=duration, metavar="TIME", help="wait at most that long, such as 90s, 30m or 2h"
    )
    parser.add_argument(
        "--offline-ok",
        type=count,
        nargs="?",
        const=_ANY,
        metavar="N",
        help="exit with 0 although devices (at most N) are offline",
    )
