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
OVERVIEW = Topic(Kind.OVERVIEW)


def rollouts_of(model_id: str) -> Topic:
    """Return the topic of a model's rollouts."""
    return Topic(Kind.ROLLOUTS, model_id)


def versions_of(model_id: str) -> Topic:
    """Return the topic of a model's versions."""
    return Topic(Kind.VERSIONS, model_id)


def health_of(model_id: str) -> Topic:
    """Return the topic of how a model's versions do."""
    return Topic(Kind.HEALTH, model_id)


def effect_of(rollout_id: str) -> Topic:
    """Return the topic of how the devices do that a rollback changes."""
    return Topic(Kind.EFFECT, rollout_id)
