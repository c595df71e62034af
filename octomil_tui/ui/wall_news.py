"""What a wall makes known to somebody who does not look at it: the terminal rings, and the desktop is told."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.engine.freshness import Freshness
from octomil_tui.engine.state import ConsoleState, Event, Planned
from octomil_tui.ui.bell import Bell
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.present.title import news_text
from octomil_tui.ui.wall_bell import WallBell


class WallNews:
    """Knows what is to be made known now, once for each.

    Args:
        place: Where the wall is, as it is named on the desktop.
        rings: Whether the terminal rings for what somebody should come and look at.
    """

    def __init__(self, place: PlaceInfo, *, rings: bool) -> None:
        self._place = place
        self._bell = WallBell() if rings else None
        self._desktop = Bell()

    def rings_for(self, state: ConsoleState, event: Event) -> int:
        """Return how often to ring for an event.

        Args:
            state: What is known with it.
            event: What happened.
        """
        return self._bell.hear(state, event) if self._bell is not None else 0

    def rings_at(self, state: ConsoleState, fresh: Freshness, mono: float) -> int:
        """Return how often to ring for what time alone has brought.

        Args:
            state: What is known.
            fresh: The link.
            mono: Seconds of this machine.
        """
        return self._bell.look(state, fresh, mono) if self._bell is not None else 0

    def sentences_for(self, state: ConsoleState, event: Event) -> Sequence[str]:
        """Return what the desktop is told of an event, safe to show.

        Args:
            state: What is known with it.
            event: What happened.
        """
        if isinstance(event, Planned):
            self._desktop.adopt(event.rollback.model_id)
        return [news_text(state, one, self._place) for one in self._desktop.hear(state, event, {})]
