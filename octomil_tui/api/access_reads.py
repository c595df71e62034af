"""What is read of the key itself."""

from __future__ import annotations

from typing import Annotated

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.decode import decode_one
from octomil_tui.api.exchange import Reader
from octomil_tui.api.shape import Names, Shape
from octomil_tui.api.wire import SafeText
from octomil_tui.domain.access import Access
from octomil_tui.domain.order import Reading


class Me(Shape):
    """The answer of `GET /auth/me`; the service documents the route and not its keys."""

    name: Annotated[SafeText | None, Names("name", "email", "user_id")] = None
    org_id: SafeText | None = None
    role: SafeText | None = None
    scopes: Annotated[tuple[SafeText, ...] | None, Names("scopes", "permissions")] = None


class AccessReads:
    """A part of the reading half of the client; see `reads`."""

    _address: Address
    _reader: Reader

    async def access(self) -> Reading[Access]:
        """Return whom the key belongs to and what it may do, `GET {base}/auth/me`.

        Raises:
            UnauthorizedError: The key is not accepted.
            NotFoundError: This service has no such route.

        Source: the service's API types, "Who the bearer is"; the keys are inferred.
        """
        told = await self._reader.read(Asked(self._address.path("auth", "me")), self._reader.patience())
        me = decode_one(told.body, Me, "user")
        return Reading(Access(me.name, me.org_id, me.role, me.scopes), told.served_at)
