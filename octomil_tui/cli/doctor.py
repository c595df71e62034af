"""`doctor`: everything between this terminal and the service, one line each, in 15 seconds; it only reads."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from octomil_tui.api.address import Address, parse_address
from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.connection import Connections
from octomil_tui.api.errors import ConfigurationError, OctomilError
from octomil_tui.api.examine import examine
from octomil_tui.api.exchange import Limits
from octomil_tui.api.probe import in_daemon
from octomil_tui.api.redact import hide
from octomil_tui.cli.ahead import gate_for
from octomil_tui.cli.checkup.budget import Budget
from octomil_tui.cli.checkup.feature import feature_findings
from octomil_tui.cli.checkup.finding import Finding, Mark, fine, unknown, wrong
from octomil_tui.cli.checkup.machine import config_findings, state_findings, version_finding
from octomil_tui.cli.checkup.network import network_findings, proxy_in_use
from octomil_tui.cli.checkup.service import (
    access_finding,
    answer_findings,
    clock_finding,
    limit_finding,
)
from octomil_tui.cli.checkup.terminal import look_at_terminal, terminal_findings
from octomil_tui.cli.config_check import check_used
from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import WORDS, Exit, Verdict
from octomil_tui.cli.flags import flags_of, usual_files
from octomil_tui.cli.output import Output
from octomil_tui.config.finding import Checked
from octomil_tui.domain.access import Access
from octomil_tui.engine.journal import state_directory
from octomil_tui.lenient import resolve_leniently
from octomil_tui.settings import KEY_VARIABLE, Settings

_KEY_WITHIN = 10.5
"""Seconds for the settings; a command that writes the key has ten of them."""
_ANSWER_WITHIN = 4.0
_WORST_FIRST = (Exit.USAGE, Exit.CONNECTION, Exit.NOT_ALLOWED, Exit.UNFINISHED, Exit.REFUSED, Exit.FAILED)
"""What stands in the way of the most comes first."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Look at everything, and end in the status of the worst that is wrong."""
    # Before anything is started, such as tmux.
    environment = dict(os.environ)
    os.environ.pop(KEY_VARIABLE, None)
    found = asyncio.run(_told(arguments, environment, output))
    output.data(
        {
            "event": "doctor",
            "checks": [
                {"topic": one.topic, "mark": one.mark.value, "text": one.text, "advice": one.advice or None}
                for one in found
            ],
        }
    )
    verdict = _verdict(found)
    if verdict.exit is Exit.OK:
        output.lines([verdict.sentence])
        return Exit.OK
    return conclude(output, verdict)


async def _told(arguments: argparse.Namespace, environment: dict[str, str], output: Output) -> list[Finding]:
    found = []
    # For a person lines are broken between words; whatever reads a pipe gets one line each.
    columns = shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None
    async for told in _checkup(arguments, environment):
        # Before a line is broken: half of a key is not known for one.
        one = replace(told, text=hide(told.text), advice=hide(told.advice))
        output.lines(one.lines(columns))
        found.append(one)
    return found


async def _checkup(arguments: argparse.Namespace, environment: dict[str, str]) -> AsyncIterator[Finding]:
    budget = Budget()
    yield version_finding()
    for one in terminal_findings(await asyncio.to_thread(look_at_terminal)):
        yield one
    try:
        checked = check_used(arguments)
        settings, refusals = await in_daemon(
            lambda: resolve_leniently(flags_of(arguments), environment, usual_files(), checked),
            budget.left(_KEY_WITHIN),
        )
    except ConfigurationError as error:  # a flag that names nothing
        yield wrong("settings", error.message, exit=Exit.USAGE)
        return
    except TimeoutError:
        yield wrong("key", "its source did not give it in time", exit=Exit.USAGE)
        return
    for one in (
        *_of_file(checked, settings),
        *(wrong("settings", said, exit=Exit.USAGE) for said in refusals),
    ):
        yield one
    for one in state_findings(state_directory()):
        yield one
    async for one in _on_the_way(settings, budget):
        yield one


def _of_file(checked: Checked, settings: Settings) -> Sequence[Finding]:
    found = list(config_findings(checked, settings.profile.value))
    if settings.profile.value is not None:
        read_only = ", read-only" if settings.read_only.value else ""
        found.append(fine("profile", f"{settings.profile.value}, {settings.level.value}{read_only}"))
    return found


async def _on_the_way(settings: Settings, budget: Budget) -> AsyncIterator[Finding]:
    try:
        address = parse_address(settings.base_url.value)
    except ConfigurationError:
        return  # said before, with the settings
    is_open = True
    async for one in network_findings(settings, address, budget):
        yield one
        is_open = is_open and one.mark is not Mark.WRONG
    if not is_open:
        yield unknown("api", "not asked, since nothing gets there")
        return
    async for one in _of_service(settings, address, budget):
        yield one


async def _of_service(settings: Settings, address: Address, budget: Budget) -> AsyncIterator[Finding]:
    key = settings.api_key.value
    holder = KeyHolder(key, settings.key_source) if key is not None else None
    try:
        connections = Connections(
            address,
            holder,
            # Whatever the settings say: nothing of this may write.
            read_only=True,
            connect_timeout=budget.left(_ANSWER_WITHIN) / 2,
            ca_file=settings.ca_file.value,
            proxy=proxy_in_use(settings, address),
        )
        connections.meter = gate_for(settings)
    except OctomilError as error:
        yield wrong("api", error.message, exit=Exit.USAGE)
        return
    try:
        examined = await examine(connections, address, "models", deadline=budget.left(_ANSWER_WITHIN))
        for one in answer_findings(examined, has_key=key is not None):
            yield one
        if examined.status is not None:
            yield clock_finding(examined, address, time.time())
            yield limit_finding(examined)
        if holder is None:
            advice = f"set {KEY_VARIABLE}, or name a file with --api-key-file"
            yield unknown("key", "there is none: what needs one was not looked at", advice)
        elif examined.error is None:
            client = AsyncOctomilClient(
                settings.base_url.value,
                holder,
                org_id=settings.org_id.value,
                read_only=True,
                limits=Limits(deadline=budget.left(_ANSWER_WITHIN)),
                connections=connections,
                use_proxy=False,
            )
            yield access_finding(await _access(client), settings)
            async for one in feature_findings(client, budget.left()):
                yield one
    finally:
        await connections.aclose()


async def _access(client: AsyncOctomilClient) -> Access | OctomilError:
    try:
        return (await client.access()).value
    except OctomilError as error:
        return error


def _verdict(found: Sequence[Finding]) -> Verdict:
    counts = {mark: sum(one.mark is mark for one in found) for mark in Mark}
    sentence = f"{counts[Mark.OK]} ok, {counts[Mark.WRONG]} wrong, {counts[Mark.UNKNOWN]} not known"
    exits = {one.exit for one in found if one.mark is Mark.WRONG}
    worst = next((status for status in _WORST_FIRST if status in exits), Exit.OK)
    return Verdict(worst, WORDS[worst], sentence)
