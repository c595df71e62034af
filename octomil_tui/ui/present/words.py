"""Pieces that every screen says in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.domain.fleet import Connectivity, Rollout, RolloutState
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import percent, share_bar
from octomil_tui.ui.format import UNKNOWN
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs

NONE = "-"
"""What does not apply."""

_STATE_WORDS = {
    RolloutState.PENDING: "not started",
    RolloutState.ACTIVE: "in progress",
    RolloutState.PAUSED: "paused",
    RolloutState.ROLLING_BACK: "rolling back",
    RolloutState.COMPLETED: "completed",
    RolloutState.CANCELLED: "cancelled",
    RolloutState.FAILED: "failed",
}
_CONNECTIVITY = {
    Connectivity.ONLINE: ("online", Token.TEXT),
    Connectivity.STALE: ("STALE", Token.NOTICE),
    Connectivity.OFFLINE: ("OFFLINE", Token.NEEDS),
    Connectivity.REVOKED: ("revoked", Token.DIM),
    Connectivity.UNKNOWN: (UNKNOWN, Token.MUTED),
}


def dim(text: str = NONE) -> Line:
    """Return a line for what does not apply."""
    return line((text, Token.DIM))


def muted(text: str) -> Line:
    """Return a label."""
    return line((text, Token.MUTED))


def number(count: int | None, token: Token = Token.TEXT) -> Line:
    """Return a count; zero is dim, none is blank."""
    if count is None:
        return ()
    return line((f"{count:,}", token if count else Token.DIM))


def version(raw: str | None, token: Token = Token.TEXT) -> Line:
    """Return a version as it is shown."""
    return line((version_label(raw), token)) if raw is not None else dim()


def name(raw: str | None, token: Token = Token.TEXT) -> Line:
    """Return a raw name or id, made safe."""
    return line((clean(raw), token)) if raw else dim()


def state_word(rollout: Rollout) -> str:
    """Return the console's word for a rollout's state; a word that it does not know stays the service's."""
    return _STATE_WORDS.get(rollout.state, rollout.word)


def connectivity(state: Connectivity) -> Line:
    """Return a device's connectivity as a word."""
    return line(_CONNECTIVITY[state])


def progress(rollout: Rollout, cells: int, glyphs: Glyphs) -> Line:
    """Return `████······  40%` in `cells` + 5, or the state where the service gives no share."""
    if rollout.share is None:
        return line((state_word(rollout), Token.MUTED))
    return line(share_bar(rollout.share, cells, glyphs), " ", fit(line(percent(rollout.share)), 4, "right"))


def rollout_bar(rollout: Rollout | None, cells: int, glyphs: Glyphs) -> Line:
    """Return `v2.0.0 ████······  40%` in `cells` + 12."""
    if rollout is None:
        return dim()
    return line(fit(line(version_label(rollout.version)), 7), progress(rollout, cells, glyphs))


def arrow(before: str | None, after: str, glyphs: Glyphs) -> Line:
    """Return `v2.0.0 → v1.0.0` with the target standing out."""
    return line(version_label(before), f" {glyphs.arrow} ", (version_label(after), Token.STRONG))


def interval(seconds: Sequence[float]) -> str:
    """Return `5m`, or `1m to 5m` where devices differ; `seconds` sorted, not empty."""
    first, last = (as_text.age(one).replace("m00s", "m") for one in (seconds[0], seconds[-1]))
    return first if first == last else f"{first} to {last}"


def counts(by_version: Mapping[str, int], glyphs: Glyphs, *, most: int = 3) -> Line:
    """Return `v1.0.0 x46  v0.9.0 x2`, most devices first."""
    ordered = sorted(by_version.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{version_label(key)} {glyphs.times}{count}" for key, count in ordered[:most]]
    if len(ordered) > most:
        shown.append(f"+{len(ordered) - most} more")
    return line("  ".join(shown)) if shown else dim()
