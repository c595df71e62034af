"""A browser for the tests, or a plain sentence that there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, find
from tests.cli.drill import Drill
from tests.cli.serving import Serving

ASKED = "BROWSER_TESTS"
"""Variable that leaves these tests out, on purpose, where it is `no`."""


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the browser; without one the tests fail, since what nobody looked at is not known to work."""
    if os.environ.get(ASKED) == "no":
        pytest.skip(f"{ASKED}=no leaves the tests in a browser out")
    path = find()
    if path is None:
        pytest.fail(
            "there is no browser: install chromium (make browser does, on Debian), or leave these tests out "
            f"with make test {ASKED}=no",
            pytrace=False,
        )
    return path


@pytest.fixture
def chromium(browser_path: str, tmp_path: Path) -> Iterator[Chromium]:
    with Chromium(browser_path, tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def night() -> Iterator[Drill]:
    with Drill("night") as drill:
        yield drill


@pytest.fixture
def serving(night: Drill, tmp_path: Path) -> Iterator[Serving]:
    env = {**night.env, "OCTOMIL_ORG_ID": "acme-edge", "OCTOMIL_READ_ONLY": "0"}
    with (tmp_path / "errors").open("wb") as errors, Serving(env, errors) as running:
        yield running
