"""Textual's terminal driver without three ways to hang, and an app that ends in order.

Leans on names that Textual does not promise; `PRIVATE` lists them, and
`tests/terminal/test_private_names.py` fails when one of them changes.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Final, TypeVar

from textual.app import App
from textual.driver import Driver
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.worker import WorkerFailed

from octomil_tui.ui import crash
from octomil_tui.ui.crash import CRASHED, Redact, hide_keys
from octomil_tui.ui.frame import FramedApp
from octomil_tui.ui.guards import HUNG_UP, Guards
from octomil_tui.ui.telling import TellingDriver

ReturnType = TypeVar("ReturnType")

PRIVATE: Final = {
    LinuxDriver: (
        "write",
        "start_application_mode",
        "stop_application_mode",
        "close",
        "_run_input_thread",
        "_sigcont_application",
        "_get_terminal_size",
    ),
    WriterThread: ("__init__", "run", "stop"),
    App: (
        "_handle_exception",
        "_fatal_error",
        "panic",
        "_print_error_renderables",
        "_close_messages_no_wait",
    ),
}
"""Methods that are overridden or relied on; attributes are `_app`, `_writer_thread`, `_key_thread`, `_queue`,
`_exit_renderables`."""

_SETTLED = 0.1
"""Seconds after a change of the terminal's size in which Textual has seen it; of two at once it may miss one."""

_FULL = MAX_QUEUED_WRITES - 5
"""Queued writes from which frames are dropped: one more batch still fits without waiting."""


class ConsoleDriver(TellingDriver):
    """Never waits for a terminal that nobody reads, and survives SIGSTOP and SIGCONT."""

    _dropped = False
    _stopping = False

    def write(self, data: str) -> None:
        """Queue output, or drop it while the terminal takes none; afterwards everything is drawn anew."""
        writer = self._writer_thread
        if writer is None or not writer.is_alive():
            return
        queued = writer._queue.qsize()  # noqa: SLF001 - see PRIVATE
        if self._stopping:
            # These sequences give the terminal back; should they wait for ever, the guards end the process.
            writer.write(data)
        elif queued >= _FULL:
            self._dropped, self._title = True, None
            self._forget()
        elif self._dropped and queued:
            # What is queued was drawn before the gap; anything after it needs the whole picture first.
            self._forget()
        elif self._dropped:
            self._dropped = False
            self._redraw()
        else:
            writer.write(data)

    def start_application_mode(self) -> None:
        self._stopping = self._dropped = False
        self._forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._hear_of_sizes()
        self.take_title()
        if isinstance(self._app, GuardedApp):
            self._app.owe(self.owed)

    @property
    def is_read(self) -> bool:
        writer = self._writer_thread
        is_free = writer is not None and writer.is_alive() and writer._queue.qsize() < _FULL  # noqa: SLF001 - see PRIVATE
        return is_free and not self._dropped and not self._stopping

    def _hear_of_sizes(self) -> None:
        """Be told of every change of the terminal's size, also of one that was undone before anybody looked.

        What the terminal shows afterwards is its own affair: some wrap, some cut off.
        """
        loop, tell = asyncio.get_running_loop(), signal.getsignal(signal.SIGWINCH)
        last: asyncio.TimerHandle | None = None

        def settle() -> None:
            nonlocal last
            self._forget()
            if last is not None:
                # Whoever drags a corner sends dozens; only what it comes to in the end is worth a layout.
                last.cancel()
            last = loop.call_later(_SETTLED, self._resized)

        def resized(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(settle)
            if callable(tell):
                tell(number, frame)

        if callable(tell):
            # Where it is not, the terminal could not be started.
            signal.signal(signal.SIGWINCH, resized)

    def _resized(self) -> None:
        """Have the screen drawn in the size that the terminal has by now, which costs no byte where it is already."""
        app = self._app
        if app.is_running and app.screen_stack:
            size = Size(*self._get_terminal_size())
            for node in (app, app.screen):
                node.post_message(Resize(size, size))
            app.screen.refresh(layout=True)

    def stop_application_mode(self) -> None:
        self._stopping = True
        # The pen of the last picture would colour what comes after it.
        self.write("\x1b[m")
        self.give_title_back()
        super().stop_application_mode()

    def close(self) -> None:
        writer = self._writer_thread
        if writer is not None and writer.is_alive():
            super().close()

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            # The terminal is gone; that is how ssh sessions end, not a crash.
            self._app.call_later(partial(self._app.exit, return_code=HUNG_UP))
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001 - see PRIVATE

    def _sigcont_application(self, *arguments: Any) -> None:
        if self._key_thread is not None and self._key_thread.is_alive():
            # Stopped by SIGSTOP, so nothing was taken down: a second start would leave threads behind.
            self._redraw()
            return
        super()._sigcont_application(*arguments)
        # The alternate screen comes back empty, and Textual would only draw what changes.
        self._redraw()

    def _forget(self) -> None:
        if isinstance(self._app, FramedApp):
            self._app.forget()

    def _redraw(self) -> None:
        # At once, too: what is drawn before the whole picture must not count on what never came through.
        self._forget()
        app = self._app
        app.call_later(app.redraw if isinstance(app, GuardedApp) else partial(app.refresh, layout=True))


class GuardedApp(FramedApp[ReturnType]):
    """An app that gives the terminal back, tells why it ended in its exit status, and leaks nothing when it crashes.

    Args:
        redact: Takes secrets out of what a crash leaves behind.
        crash_directory: Where that is written; the user's state directory by default.
    """

    DRIVER: ClassVar[type[Driver]] = ConsoleDriver

    def __init__(self, *, redact: Redact = hide_keys, crash_directory: Path | None = None) -> None:
        super().__init__(driver_class=self.DRIVER)
        self._redact = redact
        self._crash_directory = crash_directory
        self._guards: Guards | None = None
        self._failure: BaseException | None = None
        self._last_words: str | None = None
        """Of a crash."""
        self._farewell: str | None = None
        """Of an end that somebody decided on."""
        self._are_said = False

    @property
    def return_code(self) -> int | None:
        if self._last_words is not None:
            return CRASHED
        return super().return_code if self._ended_by is None else self._ended_by

    @property
    def _ended_by(self) -> int | None:
        """The exit status that came from outside; what breaks while the app is taken down for it is no crash."""
        return self._guards.status if self._guards is not None else None

    def run_guarded(self, *, mouse: bool = True) -> int:
        """Run until the end and return the exit status for `sys.exit`."""
        self._guards = guards = Guards()
        guards.install()
        try:
            self.run(mouse=mouse)
        except Exception as error:  # noqa: BLE001 - what escapes Textual still has to give the terminal back
            self._record(error)
            guards.give_back()
            self._print_error_renderables()
        finally:
            guards.remove()
        return self.return_code or 0

    def on_load(self) -> None:
        if self._guards is not None:
            self._guards.attach(asyncio.get_running_loop(), lambda status: self.exit(return_code=status))

    def leave(self, return_code: int, sentence: str) -> None:
        """Leave, and say why in one line after the terminal was given back.

        Args:
            return_code: The exit status.
            sentence: Safe to show; however long it is, no line break is put into it.
        """
        self._farewell = sentence
        self.exit(return_code=return_code)

    def owe(self, sequence: str) -> None:
        """Have the terminal given this too, should the app not come to it."""
        if self._guards is not None:
            self._guards.owed = sequence

    def entitle(self, text: str) -> None:
        """Have the window's title say this, where there is one."""
        if isinstance(self._driver, ConsoleDriver):
            self._driver.set_title(text)

    def notify_desktop(self, text: str) -> None:
        """Have the desktop show this, where the terminal can; never from within a browser."""
        if isinstance(self._driver, ConsoleDriver):
            self._driver.tell_desktop(text)

    def redraw(self) -> None:
        """Draw the whole screen again, since the terminal may show something else."""
        self.forget()
        self.refresh(layout=True)

    def panic(self, *renderables: Any) -> None:
        # Textual would print these with the local variables of every frame.
        self._fatal_error()

    def _handle_exception(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._record(self._failure or RuntimeError("the terminal interface gave up"))
        self._close_messages_no_wait()

    def _record(self, error: BaseException) -> None:
        if self._last_words is None and self._ended_by is None:
            self._last_words = crash.record(error, self._redact, self._crash_directory)

    def _print_error_renderables(self) -> None:
        said = self._last_words or self._farewell
        if said is None:
            super()._print_error_renderables()
            return
        # Textual would wrap it, and a path in two pieces cannot be copied.
        self._exit_renderables.clear()
        if sys.__stderr__ is not None and not self.is_headless and not self._are_said:
            # What fails before the first picture both ends the app and escapes it.
            self._are_said = True
            print(said, file=sys.__stderr__, flush=True)
