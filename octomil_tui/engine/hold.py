"""What a failure of one read says of all of them: wait, the key is out, or a model is gone. Pure."""

from __future__ import annotations

import math

from octomil_tui.engine.state import Cause, ConsoleState, Read
from octomil_tui.engine.topic import MODELS, rollouts_of, versions_of

_TWICE = 2


def held_until(state: ConsoleState) -> float:
    """Return until when nothing is asked at all, by the monotonic clock; the beginning of time for no wait.

    Who was asked too often is asked nothing until the time that he named, and
    a key that is not accepted is not shown to the service every few seconds.
    """
    held = (Cause.LIMITED, Cause.KEY) if is_key_rejected(state) else (Cause.LIMITED,)
    waits = [
        read.tried_mono + read.wait
        for read in state.reads.values()
        if read.cause in held and read.tried_mono is not None and read.wait is not None
    ]
    asked = state.held_mono if state.held_mono is not None else -math.inf
    return max([asked, *waits])


def is_key_rejected(state: ConsoleState) -> bool:
    """Say whether the service's newest word, on two reads where there are two, is that it does not accept the key.

    A request that was begun no sooner and was answered speaks against it: then
    only the one read is refused. So one refusal alone is not believed as long
    as there is another read that may say otherwise.
    """
    accepted = [read.ok_began_mono for read in state.reads.values() if read.ok_began_mono is not None]
    since = max(accepted, default=-math.inf)
    refused = sum(1 for read in state.reads.values() if read.cause is Cause.KEY and _begun(read) > since)
    return refused >= min(_TWICE, max(1, len(state.reads)))


def _begun(read: Read) -> float:
    found = read.began_mono if read.began_mono is not None else read.tried_mono
    return found if found is not None else math.inf


def is_gone(state: ConsoleState, model_id: str) -> bool:
    """Say whether the model is no longer there: two reads of it in a row were answered with "no such thing".

    A list of models that was asked for after the first of them, and has it,
    speaks against it: then the service lacks a route, not the model.
    """
    listing = state.reads.get(MODELS, Read())
    listed = any(model.id == model_id for model in state.snapshot.models or ())
    for topic in (rollouts_of(model_id), versions_of(model_id)):
        read = state.reads.get(topic, Read())
        if read.cause is not Cause.MISSING or read.in_a_row < _TWICE:
            continue
        asked, since = listing.ok_began_mono, read.since_mono
        if not listed or asked is None or since is None or asked < since:
            return True
    return False
