"""What every test starts from: a home of its own, so that nothing of the person who runs them is read or written."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from octomil_tui.api import redact


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the process, and every child that inherits its environment, an empty home."""
    directory = tmp_path_factory.mktemp("home")
    places = {
        "HOME": directory,
        "XDG_STATE_HOME": directory / "state",
        "XDG_CONFIG_HOME": directory / "config",
        "XDG_CACHE_HOME": directory / "cache",
        "XDG_DATA_HOME": directory / "data",
    }
    before = {name: os.environ.get(name) for name in places}
    os.environ.update({name: str(path) for name, path in places.items()})
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session", autouse=True)
def signals() -> None:
    """Heed the keys' signals, as programs do that a person starts; those in the background of a script ignore them."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Let no module hide what was a key in another one: tests make keys of ordinary words."""
    known = redact._register
    redact._register = redact._Register()
    yield
    redact._register = known
