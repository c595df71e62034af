"""Where a running control plane can be reached from another terminal: one private file for each.

The file is named after the port, and goes with its server. One that was left
behind is harmless: it is replaced when the port is used again, and nobody
answers to it until then.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from octomil_tui.sim.private_file import PrivateFile, PrivateFileError, private_directory, read_private

__all__ = ["DrillAddress", "drill_directory", "find_drills", "publish"]


@dataclass(frozen=True, slots=True)
class DrillAddress:
    """A control plane of this user on this machine."""

    base_url: str
    api_key: str

    def __repr__(self) -> str:
        return f"DrillAddress({self.base_url})"


def drill_directory() -> Path:
    """Return where the files are; there may be no such directory."""
    return platformdirs.user_state_path("octomil-console") / "drills"


def publish(address: DrillAddress, port: int, directory: Path | None = None) -> PrivateFile:
    """Write the file of a control plane that listens on `port`; leaving the context takes it away.

    Raises:
        PrivateFileError: It cannot be written, or not so that nobody else can read it.
    """
    directory = drill_directory() if directory is None else directory
    path = private_directory(directory) / f"{port}.json"
    # Whoever wrote it listened on this port, and is gone.
    path.unlink(missing_ok=True)
    return PrivateFile(path, json.dumps(asdict(address)))


def find_drills(directory: Path | None = None) -> list[DrillAddress]:
    """Return all addresses that can be read; a file that is no such thing is left out."""
    directory = drill_directory() if directory is None else directory
    found = [_address(path) for path in sorted(directory.glob("*.json"))]
    return [address for address in found if address is not None]


def _address(path: Path) -> DrillAddress | None:
    try:
        found: Any = json.loads(read_private(path))
        base_url, api_key = found["base_url"], found["api_key"]
    except (PrivateFileError, ValueError, KeyError, TypeError):
        return None
    is_text = isinstance(base_url, str) and isinstance(api_key, str)
    return DrillAddress(base_url, api_key) if is_text else None
