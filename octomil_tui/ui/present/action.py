"""What the actions of a rollout or a version are, what one would do, and how a rollout came to where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.action import ON_ROLLOUTS, ActionKind, Preview, percent
from octomil_tui.domain.action_preview import NOT_ROLLBACK, next_share, why_not
from octomil_tui.domain.fleet import ModelVersion, Rollout
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line

_WORDS = {
    ActionKind.PAUSE: "pause",
    ActionKind.RESUME: "resume",
    ActionKind.ADVANCE: "advance",
    ActionKind.SET: "set the percentage",
    ActionKind.CANCEL: "cancel",
    ActionKind.HOLD: "hold",
    ActionKind.RELEASE: "release",
}
_WORD = 19


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the actions menu."""

    kind: ActionKind
    label: Line
    can: bool


def rollout_offers(rollout: Rollout) -> list[Offer]:
    """Return what can be done to a rollout; what cannot be done now says why."""
    return [_offer(kind, why_not(kind, rollout), _meaning(kind, rollout)) for kind in ON_ROLLOUTS]


def version_offers(version: ModelVersion) -> list[Offer]:
    """Return what can be done to a version."""
    label = version_label(version.version)
    if version.hold is not None:
        return [_offer(ActionKind.RELEASE, "", f"{label}: {version.hold.words}")]
    return [_offer(ActionKind.HOLD, "", f"no rollout and no rollback brings {label} any more")]


def _offer(kind: ActionKind, why: str, meaning: str) -> Offer:
    word = fit(line((_WORDS[kind], Token.DIM if why else Token.STRONG)), _WORD)
    return Offer(kind, line(word, (why or meaning, Token.DIM if why else Token.MUTED)), not why)


def _meaning(kind: ActionKind, rollout: Rollout) -> str:
    share = percent(rollout.share)
    to = next_share(rollout)
    return {
        ActionKind.PAUSE: f"it stays at {share}",
        ActionKind.RESUME: f"it goes on from {share}",
        ActionKind.ADVANCE: f"from {share} to {percent(to)}" if to is not None else "one step further",
        ActionKind.SET: f"it is at {share}",
        ActionKind.CANCEL: NOT_ROLLBACK,
    }[kind]


def head_lines(preview: Preview, place_word: str) -> list[Line]:
    """Return what is about to be done, above the form."""
    title = preview.action.title
    return [
        line((f"{title[:1].upper()}{title[1:]}", Token.STRONG), "   ", (place_word, Token.RED)),
        *([line((f"{preview.refusal}.", Token.NEEDS))] if preview.refusal else []),
    ]


def effect_lines(preview: Preview) -> list[Line]:
    """Return what it does, the most important first."""
    first, *rest = preview.effect
    return [line((first, Token.STRONG)), *(line(sentence) for sentence in rest)]


def group_lines(preview: Preview) -> list[Line]:
    """Return the scope by group: how many devices, and how many of them run the version now."""
    if not preview.groups:
        return [muted("The devices are not known whole, so they are not counted by group.")]
    label = version_label(preview.action.version)
    wide = max(len(part.name) for part in preview.groups) + 2
    return [
        line(
            fit(line(part.name), wide),
            fit(line((f"{part.on_version:,} of {part.devices:,}", Token.STRONG)), 12, "right"),
            (f"  run {label} now", Token.MUTED),
        )
        for part in preview.groups
    ]


def command_line(preview: Preview) -> Line:
    """Return the same without this screen."""
    action, name = preview.action, clean(preview.model.name)
    word = clean(preview.word)
    if action.kind.is_of_version:
        text = f"octomil-console {action.kind} {name} {clean(action.version)} --yes {word}"
    else:
        to = f" {percent(action.share)}" if action.kind is ActionKind.SET else ""
        text = f"octomil-console rollout {action.kind} {name}{to} --yes {word}"
    return line(("the same without this screen:  ", Token.MUTED), (text, Token.LIGHT))


def history_lines(changes: Sequence[StatusChange], now: float | None) -> list[Line]:
    """Return what a rollout has been through, the newest first."""
    return [
        line(
            fit(muted(as_text.clock_utc(one.at) if one.at is not None else "?"), 10),
            fit(muted(_ago(one.at, now)), 9),
            fit(line((one.word.replace("_", " "), Token.STRONG)), 14),
            fit(line(percent(one.share)), 6, "right"),
            "  ",
            fit(muted(one.by or "-"), 8),
            _why(one),
        )
        for one in changes
    ]


def _ago(at: float | None, now: float | None) -> str:
    return "" if at is None or now is None else f"{as_text.age(now - at)} ago"


def _why(change: StatusChange) -> str:
    if change.reason:
        return change.reason
    return change.trigger.breach.sentence if change.trigger is not None else ""
