"""Reads the same list twice, and prints the error of the second time and how much memory that took."""

from __future__ import annotations

import asyncio
import json
import resource
import sys

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError
from octomil_tui.api.exchange import Limits
from octomil_tui.api.key import parse_key


async def main(url: str) -> None:
    key = parse_key("edg_sim_a_key_of_the_fault_tests", "the test")
    async with AsyncOctomilClient(url, key, limits=Limits(deadline=60)) as client:
        # Everything that a read needs is loaded once before anything is measured.
        assert len((await client.devices(())).value) == 3
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            await client.devices(())
            said = "read"
        except OctomilError as error:
            said = error.message
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(json.dumps({"said": said, "grown_kib": grown}))  # noqa: T201 - read by the test


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
