"""What asking again does with a key that the service no longer accepts."""

from __future__ import annotations

from octomil_tui.api.errors import OctomilError
from octomil_tui.api.key_source import Reread
from octomil_tui.engine.source import Rekeying

_SENTENCES = {
    Reread.CHANGED: "another key was read, and is used from now on",
    Reread.SAME: "the key was read again, and is the one that the service does not accept",
    Reread.FIXED: "the key was given once and cannot be read again: leave, and begin anew with another one",
}


async def read_key_again(service: Rekeying) -> str:
    """Read the key's source again and return what came of it, as one sentence that is safe to show."""
    try:
        return _SENTENCES[await service.reread_key()]
    except OctomilError as error:
        return f"{error.message}; the old key stays"
