"""The keys of one run: where the first comes from, and which of them opens what."""

import hmac
import re
import secrets
from collections.abc import MutableMapping

__all__ = ["KEY_PREFIX", "KEY_VARIABLE", "KeyUnusableError", "Keys", "hidden", "take_key"]

KEY_VARIABLE = "OCTOMIL_SIM_KEY"
"""Names the key of a run, so that a server can come back with the key it had."""
KEY_PREFIX = "edg_sim_"
ENTROPY = 24
"""Random bytes of a key."""
USABLE = re.compile(rf"{KEY_PREFIX}[A-Za-z0-9_-]{{24,200}}")
ANY_KEY = re.compile(r"edg_[A-Za-z0-9_-]+")


class KeyUnusableError(ValueError):
    """The key that was given cannot be used; the message does not have it."""


def take_key(environment: MutableMapping[str, str]) -> str:
    """Return the key of this run, taken out of the environment, or a new one.

    Raises:
        KeyUnusableError: What the environment holds is none. A key of a real
            service never is.
    """
    given = environment.pop(KEY_VARIABLE, None)
    if given is None:
        return _new_key()
    if not USABLE.fullmatch(given):
        raise KeyUnusableError(
            f"{KEY_VARIABLE} is not usable: a key of this server begins with {KEY_PREFIX}, "
            "followed by 24 to 200 letters, digits, - or _"
        )
    return given


def hidden(text: str) -> str:
    """Return a text without the keys in it."""
    return ANY_KEY.sub("edg_[hidden]", text)


class Keys:
    """The key that the service takes, and those that it took before.

    Args:
        first: The key to begin with.
    """

    def __init__(self, first: str) -> None:
        self._issued = [first.encode()]

    def rotate(self) -> str:
        """Return a new key; the service takes no other from now on."""
        key = _new_key()
        self._issued.append(key.encode())
        return key

    def opens(self, authorization: bytes, *, is_drill: bool) -> bool:
        """Say whether a header opens the service, or the simulator's own routes.

        These stay open to every key of the run: a drill goes on after it rotated the key.
        """
        scheme, _, key = authorization.partition(b" ")
        accepted = self._issued if is_drill else self._issued[-1:]
        matches = [hmac.compare_digest(key, one) for one in accepted]
        return scheme == b"Bearer" and any(matches)


def _new_key() -> str:
    return f"{KEY_PREFIX}{secrets.token_urlsafe(ENTROPY)}"
