"""What the page of one group says: its devices, the worst first, and the one under the cursor (E-80, E-160)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.convergence import Stage, Track, Watch
from octomil_tui.domain.fleet import Connectivity, Device, Installation, Served
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.straggler import away, missed_beats, progress_words
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import connectivity, counts, dim, muted, version
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_DAY = 86_400
_ORDER = (
    Connectivity.OFFLINE,
    Connectivity.STALE,
    Connectivity.UNKNOWN,
    Connectivity.ONLINE,
    Connectivity.REVOKED,
)
_STAGE_ORDER = (
    Stage.BOUNCED,
    Stage.FAILED,
    Stage.OFFLINE,
    Stage.GONE,
    Stage.STALE,
    Stage.UNKNOWN,
    Stage.ON_THE_WAY,
    Stage.WAITING,
    Stage.VERIFIED,
    Stage.SETTLED,
    Stage.REVOKED,
)


def device_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of a group's devices."""
    return (
        Column("device", "DEVICE", 20 if wide else 14, sort_value=0),
        Column("platform", "PLATFORM", 11, priority=3, sort_value=1),
        Column("on", "ON", 6, sort_value=2),
        *((Column("wants", "WANTS", 7, priority=4),) if wide else ()),
        Column("state", "STATE", 7, sort_value=3),
        Column("why", "WHY", 0, sort_value=4),
        Column("contact", "LAST SYNC", 9, "right", sort_value=5),
    )


def ordered(
    devices: Sequence[Device], model_id: str | None, watch: Watch | None, blamed: str | None
) -> list[Device]:
    """Return the devices, the worst first: those that will not come by themselves before those that will."""

    def rank(device: Device) -> tuple[int, int, int, float, str]:
        track = watch.tracks.get(device.id) if watch is not None else None
        stage = _STAGE_ORDER.index(track.stage) if track is not None else len(_STAGE_ORDER)
        silent = model_id is not None and went_silent(device, model_id, blamed)
        return (
            stage,
            0 if silent else 1,
            _ORDER.index(device.connectivity),
            device.last_contact_at or 0.0,
            device.name,
        )

    return sorted(devices, key=rank)


def device_row(
    device: Device, facts: ModelFacts | None, watch: Watch | None, now: float | None, *, wide: bool
) -> Row:
    """Return a device's line."""
    model_id = facts.model.id if facts is not None else None
    installation = device.installations.get(model_id) if model_id is not None else None
    track = watch.tracks.get(device.id) if watch is not None else None
    silent = now - device.last_contact_at if now is not None and device.last_contact_at is not None else None
    why = _why(device, installation, track, facts, now)
    return Row(
        device.id,
        (
            line((device.name, Token.TEXT)),
            muted(device.platform_label),
            version(installation.version if installation is not None else None),
            *(
                (version(installation.wanted if installation is not None else None, Token.MUTED),)
                if wide
                else ()
            ),
            connectivity(device.connectivity),
            why,
            line(as_text.age(silent)) if silent is not None else dim("?"),
        ),
        (
            device.name,
            device.platform_label,
            (installation.version or "") if installation is not None else "",
            _ORDER.index(device.connectivity),
            "".join(text for text, _ in why),
            silent,
        ),
    )


def _why(
    device: Device,
    installation: Installation | None,
    track: Track | None,
    facts: ModelFacts | None,
    now: float | None,
) -> Line:
    if installation is None or facts is None:
        return dim("without this model")
    if (apart := _apart(device, installation, facts, now)) is not None:
        return apart
    if track is not None:
        return _stage_words(track, installation)
    if installation.wanted is not None and installation.wanted != installation.version:
        return line((f"wants {version_label(installation.wanted)}", Token.LIGHT))
    return dim()


def _apart(device: Device, installation: Installation, facts: ModelFacts, now: float | None) -> Line | None:
    """Return why a device cannot be expected to follow, None for one that can."""
    match device.connectivity:
        case Connectivity.REVOKED:
            return dim("revoked")
        case Connectivity.OFFLINE:
            return line((away(device, facts.model.id, installation.version), Token.NEEDS))
        case Connectivity.STALE:
            return line((f"{missed_beats(device, now)} beats missed", Token.NOTICE))
        case _:
            return None


_STAGE_WORDS = {
    Stage.SETTLED: ("settled", Token.FINE),
    Stage.VERIFIED: ("verified", Token.FINE),
    Stage.BOUNCED: ("bounced", Token.NEEDS),
    Stage.WAITING: ("waits for its sync", Token.MUTED),
}


def _stage_words(track: Track, installation: Installation) -> Line:
    if track.stage is Stage.ON_THE_WAY:
        return line((progress_words(installation), Token.LIGHT))
    if track.stage is Stage.SETTLED and not track.bounces and track.from_version == installation.version:
        return dim("was there already")
    return line(_STAGE_WORDS.get(track.stage, (track.stage.replace("_", " "), Token.NOTICE)))


def group_sentence(devices: Sequence[Device], facts: ModelFacts | None, glyphs: Glyphs) -> Line:
    """Return how many devices there are, in which state, and what they run."""
    by_state = Counter(d.connectivity for d in devices)
    words = ", ".join(f"{by_state[state]} {state}" for state in Connectivity if by_state[state])
    if facts is None:
        return line(f"   {as_text.count(len(devices), 'device')}: {words}.")
    versions = Counter(
        i.version
        for d in devices
        if (i := d.installations.get(facts.model.id)) is not None and i.version is not None
    )
    return line(f"   {as_text.count(len(devices), 'device')}: {words}.   ", counts(versions, glyphs))


def detail_lines(
    device: Device,
    detail: Device | None,
    facts: ModelFacts | None,
    now: float | None,
    glyphs: Glyphs,
    *,
    wide: bool,
) -> list[Line]:
    """Return what is known of the device under the cursor."""
    shown = detail if detail is not None else device
    installation = device.installations.get(facts.model.id) if facts is not None else None
    rows = []
    if installation is not None and facts is not None:
        disk = (
            ", ".join(version_label(v) for v in installation.on_disk) if installation.on_disk else "not said"
        )
        rows.append(
            line(
                (f"{clean(facts.model.name):<13}", Token.MUTED),
                f"reports {version_label(installation.version)}   wants {version_label(installation.wanted)}   on disk {disk}",
            )
        )
        served = shown.history.get(facts.model.id, ())
        if served:
            rows.append(_fact("history", f" {glyphs.arrow} ".join(_served(one, now) for one in served)))
    silent = now - device.last_contact_at if now is not None and device.last_contact_at is not None else None
    activation = (
        f"   activation {installation.activation}"
        if installation is not None and installation.activation
        else ""
    )
    every = as_text.age(device.interval).replace("m00s", "m")
    rows.append(_fact("sync", f"every {every}, last {as_text.age(silent)} ago{activation}"))
    extras = [
        f"storage {as_text.size(shown.storage_free_bytes)} free"
        if shown.storage_free_bytes is not None
        else "",
        f"network {shown.network}" if shown.network else "",
        f"{shown.hardware}" if shown.hardware else "",
        f"runtime {shown.runtime}" if shown.runtime and wide else "",
    ]
    told = "   ".join(extra for extra in extras if extra)
    if told:
        rows.append(_fact("device", told))
    return [*rows, *_advice(device, installation, facts)]


def _served(served: Served, now: float | None) -> str:
    if served.from_at is None or (served.to_at is None and now is None):
        return version_label(served.version)
    if served.to_at is None:
        return f"{version_label(served.version)} (since {as_text.short_clock(served.from_at)})"
    days = int((served.to_at - served.from_at) // _DAY)
    span = as_text.count(days, "day") if days else as_text.age(served.to_at - served.from_at)
    return f"{version_label(served.version)} ({span})"


def _advice(device: Device, installation: Installation | None, facts: ModelFacts | None) -> list[Line]:
    if installation is None or facts is None or device.connectivity is not Connectivity.OFFLINE:
        return []
    if not went_silent(device, facts.model.id, installation.version):
        return [(), muted("It is offline: whatever it is told reaches it at its next sync.")]
    wanted = installation.wanted
    kept = wanted is not None and installation.on_disk is not None and wanted in installation.on_disk
    load = ", nothing to download" if kept and wanted != installation.version else ""
    return [
        (),
        line(
            (
                f"Went silent minutes after {version_label(installation.version)}. If it wakes, it does what it is told",
                Token.NEEDS,
            )
        ),
        line((f"at its next sync{load}. If it does not, it needs hands.", Token.NEEDS)),
    ]


def _fact(label: str, value: str) -> Line:
    return line((f"{label:<13}", Token.MUTED), value)


def versions_lines(devices: Sequence[Device], models: Sequence[ModelFacts], glyphs: Glyphs) -> list[Line]:
    """Return what the group runs of every model, a line each, for the wide screen."""
    rows = []
    for facts in models:
        counted = Counter(
            i.version
            for d in devices
            if (i := d.installations.get(facts.model.id)) is not None and i.version is not None
        )
        if counted:
            rows.append(line((f"{clean(facts.model.name):<14}", Token.MUTED), counts(counted, glyphs)))
    return rows
