"""What this machine's records tell of a service, and where memos go."""

from __future__ import annotations

from octomil_tui.api.address import parse_address
from octomil_tui.engine.audit import AuditLog
from octomil_tui.engine.journal import state_directory
from octomil_tui.engine.notebook import Notebook
from octomil_tui.engine.recording import Origin
from octomil_tui.settings import Level, Settings


def notebook_of(settings: Settings) -> Notebook:
    """Return the notebook for a service; that of the demo ends with its fleet.

    Raises:
        AddressError: The base address cannot be used.
    """
    origin = origin_of(settings)
    if settings.level is Level.DEMO:
        return Notebook(None, origin)
    return Notebook(AuditLog(state_directory() / "audit.jsonl"), origin)


def origin_of(settings: Settings) -> Origin:
    """Return where the rollbacks of these settings go.

    Raises:
        AddressError: The base address cannot be used.
    """
    address, key = parse_address(settings.base_url.value), settings.api_key.value
    return Origin(
        service=address.url,
        host=address.netloc,
        org=settings.org_id.value,
        key_fingerprint=key.fingerprint if key is not None else "",
    )
