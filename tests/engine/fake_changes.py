"""What a scripted service says of the policy, and what it takes besides rollbacks."""

from __future__ import annotations

from dataclasses import dataclass, field

from octomil_tui.api.errors import NotFoundError
from octomil_tui.domain.action import Action
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import ChangeReceipt, Reading
from octomil_tui.domain.policy import Policy, PolicyChange


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
    looked_at: list[str] = field(default_factory=list)
    """The rollouts whose rules or history were read."""

    async def policy(self) -> Reading[Policy]:
        found = self.policies.pop(0) if len(self.policies) > 1 else self.policies[0]
        if isinstance(found, Exception):
            raise found
        return Reading(found, 1.0)

    async def incidents(self) -> Reading[tuple[Incident, ...]]:
        if isinstance(self.incident_list, Exception):
            raise self.incident_list
        return Reading(self.incident_list, 1.0)

    async def checks(self, rollout_id: str) -> Reading[tuple[Check, ...]]:
        self.looked_at.append(rollout_id)
        if isinstance(self.check_list, Exception):
            raise self.check_list
        return Reading(self.check_list, 1.0)

    async def status_history(self, model_id: str, rollout_id: str) -> Reading[tuple[StatusChange, ...]]:
        self.looked_at.append(f"{model_id} {rollout_id}")
        if isinstance(self.history, Exception):
            raise self.history
        return Reading(self.history, 1.0)

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
