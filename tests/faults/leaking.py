"""Runs the product with a mistake put into it that has the key in its hands; the first argument says where.

Not a part of the product: it replaces a function and then starts the command
line as its entry point does. Everything that a log could take is turned on.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

KEY = os.environ["OCTOMIL_API_KEY"]
LEFT = Path(os.environ["LEFT"])
"""Where a log and a picture go, for the test to look into."""


def said() -> str:
    """Return the key in all of its forms, with what a terminal would obey."""
    basic = base64.b64encode(f"user:{KEY}".encode()).decode()
    return f"it broke \x1b]0;owned\x07 {KEY} {quote(KEY)} {json.dumps(KEY)} {KEY.encode()!r} {basic}"


def fail(*arguments: Any, **named: Any) -> NoReturn:
    """Raise an exception that has the key in its message and its locals."""
    local_key = KEY
    raise ValueError(said(), local_key, arguments and named)


async def fail_async(*_: Any, **__: Any) -> NoReturn:
    fail()


class Unraisable:
    """Raises where nobody can catch it."""

    def __del__(self) -> None:
        fail()


def whisper(app: Any) -> None:
    """Do everything else that may print or write something, and take a picture of it."""
    (LEFT / "picture.svg").write_text(app.export_screenshot(), encoding="utf-8")
    warnings.warn(said(), stacklevel=1)
    for name in ("", "httpx", "httpcore", "asyncio"):
        logging.getLogger(name).error("%s and %s", KEY, said())
        try:
            fail()
        except ValueError:
            logging.getLogger(name).exception("failed with %s", KEY)
    logging.getLogger("httpx").info("quiet %s", KEY)
    Unraisable()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": said(), "exception": ValueError(said())})


def callback(app: Any) -> NoReturn:
    """Whisper, and then crash in a key's action."""
    whisper(app)
    fail()


def put_in(place: str) -> None:
    """Put the mistake where the test wants it."""
    if place == "callback":
        from octomil_tui.ui.app import ConsoleApp  # noqa: PLC0415

        ConsoleApp.action_redraw = callback  # type: ignore[method-assign, assignment]
    elif place == "worker":
        from octomil_tui.engine.session import Session  # noqa: PLC0415

        Session.run = fail_async  # type: ignore[method-assign]
    elif place == "transport":
        from octomil_tui.api.transport import GuardTransport  # noqa: PLC0415

        GuardTransport.handle_async_request = fail_async  # type: ignore[method-assign]
    elif place == "config":
        from octomil_tui.config import reader  # noqa: PLC0415

        reader.understand = fail
    elif place == "key":
        from octomil_tui.api import auth  # noqa: PLC0415

        auth.BearerAuth.attach = fail  # type: ignore[method-assign]


if __name__ == "__main__":
    put_in(sys.argv.pop(1))
    handler = logging.FileHandler(LEFT / "log")
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    from octomil_tui.__main__ import run

    run()
