"""Questions that are on their way before anybody can read the answers.

What decodes answers takes as long to load as the service takes to answer. The
connections need none of it, so that both can happen at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from octomil_tui.api.address import Address, encodable
from octomil_tui.api.answer import Answer, Asked
from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.connection import Connections
from octomil_tui.api.memory import Question, question_of

GOOD_FOR: Final = 5.0
"""Seconds after which an answer that nobody took is thrown away: it would be told as if it were new."""

_SMALL, _LARGE = "100", "1000"


def first_questions(address: Address, org_id: str | None) -> tuple[tuple[str, Asked], ...]:
    """Return what every start reads first, each with what it is called: the first pages of `api.reads`.

    One that `api.reads` asks in other words is asked twice, and costs a request; a test compares them.
    """
    org = {"org_id": encodable(org_id)} if org_id else {}
    pages: tuple[tuple[str, str, dict[str, str], str], ...] = (
        ("models", address.path("models"), org, _SMALL),
        ("active rollouts", address.path("rollouts", "active"), {}, _SMALL),
        ("devices", address.path("devices"), org, _LARGE),
        ("device groups", address.path("device-groups"), org, _SMALL),
    )
    return tuple(
        (name, Asked(path, {**query, "limit": limit, "offset": "0"}, page=1))
        for name, path, query, limit in pages
    )


class ConnectionsAhead(Connections):
    """Connections on which something can be asked whose answer is taken later, once, by whoever asks the same.

    Its arguments are those of `Connections`.
    """

    def __init__(self, address: Address, holder: KeyHolder, **named: Any) -> None:
        super().__init__(address, holder, **named)
        self._under_way: dict[Question, tuple[asyncio.Task[Answer], object]] = {}
        """Each with the key that it went out with."""

    def begin(self, asked: Asked, deadline: float) -> None:
        """Ask now; whoever asks the same within `GOOD_FOR` seconds gets the answer, or the error.

        Args:
            asked: A read without conditions.
            deadline: As for `get`.
        """
        loop = asyncio.get_running_loop()
        task = loop.create_task(super().get(asked, deadline))
        # Of one that nobody takes, nobody hears how it failed.
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._under_way[question_of(asked.path, asked.params)] = task, self.owner
        loop.call_later(GOOD_FOR, self._drop, [task])

    async def get(
        self, asked: Asked, deadline: float, patience: float | None = None, *, on_fresh: bool = False
    ) -> Answer:
        """Return the answer that is on its way already, or read as `Connections.get` does."""
        begun, owner = self._under_way.pop(question_of(asked.path, asked.params), (None, None))
        if begun is not None and owner is self.owner and not asked.headers and not on_fresh:
            return await begun
        return await super().get(asked, deadline, patience, on_fresh=on_fresh)

    async def aclose(self) -> None:
        """Close the connections; what nobody took is given up."""
        self._drop([task for task, _ in self._under_way.values()])
        await super().aclose()

    def _drop(self, tasks: Iterable[asyncio.Task[Answer]]) -> None:
        for question, (task, _) in list(self._under_way.items()):
            if task in tasks:
                task.cancel()
                del self._under_way[question]
