"""A client of the simulator's own routes, for another terminal: it speaks to this machine alone.

Nothing of a real service can be reached with it: the address has to be a
loopback literal, and whoever answers there has to say that it is a simulator
before it is told a key.
"""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from octomil_tui.sim.drill_file import DrillAddress
from octomil_tui.sim.key import KEY_PREFIX
from octomil_tui.sim.listener import loopback

__all__ = ["DrillClient", "DrillError", "NoSimulatorError", "NobodyThereError"]

WITHIN = 5.0
"""Seconds for each step of a request."""
LIMIT = 4_000_000
"""Bytes of an answer that are read."""
MARK = "X-Octomil-Simulator"
FAULTS = "/_sim/faults"
OK = range(200, 300)


class DrillError(Exception):
    """A request came to nothing; the message is one sentence, which may have words of the server.

    Args:
        message: The sentence, without a full stop.
        status: The answer's status, where there was one.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NobodyThereError(DrillError):
    """Nobody answers at the address."""


class NoSimulatorError(DrillError):
    """The address is not of a simulator; nothing that matters was sent there."""


class DrillClient:
    """Asks one control plane.

    Args:
        address: Where it is, and its key.

    Raises:
        NoSimulatorError: The address is none of this machine, or the key none of a simulator.
    """

    def __init__(self, address: DrillAddress) -> None:
        try:
            parts = urlsplit(address.base_url)
            host, port = loopback(parts.hostname or ""), parts.port
        except ValueError:
            raise NoSimulatorError("the address is not a loopback address; nothing was sent") from None
        if parts.scheme != "http" or port is None or parts.username is not None:
            raise NoSimulatorError("the address is not one of a simulator; nothing was sent")
        if not address.api_key.startswith(KEY_PREFIX):
            raise NoSimulatorError("the key is not one of a simulator; nothing was sent")
        self.port = port
        self._host = host
        self._key = address.api_key

    def is_there(self) -> bool:
        """Say whether a simulator answers."""
        try:
            self._greet()
        except DrillError:
            return False
        return True

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Return what a request is answered with.

        Args:
            method: Its method.
            path: One of the simulator's own, such as `/_sim/faults`.
            body: What is sent as JSON; None is nothing.

        Raises:
            NobodyThereError: Nobody answers.
            NoSimulatorError: Whoever answers is no simulator.
            DrillError: The request was refused, with the server's reason.
        """
        self._greet()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        status, answer = self._exchange(method, path, sent, headers)
        if status not in OK:
            said = answer.get("message") if isinstance(answer, dict) else None
            raise DrillError(str(said or f"refused with status {status}").rstrip("."), status)
        return answer

    def _greet(self) -> None:
        """Have whoever answers say what it is, before it gets the key."""
        self._exchange("GET", FAULTS, None, {})

    def _exchange(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._host, self.port, timeout=WITHIN)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            if response.getheader(MARK) is None:
                raise NoSimulatorError(f"what answers at port {self.port} is not a simulator")
            return response.status, json.loads(response.read(LIMIT))
        except (http.client.HTTPException, ValueError):
            raise NoSimulatorError(f"what answers at port {self.port} is not a simulator") from None
        except OSError:
            raise NobodyThereError(f"nobody answers at port {self.port}") from None
        finally:
            connection.close()
