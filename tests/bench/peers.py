"""What the console is compared with, as far as this machine can have it: `python -m tests.bench.peers` fetches it.

Nothing is installed beside the project's own environment, and where a peer
cannot be had, its figure as measured elsewhere stands in for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIRECTORY = ROOT / ".venv" / "peers"

VENDOR = "octomil==4.17.42"
VENDOR_LATENCY = 0.555
"""Seconds from exec to its POST at the server of `octomil rollback M`, where the vendor's CLI cannot be had.

Measured on 2 cores with Python 3.11.7, on a loopback server without latency.
"""

HTOP_PACKAGES = ("htop", "libnl-3-200", "libnl-genl-3-200")
HTOP_RATE = 447.0
"""Bytes a second that htop writes with its defaults, where it cannot be had: measured at 120x40."""

_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Htop:
    """htop, and where its libraries are."""

    path: Path
    libraries: Path | None = None

    def env(self, env: Mapping[str, str]) -> dict[str, str]:
        """Return the environment that it runs in."""
        return {**env, **({"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {})}


@dataclass(frozen=True, slots=True)
class Peers:
    """The peers that are there."""

    vendor: Path | None
    """An interpreter that has the vendor's package."""
    htop: Htop | None

    @property
    def told(self) -> str:
        """Which ones they are, and which are not there."""
        vendor = VENDOR.replace("==", " ") if self.vendor else "no vendor's CLI"
        return f"{vendor}, {_version(self.htop) if self.htop else 'no htop'}"


def found() -> Peers:
    """Return the peers that are there now."""
    python = DIRECTORY / "vendor" / "bin" / "python"
    is_there = (DIRECTORY / "vendor" / "bin" / "octomil").is_file()
    return Peers(python if is_there else None, _htop())


def fetch() -> Peers:
    """Fetch the peers that are not there, where that is possible, and return those that are."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    there = found()
    if there.vendor is None:
        _fetch_vendor(DIRECTORY / "vendor")
    if there.htop is None:
        _fetch_htop(DIRECTORY / "htop")
    return found()


def _fetch_vendor(directory: Path) -> None:
    venv.create(directory, with_pip=True, clear=True)
    _run(
        [directory / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-warn-script-location", VENDOR]
    )


def _fetch_htop(directory: Path) -> None:
    """Unpack the distribution's packages, where it has them; no right of an administrator is needed."""
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        return
    with tempfile.TemporaryDirectory() as downloads:
        if _run([apt, "download", "--quiet", "--quiet", *HTOP_PACKAGES], cwd=Path(downloads)):
            for package in Path(downloads).glob("*.deb"):
                _run([dpkg, "-x", package, directory])


def _htop() -> Htop | None:
    installed = shutil.which("htop")
    if installed is not None:
        return Htop(Path(installed))
    unpacked = DIRECTORY / "htop" / "usr" / "bin" / "htop"
    library = next((DIRECTORY / "htop").rglob("libnl-3.so.200"), None)
    return Htop(unpacked, library.parent) if unpacked.is_file() and library is not None else None


def _version(htop: Htop) -> str:
    said = subprocess.run(  # noqa: S603 - a peer that was found
        [htop.path, "--version"], env=htop.env(os.environ), capture_output=True, text=True, check=False
    )
    return (said.stdout.splitlines() or ["htop"])[0]


def _run(command: Sequence[str | Path], cwd: Path | None = None) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - the peers' own installers
            [str(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.stdout.write(f"peers: {fetch().told}\n")
