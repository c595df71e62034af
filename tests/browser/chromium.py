"""A browser without a window, spoken to by two pipes: pages are opened, keys pressed, and what comes is read.

Nothing here sleeps: every wait is for a state, with a deadline after which the
test fails and shows the screen.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

DEADLINE = 40.0
"""Seconds after which something that should have happened has not; the machine may be busy."""

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    # The tests run as root on machines that are made for them, and speak to nothing but this machine.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
FRUGAL = ("--disable-3d-apis",)
"""Has no shapes computed without a graphics card; the page's terminal then is made of text."""

SIZE = (1280, 800)


def find() -> str | None:
    """Return the path of a browser; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


class Chromium:
    """A browser with a profile of its own.

    Args:
        path: The program.
        profile: An empty directory.
        flags: More of its command line.
    """

    def __init__(self, path: str, profile: Path, flags: Sequence[str] = FRUGAL) -> None:
        inner_read, self._write = os.pipe()
        self._read, inner_write = os.pipe()
        self._count = itertools.count(1)
        self._held = b""
        self._answers: dict[int, Any] = {}
        self._pages: dict[str, Page] = {}
        # The browser reads from 3 and writes to 4.
        shell = f'exec "$@" 3<&{inner_read} 4>&{inner_write}'
        self._process = subprocess.Popen(  # noqa: S603 - the browser of this machine
            [
                "/bin/bash",
                "-c",
                shell,
                "browser",
                path,
                *FLAGS,
                *flags,
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=(inner_read, inner_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(inner_read)
        os.close(inner_write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(DEADLINE)
        os.close(self._read)
        os.close(self._write)

    def open(self, url: str, size: tuple[int, int] = SIZE) -> Page:
        """Open a tab of that size in pixels, and load a page into it."""
        target = self.ask("Target.createTarget", url="about:blank", newWindow=True)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, target, session)
        page.ask("Network.enable")
        page.ask("Runtime.enable")
        page.ask("Page.enable")
        # Several tabs at once, each of them as if it were the one in front.
        page.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        page.resize(*size)
        page.go(url)
        return page

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        """Say something to the browser and return its answer."""
        number = next(self._count)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + DEADLINE
        while number not in self._answers:
            assert time.monotonic() < until, f"no answer to {method} within {DEADLINE} s"
            self.listen()
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def listen(self, patience: float = 0.05) -> None:
        """Take in what the browser said, for at most so many seconds."""
        ready, _, _ = select.select([self._read], [], [], patience)
        if not ready:
            return
        data = os.read(self._read, 1 << 20)
        assert data, "the browser ended"
        *whole, self._held = (self._held + data).split(b"\0")
        for one in whole:
            message = json.loads(one)
            if "id" in message:
                self._answers[message["id"]] = message
            elif (page := self._pages.get(message.get("sessionId", ""))) is not None:
                page.hear(message["method"], message["params"])


class Page:
    """One tab, and the terminal that its socket draws."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self._browser, self._target, self._session = browser, target, session
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        """What the newest socket brought."""
        self.sent: list[str] = []
        """What the page sent through its sockets."""
        self.asked: list[tuple[str, str]] = []
        """Method and address of every request of the page."""
        self.complaints: list[str] = []
        """What the page did that it may not, and what its scripts could not."""

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.screen.display)

    @property
    def cover(self) -> str:
        """What the page says instead of the dashboard; empty where the dashboard is seen."""
        said: str = self.run("(c => !c || c.hidden ? '' : c.textContent)(document.getElementById('cover'))")
        return said

    @property
    def drawn(self) -> str:
        """What a person reads on the page, as far as the browser knows it for text."""
        said: str = self.run("(r => r ? r.innerText : '')(document.querySelector('.xterm-rows'))")
        return said.replace("\u00a0", " ")

    def ask(self, method: str, **parameters: Any) -> Any:
        return self._browser.ask(method, self._session, **parameters)

    def go(self, url: str) -> None:
        self.ask("Page.navigate", url=url)

    def resize(self, width: int, height: int) -> None:
        """Make the window that large, in pixels."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def close(self) -> None:
        self._browser.ask("Target.closeTarget", targetId=self._target)

    def run(self, script: str) -> Any:
        """Return what a script of the page's own comes to, also where it is promised."""
        done = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def type(self, text: str) -> None:
        """Press the keys of a text one after the other."""
        for letter in text:
            code = {"\r": "Enter", "\t": "Tab", "\x1b": "Escape"}.get(letter)
            named = {"key": code, "code": code} if code else {"key": letter}
            number = ord(letter.upper()) if letter.isalnum() or code else 0
            told = {**named, "windowsVirtualKeyCode": number}
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=letter, **told)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def press_with_ctrl(self, letter: str) -> None:
        told = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, modifiers=2, **told)

    def paste(self, text: str) -> None:
        """Have a text arrive in one piece, as from the clipboard."""
        self.run(
            "(t => { const d = new DataTransfer(); d.setData('text/plain', t); "
            "document.querySelector('.xterm-helper-textarea').dispatchEvent("
            "new ClipboardEvent('paste', {clipboardData: d, bubbles: true})) })(" + json.dumps(text) + ")"
        )

    def click(self, x: int, y: int) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self) -> bytes:
        """Return the page as a PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def hear(self, method: str, told: dict[str, Any]) -> None:
        """Take note of what happened to the page."""
        if method == "Network.webSocketCreated":
            self.raw = b""
            self._begin(told["url"])
        elif method == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            data = base64.b64decode(told["response"]["payloadData"])
            self.raw += data
            self._stream.feed(data)
        elif method == "Network.webSocketFrameSent":
            self.sent.append(told["response"]["payloadData"])
            self._follow_size(told["response"]["payloadData"])
        elif method == "Network.requestWillBeSent":
            self.asked.append((told["request"]["method"], told["request"]["url"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told))

    def _begin(self, url: str) -> None:
        size = dict(one.split("=") for one in url.partition("?")[2].split("&"))
        self.screen = pyte.Screen(int(size["width"]), int(size["height"]))
        self._stream = pyte.ByteStream(self.screen)

    def _follow_size(self, sent: str) -> None:
        kind, told = (*json.loads(sent), None)[:2] if sent.startswith("[") else ("", None)
        if kind == "resize":
            self.screen.resize(told["height"], told["width"])

    def wait(self, state: Callable[[], bool], what: str, *, deadline: float = DEADLINE) -> None:
        """Wait until `state` holds."""
        until = time.monotonic() + deadline
        while not state():
            assert time.monotonic() < until, f"no {what} within {deadline} s; the screen:\n{self.text}"
            self._browser.listen()

    def wait_for(self, text: str) -> None:
        """Wait until the dashboard on the page says so."""
        self.wait(lambda: text in self.text, f"{text!r} on the screen")
