"""How line 1 marks the link to the service."""

from __future__ import annotations

from typing import Final

from octomil_tui.engine.freshness import Link
from octomil_tui.ui.widgets.edges import Freshness as Mark

LINK_MARKS: Final = {
    Link.CONNECTING: Mark.OFFLINE,
    Link.LIVE: Mark.LIVE,
    Link.STALE: Mark.STALE,
    Link.OFFLINE: Mark.OFFLINE,
}
"""The mark of each link, of the console's screens and of the dashboard."""
