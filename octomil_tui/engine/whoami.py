"""Who runs this console, for the records of what it did."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui._version import __version__
from octomil_tui.domain.text import clean


@dataclass(frozen=True, slots=True)
class Whoami:
    """Who and what wrote a record; all texts are safe to show."""

    user: str
    """The local user."""
    sudo_user: str | None
    """Who became that user by `sudo`, as the environment says."""
    ssh_host: str | None
    """The address that the session came from, as the environment says."""
    pid: int
    version: str
    """The console's."""


def whoami(environment: Mapping[str, str], *, version: str = __version__) -> Whoami:
    """Return who runs this process; what the environment says is not proven by anything."""
    connection = environment.get("SSH_CONNECTION", "").split()
    return Whoami(
        user=_user(),
        sudo_user=clean(environment["SUDO_USER"]) if environment.get("SUDO_USER") else None,
        ssh_host=clean(connection[0]) if connection else None,
        pid=os.getpid(),
        version=clean(version),
    )


def _user() -> str:
    number = os.getuid()
    try:
        return clean(pwd.getpwuid(number).pw_name)
    except KeyError:
        # In a container there may be no name for it.
        return str(number)
