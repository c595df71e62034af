"""What the dashboard says where no rollback is followed: the worst rollout, or the fleet as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from octomil_tui.domain.fleet import Connectivity, RolloutState
from octomil_tui.domain.overview import ModelFacts, reachability
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import Kind, percent
from octomil_tui.ui.present.dashboard_groups import reachable_rows, rollout_rows
from octomil_tui.ui.present.wall import Count, Wall
from octomil_tui.ui.present.words import arrow, muted
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs


def rollout_wall(state: ConsoleState, about: ModelFacts, others: tuple[Line, ...], glyphs: Glyphs) -> Wall:
    """Return what is said of a rollout, or of a rollback whose devices cannot be followed."""
    running = about.running
    target = about.subject or ""
    devices = [d for d in state.snapshot.devices or () if about.model.id in d.installations]
    elsewhere = [d for d in devices if d.installations[about.model.id].version != target]
    states = Counter(device.connectivity for device in elsewhere)
    waiting = states[Connectivity.ONLINE] + states[Connectivity.STALE] + states[Connectivity.UNKNOWN]
    away = states[Connectivity.OFFLINE] + states[Connectivity.REVOKED]
    on = len(devices) - len(elsewhere)
    paused = running is not None and running.state is RolloutState.PAUSED
    is_rollback = running is not None and running.is_rollback
    word = "ROLLING BACK" if is_rollback else "PAUSED" if paused else "ROLLING OUT"
    token = Token.NEEDS if about.silent or is_rollback else Token.NOTICE if paused else Token.LIGHT
    came_from = running.from_version if running is not None else None
    way = arrow(came_from if came_from is not None else about.serving, target, glyphs)
    share = f"    at {percent(running.share)}" if running is not None and running.share is not None else ""
    return Wall(
        f"!! {word}" if about.silent else word,
        token,
        line((clean(about.model.name), Token.STRONG), "    ", way, (share, Token.MUTED)),
        on,
        len(devices),
        (
            Count(on, f"on {version_label(target)}", Token.FINE),
            Count(states[Connectivity.ONLINE], "not on it"),
            Count(states[Connectivity.STALE], "stale", Token.NOTICE),
            Count(states[Connectivity.OFFLINE], "offline", Token.NEEDS),
            Count(states[Connectivity.REVOKED], "revoked", Token.MUTED),
            Count(states[Connectivity.UNKNOWN], "unknown", Token.NOTICE, is_fixed=False),
        ),
        ((on, Kind.VERIFIED), (waiting, Kind.WAITING), (away, Kind.OFFLINE)),
        _rollout_who(about),
        tuple(_rollout_notes(about)),
        tuple(rollout_rows(devices, about.model.id, target, state.snapshot)),
        (),
        others,
        about_rollback=is_rollback,
    )


def _rollout_who(about: ModelFacts) -> Line:
    running = about.running
    if running is None:
        return ()
    began = as_text.short_clock(running.began_at)
    by = f" by {clean(running.by)}" if running.by else ""
    reason = f", {clean(running.reason)}" if running.reason else ""
    return muted(f"started {began}{by}{reason}")


def _rollout_notes(about: ModelFacts) -> list[Line]:
    if not about.silent:
        return []
    fell = as_text.count(about.silent, "device")
    said = f"!! {fell} fell silent right after {version_label(about.subject)}."
    return [line((said, Token.NEEDS))]


def fleet_wall(state: ConsoleState, facts: Sequence[ModelFacts], others: tuple[Line, ...]) -> Wall:
    """Return what is said of the whole fleet, where nothing is rolling."""
    snapshot = state.snapshot
    devices = snapshot.devices or ()
    states = reachability(snapshot)
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
        muted(f"{as_text.count(len(devices), 'device')}, {as_text.count(len(facts), 'model')}"),
        online,
        len(devices),
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
        tuple(reachable_rows(devices, snapshot)),
        (),
        others,
        "MODELS",
    )


def _off_version(one: ModelFacts) -> str:
    verb = "device runs" if one.elsewhere == 1 else "devices run"
    return f"{one.elsewhere} {verb} another version than {version_label(one.serving)}."
