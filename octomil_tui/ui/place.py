"""Where this console is: what line 1 says of the organisation and of the danger."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

DEMO = "DEMO"
"""Mark of the embedded control plane, which ends with the console."""

_WORDS: Final = {
    "PROD": "IN PRODUCTION",
    "STAG": "IN STAGING",
    "DEV": "IN DEVELOPMENT",
    DEMO: "IN THE DEMO",
}


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """What does not change while the console runs; its texts are safe to show, where they do not say otherwise."""

    mark: str = "PROD"
    """`PROD`, `STAG`, `DEV`, or `DEMO` for the embedded control plane."""
    org: str = ""
    host: str = ""
    """The host the console speaks to."""
    read_only: bool = False
    guarded: bool = True
    """Whether a mistake costs something: names are typed, a reason is asked for."""
    via: str = ""
    """The host of the proxy that requests go through; empty where there is none."""
    profile: str = ""
    """The name of the profile in use, raw; empty where there is none."""

    @property
    def is_of_this_machine(self) -> bool:
        """Whether the service runs on this machine, and so has its clock."""
        name = urlsplit(f"//{self.host}").hostname or ""
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @property
    def words(self) -> str:
        """The level in a form that is about to change something: `IN PRODUCTION`, `IN STAGING`."""
        return _WORDS.get(self.mark, self.mark)

    @property
    def way(self) -> str:
        """The host, and how it is reached."""
        return f"{self.host} via proxy {self.via}" if self.via else self.host
