"""What a screen draws from."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.signal import NO_SIGNALS, Signals
from octomil_tui.engine.freshness import Freshness
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.theme import Glyphs


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """What a screen draws from."""

    state: ConsoleState
    now: float | None
    """The service's clock at the newest answer: ages on the screen count from there."""
    fresh: Freshness
    glyphs: Glyphs
    wide: bool
    signals: Signals = NO_SIGNALS
    """How the versions do, as far as it was read lately."""
