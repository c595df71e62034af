"""The one object that puts the key on a request, and the one that says which key that is now."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import NoReturn

from octomil_tui.api.address import Address
from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import ApiKey, masked
from octomil_tui.api.key_source import GivenKey, KeySource, Reread

PRACTICE_HEADER = "x-octomil-simulator"
"""What every answer of an embedded control plane carries."""


class KeyHolder:
    """The key that requests carry now, and where it can be read again.

    Args:
        key: The key to begin with.
        source: Where it came from; None where it was handed over.
    """

    __slots__ = ("_key", "_source", "is_refused")

    def __init__(self, key: ApiKey, source: KeySource | None = None) -> None:
        self._key = key
        self._source = source or GivenKey(key)
        self.is_refused = False
        """Whether the service's last word on this key was 401."""

    @property
    def key(self) -> ApiKey:
        """The key of the next request."""
        return self._key

    def reread(self, address: Address) -> Reread:
        """Read the key's source again and use what is there from now on; may take seconds.

        Raises:
            KeyRefusedError: There is no key now, or none that can be used; the old one stays.
        """
        if not self._source.can_be_reread:
            return Reread.FIXED
        key = self._source.read()
        require_fitting(key, address)
        if key == self._key:
            return Reread.SAME
        self._key, self.is_refused = key, False
        return Reread.CHANGED

    def __repr__(self) -> str:
        return f"KeyHolder({masked(self._key)})"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")


class BearerAuth:
    """Attaches the key to requests for one origin, and to no others.

    Args:
        key: The key, or what holds it; None for requests that carry none.
        address: The service whose origin may see it.

    Raises:
        KeyRefusedError: The key is none for this address; see `require_fitting`.
    """

    __slots__ = ("_holder", "_origin")

    def __init__(self, key: ApiKey | KeyHolder | None, address: Address) -> None:
        self._holder = KeyHolder(key) if isinstance(key, ApiKey) else key
        self._origin = address.origin
        if self._holder is not None:
            require_fitting(self._holder.key, address)

    def attach(self, origin: tuple[str, str, int], headers: MutableMapping[str, str]) -> None:
        """Set the `Authorization` header if `origin` is the configured one, else remove it."""
        if self._holder is not None and origin == self._origin:
            headers["Authorization"] = f"Bearer {self._holder.key.reveal()}"
        else:
            headers.pop("Authorization", None)

    def __repr__(self) -> str:
        return f"BearerAuth({masked(self._holder.key) if self._holder else 'no key'})"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")


def require_fitting(key: ApiKey, address: Address) -> None:
    """Refuse the key of an embedded control plane for an address beyond this machine.

    Raises:
        KeyRefusedError: Practice and the real service were mixed up; nothing was sent.
    """
    if key.is_for_practice and not address.is_loopback:
        raise KeyRefusedError(
            f"the API key is one of an embedded control plane, and {address.netloc} is not on this machine; "
            "nothing was sent"
        )


def refused_for_practice(address: Address) -> KeyRefusedError:
    """Return the error for a real key where an embedded control plane answers."""
    return KeyRefusedError(
        f"an embedded control plane answers at {address.netloc}, and the API key is a real one; "
        "use the key that the control plane printed"
    )
