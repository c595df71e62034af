"""What can be asked of the service, and how often each is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """One kind of read."""

    MODELS = "models"
    ACTIVE = "active rollouts"
    DEVICES = "devices"
    GROUPS = "device groups"
    MEMBERS = "group members"
    SCOPE = "watched group"
    """The rows of one group, while its rollback is watched and the fleet is too large to be read whole."""
    COUNT = "count of the fleet"
    """The next page of a fleet too large to be read whole."""
    ROLLOUTS = "rollouts"
    VERSIONS = "versions"
    DEVICE = "device"
    INCIDENTS = "incidents"
    POLICY = "policy"
    CHECKS = "rules of the policy"
    """How the policy's rules stand for one rollout."""
    HISTORY = "status history"
    TIMELINE = "timeline"
    """Audit log, incidents and status histories, in one read."""
    OVERVIEW = "health of the models"
    HEALTH = "health of the model"
    EFFECT = "health of the rollback's devices"


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """One read: its kind, and the raw id of what it is about."""

    kind: Kind
    key: str = ""


MODELS = Topic(Kind.MODELS)
ACTIVE = Topic(Kind.ACTIVE)
DEVICES = Topic(Kind.DEVICES)
GROUPS = Topic(Kind.GROUPS)
COUNT = Topic(Kind.COUNT)
INCIDENTS = Topic(Kind.INCIDENTS)
POLICY = Topic(Kind.POLICY)
TIMELINE = Topic(Kind.TIMELINE)
OVERVIEW = Topic(Kind.OVERVIEW)


def rollouts_of(model_id: str) -> Topic:
    """Return the topic of a model's rollouts."""
    return Topic(Kind.ROLLOUTS, model_id)


def versions_of(model_id: str) -> Topic:
    """Return the topic of a model's versions."""
    return Topic(Kind.VERSIONS, model_id)


def checks_of(rollout_id: str) -> Topic:
    """Return the topic of how the policy's rules stand for one rollout."""
    return Topic(Kind.CHECKS, rollout_id)


def history_of(model_id: str, rollout_id: str) -> Topic:
    """Return the topic of what a rollout has been through."""
    # Both ids may hold any character: the length tells where the first one ends.
    return Topic(Kind.HISTORY, f"{len(model_id)}:{model_id}{rollout_id}")


def rollout_in(topic: Topic) -> tuple[str, str]:
    """Return the ids of the model and of the rollout that a status history is about."""
    length, _, ids = topic.key.partition(":")
    return ids[: int(length)], ids[int(length) :]


def health_of(model_id: str) -> Topic:
    """Return the topic of how a model's versions do."""
    return Topic(Kind.HEALTH, model_id)


def effect_of(rollout_id: str) -> Topic:
    """Return the topic of how the devices do that a rollback changes."""
    return Topic(Kind.EFFECT, rollout_id)
