"""What the page of one group says beside its list: the device under the cursor, and the group (E-80, E-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Connectivity, Device, Installation, Served
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.group import bar_line, reach_words, versions_of
from octomil_tui.ui.present.words import counts, muted
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs

_DAY = 86_400
_LABEL = 13


def detail_lines(
    device: Device, detail: Device | None, facts: ModelFacts | None, now: float | None, glyphs: Glyphs
) -> list[Line]:
    """Return what is known of the device under the cursor, in a few long lines."""
    shown = detail if detail is not None else device
    installation = device.installations.get(facts.model.id) if facts is not None else None
    rows = []
    if installation is not None and facts is not None:
        rows.append(
            _fact(
                clean(facts.model.name),
                f"reports {version_label(installation.version)}   wants {version_label(installation.wanted)}"
                f"   on disk {_disk(installation)}",
            )
        )
        served = shown.history.get(facts.model.id, ())
        if served:
            rows.append(_fact("history", f" {glyphs.arrow} ".join(_served(one, now) for one in served)))
    activation = (
        f"   activation {installation.activation}"
        if installation is not None and installation.activation
        else ""
    )
    rows.append(_fact("sync", f"{_sync(device, now)}{activation}"))
    extras = [
        f"storage {as_text.size(shown.storage_free_bytes)} free"
        if shown.storage_free_bytes is not None
        else "",
        f"network {shown.network}" if shown.network else "",
        f"{shown.hardware}" if shown.hardware else "",
    ]
    told = "   ".join(extra for extra in extras if extra)
    if told:
        rows.append(_fact("device", told))
    return [*rows, *_advice(device, installation, facts)]


def wide_detail_lines(
    device: Device,
    detail: Device | None,
    facts: ModelFacts | None,
    labels: dict[str, str],
    now: float | None,
) -> list[Line]:
    """Return what is known of the device under the cursor, a fact to a line."""
    shown = detail if detail is not None else device
    installation = device.installations.get(facts.model.id) if facts is not None else None
    rows = []
    if installation is not None:
        rows += [
            _fact("reports", version_label(installation.version)),
            _fact("wants", version_label(installation.wanted)),
            _fact("on disk", _disk(installation)),
        ]
        if installation.activation:
            rows.append(_fact("activation", installation.activation))
    last = (
        f", last heard of {as_text.short_clock(device.last_contact_at)}"
        if device.last_contact_at is not None
        else ""
    )
    rows.append(_fact("state", f"{device.connectivity}{last}"))
    rows.append(_fact("sync", _sync(device, now)))
    hardware = f", {shown.hardware}" if shown.hardware else ""
    rows.append(_fact("platform", f"{device.platform_label}{hardware}"))
    versions = [f"runtime {shown.runtime}" if shown.runtime else "", f"sdk {shown.sdk}" if shown.sdk else ""]
    if any(versions):
        rows.append(_fact("software", "   ".join(one for one in versions if one)))
    if shown.storage_free_bytes is not None:
        rows.append(_fact("storage", f"{as_text.size(shown.storage_free_bytes)} free"))
    if shown.network:
        rows.append(_fact("network", shown.network))
    groups = ", ".join(clean(labels.get(group, group)) for group in device.groups)
    rows.append(_fact("groups", groups or "none"))
    served = shown.history.get(facts.model.id, ()) if facts is not None else ()
    if served:
        rows += [(), muted("VERSION HISTORY"), *(_history(one, now) for one in served)]
    return [*rows, *_advice(device, installation, facts)]


def _disk(installation: Installation) -> str:
    return ", ".join(version_label(v) for v in installation.on_disk) if installation.on_disk else "not said"


def _sync(device: Device, now: float | None) -> str:
    silent = now - device.last_contact_at if now is not None and device.last_contact_at is not None else None
    every = as_text.age(device.interval).replace("m00s", "m")
    return f"every {every}, last {as_text.age(silent)} ago"


def _history(served: Served, now: float | None) -> Line:
    begin = as_text.day(served.from_at, now) if served.from_at is not None and now is not None else "?"
    end = f" to {as_text.day(served.to_at, now)}" if served.to_at is not None and now is not None else ""
    span = f"   {_span(served.to_at - served.from_at)}" if served.to_at and served.from_at else ""
    word = "" if end else "since "
    return line(
        (f"{version_label(served.version):<9}", Token.TEXT), f"{word}{begin}{end}", (span, Token.MUTED)
    )


def _served(served: Served, now: float | None) -> str:
    if served.from_at is None or (served.to_at is None and now is None):
        return version_label(served.version)
    if served.to_at is None:
        return f"{version_label(served.version)} (since {as_text.short_clock(served.from_at)})"
    return f"{version_label(served.version)} ({_span(served.to_at - served.from_at)})"


def _span(seconds: float) -> str:
    days = int(seconds // _DAY)
    return as_text.count(days, "day") if days else as_text.age(seconds)


def _advice(device: Device, installation: Installation | None, facts: ModelFacts | None) -> list[Line]:
    if installation is None or facts is None or device.connectivity is not Connectivity.OFFLINE:
        return []
    if not went_silent(device, facts.model.id, installation.version):
        return [(), muted("It is offline: whatever it is told reaches it at its next sync.")]
    wanted = installation.wanted
    kept = wanted is not None and installation.on_disk is not None and wanted in installation.on_disk
    load = ", nothing to download" if kept and wanted != installation.version else ""
    said = (
        f"Went silent minutes after {version_label(installation.version)}. If it wakes, it does what it is told "
        f"at its next sync{load}. If it does not, it needs hands."
    )
    return [(), line((said, Token.NEEDS))]


def _fact(label: str, value: str) -> Line:
    return line((f"{label:<{_LABEL - 1}} ", Token.MUTED), value)


def group_lines(
    devices: Sequence[Device],
    models: Sequence[ModelFacts],
    watch: Watch | None,
    cells: int,
    glyphs: Glyphs,
) -> list[Line]:
    """Return the group as a whole, for the wide screen: what it runs of every model."""
    rows = [line(f"{as_text.count(len(devices), 'device')}: {reach_words(devices)}"), ()]
    for one in models:
        counted = versions_of(devices, one.model.id)
        if not counted:
            continue
        without = len(devices) - sum(1 for d in devices if one.model.id in d.installations)
        rows.append(
            line(
                (f"{clean(one.model.name):<14}", Token.MUTED),
                counts(counted, glyphs),
                (f"  {without} without" if without else "", Token.MUTED),
            )
        )
        if watch is not None and one.model.id == watch.model_id:
            rows.append(bar_line(devices, watch, cells, glyphs, margin=0))
    return rows


def under_way_lines(devices: Sequence[Device], facts: ModelFacts | None) -> list[Line]:
    """Return the rollout that covers the group, and how many devices it may have silenced."""
    running = facts.running if facts is not None else None
    if running is None or facts is None:
        return []
    kind = "rollback" if running.is_rollback else "rollout"
    scope = f"of {clean(running.group)}" if running.group is not None else "of the whole fleet"
    where = f"{kind} {clean(running.id)} to {version_label(running.version)} {scope} is under way"
    rows: list[Line] = [(), line(where)]
    silent = sum(1 for d in devices if _is_silent(d, facts))
    if silent:
        verb = "offline device went" if silent == 1 else "offline devices went"
        said = f"{silent} {verb} silent minutes after an update: hands on site may be needed."
        rows += [(), line((said, Token.NEEDS))]
    return rows


def _is_silent(device: Device, facts: ModelFacts) -> bool:
    installation = device.installations.get(facts.model.id)
    return installation is not None and went_silent(device, facts.model.id, installation.version)
