"""`fault`: have something go wrong in a practice fleet that runs in another terminal."""

from __future__ import annotations

import argparse
from typing import Any

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import PROGRAM
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.sim.drill_client import DrillClient, DrillError, NobodyThereError, NoSimulatorError
from octomil_tui.sim.drill_file import find_drills
from octomil_tui.sim.presets import PRESETS

Json = dict[str, Any]

_FAULTS = "/_sim/faults"
_VALUES = {
    "latency": "seconds",
    "drip": "seconds",
    "skew": "seconds",
    "status": "code",
    "no_rollback_route": "code",
    "too_large": "megabytes",
    "redirect": "location",
    "refuse_rollback": "by",
}
"""What the value behind a fault's name is."""

_TEXTS = frozenset({"retry_after", "message", "location", "by", "path", "method"})
_WORDS: dict[str, bool | None] = {"true": True, "false": False}
_EXTRA = ("path", "method", "times", "chance", "lasts")
_CONFLICT = 409


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Ask the control plane for it, and say what it made of it."""
    client = _find(getattr(arguments, "port", None))
    try:
        _ACTIONS[arguments.action](client, arguments, output)
    except DrillError as error:
        raise CommandError(_status(error), clean(str(error), MESSAGE_LIMIT)) from None
    return Exit.OK


def _find(port: int | None) -> DrillClient:
    """Return the client of the practice fleet that is meant.

    Raises:
        CommandError: None runs, or it is not clear which is meant.
    """
    found = []
    for address in find_drills():
        try:
            client = DrillClient(address)
        except NoSimulatorError:
            continue  # a file that somebody else wrote leads nowhere
        if port in {None, client.port} and client.is_there():
            found.append(client)
    if not found:
        where = "" if port is None else f" at port {port}"
        raise CommandError(
            Exit.CONNECTION,
            f"no practice fleet takes faults{where}; start one with {PROGRAM} demo --drill in another terminal",
        )
    if len(found) > 1:
        ports = ", ".join(str(client.port) for client in found)
        raise CommandError(Exit.USAGE, f"several practice fleets take faults; name one with --port: {ports}")
    return found[0]


def _status(error: DrillError) -> Exit:
    if isinstance(error, NobodyThereError):
        return Exit.CONNECTION
    if isinstance(error, NoSimulatorError):
        return Exit.REFUSED
    return Exit.CONFLICT if error.status == _CONFLICT else Exit.USAGE


def _list(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    _show(client.ask("GET", _FAULTS), output)


def _clear(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    _show(client.ask("DELETE", _FAULTS), output)


def _add(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    extra = {name: getattr(arguments, name) for name in _EXTRA}
    rule = rule_of(arguments.what, arguments.fields)
    rule |= {name: value for name, value in extra.items() if value is not None}
    _show(client.ask("POST", _FAULTS, rule), output)


def rule_of(what: str, fields: list[str]) -> Json:
    """Return the rule in the words of a command line.

    Args:
        what: `NAME` or `NAME=VALUE`, such as `latency=3`, or a name of `--fault`.
        fields: Each `FIELD=VALUE`.

    Raises:
        CommandError: A word is none of these.
    """
    name, has_value, value = what.partition("=")
    preset = PRESETS.get(name)
    rule: Json = dict(preset) if preset is not None else {"fault": name.replace("-", "_")}
    if has_value:
        field = _VALUES.get(rule["fault"])
        if field is None or preset is not None:
            raise CommandError(Exit.USAGE, f"{clean(name)} takes no value; see {PROGRAM} fault add --help")
        fields = [f"{field}={value}", *fields]
    for word in fields:
        field, has_value, value = word.partition("=")
        if not has_value:
            raise CommandError(Exit.USAGE, f"{clean(word)} is not of the form FIELD=VALUE")
        rule[field] = _value(field, value)
    return rule


def _value(field: str, text: str) -> object:
    if field in _TEXTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _operator(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    body = {
        "model": arguments.model,
        "to_version": arguments.to_version,
        "version": arguments.roll_out,
        "percentage": arguments.percentage,
        "group": arguments.group,
        "by": arguments.by,
        "reason": arguments.reason,
    }
    given = {name: value for name, value in body.items() if value is not None}
    rollout = client.ask("POST", "/_sim/operator", given)
    what = "rollback" if rollout["kind"] == "rollback" else "rollout"
    began = f"{rollout['created_by']} began {what} {rollout['id']} of {rollout['model_name']}"
    output.lines([f"{began} to {rollout['version']}: {rollout['affected_devices']} devices"])
    output.data({"rollout": rollout})


def _device(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    # The server looks a device up by its name; what would end the path is no part of one.
    if not arguments.device.replace("-", "").replace("_", "").isalnum() or not arguments.device.isascii():
        raise CommandError(Exit.USAGE, f"{clean(arguments.device)} is not the name of a device")
    body = {"state": arguments.state}
    if arguments.model is not None:
        body["model"] = arguments.model
    device = client.ask("POST", f"/_sim/devices/{arguments.device}", body)
    output.lines([f"{device['device_identifier']} is {device['connectivity_status']}"])
    output.data({"device": device})


def _forget(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    client.ask("POST", "/_sim/forget")
    output.lines(["the service knows no rollout any more"])
    output.data({"rollouts": 0})


def _key(client: DrillClient, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    made = client.ask("POST", "/_sim/key")
    output.lines([made["api_key"]])
    output.data(made)


def _show(answer: Json, output: Output) -> None:
    rules: list[Json] = answer["faults"]
    output.lines([_line(rule) for rule in rules] or ["no fault is set"])
    output.data({"faults": rules})


def _line(rule: Json) -> str:
    said = " ".join(
        f"{name}={value}" for name, value in rule.items() if name not in {"id", "fault", "fired", "is_on"}
    )
    met = f"{rule['fired']} request{'' if rule['fired'] == 1 else 's'} met it"
    return f"{rule['id']} {rule['fault']} {said}".rstrip() + f": {met}{'' if rule['is_on'] else ', over'}"


_ACTIONS = {
    "list": _list,
    "add": _add,
    "clear": _clear,
    "operator": _operator,
    "device": _device,
    "forget": _forget,
    "key": _key,
}
