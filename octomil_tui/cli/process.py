"""The process itself: mistakes that nobody catches, and logs that nobody asked for.

Whatever goes wrong outside of the commands, no key, no local variable and no
library's log line reaches the terminal.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from octomil_tui.api.redact import hide

_RECORDED = 3
"""Mistakes aside from the main thread that are written down; the next ones are rarely news."""


def prepare() -> None:
    """Make this process one that leaks nothing; called once, before anything else is loaded."""
    aside = _Aside()
    sys.excepthook = uncaught
    threading.excepthook = aside.in_thread
    sys.unraisablehook = aside.unraisable
    atexit.register(aside.tell)
    quiet_logs()
    load_less()


def load_less() -> None:
    """Have libraries leave out what this program never uses: it would cost a fifth of the time to the first data.

    Plug-ins of the validation library are looked for among everything that is
    installed, and would be handed every answer of the service; the HTTP
    library's own command line loads three more libraries.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # how Python is told that there is none


def quiet_logs() -> None:
    """Keep logs, and warnings, off the terminal and free of keys, whoever listens to them.

    What an event loop cannot hand to anybody comes here as well: asyncio logs it.
    """
    logging.setLogRecordFactory(_redacted(logging.getLogRecordFactory()))
    # Without any handler, the library would write warnings to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def _redacted(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    """Return a factory whose records hold no key; a filter would guard one handler, this guards all."""

    def made(*arguments: object, **named: object) -> logging.LogRecord:
        record = make(*arguments, **named)
        try:
            record.msg = hide(record.getMessage())
        except Exception:  # noqa: BLE001 - what cannot be shown may be the key
            record.msg = "(a message that cannot be shown)"
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = hide("".join(traceback.format_exception(record.exc_info[1])))
        record.exc_info = None
        return record

    return made


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End with one sentence instead of a traceback; a file has that."""
    del trace
    _say("octomil-console: interrupted" if issubclass(kind, KeyboardInterrupt) else _recorded(error))


class _Aside:
    """Mistakes in other threads, and in places that Python cannot raise from: told when the screen is free."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._seen = 0

    def in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and self._is_news():
            self._sentences.append(_recorded(arguments.exc_value))

    def unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        # A reader that went away is no mistake of ours, and what fails while all is torn down is none either.
        is_noise = isinstance(arguments.exc_value, BrokenPipeError | None) or sys.is_finalizing()
        if not is_noise and arguments.exc_value is not None and self._is_news():
            _recorded(arguments.exc_value)

    def _is_news(self) -> bool:
        self._seen += 1
        return self._seen <= _RECORDED

    def tell(self) -> None:
        for sentence in self._sentences:
            _say(sentence)


def _recorded(error: BaseException) -> str:
    try:
        from octomil_tui.ui import crash  # noqa: PLC0415 - only when it is too late for anything else

        return crash.record(error)
    except Exception:  # noqa: BLE001 - the last resort has none
        return f"octomil-console crashed, {type(error).__name__}"


def _say(sentence: str) -> None:
    try:
        print(sentence, file=sys.__stderr__, flush=True)
    except (OSError, ValueError, AttributeError):
        return
