"""Which news of rollbacks the terminal rings for: an end, a trouble, a device that leaves; each of them once."""

from __future__ import annotations

from collections.abc import Mapping

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.state import ConsoleState, Event, Moved
from octomil_tui.ui.alarm import Alarms

_OVER = (Phase.DONE, Phase.COMPLETE)
_TROUBLE = (
    Phase.WIDER,
    Phase.REGRESSED,
    Phase.FAILED,
    Phase.SUPERSEDED,
    Phase.DIVERGED,
    Phase.STALLED,
    Phase.UNCONFIRMED,
    Phase.NOT_FOUND,
)


class Bell:
    """Remembers how the rollbacks stood."""

    def __init__(self) -> None:
        self._phases: dict[str, Phase] = {}
        self._adopted: set[str] = set()
        self._alarms = Alarms()

    def adopt(self, model_id: str) -> None:
        """Take note that a watch begins: what is first seen of it rings no bell."""
        self._adopted.add(model_id)

    def hear(self, state: ConsoleState, event: Event, wanted: Mapping[str, bool]) -> int:
        """Return how often to ring for this state.

        Args:
            state: What is known now.
            event: What happened.
            wanted: Which models are not to ring, by False; others do.
        """
        rings = 0
        for model_id, rollback in state.rollbacks.items():
            before = self._phases.get(model_id)
            self._phases[model_id] = rollback.phase
            is_alarm = self._alarms.hear(rollback)
            if model_id in self._adopted:
                # How it stood when the watch began is no news.
                self._adopted -= {model_id} if isinstance(event, Moved) else set()
                continue
            is_news = before is not None and before is not rollback.phase and before not in _OVER
            is_trouble = before is not rollback.phase and rollback.phase in _TROUBLE
            is_end = is_news and rollback.phase in _OVER
            if wanted.get(model_id, True) and (is_alarm or is_trouble or is_end):
                rings += 1
        return rings
