"""Every case of the acceptance matrix has a test, and every number in a test's name is a case."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.faults.matrix import CASES, Results, case_of

TESTS = Path(__file__).parents[1]


def numbered() -> dict[int, list[str]]:
    """Return the names of the tests of each case, as pytest would collect them."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "test_case" in node.name:
                case = case_of(f"{path.name}::{node.name}")
                assert case is not None, f"{path.name}: {node.name} has no number that can be read"
                found.setdefault(case, []).append(f"{path.name}::{node.name}")
    return found


def test_every_case_has_a_test() -> None:
    assert sorted(numbered()) == list(CASES) == list(range(1, 51))


def test_a_case_without_a_test_or_with_a_failed_one_is_seen() -> None:
    results = Results()
    assert results.state(7) == "missing"
    results.outcomes[7]["test_case_07_a"]["passed"] += 1
    results.outcomes[7]["test_case_07_b"]["skipped"] += 1
    assert results.state(7) == "skipped"
    results.outcomes[7]["test_case_07_b"]["failed"] += 1
    assert results.state(7) == "failed"
    assert "7  failed" in "\n".join(results.lines())
