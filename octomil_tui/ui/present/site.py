"""What is said of a whole group that fell silent: it is no reason to roll anything back."""

from __future__ import annotations

from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.site import silent_sites
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, line


def site_lines(snapshot: FleetSnapshot, model_id: str) -> list[Line]:
    """Return a line for each group that fell silent as a whole, on several versions of a model alike."""
    found = []
    for site in silent_sites(snapshot, model_id):
        names = [version_label(version) for version in site.versions]
        runs = f"{', '.join(names[:-1])} and {names[-1]} alike"
        said = (
            f"~~ All {site.devices:,} devices of {clean(site.group)} fell silent at "
            f"{as_text.short_clock(site.since)}, on {runs}: the site, not a version."
        )
        found.append(line((said, Token.NOTICE)))
    return found
