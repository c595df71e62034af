"""Versions that are held: nothing brings them to more devices until somebody releases them."""

from octomil_tui.sim.catalog import Catalog, Hold, Model, Version
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.rollout_views import in_the_way

__all__ = ["Holds", "refuse_held"]


def refuse_held(model: Model, version: str) -> None:
    """Let through what brings a version that is not held.

    Raises:
        RefusedError: 409, it is held.
    """
    hold = model.holds.get(version)
    if hold is not None:
        why = "" if hold.reason is None else f": {hold.reason}"
        raise RefusedError(409, "version_held", f"{model.name} {version} is held by {hold.by}{why}.")


class Holds:
    """What the service does with requests about versions.

    Args:
        catalog: The models.
        ledger: The rollouts, one of which may bring a version.
    """

    def __init__(self, catalog: Catalog, ledger: Ledger) -> None:
        self._catalog = catalog
        self._ledger = ledger

    def hold(self, version_id: str, hold: Hold) -> tuple[Model, Version]:
        """Hold a version.

        Raises:
            RefusedError: 404 for an unknown version, 409 where it is held already
                or a rollout brings it.
        """
        model, version = self._catalog.version(version_id)
        refuse_held(model, version.version)
        bringing = next((r for r in self._ledger.running(model) if r.version == version.version), None)
        if bringing is not None:
            message = (
                f"Rollout {bringing.id} brings {model.name} {version.version}; cancel it or roll back first."
            )
            raise RefusedError(409, "rollout_running", message, in_the_way(bringing))
        model.holds[version.version] = hold
        return model, version

    def release(self, version_id: str) -> tuple[Model, Version]:
        """Release a version that is held.

        Raises:
            RefusedError: 404 for an unknown version, 409 where it is not held.
        """
        model, version = self._catalog.version(version_id)
        if model.holds.pop(version.version, None) is None:
            raise RefusedError(409, "version_not_held", f"{model.name} {version.version} is not held.")
        return model, version
