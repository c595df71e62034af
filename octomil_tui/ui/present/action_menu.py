"""What `a` offers: what the cursor is on first, then what runs, each under a heading of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.action import percent
from octomil_tui.domain.fleet import FleetSnapshot, ModelVersion, Rollout
from octomil_tui.domain.text import version_label
from octomil_tui.domain.wording import rollout_words
from octomil_tui.ui.present.action import Offer, rollout_offers, version_offers
from octomil_tui.ui.present.words import state_word


@dataclass(frozen=True, slots=True)
class Section:
    """What can be done to one thing."""

    what: str
    """`rollout 4127 to v2.0.0 by ops`, `v1.0.0`; safe to show."""
    how: str
    """How it stands: `in progress at 40%`, `active`; safe to show."""
    offers: Sequence[Offer]
    """None where nothing can be done to it."""
    rollout_id: str | None = None
    version: str | None = None


def sections(
    snapshot: FleetSnapshot, model_id: str, *, rollout_id: str | None = None, version: str | None = None
) -> list[Section]:
    """Return what can be done to what the cursor is on, to what runs, and to the version that it is about.

    Args:
        snapshot: What is known.
        model_id: The model.
        rollout_id: The rollout that the cursor is on, if it is on one.
        version: The version that it is on, if it is on one.
    """
    rollouts = snapshot.rollouts.get(model_id, ())
    versions = {one.version: one for one in snapshot.versions.get(model_id, ())}
    chosen = [one for one in rollouts if one.id == rollout_id]
    running = [one for one in rollouts if one.state.is_running and one not in chosen]
    found = [_of_version(versions[version])] if version is not None and version in versions else []
    found += [_of_rollout(one) for one in (*chosen, *running)]
    about = _version_of((*chosen, *running) or rollouts[:1])
    if about is not None and about in versions and about != version:
        found.append(_of_version(versions[about]))
    return found


def _version_of(rollouts: Sequence[Rollout]) -> str | None:
    """Return the version that there may be a reason to hold: the one that is brought, or that was rolled back."""
    for one in rollouts:
        if one.is_rollback:
            return one.from_version
        if one.state.is_running:
            return one.version
    return None


def _of_rollout(rollout: Rollout) -> Section:
    word, offers = state_word(rollout), rollout_offers(rollout)
    if not any(offer.can for offer in offers):
        # Five ways in which nothing can be done to it are one.
        return Section(
            rollout_words(rollout), f"{word}: nothing can be done to it", (), rollout_id=rollout.id
        )
    at = f" at {percent(rollout.share)}" if rollout.share is not None else ""
    return Section(rollout_words(rollout), f"{word}{at}", offers, rollout_id=rollout.id)


def _of_version(version: ModelVersion) -> Section:
    return Section(
        version_label(version.version),
        version.word or "",
        version_offers(version),
        version=version.version,
    )
