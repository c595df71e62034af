"""What a run of the service can be told. Importing this loads no web framework."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui.sim.listener import HOST, loopback
from octomil_tui.sim.presets import FAULT_NAMES
from octomil_tui.sim.stamp import format_time, parse_time

__all__ = [
    "SCENARIOS",
    "SimOptions",
    "add_arguments",
    "add_scenario_arguments",
    "options_from",
    "to_arguments",
]

SCENARIOS: Mapping[str, str] = {
    "night": "a bad version at 40%; slow, stale, silent, bouncing devices",
    "brief": "the documentation's example: all online, nothing in the way",
    "latency-regression": "the new version is three times as slow, and nothing else",
    "crash-spike": "the new version crashes, most of all on one class of devices",
    "memory": "one class of devices has too little memory, and dies",
    "quality": "the new version answers worse, and no limit sees it",
    "auto-rollback": "the service rolls back by itself",
    "site-offline": "during the rollback a whole site loses its network",
    "second-operator": "during the rollback somebody else rolls back elsewhere",
    "api-loss": "during the rollback the service is away for four minutes",
    "fleet-100k": "100,000 devices, a bad version at 40%",
    "fleet-1m": "1,000,000 devices, a bad version at 40%",
}
"""What can happen, each in one line."""
MAX_PORT = 65_535
MOST_HOURS = 24 * 365


@dataclass(frozen=True, slots=True)
class SimOptions:
    """How to run the embedded control plane."""

    scenario: str = "night"
    speed: float = 1.0
    """Scenario seconds per real second."""
    seed: int = 0
    port: int = 0
    """The port; 0 takes a free one."""
    faults: tuple[str, ...] = ()
    """Names of what the service does wrong on purpose."""
    start: float | None = None
    """When the scenario starts, epoch seconds; None is now."""
    manual_clock: bool = False
    """Whether time stands until `POST /_sim/clock` moves it."""
    bind: str = HOST
    """The loopback address that it listens on."""
    idle_exit: float = 12.0
    """Hours without a request after which it ends."""
    key_file: str | None = None
    """Where the key goes instead of standard output; nothing may be there yet."""
    drill: bool = False
    """Whether its address and key go into a private file, for `octomil-console fault`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the embedded control plane to a parser."""
    add_scenario_arguments(parser, speed=1.0)
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="which of the possible runs (default: 0)"
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="loopback port (default: a free one)"
    )
    parser.add_argument(
        "--fault",
        action="append",
        dest="faults",
        choices=FAULT_NAMES,
        metavar="NAME",
        help=f"misbehave, repeatable: {', '.join(FAULT_NAMES)}",
    )
    parser.add_argument(
        "--start", type=_time, metavar="TIME", help="when the scenario starts, such as 2026-06-17T03:12:41Z"
    )
    parser.add_argument(
        "--manual-clock", action="store_true", help="time stands until POST /_sim/clock moves it, for tests"
    )
    parser.add_argument(
        "--bind", type=_host, default=HOST, metavar="ADDRESS", help="loopback address (default: %(default)s)"
    )
    parser.add_argument(
        "--idle-exit",
        type=_hours,
        default=12.0,
        metavar="HOURS",
        help="end after so many hours without a request (default: 12)",
    )
    parser.add_argument(
        "--key-file",
        metavar="PATH",
        help="write the key to a new file that only you can read, and print its path",
    )
    parser.add_argument(
        "--drill", action="store_true", help="let octomil-console fault, in another terminal, find this run"
    )


def add_scenario_arguments(parser: argparse.ArgumentParser, *, speed: float) -> None:
    """Add the options that say what happens, and how fast.

    Args:
        parser: Where to.
        speed: Scenario seconds per second where nothing is said; the namespace has None then.
    """
    parser.add_argument(
        "--scenario",
        choices=tuple(SCENARIOS),
        default="night",
        metavar="NAME",
        help="what happens (default: %(default)s); --list says what there is",
    )
    parser.add_argument("--list", action=_ListScenarios, nargs=0, help="list the scenarios, and end")
    parser.add_argument(
        "--speed",
        type=_speed,
        metavar="N",
        help=f"scenario seconds per second (default: {speed:g})",
    )


class _ListScenarios(argparse.Action):
    """Says what there is, and ends; needs nothing else of the command line."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print one line for each scenario."""
        width = max(map(len, SCENARIOS))
        sys.stdout.writelines(f"{name:{width}}  {line}\n" for name, line in SCENARIOS.items())
        parser.exit()


def options_from(namespace: argparse.Namespace) -> SimOptions:
    """Return the options in what a parser with `add_arguments` has read."""
    return SimOptions(
        scenario=namespace.scenario,
        speed=1.0 if namespace.speed is None else namespace.speed,
        seed=namespace.seed,
        port=namespace.port,
        faults=tuple(namespace.faults or ()),
        start=namespace.start,
        manual_clock=namespace.manual_clock,
        bind=namespace.bind,
        idle_exit=namespace.idle_exit,
        key_file=namespace.key_file,
        drill=namespace.drill,
    )


def to_arguments(options: SimOptions) -> list[str]:
    """Return the command line that `options_from` reads back as `options`."""
    arguments = ["--scenario", options.scenario, "--speed", repr(options.speed)]
    arguments += ["--seed", str(options.seed), "--port", str(options.port)]
    for fault in options.faults:
        arguments += ["--fault", fault]
    if options.start is not None:
        arguments += ["--start", format_time(options.start)]
    if options.manual_clock:
        arguments.append("--manual-clock")
    arguments += ["--bind", options.bind, "--idle-exit", repr(options.idle_exit)]
    if options.key_file is not None:
        arguments += ["--key-file", options.key_file]
    if options.drill:
        arguments.append("--drill")
    return arguments


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such number: {text}") from None
    if not 0 < speed <= 10_000:  # noqa: PLR2004 - beyond it a request would play hours
        raise argparse.ArgumentTypeError("between 0 and 10000")
    return speed


def _host(text: str) -> str:
    try:
        return loopback(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is {error}") from None


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such number: {text}") from None
    if not 0 < hours <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"more than 0, and at most {MOST_HOURS}")
    return hours


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such port: {text}") from None
    if not 0 <= port <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"between 0 and {MAX_PORT}")
    return port


def _time(text: str) -> float:
    try:
        return parse_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no such time: {text}") from error
