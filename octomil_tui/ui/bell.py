"""Which news of rollbacks the terminal rings for: an end, a trouble, a device that leaves; each of them once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

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


class Ring(StrEnum):
    """What the terminal rings for, of one model's rollback."""

    ALL = "done + trouble"
    TROUBLE = "trouble only"
    OFF = "off"

    @property
    def next(self) -> Ring:
        """What one more press of the key makes of it."""
        found = tuple(Ring)
        return found[(found.index(self) + 1) % len(found)]


class News(NamedTuple):
    """One thing that the terminal rings for."""

    model_id: str
    is_end: bool
    """Whether it is done, and nothing else happened."""
    is_alarm: bool
    """Whether it is about single devices, and not about how the whole stands."""


class Bell:
    """Remembers how the rollbacks stood."""

    def __init__(self) -> None:
        self._phases: dict[str, Phase] = {}
        self._adopted: set[str] = set()
        self._alarms = Alarms()

    def adopt(self, model_id: str) -> None:
        """Take note that a watch begins: what is first seen of it rings no bell."""
        self._adopted.add(model_id)

    def hear(self, state: ConsoleState, event: Event, wanted: Mapping[str, Ring]) -> tuple[News, ...]:
        """Return what to ring for in this state, once for each.

        Args:
            state: What is known now.
            event: What happened.
            wanted: What to ring for, by model; for everything without.
        """
        found = []
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
            ring = wanted.get(model_id, Ring.ALL)
            if (is_alarm or is_trouble) and ring is not Ring.OFF:
                found.append(News(model_id, is_end=False, is_alarm=not is_trouble and not is_end))
            elif is_end and ring is Ring.ALL:
                found.append(News(model_id, is_end=True, is_alarm=False))
        return tuple(found)
