"""TAB in real shells, in a real terminal: names of the fleet, and hostile ones, arrive whole and run nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults.odd_names import OddNames
from tests.shells.shell import SHELLS, Shell

HOSTILE = (
    " $(touch pwned);touch pwned",
    "`touch pwned`' 'x\"; touch pwned #",
    "(touch pwned) {a,b} ~ * ! && touch pwned|tee \\$x > pwned",
    ":with:colons=and@more é 界",
)
"""What names end in: all that a shell would obey, and can be typed."""


@pytest.fixture(params=SHELLS)
def shell_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} here: make system-tools")
    return name


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_name_is_completed_as_it_is_and_runs_nothing(
    shell_name: str, attack: str, tmp_path: Path
) -> None:
    # No shell with a history can hold an exclamation mark between double quotes.
    quotes = ("", "'") if "!" in attack else ("", "'", '"')
    with OddNames(attack) as service, Shell(shell_name, tmp_path, service.env) as shell:
        for quote in quotes:
            shell.complete(f"octomil-console plan {quote}phi-4-mi", "phi-4-mini")
            assert shell.run() == ["plan", service.odd("phi-4-mini")]

        assert not list(tmp_path.rglob("pwned"))
        assert service.writes == []


def test_versions_are_those_of_the_model_on_the_line_and_groups_follow(
    shell_name: str, tmp_path: Path
) -> None:
    with OddNames(" x") as service, Shell(shell_name, tmp_path, service.env) as shell:
        shell.complete("octomil-console rollback 'phi-4-mini x' --to-version 0.9", "0.9.0")
        shell.complete("--group stag", "staging")

        called = shell.run()
        assert called == ["rollback", "phi-4-mini x", "--to-version", "0.9.0 x", "--group", "staging x"]


def test_rollouts_that_run_and_the_v_that_screens_show(shell_name: str, tmp_path: Path) -> None:
    with OddNames("") as service, Shell(shell_name, tmp_path, service.env) as shell:
        shell.complete("octomil-console hold phi-4-mini v0.9", "v0.9.0")
        assert shell.run() == ["hold", "phi-4-mini", "v0.9.0"]

        shell.complete("octomil-console rollout pause phi-4-mini --rollout 412", "4127")
        assert shell.run()[-1] == "4127"


def test_the_grammar_is_completed_too(shell_name: str, tmp_path: Path) -> None:
    with Shell(shell_name, tmp_path, {}) as shell:
        shell.complete("octomil-console rollo", "rollout")
        shell.complete("hist", "history")

        assert shell.run() == ["rollout", "history"]


def test_a_name_that_cannot_be_typed_is_not_offered(shell_name: str, tmp_path: Path) -> None:
    with OddNames("\ntouch pwned\n") as service, Shell(shell_name, tmp_path, service.env) as shell:
        shell.complete("octomil-console plan phi-4-mi", "phi-4-mi")
        shell.terminal.wait(lambda: bool(service.seen), "a request")

        assert shell.run() == ["plan", "phi-4-mi"]
        assert not list(tmp_path.rglob("pwned"))
