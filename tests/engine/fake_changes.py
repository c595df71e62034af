"""What a scripted service says of the policy, and what it takes besides rollbacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from octomil_tui.api.errors import NotFoundError
from octomil_tui.domain.action import Action
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import ChangeReceipt, Reading
from octomil_tui.domain.policy import Policy, PolicyChange

T = TypeVar("T")


@dataclass
class FakeChanges:
    """Answers from fields, or raises what is there; lists are used up one by one, and the last entry stays."""

    policies: list[Policy | Exception] = field(default_factory=lambda: [Policy(auto_rollback=False)])
    incident_list: tuple[Incident, ...] | Exception = ()
    check_list: tuple[Check, ...] | Exception = ()
    history: tuple[StatusChange, ...] | Exception = ()
    taken: ChangeReceipt | BaseException = field(default_factory=lambda: ChangeReceipt(200, "req_1"))
    stored: Policy | BaseException | None = None
    acts: list[tuple[str, Action, str | None, bool]] = field(default_factory=list)
    sets: list[PolicyChange] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def _answer(self, name: str, answer: T | Exception, total: int | None = None) -> Reading[T]:
        raise NotImplementedError

    async def policy(self) -> Reading[Policy]:
        found = self.policies.pop(0) if len(self.policies) > 1 else self.policies[0]
        return await self._answer("policy", found)

    async def incidents(self) -> Reading[tuple[Incident, ...]]:
        return await self._answer("incidents", self.incident_list)

    async def checks(self, rollout_id: str) -> Reading[tuple[Check, ...]]:
        return await self._answer(f"checks {rollout_id}", self.check_list)

    async def status_history(self, model_id: str, rollout_id: str) -> Reading[tuple[StatusChange, ...]]:
        return await self._answer(f"history {model_id} {rollout_id}", self.history)

    async def act(
        self,
        model: str,
        action: Action,
        *,
        reason: str | None = None,
        idempotency_key: str,
        by_deleting: bool = False,
    ) -> ChangeReceipt:
        self.acts.append((model, action, reason, by_deleting))
        self.keys.append(idempotency_key)
        if isinstance(self.taken, BaseException):
            raise self.taken
        return self.taken

    async def set_policy(self, change: PolicyChange, *, idempotency_key: str) -> Policy | None:
        self.sets.append(change)
        self.keys.append(idempotency_key)
        if isinstance(self.stored, BaseException):
            raise self.stored
        return self.stored


GONE = NotFoundError("not found (404)", status=404)
