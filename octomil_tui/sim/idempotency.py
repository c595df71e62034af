"""Answers kept under their `Idempotency-Key`, to be given again."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from octomil_tui.sim.errors import RefusedError

__all__ = ["Answer", "Replays"]

KEPT = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body."""

    status_code: int
    body: dict[str, Any]


class Replays:
    """The answers to requests that were carried out, by key.

    A request that was refused changed nothing, so its key stays free.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[str, Answer]] = OrderedDict()

    def find(self, key: str | None, what: str, body: object) -> Answer | None:
        """Return the answer given to the same request before, if any.

        Raises:
            RefusedError: 422, the key was used for another request.
        """
        known = None if key is None else self._answers.get(key)
        if known is None:
            return None
        fingerprint, answer = known
        if fingerprint != self._fingerprint(what, body):
            message = "This Idempotency-Key was used for another request."
            raise RefusedError(422, "idempotency_key_reused", message)
        return answer

    def keep(self, key: str | None, what: str, body: object, answer: Answer) -> None:
        """Keep the answer to a request under its key, if it has one."""
        if key is None:
            return
        self._answers[key] = (self._fingerprint(what, body), answer)
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)

    def forget(self) -> None:
        """Forget all answers."""
        self._answers.clear()

    @staticmethod
    def _fingerprint(what: str, body: object) -> str:
        return f"{what}\n{json.dumps(body, sort_keys=True)}"
