"""What this machine keeps of the rollbacks that are sent from it."""

from __future__ import annotations

import os
from functools import partial

from octomil_tui.cli.notebook import origin_of
from octomil_tui.engine.audit import AuditLog, whoami
from octomil_tui.engine.journal import Journal, state_directory
from octomil_tui.engine.recording import LocalRecords
from octomil_tui.engine.writing import AtOnce, Writing
from octomil_tui.settings import Level, Settings


def records_of(settings: Settings, writing: Writing | None = None) -> LocalRecords | None:
    """Return the journal and the audit log for a service; None for the demo, whose fleet ends with it.

    Args:
        settings: The service.
        writing: Who writes; None for whoever calls.

    Raises:
        AddressError: The base address cannot be used.
    """
    if settings.level is Level.DEMO:
        return None
    directory = state_directory()
    journal, audit = Journal(directory / "journal"), AuditLog(directory / "audit.jsonl")
    return LocalRecords(journal, audit, origin_of(settings), partial(whoami, os.environ), writing or AtOnce())
