"""What is read of the policy: what is set, what crossed a limit, how its rules stand, and a rollout's history."""

from __future__ import annotations

from octomil_tui.api import convert_history, convert_policy, wire_policy
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.decode import RowsDecoder, decode_one
from octomil_tui.api.errors import NotFoundError
from octomil_tui.api.exchange import Reader, Told
from octomil_tui.api.memory import made
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import Reading
from octomil_tui.domain.policy import Policy

_INCIDENTS = RowsDecoder(wire_policy.Incident, "incidents")
_HISTORY = RowsDecoder(wire_policy.StatusChange, "history")
_NEWEST = "100"


class PolicyReads:
    """A part of the reading half of the client; see `reads`."""

    _address: Address
    _reader: Reader
    _org: dict[str, str]

    async def policy(self) -> Reading[Policy]:
        """Return what the organisation has set.

        `GET {base}/settings/{org}` where an organisation is configured, else
        `GET {base}/settings`, which answers for the key's own; a service that
        has only one of them is asked by the other.

        Raises:
            NotFoundError: This service has no settings.

        Source: the service's Python package (`team set-policy`) and API types; the limits' keys are inferred.
        """
        told = await self._settings()
        row = made(
            told.kept,
            "policy",
            None,
            lambda: convert_policy.policy(decode_one(told.body, wire_policy.Settings, "settings")),
        )
        return Reading(row, told.served_at)

    async def _settings(self) -> Told:
        patience = self._reader.patience()
        if "org_id" in self._org:
            try:
                path = self._address.path("settings", self._org["org_id"])
                return await self._reader.read(Asked(path), patience)
            except NotFoundError:
                pass
        return await self._reader.read(Asked(self._address.path("settings")), patience)

    async def incidents(self) -> Reading[tuple[Incident, ...]]:
        """Return the newest incidents, at most a hundred: limits that were crossed.

        `GET {base}/monitoring/incidents`, newest first as the service sends them.

        Raises:
            NotFoundError: This service has no incidents.

        Source: the service's API types, "List incidents"; the figures' keys are inferred.
        """
        path = self._address.path("monitoring", "incidents")
        # One page is enough: what needs somebody now is among the newest.
        asked = Asked(path, {**self._org, "limit": _NEWEST})
        told = await self._reader.read(asked, self._reader.patience())
        page = made(told.kept, "page", None, lambda: _INCIDENTS.decode(told.body))
        found = made(
            told.kept, "incidents", None, lambda: tuple(convert_policy.incident(row) for row in page.rows)
        )
        return Reading(found, told.served_at, page.unreadable)

    async def checks(self, rollout_id: str) -> Reading[tuple[Check, ...]]:
        """Return the rules of the policy, held against one rollout now.

        `GET {base}/monitoring/deployments/{rollout}`, of which only `rules` is used.

        Raises:
            NotFoundError: No such rollout, or a service that does not tell.

        Source: the route is in the service's API types, untyped; its keys are inferred.
        """
        path = self._address.path("monitoring", "deployments", rollout_id)
        told = await self._reader.read(Asked(path), self._reader.patience())
        found = made(
            told.kept,
            "checks",
            None,
            lambda: convert_policy.checks(
                decode_one(told.body, wire_policy.RolloutHealth, "health").rules or ()
            ),
        )
        return Reading(found, told.served_at)

    async def status_history(self, model_id: str, rollout_id: str) -> Reading[tuple[StatusChange, ...]]:
        """Return what a rollout has been through, newest first.

        `GET {base}/models/{model}/rollouts/{rollout}/status-history`.

        Raises:
            NotFoundError: No such rollout, or a service without this route.

        Source: the service's Python package calls this route; its keys are not documented.
        """
        path = self._address.path("models", model_id, "rollouts", rollout_id, "status-history")
        told = await self._reader.read(Asked(path), self._reader.patience())
        found = made(
            told.kept, "history", None, lambda: convert_history.history(_HISTORY.decode(told.body).rows)
        )
        return Reading(found, told.served_at)
