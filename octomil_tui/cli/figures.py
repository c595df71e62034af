"""Figures beside what a command is about: said where the service tells them in time, and waited for by nobody."""

from __future__ import annotations

import asyncio

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.engine.source import FleetSource

WITHIN = 3.0
"""Seconds that a command gives them; what it is about is known by then."""


async def figures_if_told(source: FleetSource, model_id: str) -> ModelHealth | None:
    """Return how a model's versions do; None where this service does not say so within three seconds."""
    try:
        async with asyncio.timeout(WITHIN):
            return (await source.health(model_id)).value
    except (OctomilError, TimeoutError):
        return None
