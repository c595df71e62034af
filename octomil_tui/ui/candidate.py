"""What can stand behind a command: the models, groups, devices and rollouts that are known now.

Names are cleaned where they are shown and completed, and two that look alike
then are told apart by their ids. What was chosen is the raw id.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui.command import Takes

_SHOWN = 40


class Candidate(NamedTuple):
    """One of those that there are."""

    text: str
    """Safe to show, different from all others of its list: what is completed."""
    key: str
    """The raw id."""
    note: str = ""
    """What stands beside it, safe to show."""
    name: str = ""
    """The raw name."""


def candidates(snapshot: FleetSnapshot, takes: Takes) -> Sequence[Candidate]:
    """Return what can stand behind a command that takes this, of what is known of the fleet."""
    match takes:
        case Takes.MODEL:
            return _told_apart((m.name, m.id, "") for m in snapshot.models or ())
        case Takes.GROUP:
            return _told_apart((g.name, g.id, _devices(g.device_count)) for g in snapshot.groups or ())
        case Takes.DEVICE:
            return _told_apart((d.name, d.id, d.connectivity.value) for d in snapshot.devices or ())
        case Takes.ROLLOUT:
            return _rollouts(snapshot, only_rollbacks=False)
        case Takes.ROLLBACK:
            return (*_rollouts(snapshot, only_rollbacks=True), *candidates(snapshot, Takes.MODEL))
        case _:
            return ()


def _rollouts(snapshot: FleetSnapshot, *, only_rollbacks: bool) -> list[Candidate]:
    names = {model.id: model.name for model in snapshot.models or ()}
    return _told_apart(
        (r.id, r.id, f"{clean(names.get(model_id, model_id))} {version_label(r.version)} {clean(r.word)}")
        for model_id, rollouts in snapshot.rollouts.items()
        for r in rollouts
        if r.is_rollback or not only_rollbacks
    )


def model_of_rollout(snapshot: FleetSnapshot, rollout_id: str) -> str | None:
    """Return the id of the model that a rollout is of; None where it is not known."""
    return next((m for m, rs in snapshot.rollouts.items() if any(r.id == rollout_id for r in rs)), None)


def _devices(count: int | None) -> str:
    return "" if count is None else f"{count:,} device{'' if count == 1 else 's'}"


def _told_apart(found: Iterable[tuple[str, str, str]]) -> list[Candidate]:
    """Return candidates with the cleaned name, or where several have that the cleaned id, or a number with it."""
    rows = list(found)
    names = Counter(clean(name) for name, _, _ in rows)
    made, seen = [], Counter[str]()
    for name, key, note in rows:
        text = clean(name)
        text = text if names[text] == 1 and text else clean(key)
        seen[text] += 1
        made.append(Candidate(text if seen[text] == 1 else f"{text} #{seen[text]}", key, note, name))
    return made


def beginning(found: Iterable[Candidate], typed: str) -> list[Candidate]:
    """Return those whose text begins with what was typed, then those that have it somewhere."""
    said = typed.casefold()
    first, rest = [], []
    for one in found:
        text = one.text.casefold()
        if text.startswith(said):
            first.append(one)
        elif said in text or one.key.casefold().startswith(said):
            rest.append(one)
    return first + rest


def pick(found: Sequence[Candidate], typed: str, noun: str) -> Candidate | str:
    """Return the one that was meant, or the sentence that says why nobody knows.

    The raw id or name first, then the text as it is shown, then as much of it as only one has.
    """
    said = typed.casefold()
    for exact in (
        [one for one in found if one.key == typed],
        [one for one in found if typed in (one.text, one.name)],
        [one for one in found if one.text.casefold() == said],
    ):
        if len(exact) == 1:
            return exact[0]
    near = beginning(found, typed)
    begun = [one for one in near if one.text.casefold().startswith(said)]
    if len(begun) == 1 or len(near) == 1:
        return (begun or near)[0]
    shown = clean(typed, _SHOWN)
    if near:
        several = ", ".join(clean(one.text, _SHOWN) for one in near[:3])
        more = f" and {len(near) - 3:,} more" if len(near) > 3 else ""  # noqa: PLR2004 - as many as are named
        return f"{shown}: which {noun}? {several}{more}"
    if not found:
        return f"{shown}: no {noun} is known yet"
    alike = difflib.get_close_matches(typed, [one.text for one in found[:2_000]], 1, 0.4)
    tail = f"; the nearest is {clean(alike[0], _SHOWN)}" if alike else ""
    return f"{shown}: there is no such {noun}{tail}"
