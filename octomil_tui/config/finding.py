"""What a check of a settings file found: each with its line, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from octomil_tui.domain.text import counted
from octomil_tui.profile import NO_CONFIG, Config


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a file; its texts are safe to show."""

    key: str
    """With its tables, such as `profiles.prod.level`; empty where it is the whole file."""
    what: str
    """What is wrong, and the fix; it begins a sentence, or follows the key."""
    line: int | None = None
    """From 1; None for the file as a whole."""
    column: int | None = None
    is_note: bool = False
    """Whether nothing is wrong: it may only be meant otherwise."""
    profile: str | None = None
    """The profile that it is about, raw; None for the file."""
    is_of_machine: bool = False
    """Whether the file is understood, and what it names on this machine does not fit it: only its own profile suffers."""

    def sentence(self, place: str) -> str:
        """Return `config.toml:7: profiles.prod.level is "prod"; write ...`.

        Args:
            place: The file, safe to show.
        """
        where = ":".join([place, *(str(one) for one in (self.line, self.column) if one is not None)])
        note = "note: " if self.is_note else ""
        return f"{where}: {note}{f'{self.key} ' if self.key else ''}{self.what}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked through."""

    place: str
    """The file, safe to show."""
    findings: Sequence[Finding] = ()
    """In the order of the file."""
    config: Config = NO_CONFIG
    """What of it is understood."""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """The line of each table and key."""
    is_missing: bool = False
    """Whether there is no such file."""

    @property
    def problems(self) -> Sequence[Finding]:
        """What keeps the file from being used."""
        return [one for one in self.findings if not one.is_note]

    def problems_of(self, profile: str | None) -> Sequence[Finding]:
        """Return what keeps one profile from being used; None for no profile."""
        return [one for one in self.problems if not one.is_of_machine or one.profile in (None, profile)]

    @property
    def summary(self) -> str:
        """The result as a sentence."""
        if self.is_missing:
            return f"{self.place}: there is no such file, and none is needed"
        problems = counted(len(self.problems), "problem") if self.problems else "no problem"
        notes = len(self.findings) - len(self.problems)
        more = f", {counted(notes, 'note')}" if notes else ""
        return f"{self.place}: {counted(len(self.config.profiles), 'profile')}, {problems}{more}"
