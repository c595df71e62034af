"""The one object that puts the key on a request."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import NoReturn

from octomil_tui.api.address import Address
from octomil_tui.api.key import ApiKey, masked


class BearerAuth:
    """Attaches the key to requests for one origin, and to no others.

    Args:
        key: The key.
        address: The service whose origin may see it.
    """

    __slots__ = ("_key", "_origin")

    def __init__(self, key: ApiKey, address: Address) -> None:
        self._key = key
        self._origin = address.origin

    def attach(self, origin: tuple[str, str, int], headers: MutableMapping[str, str]) -> None:
        """Set the `Authorization` header if `origin` is the configured one, else remove it."""
        if origin == self._origin:
            headers["Authorization"] = f"Bearer {self._key.reveal()}"
        else:
            headers.pop("Authorization", None)

    def __repr__(self) -> str:
        return f"BearerAuth({masked(self._key)})"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")
