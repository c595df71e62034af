"""What is wrong in a settings file, said without repeating what may be a secret."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.text import clean

NAME_LIMIT = 40
"""Characters of a name that are shown: something that is no name may have been put in its place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a file from being used."""

    keys: tuple[str, ...]
    """From the file's own table down, such as `("profiles", "prod", "level")`; raw."""
    what: str
    """Completes a sentence that begins with the key: "must be true or false"."""

    def sentence(self, place: str) -> str:
        """Return what a command says before it ends.

        Args:
            place: The file, safe to show.
        """
        *tables, name = self.keys
        where = f"profile {clean(tables[1])} of {place}" if len(tables) > 1 else place
        return f"{where}: {clean(name, NAME_LIMIT)} {self.what}"
