"""Groups that fell silent as a whole: then it is the site, not the version that some of their devices run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.fleet import Connectivity, Device, FleetSnapshot

FEWEST = 5
"""Devices from which on a group that is silent as a whole says something."""

_MOST_OF_THE_OTHERS = 0.5
"""How many of all other devices have to be online, so that it is a site and not the service."""

_TOGETHER = 1.5
"""Intervals between two contacts within which devices that fell silent at once were heard last."""

_SILENT = (Connectivity.STALE, Connectivity.OFFLINE)


@dataclass(frozen=True, slots=True)
class SilentSite:
    """A group of which nobody is heard any more."""

    group: str
    """Its raw name."""
    devices: int
    since: float
    """When the last of them was heard, the service's epoch seconds."""
    versions: tuple[str, ...]
    """What they run, raw: more than one."""


def silent_sites(snapshot: FleetSnapshot, model_id: str) -> tuple[SilentSite, ...]:
    """Return the groups that fell silent together, on several versions of a model alike.

    A group whose devices all run one version may be silent because of it; of
    such a one nothing is said here. Nor is anything of a fleet that was read in
    part: devices that were not read may well be heard.
    """
    if snapshot.uncounted or not snapshot.devices:
        return ()
    known = [one for one in snapshot.devices if one.connectivity is not Connectivity.REVOKED]
    online = sum(one.connectivity is Connectivity.ONLINE for one in known)
    found = []
    for group in snapshot.groups or ():
        inside = [one for one in known if group.id in one.groups]
        site = _site(group.name, inside, model_id)
        if site is not None and online >= _MOST_OF_THE_OTHERS * (len(known) - len(inside)) and online:
            found.append(site)
    return tuple(found)


def _site(name: str, inside: Sequence[Device], model_id: str) -> SilentSite | None:
    contacts = [one.last_contact_at for one in inside if one.last_contact_at is not None]
    if len(inside) < FEWEST or len(contacts) < len(inside):
        return None
    if any(one.connectivity not in _SILENT for one in inside):
        return None
    if max(contacts) - min(contacts) > _TOGETHER * max(one.interval for one in inside):
        return None
    installed = (one.installations.get(model_id) for one in inside)
    versions = {one.version for one in installed if one is not None and one.version is not None}
    if len(versions) <= 1:
        return None
    return SilentSite(name, len(inside), max(contacts), tuple(sorted(versions)))
