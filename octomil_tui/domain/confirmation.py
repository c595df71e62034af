"""What has to be typed before a rollback is sent; the same rule for screens and commands."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.plan import Plan
from octomil_tui.domain.verdict import Level

REASONS = ("quality", "latency", "crashes", "memory", "other")
"""Why fleets are rolled back, as the service's documentation lists it."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The words of one plan, raw, as they are to be typed."""

    word: str
    """The model's name for the fleet, the group's for a group."""
    what: str
    """What the word is: `model` or `group`."""
    version: str | None
    """The version, typed once more, where the verdict on it is a warning."""

    def accepts(self, word: str, version: str | None = None) -> bool:
        """Say whether what was typed is what was asked for; surrounding spaces do not count."""
        return self.accepts_word(word) and self.accepts_version(version or "")

    def accepts_word(self, typed: str) -> bool:
        """Say whether the name is the one that was asked for; nothing typed never is, also where a name is empty."""
        return bool(typed.strip()) and typed.strip() == self.word.strip()

    def accepts_version(self, typed: str) -> bool:
        """Say whether the version is the one that was asked for, with or without its `v`; true where none was."""
        return self.version is None or _bare(typed) == _bare(self.version)


def leaves(plan: Plan) -> str | None:
    """Return the raw version that a plan takes off its devices; None where there is no one such version."""
    return plan.from_version if plan.from_version != plan.to_version else None


def confirmation(plan: Plan) -> Confirmation:
    """Return what has to be typed for this plan."""
    scope = plan.scope
    word, what = (
        (plan.model.name, "model") if scope.is_fleet else (scope.group_name or scope.group_id, "group")
    )
    return Confirmation(word or "", what, plan.to_version if plan.verdict.level is Level.WARN else None)


def _bare(version: str) -> str:
    """Return the version without the `v` that is shown before it."""
    version = version.strip()
    return version[1:] if version[:1] == "v" and version[1:2].isdigit() else version
