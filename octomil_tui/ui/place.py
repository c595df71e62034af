"""Where this console is: what line 1 says of the organisation and of the danger."""

from __future__ import annotations

from dataclasses import dataclass

DEMO = "DEMO"
"""Mark of the embedded control plane, which ends with the console."""


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """What does not change while the console runs; its texts are safe to show."""

    mark: str = "PROD"
    """`PROD`, or `DEMO` for the embedded control plane."""
    org: str = ""
    host: str = ""
    """The host the console speaks to."""
    read_only: bool = False
    guarded: bool = True
    """Whether a mistake costs something: names are typed, a reason is asked for."""
