"""Settings to connections, and the first questions on them: all that can be done before the client is loaded."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from octomil_tui.api.address import parse_address
from octomil_tui.api.ahead import ConnectionsAhead, first_questions
from octomil_tui.api.auth import KeyHolder
from octomil_tui.api.network import proxy_for
from octomil_tui.cli.flags import key_of
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.gate import Gate, Wait
from octomil_tui.settings import Settings

DEADLINE: Final = 10.0
"""Seconds for one request of a loop that asks again by itself."""

_CONNECT_WITHIN: Final = 5.0


def gate_for(settings: Settings, note: Callable[[str], None] | None = None) -> Gate:
    """Return what counts the requests of a run: one for all the clients that it opens one after the other.

    Args:
        settings: The service, and where its requests are written down.
        note: Told in a sentence what has to wait, and why; None where a screen says it.

    Raises:
        ConfigurationError: The request log cannot be written.
    """

    def waits(wait: Wait, seconds: float) -> None:
        if note is not None:
            note(f"{wait.what} waits {math.ceil(seconds)} s: {wait.why}")

    if settings.request_log is None:
        return Gate(on_wait=waits)
    from octomil_tui.cli.request_file import RequestFile  # noqa: PLC0415 - only for those who want one

    return Gate(on_request=RequestFile(settings.request_log, note).write, on_wait=waits)


class Ahead:
    """What a client can be made of while the first answers are on their way.

    Args:
        settings: The service.

    Raises:
        KeyRefusedError: No source names a key.
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy, or the request log, cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address = parse_address(settings.base_url.value)
        self.holder = KeyHolder(key_of(settings), settings.key_source)
        self.gate = gate_for(settings)
        self.connections = ConnectionsAhead(
            self._address,
            self.holder,
            read_only=settings.read_only.value,
            connect_timeout=_CONNECT_WITHIN,
            ca_file=settings.ca_file.value,
            proxy=proxy_for(self._address, settings.proxy_url) if settings.uses_proxy else None,
        )
        self.connections.meter = self.gate

    def begin(self) -> None:
        """Ask what every start asks; to be called on the event loop, once."""
        for name, asked in first_questions(self._address, self._settings.org_id.value):
            with asking(Purpose.POLL, name):
                self.connections.begin(asked, DEADLINE)
