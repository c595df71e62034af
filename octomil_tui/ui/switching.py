"""Going on with another profile: this run of the console ends, and another one begins there.

A console is bound to one place for its life: its client, its key, its
read-only guard, what it knows and what it looks after are made for one service
and are never pointed at another. So a switch is an end and a beginning, and
nothing of the old place can be left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.text import clean
from octomil_tui.ui.navigation import Navigation
from octomil_tui.ui.place import PlaceInfo

_WRITING: Final = frozenset({"send", "act", "policy"})
"""Groups of the workers that may have a request on its way which changes something."""


class KnownProfile(NamedTuple):
    """A profile that one can switch to."""

    name: str
    """Raw."""
    level: str
    """As on line 1: `PROD`, `STAG`, `DEV`."""
    host: str
    """Safe to show."""


class Profiles(Protocol):
    """Who knows the profiles, and what is needed to open one."""

    def known(self) -> Sequence[KnownProfile]:
        """Return the profiles of the settings file, in its order."""

    def open(self, name: str) -> Callable[[], None]:
        """Return what makes the next run begin with a profile; may take seconds.

        Raises:
            OctomilError: There is none of that name, or it cannot be used; the sentence says why.
        """


class SwitchDesk(Navigation):
    """Ends this run for another one with another profile."""

    def __init__(self, *, crash_directory: Path | None = None) -> None:
        super().__init__(crash_directory=crash_directory)
        self._profiles: Profiles | None = None

    @property
    def place_info(self) -> PlaceInfo:
        """Where the console is."""
        raise NotImplementedError

    def profiles_known(self) -> Sequence[KnownProfile]:
        """Return the profiles that one can switch to, the present one among them; empty where there are none.

        `place_info.profile` is the name of the present one.
        """
        here = self.place_info
        found = self._profiles.known() if self._profiles is not None else ()
        # What holds now may come from flags and variables, too.
        return [
            one._replace(level=here.mark, host=here.host) if one.name == here.profile else one
            for one in found
        ]

    def switch_profile(self, name: str) -> None:
        """End this run and begin anew with the profile of that name; where that cannot be, say why and stay.

        A rollback that runs goes on, as ever when a console is left.
        """
        if self._profiles is None:
            self._say("there is no other profile here")
        elif name == self.place_info.profile:
            self._say(f"this is profile {clean(name)} already")
        else:
            self.run_worker(self._switch(self._profiles, name), name="switch", group="switch", exclusive=True)

    async def _switch(self, profiles: Profiles, name: str) -> None:
        try:
            go = await asyncio.to_thread(profiles.open, name)
        except OctomilError as error:
            self._say(error.message)
            return
        # Only now: opening takes its time, and something may have been sent meanwhile.
        if self._is_writing:
            self._say("a request that changes something is on its way: switch when its answer is there")
            return
        go()
        self.exit(return_code=0)

    @property
    def _is_writing(self) -> bool:
        return self._is_sending or any(
            worker.group in _WRITING and not worker.is_finished for worker in self.workers
        )
