"""What machine a result is of: what decides how fast it is, and nothing that tells whose it is."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from tests.bench.peers import Peers

PACKAGES = ("octomil-console", "textual", "rich", "httpx", "pydantic")


def facts(peers: Peers, load: float) -> dict[str, str]:
    """Return what to know of the machine, by name.

    Args:
        peers: What is compared with.
        load: The machine's load when the run began: other work makes ratios waver.
    """
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {_kernel()}",
        "load when it began": f"{load:.1f}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "peers": peers.told,
        "terminal": "a pty of 120x40, truecolor",
    }


def _kernel() -> str:
    return ".".join(platform.release().split(".")[:2])
