"""Whether the service just went away or came back: one toast each way, however many reads say so."""

from __future__ import annotations

from octomil_tui.engine.cadence import wanted
from octomil_tui.engine.hold import is_key_rejected
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.trouble import is_local

_ENOUGH = 2
"""Failures, of one read or of several, that are more than one lost answer."""


class LinkNews:
    """Remembers what was said of the link, so that it is said once."""

    def __init__(self) -> None:
        self._is_out = False

    def hear(self, state: ConsoleState) -> str:
        """Return what has to be said of this state; empty where nothing is new."""
        failing = [t for t, r in state.reads.items() if r.failures and not r.is_silent and not is_local(r)]
        # What nobody asks for any more has failed for ever, which is no news.
        asked = wanted(state) if failing else {}
        reads = [state.reads[topic] for topic in failing if topic in asked]
        if self._is_out and not reads:
            self._is_out = False
            return "the service answers again"
        was_there = any(read.ok_mono is not None for read in state.reads.values())
        is_out = is_key_rejected(state) or sum(read.failures for read in reads) >= _ENOUGH
        if self._is_out or not was_there or not is_out or not reads:
            return ""
        self._is_out = True
        newest = max(reads, key=lambda read: read.tried_mono or 0.0)
        return f"{newest.sentence}; what was known stays"
