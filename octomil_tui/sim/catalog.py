"""What is registered with the service: models, their versions, device groups."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from octomil_tui.sim.errors import RefusedError

__all__ = ["Catalog", "Group", "Hold", "Model", "Version"]


@dataclass(frozen=True, slots=True)
class Version:
    """One registered version of a model."""

    id: str
    version: str
    lifecycle: str
    """preview, active, deprecated or retired."""
    format: str
    checksum: str
    size_bytes: int
    created_at: float
    published_by: str
    description: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A version that no rollout may bring back until it is released."""

    at: float
    by: str
    reason: str | None


@dataclass(slots=True)
class Model:
    """One model and its versions, the newest registered first."""

    id: str
    name: str
    framework: str
    use_case: str
    description: str
    versions: tuple[Version, ...]
    active_version: str
    """The version that the service wants devices to run outside of any rollout."""
    created_at: float
    updated_at: float
    deployed: set[str] = field(default_factory=set)
    """Every version that some started rollout moved devices to."""

    holds: dict[str, Hold] = field(default_factory=dict)
    """The versions that are held."""

    def lifecycle(self, version: Version) -> str:
        """Return the stage that a version is in; one that is held is deprecated."""
        return "deprecated" if version.version in self.holds else version.lifecycle

    def version(self, number: str) -> Version:
        """Return one version by its number.

        Raises:
            RefusedError: 404, there is no such version.
        """
        for version in self.versions:
            if version.version == number:
                return version
        raise RefusedError(404, "version_not_found", f"{self.name} has no version {number}.")


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of devices."""

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    created_at: float


class Catalog:
    """Models and groups by id or by name.

    Args:
        org_id: The organization they belong to.
        models: The models, in the order in which they are listed.
        groups: The groups, in the order in which they are listed.
    """

    def __init__(self, org_id: str, models: Iterable[Model], groups: Iterable[Group]) -> None:
        self.org_id = org_id
        self.models = {model.id: model for model in models}
        self.groups = {group.id: group for group in groups}

    def model(self, reference: str) -> Model:
        """Return the model with this id or name.

        Raises:
            RefusedError: 404, there is no such model.
        """
        for model in self.models.values():
            if reference in {model.id, model.name}:
                return model
        raise RefusedError(404, "model_not_found", f"There is no model {reference}.")

    def version(self, version_id: str) -> tuple[Model, Version]:
        """Return a version by its own id, with its model.

        Raises:
            RefusedError: 404, there is no such version.
        """
        for model in self.models.values():
            for version in model.versions:
                if version.id == version_id:
                    return model, version
        raise RefusedError(404, "version_not_found", f"There is no version {version_id}.")

    def group(self, reference: str) -> Group:
        """Return the group with this id or name.

        Raises:
            RefusedError: 404, there is no such group.
        """
        for group in self.groups.values():
            if reference in {group.id, group.name}:
                return group
        raise RefusedError(404, "group_not_found", f"There is no device group {reference}.")

    def size_bytes(self, model_id: str, number: str) -> int:
        """Return how much a device downloads to have this version."""
        return self.models[model_id].version(number).size_bytes
