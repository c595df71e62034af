"""Which devices are asked for."""

from dataclasses import dataclass

from octomil_tui.sim.device import Device

__all__ = ["Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """Devices that fit all that is named; nothing named is everybody."""

    platform: str | None = None
    status: str | None = None
    """active, revoked, or a word of connectivity."""
    search: str = ""
    """A part of the identifier, whatever its case."""
    group: str | None = None
    """A group's name."""
    model_id: str | None = None

    def fits(self, device: Device, now: float) -> bool:
        """Return whether a device is one of them."""
        words = {"revoked" if device.revoked else "active", device.connectivity(now).value}
        return (
            self.platform in {None, device.platform}
            and (self.status is None or self.status in words)
            and self.search.lower() in device.identifier.lower()
            and (self.group is None or self.group in device.groups)
            and (self.model_id is None or self.model_id in device.installs)
        )
