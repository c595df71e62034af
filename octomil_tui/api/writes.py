"""Every write but the rollback: a rollout's actions, holding a version, the policy. Each is sent once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui.api import convert_policy, wire_policy
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.connection import Connections
from octomil_tui.api.decode import decode_one
from octomil_tui.api.errors import (
    AnswerError,
    ConfigurationError,
    NotSentError,
    RateLimitedError,
    ReadOnlyError,
    RequestRefusedError,
)
from octomil_tui.api.fault import FaultError
from octomil_tui.api.outcome import CHANGE, lost, settle_change
from octomil_tui.domain.action import Action, ActionKind
from octomil_tui.domain.order import ChangeReceipt
from octomil_tui.domain.policy import Policy, PolicyChange
from octomil_tui.domain.text import clean

_ROUTES = {
    ActionKind.PAUSE: "pause",
    ActionKind.RESUME: "resume",
    ActionKind.ADVANCE: "advance",
    ActionKind.SET: "update-percentage",
    ActionKind.CANCEL: "cancel",
    ActionKind.HOLD: "deprecate",
    ActionKind.RELEASE: "publish",
}


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    body: Mapping[str, object] | None


class ServiceWrites:
    """The writing half of the client, the rollback aside.

    Every call raises `NotSentError` where nothing reached the service,
    `RejectedError` where it said no, `UnknownOutcomeError` where nobody can say
    whether it was done, and `ReadOnlyError` where this console is read-only.
    """

    _address: Address
    _connections: Connections
    _org: dict[str, str]
    _read_only: bool
    _write_deadline: float

    async def act(
        self,
        model: str,
        action: Action,
        *,
        reason: str | None = None,
        idempotency_key: str,
        by_deleting: bool = False,
    ) -> ChangeReceipt:
        """Do one thing to a rollout or a version, once.

        `POST {base}/models/{model}/rollouts/{rollout}/pause|resume|advance|update-percentage|cancel`,
        `POST {base}/models/model-versions/{version}/deprecate|publish`; where
        the caller says so, a rollout is cancelled by
        `DELETE {base}/models/{model}/rollouts/{rollout}?force=true`, which takes it off the service's list.

        Args:
            model: The model's id or name, as the service gave it.
            action: What to do.
            reason: Why, or None.
            idempotency_key: One key per intent.
            by_deleting: Whether to cancel by deleting, for a service without the route for cancelling.

        Source: the service's Python package calls the rollouts' routes; holding is its API types' deprecate.
        `cancel` is no route of the vendor's service.
        """
        answer = await self._write(self._request(model, action, reason, by_deleting), idempotency_key)
        request_id = None if answer.request_id is None else clean(answer.request_id)
        return ChangeReceipt(answer.status, request_id, answer.served_at)

    async def set_policy(self, change: PolicyChange, *, idempotency_key: str) -> Policy | None:
        """Change the settings that are named, once, and return what the service says it has stored.

        `PUT {base}/settings/{org}` where an organisation is configured, else `PATCH {base}/settings`.

        Returns:
            The settings of the answer; None where it has none that can be read.

        Source: the service's Python package, `team set-policy`; the limits' keys are inferred.
        """
        body: dict[str, object] = dict(change.limits)
        if change.auto_rollback is not None:
            body["auto_rollback_enabled"] = change.auto_rollback
        org = self._org.get("org_id")
        segments = ("settings",) if org is None else ("settings", org)
        request = _Request("PATCH" if org is None else "PUT", self._address.path(*segments), body)
        answer = await self._write(request, idempotency_key)
        try:
            row = decode_one(answer.body, wire_policy.Settings, "settings")
        except AnswerError:
            return None
        return convert_policy.policy(row) if not row.is_empty else None

    def _request(self, model: str, action: Action, reason: str | None, by_deleting: bool) -> _Request:  # noqa: FBT001
        body: dict[str, object] = {} if reason is None else {"reason": reason}
        kind = action.kind
        if kind.is_of_version:
            version = "" if action.version_id is None else action.version_id
            return _Request(
                "POST", self._address.path("models", "model-versions", version, _ROUTES[kind]), body
            )
        if action.rollout is None:
            raise NotSentError("there is no rollout to do this to; nothing was sent")
        rollout = ("models", model, "rollouts", action.rollout.id)
        if by_deleting and kind is ActionKind.CANCEL:
            return _Request("DELETE", f"{self._address.path(*rollout)}?force=true", None)
        if kind is ActionKind.SET:
            if action.share is None:
                raise NotSentError("there is no percentage to set; nothing was sent")
            body["percentage"] = round(action.share * 100, 4)
        return _Request("POST", self._address.path(*rollout, _ROUTES[kind]), body)

    async def _write(self, request: _Request, idempotency_key: str) -> Answer:
        if self._read_only:
            raise ReadOnlyError("this console is read-only; nothing was sent")
        content = b"" if request.body is None else json.dumps(request.body).encode()
        headers = {"Idempotency-Key": idempotency_key}
        try:
            answer = await self._connections.post(
                request.path, content, headers, self._write_deadline, request.method
            )
        except FaultError as error:
            raise lost(error.fault, self._address.netloc, CHANGE) from None
        except (ConfigurationError, RateLimitedError, RequestRefusedError) as error:
            raise NotSentError(f"{error.message}; nothing was sent") from None
        failed = settle_change(answer, self._address.netloc)
        if failed is not None:
            raise failed
        return answer
