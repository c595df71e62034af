"""Where reports are written by themselves; light to load, since the console asks before its first picture."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from octomil_tui.settings import Level, Settings


def reports_of(settings: Settings) -> Path | None:
    """Return where reports are written by themselves; None in read-only mode, which leaves nothing behind."""
    if settings.read_only.value:
        return None
    directory = platformdirs.user_state_path("octomil-console") / "reports"
    return directory / "demo" if settings.level is Level.DEMO else directory
