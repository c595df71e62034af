"""octomil-console: roll model versions back on fleets of edge devices, and watch until every device says so.

`from octomil_tui import OctomilClient` gives the blocking Python client. It is
loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from octomil_tui._version import __version__

if TYPE_CHECKING:
    from octomil_tui.api.sync_client import OctomilClient

__all__ = ["OctomilClient", "__version__"]


def __getattr__(name: str) -> object:
    """Return the client class when it is first asked for."""
    if name == "OctomilClient":
        from octomil_tui.api.sync_client import OctomilClient as Client  # noqa: PLC0415 - lazy on purpose

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
