"""What is loaded when: proven in fresh interpreters, where nothing else can have loaded it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "textual",
    "rich",
    "httpx",
    "pydantic",
    "fastapi",
    "starlette",
    "uvicorn",
    "aiohttp",
    "textual_serve",
)


def loaded_after(code: str, *arguments: str) -> set[str]:
    """Return the top-level modules that are loaded after `code` ran in an interpreter of its own."""
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    run = subprocess.run(  # noqa: S603 - this interpreter, fixed code
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_cheap_answers_load_nothing_heavy(argument: str) -> None:
    code = (
        "import contextlib\n"
        "from octomil_tui.cli.main import main\n"
        "with contextlib.suppress(SystemExit):\n"
        f"    main(['{argument}'])"
    )

    assert loaded_after(code).isdisjoint(HEAVY)


def test_the_package_itself_loads_nothing_until_the_client_is_asked_for() -> None:
    assert loaded_after("import octomil_tui").isdisjoint(HEAVY)
    assert "httpx" in loaded_after("from octomil_tui import OctomilClient")


def test_the_domain_loads_nothing_from_outside_the_standard_library() -> None:
    walk = (
        "import pkgutil, importlib, octomil_tui.domain as d\n"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(d.__path__, d.__name__ + '.')]"
    )
    extra = loaded_after(walk) - loaded_after("pass") - set(sys.stdlib_module_names)

    assert extra == {"octomil_tui"}


def test_the_screens_load_neither_the_client_nor_the_control_plane() -> None:
    assert loaded_after("import octomil_tui.ui.app").isdisjoint(
        {"httpx", "pydantic", "fastapi", "uvicorn", "starlette", "aiohttp"}
    )


def test_the_dashboard_of_a_tab_loads_no_server() -> None:
    assert loaded_after("import octomil_tui.cli.served, octomil_tui.ui.tab").isdisjoint(
        {"aiohttp", "textual_serve"}
    )


def test_spawning_a_control_plane_does_not_load_one() -> None:
    assert loaded_after("import octomil_tui.sim.spawn").isdisjoint(HEAVY)
