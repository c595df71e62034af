"""An answer of the service that was not sent yet, to be looked at or changed on its way."""

from dataclasses import dataclass, field

from starlette.types import Message, Send

__all__ = ["HeldAnswer"]


@dataclass(slots=True)
class HeldAnswer:
    """An answer of the routes, which are not told to stream.

    Hand `keep` to the routes in place of `send`.
    """

    start: Message = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    async def keep(self, message: Message) -> None:
        """Take in a part of it."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def give(self, send: Send) -> None:
        """Send it as it is."""
        await send(self.start)
        await send({"type": "http.response.body", "body": bytes(self.body)})
