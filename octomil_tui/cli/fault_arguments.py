"""The grammar of `fault`: what goes wrong in a practice fleet that is running."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

STATES = ("offline", "online", "revoked", "bounce")


def add_fault_arguments(commands: Any, duration: Callable[[str], float]) -> None:
    """Add the command `fault` with what it can do.

    Args:
        commands: The commands of the program.
        duration: Reads a time such as `90s`.
    """
    text = "make things go wrong in a practice fleet that runs in another terminal"
    fault = commands.add_parser("fault", help=text, description=text)
    actions = fault.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
        # None of the flags that lead to a service: this one is found on this machine.
        parser.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="the result as JSON"
        )
        parser.add_argument("--port", type=int, metavar="N", help="which practice fleet, where several run")
        parser.set_defaults(command="fault", action=name)
        return parser

    add("list", "list the faults that are set, and how many requests met them")
    added = add("add", "set one more fault")
    added.add_argument("what", metavar="NAME[=VALUE]", help="such as latency=3, status=503 or drop-after")
    added.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help="more of it, such as retry_after=7")
    added.add_argument("--path", metavar="PATTERN", help="for these paths only, such as '/devices*'")
    added.add_argument("--method", metavar="METHOD", help="for this method only")
    added.add_argument("--times", type=int, metavar="N", help="for the next N of those requests")
    added.add_argument("--chance", type=float, metavar="P", help="for a share of them, more than 0 up to 1")
    added.add_argument("--lasts", type=duration, metavar="TIME", help="for that long, such as 60s")
    add("clear", "take all faults away")
    _add_operator(add("operator", "roll a model back or out as a second operator"))
    device = add("device", "have something happen to one device")
    device.add_argument("device", metavar="DEVICE")
    device.add_argument("state", choices=STATES)
    device.add_argument("--model", metavar="MODEL", help="what bounces, where not everything is to")
    add("forget", "have the service forget every rollout, as a restart does")
    add("key", "make a new key and print it; the service takes no other from now on")


def _add_operator(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--to-version", metavar="V", help="roll back to this version")
    way.add_argument("--roll-out", metavar="V", help="roll this version out")
    parser.add_argument(
        "--percentage", type=float, metavar="P", help="how far it is rolled out (default: 10)"
    )
    parser.add_argument("--group", metavar="G", help="one device group instead of the fleet")
    parser.add_argument("--by", metavar="NAME", help="who it is (default: ana)")
    parser.add_argument("--reason", metavar="R", help="why")
