"""The grammar of what changes rollouts, versions and the policy."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

from octomil_tui.domain.text import clean

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%?", re.ASCII)
_TIME = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s*(ms|s)?", re.ASCII)
_NO_LIMIT = ("none", "off")
_WHOLE = 100

Adding = Callable[..., Any]
"""Adds a command: its parent, its name, what it is for, and the module that runs it."""


def add_rollout_actions(rollout: Any, add: Adding) -> None:
    """Add what can be done to a rollout.

    Args:
        rollout: The commands below `rollout`.
        add: Adds one.
    """
    history = add(rollout, "history", "list what a rollout has been through", "rollout_history")
    history.add_argument("model", metavar="MODEL")
    history.add_argument("--rollout", metavar="ID", help="the rollout; the newest one without it")
    for kind, text in (
        ("pause", "keep a rollout from going further"),
        ("resume", "let a paused rollout go on"),
        ("advance", "take the next step of a rollout now"),
        ("set", "set the percentage of a rollout"),
        ("cancel", "end a rollout where it is; cancel is not rollback: it takes no device back"),
    ):
        parser = add(rollout, kind, text, "act")
        parser.set_defaults(action=kind)
        parser.add_argument("model", metavar="MODEL")
        if kind == "set":
            parser.add_argument("percent", metavar="PERCENT", type=_share, help="such as 20%% or 2.5")
        parser.add_argument("--rollout", metavar="ID", help="the rollout; the one that runs without it")
        if kind == "cancel":
            parser.add_argument(
                "--by-deleting",
                action="store_true",
                help="delete it instead, on a service that cannot cancel; it goes off the service's list",
            )
        _add_saying(parser, "the model's name, or the group's for a rollout of one group")


def add_holding(commands: Any, add: Adding) -> None:
    """Add holding and releasing a version."""
    for kind, text in (
        ("hold", "hold a version: no rollout and no rollback brings it any more"),
        ("release", "release a version that is held"),
    ):
        parser = add(commands, kind, text, "act")
        parser.set_defaults(action=kind)
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("version", metavar="VERSION")
        _add_saying(parser, "the model's name")


def add_team(team: Any, add: Adding) -> None:
    """Add reading and setting the policy."""
    add(team, "policy", "show the policy: auto-rollback, and its limits", "team_policy")
    parser = add(team, "set-policy", "set the policy, and read back what is stored", "team_set_policy")
    parser.add_argument(
        "--auto-rollback",
        action=argparse.BooleanOptionalAction,
        help="whether the service rolls back by itself what crosses a limit",
    )
    parser.add_argument(
        "--error-threshold",
        type=_limit_percent,
        metavar="P",
        help="the error rate that is allowed, such as 5%%",
    )
    parser.add_argument(
        "--crash-threshold",
        type=_limit_percent,
        metavar="P",
        help="how far above the usual the crash rate may be, such as 1%%",
    )
    parser.add_argument(
        "--latency-p95-max",
        type=_limit_ms,
        metavar="TIME",
        help="the latency p95 that is allowed, such as 250ms or 1.5s, or none",
    )
    parser.add_argument("--without-journal", action="store_true", help=_WITHOUT)


_WITHOUT = "send it even where this machine cannot keep a record of it"


def _add_saying(parser: Any, word: str) -> None:
    parser.add_argument("--reason", metavar="R", help="why, for the records")
    parser.add_argument("--yes", metavar="WORD", help=f"confirm: {word}")
    parser.add_argument("--without-journal", action="store_true", help=_WITHOUT)


def _share(text: str) -> float:
    """Return a percentage as a share, 0..1."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None or float(found[1]) > _WHOLE:
        raise argparse.ArgumentTypeError(f"no such percentage: {clean(text)}; write 0 to 100, such as 20%")
    return float(found[1]) / _WHOLE


def _limit_percent(text: str) -> float | str:
    if text.strip().casefold() in _NO_LIMIT:
        return "none"
    share = _share(text)
    if not share:
        raise argparse.ArgumentTypeError("a limit of 0% would revert everything; write more than 0")
    return round(share * _WHOLE, 4)


def _limit_ms(text: str) -> float | str:
    if text.strip().casefold() in _NO_LIMIT:
        return "none"
    found = _TIME.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise argparse.ArgumentTypeError(f"no such time: {clean(text)}; write 250ms, 1.5s or none")
    return float(found[1]) * (1000 if found[2] == "s" else 1)
