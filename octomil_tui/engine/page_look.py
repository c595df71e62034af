"""What somebody looks at of a long list, whom its pages come from, and why one did not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.order import Reading


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at."""

    query: DeviceQuery
    shown: tuple[int, ...] = ()
    """Pages on the screen, the one that is wanted most first."""
    ahead: tuple[int, ...] = ()
    """Pages that will be on the screen next."""
    kept: tuple[int, ...] = ()
    """Pages behind what is on the screen: read again when they are old, and not asked for where they went."""
    is_typed: bool = False
    """Whether somebody is typing what is looked for: it is not asked for before they pause."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page could not be read."""

    sentence: str
    again_mono: float
    attempts: int = 1
    is_final: bool = False
    """Whether the service has no such list, or not for this key."""


@runtime_checkable
class PageSource(Protocol):
    """A client that reads single pages; `api.client.AsyncOctomilClient` fits it."""

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = 1_000,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        """Return one page of a list of devices."""
