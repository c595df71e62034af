"""The look at the fleet between the last letter of a confirmation and its Enter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from octomil_tui.api.errors import OctomilError
from octomil_tui.engine.preflight import NoTargetError, Preflight, UnknownNameError

ONE_PAGE: Final = 1_000
"""Devices that are read with one request."""


class SecondLook:
    """Knows when to read again what a plan rests on: once, as soon as everything is typed.

    Enter reads it all once more. Of most of it the service then says that it
    did not change, which takes half the time until the rollback leaves.
    """

    def __init__(self) -> None:
        self._was_complete = False

    def is_due(self, shown: Preflight, *, is_complete: bool) -> bool:
        """Return whether to look now; never at a fleet that takes more than a few requests.

        Args:
            shown: What the plan that is shown rests on.
            is_complete: Whether Enter would send.
        """
        is_news = is_complete and not self._was_complete
        self._was_complete = is_complete
        return is_news and len(shown.snapshot.devices or ()) <= ONE_PAGE


async def same_again(
    read: Callable[[str, str | None, str | None], Awaitable[Preflight]], shown: Preflight
) -> Preflight | None:
    """Read again and return the same plan, made now; None where it is another one or cannot be read, as Enter will say."""
    plan = shown.plan
    with suppress(OctomilError, UnknownNameError, NoTargetError):
        found = await read(plan.model.id, plan.to_version, plan.scope.group_id)
        return found if found.plan.digest == plan.digest else None
    return None
