from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol

import pytest

from octomil_tui.cli.main import main
from tests.cli.drill import Drill, Result


class Console(Protocol):
    def __call__(self, *arguments: str, env: dict[str, str] | None = None) -> Result: ...


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in [name for name in os.environ if name.startswith("OCTOMIL_")]:
        monkeypatch.delenv(name)
    # Nobody's own settings file and login count here.
    home = tmp_path_factory.getbasetemp() / "nobody"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Console:
    """Run the command line in this process; a drill given as `env` is where it goes."""

    def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="module")
def quiet() -> Iterator[Drill]:
    """The brief's fleet at 40 %, for commands that only read; its clock stands."""
    with Drill("brief") as drill:
        yield drill


@pytest.fixture
def brief() -> Iterator[Drill]:
    """The brief's fleet at 40 %, for one test alone; its clock stands."""
    with Drill("brief") as drill:
        yield drill


@pytest.fixture
def night() -> Iterator[Drill]:
    """The incident at night, for one test alone; its clock stands."""
    with Drill("night") as drill:
        yield drill
