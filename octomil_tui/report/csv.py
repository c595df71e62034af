"""Lists as CSV for spreadsheets: safe text, a line per device and model, nothing that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.filter_keys import Followed
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.reason import reason
from octomil_tui.domain.text import clean
from octomil_tui.report.words import NOT_KNOWN, moment

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet calculate a cell, the wide forms of East Asian keyboards included."""

DEVICE_HEADER = (
    "device",
    "id",
    "groups",
    "platform",
    "state",
    "last_contact_at",
    "model",
    "version",
    "wanted_version",
    "stage",
    "reason",
)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a CSV without their ends; no cell can hold a line break."""
    return [_line(header), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return ",".join(map(_cell, cells))


def _cell(text: str) -> str:
    safe = clean(text)
    if safe.startswith(_FORMULA):
        safe = f"'{safe}"
    if '"' in safe or "," in safe or safe != safe.strip():
        return '"{}"'.format(safe.replace('"', '""'))
    return safe


def device_records(
    devices: Iterable[Device],
    model_names: Mapping[str, str],
    group_names: Mapping[str, str],
    now: float | None,
    followed: Followed | None = None,
) -> Iterable[tuple[str, ...]]:
    """Yield a line per device and model, under `DEVICE_HEADER`; a device without any of the models has one too.

    Args:
        devices: The devices.
        model_names: Names by id of the models that are listed.
        group_names: Names of the groups by id.
        now: The service's clock.
        followed: The watch of a rollback, which knows how far each device is.
    """
    for device in devices:
        contact = moment(device.last_contact_at) if device.last_contact_at is not None else ""
        head = (
            device.name,
            device.id,
            " ".join(group_names.get(group, group) for group in device.groups),
            device.platform_label,
            device.connectivity.value,
            contact,
        )
        track = followed.track(device.id) if followed is not None else None
        models = [model_id for model_id in device.installations if model_id in model_names]
        for model_id in models:
            one = device.installations[model_id]
            why = reason(device, model_id, track, now)
            stage = track.stage.replace("_", " ") if track is not None else ""
            versions = (one.version or NOT_KNOWN, one.wanted or "")
            yield (*head, model_names[model_id], *versions, stage, why)
        if not models:
            yield (*head, "", "", "", "", "")
