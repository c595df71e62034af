"""Who is at the other end of the connections: nobody who must not see the key, and somebody who takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.auth import PRACTICE_HEADER, KeyHolder, refused_for_practice

_UNAUTHORIZED = 401


class Peer:
    """Whoever answers at one address, as far as its answers tell.

    Args:
        address: The service.
        holder: The key for it; None for requests without one.
    """

    def __init__(self, address: Address, holder: KeyHolder | None) -> None:
        self._address = address
        self._holder = holder
        self._is_met = False
        self._meeting = asyncio.Lock()

    @property
    def _has_real_key(self) -> bool:
        return self._holder is not None and not self._holder.key.is_for_practice

    @property
    def is_stranger(self) -> bool:
        """Whether it has to be asked who it is before a real key is sent there.

        Whoever is logged in here can listen on a port, and a practice service may have taken the one
        that a tunnel had. Beyond this machine, certificates say who answers, and nothing is asked.
        """
        return self._address.is_loopback and self._has_real_key and not self._is_met

    async def meet(self, ask: Callable[[], Awaitable[Answer]]) -> None:
        """Ask who it is, once however many want to know at the same time.

        Args:
            ask: Sends a request without a key.

        Raises:
            FaultError: There is no whole answer.
            KeyRefusedError: An embedded control plane answers.
        """
        async with self._meeting:
            if not self._is_met:
                self.refuse_practice(await ask())
                self._is_met = True

    def refuse_practice(self, answer: Answer) -> None:
        """Refuse an answer of an embedded control plane to a real key.

        Raises:
            KeyRefusedError: It is one.
        """
        if self._has_real_key and PRACTICE_HEADER in answer.headers:
            raise refused_for_practice(self._address)

    def note(self, answer: Answer) -> None:
        """Note what an answer says of the key, and of who answers."""
        self._is_met = self._is_met and PRACTICE_HEADER not in answer.headers
        if self._holder is None:
            return
        if answer.status == _UNAUTHORIZED:
            self._holder.is_refused = True
        elif answer.is_success or answer.is_unchanged:
            self._holder.is_refused = False

    def forget(self) -> None:
        """Take nothing for known: whoever answers next may be somebody else."""
        self._is_met = False
