"""What a wall that nobody touches does by itself: it takes up rollbacks, and reads a refused key again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from octomil_tui.api.errors import OctomilError
from octomil_tui.api.key_source import Reread
from octomil_tui.domain.fleet import Rollout
from octomil_tui.engine.hold import is_key_rejected
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import Rekeying, Service
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.present.subject import to_follow

FOLLOW_PAUSE = 20.0
"""Seconds between two rollbacks that are taken up: each costs half a dozen requests."""

KEY_PAUSE = 60.0
"""Seconds between two looks for another key: a source may be a command that costs something."""

Chore: TypeAlias = Callable[[], Awaitable[None]]


class Caretaker:
    """Knows what is to be done next; one thing at a time.

    Args:
        session: Follows rollbacks and reads everything again.
        service: Has the key.
        clock: Seconds of this machine.
        stumble: Told of what should not have happened.
    """

    def __init__(
        self,
        session: Session,
        service: Service,
        clock: Callable[[], float],
        stumble: Callable[[Exception], object],
    ) -> None:
        self._session = session
        self._service = service
        self._clock = clock
        self._stumble = stumble
        self._is_busy = False
        self._follow_at = self._rekey_at = clock()
        self.unfollowed: frozenset[str] = frozenset()
        """Ids of running rollbacks that could not be followed at the newest try."""

    def due(self, state: ConsoleState) -> Chore | None:
        """Return what is to be done now, to be called and awaited; None for nothing."""
        mono = self._clock()
        if self._is_busy:
            return None
        if is_key_rejected(state) and mono >= self._rekey_at and isinstance(self._service, Rekeying):
            self._is_busy, self._rekey_at = True, mono + KEY_PAUSE
            return partial(self._read_key, self._service)
        found = to_follow(state, state.server_at)
        if found is not None and mono >= self._follow_at:
            self._is_busy, self._follow_at = True, mono + FOLLOW_PAUSE
            return partial(self._follow, *found)
        return None

    async def _follow(self, model_id: str, rollout: Rollout) -> None:
        try:
            await self._session.watch(model_id, rollout)
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a wall that people rely on
            # What the model's own numbers tell is shown until the next try.
            self.unfollowed = frozenset({rollout.id})
            self._report(error)
        else:
            self.unfollowed = frozenset()
        finally:
            self._is_busy = False

    async def _read_key(self, service: Rekeying) -> None:
        try:
            if await service.reread_key() is Reread.CHANGED:
                self._session.refresh()
        except Exception as error:  # noqa: BLE001 - the old key stays, and the screen says that it is not accepted
            self._report(error)
        finally:
            self._is_busy = False

    def _report(self, error: Exception) -> None:
        """Keep what is a mistake of this console; why the service does not answer, the link says."""
        if not isinstance(error, OctomilError):
            self._stumble(error)
