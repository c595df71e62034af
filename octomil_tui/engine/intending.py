"""The intent of a rollback on the disk before its request leaves, while the world is still being read again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from octomil_tui.domain.rollback import Rollback
from octomil_tui.engine.recording import RecordError, Records

_HEAD_START: Final = 0.004
"""Seconds in which the reads leave; then they wait for answers, and writing holds up nothing."""


@asynccontextmanager
async def intended(records: Records | None, rollback: Rollback, *, must: bool) -> AsyncIterator[None]:
    """Have the intent on the disk at the end of the block; where the block fails, the records say that nothing was sent.

    The disk is written to beside the block, since neither has to wait for the
    other. Not so for a rollback that was sent before: its record still stands
    for that first request, until it is sure that there is a second one.

    Args:
        records: Where it is written; None for nowhere.
        rollback: What is about to be sent.
        must: It has to be written.

    Raises:
        RecordError: It must be written, and could not be.
    """
    if records is None:
        yield
        return
    if rollback.tries > 1:
        yield
        await asyncio.to_thread(records.intend, rollback, must=must)
        return
    writing = asyncio.create_task(_write(records, rollback, must=must))
    try:
        yield
    except BaseException:
        with suppress(RecordError):
            # Cut off in between, it would be written after it was said to be over.
            await asyncio.shield(writing)
        records.close(rollback, "not_sent")
        raise
    await writing


async def _write(records: Records, rollback: Rollback, *, must: bool) -> None:
    await asyncio.sleep(_HEAD_START)
    await asyncio.to_thread(records.intend, rollback, must=must)
