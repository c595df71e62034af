"""The command line's grammar. Building it loads nothing of what the commands need."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from octomil_tui._version import __version__
from octomil_tui.api.redact import hide
from octomil_tui.cli.argument_type import command_words, count, duration
from octomil_tui.cli.change_arguments import add_holding, add_rollout_actions, add_team
from octomil_tui.cli.config_arguments import add_looking
from octomil_tui.cli.fault_arguments import add_fault_arguments
from octomil_tui.cli.health_arguments import add_compare_arguments, add_health_arguments
from octomil_tui.cli.key_arguments import add_keys
from octomil_tui.cli.paper_arguments import add_paper_arguments
from octomil_tui.cli.rollback_arguments import add_plan, add_rollback, add_watch
from octomil_tui.cli.serve_arguments import add_port, add_serve_arguments
from octomil_tui.domain.appearance import THEMES
from octomil_tui.domain.text import MESSAGE_LIMIT, clean

PROGRAM = "octomil-console"

_EPILOG = """\
environment: OCTOMIL_API_KEY, OCTOMIL_API_URL or OCTOMIL_API_BASE, OCTOMIL_ORG_ID, OCTOMIL_READ_ONLY,
OCTOMIL_CONFIG, OCTOMIL_KEYMAP, OCTOMIL_PROFILE, OCTOMIL_THEME, OCTOMIL_ASCII, OCTOMIL_CALM;
HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR

API key, the first that is there: --api-key-file or --api-key-stdin, OCTOMIL_API_KEY, the profile's
api_key_command, its api_key_file, the file of the service's own command line (~/.octomil/credentials)

exit status: 0 complete or accepted, 1 failed or regressed, 2 usage, 3 connection, 4 still running or outcome
unknown, 5 refused, 6 done with some devices offline, 7 conflict, 8 not allowed, 130 interrupted (a rollback
that was sent goes on)"""


class UsageError(Exception):
    """The command line cannot be understood; the message is one sentence, safe to show."""


class Parser(argparse.ArgumentParser):
    """A parser that raises one sentence instead of printing its usage and leaving."""

    def __init__(self, **settings: Any) -> None:
        # Abbreviations would make `--api-key VALUE` mean `--api-key-file VALUE`.
        super().__init__(**{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        """Raise the sentence; what looks like a key is not repeated in it."""
        raise UsageError(f"{clean(hide(message), MESSAGE_LIMIT)}; see {self.prog} --help")


class _NoKeyHere(argparse.Action):
    """Refuses `--api-key`, whatever its value, without repeating it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> NoReturn:
        del parser, namespace, values, option_string
        raise UsageError(
            "there is no --api-key: a command line can be read by everybody on this machine; "
            "set OCTOMIL_API_KEY, name a file with --api-key-file, or write it to --api-key-stdin"
        )


def build_parser(*, with_sim: bool = True) -> Parser:
    """Return the parser of the whole command line.

    Args:
        with_sim: Whether the options of `sim` are wanted; they cost a few imports.
    """
    shared = _shared()
    parser = Parser(
        prog=PROGRAM,
        description="Roll model versions back on fleets of edge devices, and watch until every device says so. "
        "Without a command: the full-screen console.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    _add_exit_after(parser)
    parser.set_defaults(command="console")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_reads(commands, shared)
    add_plan(commands, _add, shared)
    add_rollback(commands, _add, shared)
    add_watch(commands, _add, shared)
    timeline = _add(commands, "timeline", shared, "list what happened, the newest first")
    timeline.add_argument("--limit", type=count, metavar="N", help="list at most N events (default: 100)")
    _add_filter(timeline, "'kind:rollback by:ops seen:<2d'")
    report = _add(commands, "report", shared, "write down what a rollback did, as Markdown or with --json")
    report.add_argument("what", metavar="ROLLOUT_ID|MODEL", help="a rollback, or the newest one of a model")
    dashboard = _add(commands, "dashboard", shared, "a wall for a monitor: read-only, leaves never by itself")
    _add_bell(dashboard)
    _add_exit_after(dashboard)
    add_serve_arguments(_add(commands, "serve", shared, "the dashboard in a browser; it only reads"))
    demo = _add(commands, "demo", shared, "practise on a fleet that is made up")
    demo.add_argument("--dashboard", action="store_true", help="the dashboard instead of the console")
    demo.add_argument("--serve", action="store_true", help="the dashboard in a browser")
    add_port(demo, "the port for --serve")
    _add_bell(demo)
    _add_exit_after(demo)
    demo.add_argument(
        "--drill", action="store_true", help=f"let {PROGRAM} fault, in another terminal, make things go wrong"
    )
    keys = _nested(commands, "keys", shared, "the keys of the console, and a keymap of your own")
    add_keys(keys, partial(_add_to, shared))
    add_holding(commands, partial(_add_to, shared))
    add_team(
        _nested(commands, "team", shared, "what holds for the whole organisation"), partial(_add_to, shared)
    )
    add_looking(
        commands, partial(_add_to, shared), lambda within, name, text: _nested(within, name, shared, text)
    )
    add_fault_arguments(commands, duration)
    add_paper_arguments(commands)
    sim = commands.add_parser("sim", help="run the embedded control plane on its own")
    sim.set_defaults(command="sim")
    if with_sim:
        # Only where it is asked for.
        from octomil_tui.sim.options import add_arguments, add_scenario_arguments  # noqa: PLC0415

        add_scenario_arguments(demo, speed=20.0)
        add_arguments(sim)
    return parser


def _shared() -> Parser:
    """Return the flags that are taken before and after the command."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = shared.add_argument_group("everywhere")
    group.add_argument("--json", action="store_true", help="results as JSON, one object per line")
    group.add_argument("--read-only", action="store_true", help="no way to any write")
    group.add_argument("--profile", metavar="NAME", help="a profile of the settings file")
    group.add_argument("--config", metavar="PATH", help="the settings file, instead of the usual one")
    group.add_argument("--base-url", metavar="URL", help="the service's address")
    group.add_argument("--org", metavar="ID", help="the organisation")
    group.add_argument(
        "--api-key-file", metavar="PATH", help="a file with the key, that nobody else can read"
    )
    group.add_argument("--api-key-stdin", action="store_true", help="the key is on standard input")
    group.add_argument("--api-key", action=_NoKeyHere, nargs="?", help=argparse.SUPPRESS)
    group.add_argument("--ca-file", metavar="PATH", help="the authorities to trust, instead of the system's")
    group.add_argument(
        "--request-log", metavar="PATH", help="append every request to this file, one JSON object per line"
    )
    group.add_argument(
        "--on-event",
        type=command_words,
        metavar="COMMAND",
        help="run this, without a shell, for what becomes of a watched rollback: one JSON object on its standard input",
    )
    group.add_argument("--theme", choices=THEMES, metavar="NAME", help=f"the colours: {', '.join(THEMES)}")
    group.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    group.add_argument("--calm", action="store_true", help="nothing moves or blinks that need not")
    group.add_argument(
        "--notify",
        action="store_true",
        help="have the desktop show what the terminal rings for, where the terminal can",
    )
    group.add_argument("--no-proxy", action="store_true", help="use no proxy, whatever names one")
    return shared


def _add(commands: Any, name: str, shared: Parser, text: str, command: str | None = None) -> Parser:
    """Add a command; `command` is the module that runs it."""
    parser: Parser = commands.add_parser(name, help=text, description=text, parents=[shared])
    parser.set_defaults(command=command if command is not None else name)
    return parser


def _add_to(shared: Parser, commands: Any, name: str, text: str, command: str) -> Parser:
    return _add(commands, name, shared, text, command)


def _add_reads(commands: Any, shared: Parser) -> None:
    models = _nested(commands, "models", shared, "the models, and the versions of one")
    listed = _add(models, "list", shared, "list the models", "models_list")
    _add_filter(listed, "'phi state:paused'")
    versions = _add(models, "versions", shared, "list the versions of a model", "models_versions")
    versions.add_argument("model", metavar="MODEL")
    add_compare_arguments(models, _add, shared)
    add_health_arguments(commands, _add, shared)
    rollout = _nested(commands, "rollout", shared, "the rollouts of a model")
    status = _add(rollout, "status", shared, "say how far a rollout or rollback is", "rollout_status")
    status.add_argument("model", metavar="MODEL")
    add_rollout_actions(rollout, partial(_add_to, shared))
    groups = _add(commands, "groups", shared, "list the device groups")
    _add_filter(groups, "'eu* state:offline'")
    devices = _add(commands, "devices", shared, "list the devices")
    devices.add_argument("--group", metavar="NAME", help="only those of this group")
    devices.add_argument(
        "--all", action="store_true", help="read all of a large fleet, however many requests it takes"
    )
    devices.add_argument("--limit", type=count, metavar="N", help="list at most N devices")
    _add_filter(devices, "'ver:v2* state:!online group:eu* seen:>1h'")
    devices.add_argument("--csv", action="store_true", help="a line per device and model, for a spreadsheet")


def _add_filter(parser: Parser, example: str) -> None:
    parser.add_argument(
        "--filter", metavar="TERMS", default="", help=f"only those that pass, such as {example}"
    )


def _nested(commands: Any, name: str, shared: Parser, text: str) -> Any:
    parser = commands.add_parser(name, help=text, description=text, parents=[shared])
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _add_bell(parser: Parser) -> None:
    parser.add_argument(
        "--bell",
        action="store_true",
        help="ring the terminal's bell, once for each: a rollback that is done or in trouble, a limit that was "
        "crossed, a rollback by the server itself, data that is stale",
    )


def _add_exit_after(parser: Parser) -> None:
    parser.add_argument(
        "--exit-after", type=duration, metavar="TIME", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
