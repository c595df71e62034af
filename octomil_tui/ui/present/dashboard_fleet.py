"""What the dashboard says where no rollback is followed: the worst rollout, or the fleet as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from octomil_tui.domain.fleet import Connectivity, Rollout, RolloutState
from octomil_tui.domain.incident import Incident
from octomil_tui.domain.overview import ModelFacts, reachability
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import Kind, percent
from octomil_tui.ui.present.dashboard_fired import facts_fired, incident_fired
from octomil_tui.ui.present.dashboard_groups import reachable_rows, rollout_rows
from octomil_tui.ui.present.dashboard_signal import version_signal
from octomil_tui.ui.present.wall import Count, Wall
from octomil_tui.ui.present.words import arrow, muted
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs


def rollout_wall(
    state: ConsoleState,
    about: ModelFacts,
    others: tuple[Line, ...],
    glyphs: Glyphs,
    crossed: Incident | None = None,
) -> Wall:
    """Return what is said of a rollout, of a rollback whose devices cannot be followed, or of a version in service.

    Args:
        state: What is known.
        about: The model.
        others: What is said of the other models.
        glyphs: The characters to draw with.
        crossed: What says which version it is about; without it, the one that is worst, or that is rolled out.
    """
    running = about.running
    worst = about.findings[0].version if about.findings else None
    target = (crossed.version if crossed is not None else None) or worst or about.subject or ""
    if running is not None and running.version != target:
        running = None
    devices = [d for d in state.snapshot.devices or () if about.model.id in d.installations]
    elsewhere = [d for d in devices if d.installations[about.model.id].version != target]
    states = Counter(device.connectivity for device in elsewhere)
    waiting = states[Connectivity.ONLINE] + states[Connectivity.STALE] + states[Connectivity.UNKNOWN]
    away = states[Connectivity.OFFLINE] + states[Connectivity.REVOKED]
    on = len(devices) - len(elsewhere)
    paused = running is not None and running.state is RolloutState.PAUSED
    is_rollback = running is not None and running.is_rollback
    is_wrong = crossed is not None or bool(about.silent or about.findings)
    word = "ROLLING BACK" if is_rollback else "PAUSED" if paused else "ROLLING OUT"
    word = word if running is not None else "WORSE THAN USUAL"
    token = Token.NEEDS if is_wrong or is_rollback else Token.NOTICE if paused else Token.LIGHT
    came_from = running.from_version if running is not None else None
    came_from = came_from if came_from is not None else about.serving
    is_way = running is not None and came_from != target
    way = arrow(came_from, target, glyphs) if is_way else line((version_label(target), Token.STRONG))
    # Where something is wrong with a version, those come first that have the most of it.
    rows = rollout_rows(devices, about.model.id, target, state.snapshot)
    share = f"    at {percent(running.share)}" if running is not None and running.share is not None else ""
    return Wall(
        f"!! {word}" if is_wrong else word,
        token,
        line((clean(about.model.name), Token.STRONG), "    ", way, (share, Token.MUTED)),
        on,
        len(devices),
        (
            Count(on, f"on {version_label(target)}", Token.NOTICE if is_wrong else Token.FINE),
            Count(states[Connectivity.ONLINE], "not on it"),
            Count(states[Connectivity.STALE], "stale", Token.NOTICE),
            Count(states[Connectivity.OFFLINE], "offline", Token.NEEDS),
            Count(states[Connectivity.REVOKED], "revoked", Token.MUTED),
            Count(states[Connectivity.UNKNOWN], "unknown", Token.NOTICE, is_fixed=False),
        ),
        ((on, Kind.VERIFIED), (waiting, Kind.WAITING), (away, Kind.OFFLINE)),
        _rollout_who(running, state.server_at),
        (),
        tuple(reversed(rows) if is_wrong else rows),
        (),
        others,
        rest="with fewer on it" if is_wrong else "farther ahead",
        is_bad=is_wrong,
        signal=version_signal(about, target),
        fired=facts_fired(about),
        about_rollback=is_rollback,
    )


def incident_wall(state: ConsoleState, incident: Incident, about: ModelFacts | None, whole: Wall) -> Wall:
    """Return what is said of a limit that was crossed, where nobody rolls back about it.

    Args:
        state: What is known.
        incident: The limit.
        about: The model; None where it is not listed.
        whole: What would be said without it: of the version that crossed it, or of the fleet.
    """
    name = whole.about if about is not None else line((clean(incident.subject), Token.STRONG))
    silent = facts_fired(replace(about, findings=())) if about is not None else ()
    return replace(
        whole,
        verb="!! LIMIT CROSSED",
        token=Token.NEEDS,
        about=name,
        fired=(*incident_fired(incident, state.server_at), *silent),
        notes=(),
    )


def _rollout_who(running: Rollout | None, now: float | None) -> Line:
    if running is None:
        return ()
    began = as_text.moment(running.began_at, now)
    by = f" by {clean(running.by)}" if running.by else ""
    reason = f", {clean(running.reason)}" if running.reason else ""
    return muted(f"started {began}{by}{reason}")


def fleet_wall(state: ConsoleState, facts: Sequence[ModelFacts], others: tuple[Line, ...]) -> Wall:
    """Return what is said of the whole fleet, where nothing is rolling."""
    snapshot = state.snapshot
    counted = state.census.shown
    states = reachability(snapshot, counted)
    of = sum(states.values())
    online = states.get(Connectivity.ONLINE, 0)
    unsure = states.get(Connectivity.STALE, 0) + states.get(Connectivity.UNKNOWN, 0)
    away = states.get(Connectivity.OFFLINE, 0) + states.get(Connectivity.REVOKED, 0)
    notes = [
        line((f"~~ {clean(one.model.name)}: {_off_version(one)}", Token.NOTICE))
        for one in facts
        if one.elsewhere
    ]
    return Wall(
        "NOTHING IS ROLLING",
        Token.LIVE,
        muted(f"{as_text.count(of, 'device')}, {as_text.count(len(facts), 'model')}"),
        online,
        of,
        (
            Count(online, "online", Token.FINE),
            Count(states.get(Connectivity.STALE, 0), "stale", Token.NOTICE),
            Count(states.get(Connectivity.OFFLINE, 0), "offline", Token.NEEDS),
            Count(states.get(Connectivity.REVOKED, 0), "revoked", Token.MUTED),
            Count(states.get(Connectivity.UNKNOWN, 0), "unknown", Token.NOTICE, is_fixed=False),
        ),
        ((online, Kind.VERIFIED), (unsure, Kind.WAITING), (away, Kind.OFFLINE)),
        (),
        tuple(notes[:1]),
        tuple(reachable_rows(snapshot, counted)),
        (),
        others,
        "MODELS",
    )


def _off_version(one: ModelFacts) -> str:
    verb = "device runs" if one.elsewhere == 1 else "devices run"
    return f"{one.elsewhere} {verb} another version than {version_label(one.serving)}."
