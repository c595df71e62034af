"""`team policy`: what the organisation has set, and which limits are crossed now."""

from __future__ import annotations

import argparse

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError
from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import read
from octomil_tui.domain.incident import Incident
from octomil_tui.domain.policy import Policy
from octomil_tui.report.policy import incident_data, policy_data, policy_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Show the policy; a service without incidents still has one."""

    async def ask(client: AsyncOctomilClient) -> tuple[Policy, tuple[Incident, ...] | None, str]:
        policy = (await client.policy()).value
        try:
            return policy, (await client.incidents()).value, ""
        except OctomilError as error:
            return policy, None, error.message

    policy, incidents, why = read(arguments, ask)
    crossed = [one for one in incidents or () if one.is_open]
    output.lines(policy_lines(policy))
    output.lines(
        f"Crossed: {one.subject}: {one.breach.sentence}{', not rolled back' if one.was_left_alone else ''}"
        for one in crossed
    )
    if why:
        output.note(f"limits that were crossed could not be read: {why}")
    output.data(
        {
            **policy_data(policy),
            "crossed": None if incidents is None else [incident_data(one) for one in crossed],
        }
    )
    return Exit.OK
