"""An event loop of its own for callers that have none."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import ConfigurationError

T = TypeVar("T")


class BlockingLoop:
    """The async client and the event loop it lives in, ended with the last object that uses them."""

    def __init__(self, client: AsyncOctomilClient) -> None:
        self.client = client
        self._runner = asyncio.Runner()
        self.close = weakref.finalize(self, _end, self._runner, client)

    def run(self, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the coroutine of `call` returns, waiting for it.

        Raises:
            ConfigurationError: Inside a running event loop, or after `close`.
        """
        if _is_loop_running():
            raise ConfigurationError(
                "OctomilClient would block the running event loop; use AsyncOctomilClient there"
            )
        if not self.close.alive:
            raise ConfigurationError("this client is closed")
        return self._runner.run(call())


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _end(runner: asyncio.Runner, client: AsyncOctomilClient) -> None:
    def end() -> None:
        with runner:
            runner.run(client.aclose())

    if not _is_loop_running():
        end()
        return
    # Dropped inside somebody's event loop: this one can only run in another thread.
    thread = threading.Thread(target=end, name="octomil-close")
    thread.start()
    thread.join()
