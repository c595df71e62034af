"""What can be done to a rollout, or to a version, beside rolling back: what it would change, and when it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import Model, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.text import clean, version_label

_SAME = 1e-6


class ActionKind(StrEnum):
    """One kind of action; the words are those of the command line."""

    PAUSE = "pause"
    RESUME = "resume"
    ADVANCE = "advance"
    SET = "set"
    CANCEL = "cancel"
    HOLD = "hold"
    RELEASE = "release"

    @property
    def is_of_version(self) -> bool:
        """Whether it is done to a version, and not to a rollout."""
        return self in (ActionKind.HOLD, ActionKind.RELEASE)


ON_ROLLOUTS = tuple(kind for kind in ActionKind if not kind.is_of_version)
_DONE = {
    ActionKind.PAUSE: "paused",
    ActionKind.RESUME: "resumed",
    ActionKind.ADVANCE: "advanced",
    ActionKind.SET: "set",
    ActionKind.CANCEL: "cancelled",
    ActionKind.HOLD: "held",
    ActionKind.RELEASE: "released",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done."""

    kind: ActionKind
    version: str
    """The raw version that the rollout brings, or that is held or released."""
    rollout: Rollout | None = None
    """As it was read last; None for a version's own."""
    share: float | None = None
    """Where a rollout is set to, or advanced to, 0..1."""
    version_id: str | None = None
    """The registry's raw id of the version, for holding and releasing."""

    @property
    def subject(self) -> str:
        """`rollout 4127 of v2.0.0`, or the version; safe to show."""
        version = version_label(self.version)
        if self.rollout is None:
            return version
        what = "rollback" if self.rollout.is_rollback else "rollout"
        group = f" of {clean(self.rollout.group)}" if self.rollout.group is not None else ""
        return f"{what} {clean(self.rollout.id)}{group} to {version}"

    @property
    def title(self) -> str:
        """What is to be done, as a clause: `set rollout 4127 to v2.0.0 from 40% to 60%`."""
        to = self.share
        if to is None or self.rollout is None:
            return f"{self.kind} {self.subject}"
        return f"{self.kind} {self.subject} from {percent(self.rollout.share)} to {percent(to)}"

    @property
    def done_words(self) -> str:
        """What was done, as a clause: `rollout 4127 to v2.0.0 is paused`."""
        to = f" to {percent(self.share)}" if self.share is not None else ""
        return f"{self.subject} is {_DONE[self.kind]}{to}"


@dataclass(frozen=True, slots=True)
class GroupPart:
    """How many devices of one group a rollout is about."""

    name: str
    """Safe to show."""
    devices: int
    on_version: int
    """Of them, those that say that they run the rollout's version."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would do. Texts are safe to show."""

    action: Action
    model: Model
    effect: tuple[str, ...]
    """Whole sentences, the most important first."""
    groups: tuple[GroupPart, ...] = ()
    """The scope by group; empty where the devices are not known whole."""
    total: int | None = None
    """Devices of its scope."""
    refusal: str = ""
    """Why it cannot be done, a clause; empty where it can."""

    @property
    def word(self) -> str:
        """What has to be typed to confirm it, raw: the group's name for a group, the model's for everything else."""
        rollout = self.action.rollout
        return self.model.name if rollout is None or rollout.group is None else rollout.group

    @property
    def what(self) -> str:
        """What that word is: `model` or `group`."""
        rollout = self.action.rollout
        return "model" if rollout is None or rollout.group is None else "group"

    @property
    def premise(self) -> tuple[object, ...]:
        """What must still be so when it is sent; ages and what the devices do are not in it."""
        action, rollout = self.action, self.action.rollout
        own = (action.kind, action.version, action.version_id, action.share, bool(self.refusal))
        if rollout is None:
            return own
        return (*own, rollout.id, rollout.state, rollout.share, rollout.target_share, rollout.group)

    def accepts(self, typed: str) -> bool:
        """Say whether the word that was typed confirms it."""
        return bool(typed.strip()) and typed.strip() == self.word.strip()


def percent(share: float | None) -> str:
    """Return a share as it is shown: `40%`, `2.5%`, `?`."""
    if share is None:
        return "?"
    value = share * 100
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def is_done(action: Action, rollouts: Sequence[Rollout], versions: Sequence[ModelVersion]) -> bool:
    """Say whether the service's own records show what was asked for."""
    if action.kind.is_of_version:
        found = next((v for v in versions if v.version == action.version), None)
        return found is not None and (found.hold is not None) is (action.kind is ActionKind.HOLD)
    rollout = next((r for r in rollouts if action.rollout is not None and r.id == action.rollout.id), None)
    if rollout is None:
        # Some services take a rollout that is cancelled off the list.
        return action.kind is ActionKind.CANCEL and action.rollout is not None
    match action.kind:
        case ActionKind.PAUSE:
            return rollout.state is RolloutState.PAUSED
        case ActionKind.RESUME:
            return rollout.state in (RolloutState.ACTIVE, RolloutState.COMPLETED)
        case ActionKind.CANCEL:
            return rollout.state is RolloutState.CANCELLED
        case _:
            return _is_at(rollout, action)


def _is_at(rollout: Rollout, action: Action) -> bool:
    if action.share is not None:
        return rollout.share is not None and abs(rollout.share - action.share) < _SAME
    before = action.rollout.share if action.rollout is not None else None
    return rollout.share is not None and before is not None and rollout.share > before + _SAME
