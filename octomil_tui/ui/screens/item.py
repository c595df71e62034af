"""What screens that show one thing have in common: what it is, and which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.text import clean

Selected: TypeAlias = tuple[str, object] | None
"""What people call a thing, safe to show, and all that is known of it; None for nothing."""


def known_model(snapshot: FleetSnapshot, model_id: str | None) -> Selected:
    """Return a model with everything that is known of it, for `BaseScreen.selected`."""
    model = snapshot.model(model_id) if model_id is not None else None
    if model is None:
        return None
    rollouts, versions = snapshot.rollouts.get(model.id, ()), snapshot.versions.get(model.id, ())
    return f"model {clean(model.name)}", {"model": model, "rollouts": rollouts, "versions": versions}


class Stepping:
    """A page about one of several: `[` and `]` go to the one before and the next, round and round."""

    def item_and_all(self) -> tuple[str, Sequence[str]]:
        """Return the id of what the page is about, and all of them in order."""
        raise NotImplementedError

    def open_item(self, key: str) -> None:
        """Show another one in place of this."""
        raise NotImplementedError

    def action_next_item(self) -> None:
        """Show the next one; after the last one the first."""
        self._to(1)

    def action_previous_item(self) -> None:
        """Show the one before; before the first one the last."""
        self._to(-1)

    def _to(self, step: int) -> None:
        one, ids = self.item_and_all()
        if one in ids and len(ids) > 1:
            self.open_item(ids[(ids.index(one) + step) % len(ids)])


def known_group(snapshot: FleetSnapshot, group_id: str | None) -> Selected:
    """Return a group, for `BaseScreen.selected`."""
    group = snapshot.group(group_id) if group_id is not None else None
    return (f"group {clean(group.name)}", group) if group is not None else None


def known_device(device: Device | None, read: Device | None = None) -> Selected:
    """Return a device, for `BaseScreen.selected`; as it was read by itself, where it was."""
    return (f"device {clean(device.name)}", read or device) if device is not None else None
