"""The acceptance matrix: runs every test that carries a case's number, and says how each case stands.

`make matrix`, or `python -m tests.faults.matrix [options for pytest]`. The
number is in the name: `test_case_23_refused` is a test of case 23. The exit
status is 1 where a case has no test or one that failed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest

CASES: dict[int, str] = {
    1: "escape sequences in names are shown, not obeyed",
    2: "no C1 control, NUL or DEL is written",
    3: "a click on a name that is markup does nothing",
    4: "markup in any text is literal",
    5: "odd characters move no column and break no line",
    6: "names of ten thousand characters, two hundred rows",
    7: "JSON is ASCII, lines have no controls",
    8: "the text rule holds for any text",
    9: "one rollback, one POST, and its record is there first",
    10: "held and repeated Enter, double clicks, typing ahead",
    11: "the answer is lost and the rollback is there",
    12: "the answer is lost and no rollback is there",
    13: "the fleet moved between dialog and sending",
    14: "nothing to do, never deployed, unknown version",
    15: "empty group, vanished group, everybody offline",
    16: "a conflict names who is in the way",
    17: "somebody else's rollback takes over",
    18: "done with devices offline is not complete",
    19: "progress that stands, goes back, or does not add up",
    20: "ended in the middle of the POST, and started again",
    21: "the connection was closed while it was idle",
    22: "a redirect of the POST is not followed",
    23: "outages: last data stays, recovers by itself",
    24: "answers that drip",
    25: "answers that are cut short",
    26: "answers that are not the API's",
    27: "answers that are too large",
    28: "the key is refused, and changed in its file",
    29: "one permission is missing; the model is gone",
    30: "rate limits with any Retry-After",
    31: "certificates that are not trusted",
    32: "odd shapes: one bad row loses no list",
    33: "clocks that are wrong, time zones, days that end",
    34: "stopped for a minute and continued",
    35: "the service restarts without its state",
    36: "answers that come in the wrong order",
    37: "crashes leave no key behind",
    38: "keys that cannot be used",
    39: "key files that others could read or change",
    40: "addresses that lead elsewhere",
    41: "redirects of reads are not followed",
    42: "read-only, from any source, sends nothing",
    43: "signals and ends give the terminal back",
    44: "the terminal is gone",
    45: "the terminal is not read",
    46: "streams that are no terminal",
    47: "locales, colours, sizes",
    48: "the state directory cannot be used",
    49: "thousands of refreshes leave nothing behind",
    50: "the embedded control plane is closed to others",
}

_NUMBER = re.compile(r"::test_case_(\d+)_")
_WORST = ("failed", "skipped", "passed")


def case_of(nodeid: str) -> int | None:
    """Return the number of the case that a test is for, None where it is for none."""
    found = _NUMBER.search(nodeid)
    return int(found[1]) if found else None


@dataclass(eq=False)
class Results:
    """A pytest plugin that notes how each test of a case ended."""

    outcomes: dict[int, dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    reasons: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        case = case_of(report.nodeid)
        if case is None or (report.passed and report.when != "call"):
            return
        test = report.nodeid.partition("[")[0].rpartition("::")[2]
        self.outcomes[case][test][report.outcome] += 1
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[case].add(report.longrepr[2].removeprefix("Skipped: "))

    def lines(self) -> list[str]:
        """Return a line for each case."""
        return [self._line(case, title) for case, title in CASES.items()]

    def state(self, case: int) -> str:
        """Return the worst that a test of the case came to: missing, failed, skipped or passed."""
        seen = {outcome for counted in self.outcomes[case].values() for outcome in counted}
        return next((outcome for outcome in _WORST if outcome in seen), "missing")

    def _line(self, case: int, title: str) -> str:
        tests = []
        for test, counted in sorted(self.outcomes[case].items()):
            ended = ", ".join(f"{count} {outcome}" for outcome, count in counted.items())
            tests.append(f"{test.removeprefix(f'test_case_{case:02}_')} ({ended})")
        why = f"  SKIPPED: {'; '.join(sorted(self.reasons[case]))}" if self.reasons[case] else ""
        return f"{case:2}  {self.state(case):7}  {title}: {'; '.join(tests) or 'no test'}{why}"


def main(arguments: list[str]) -> int:
    """Run the tests of the matrix and print it; 1 where a case has no test or a failed one."""
    results = Results()
    pytest.main(["-q", "-k", "test_case_", *arguments], plugins=[results])
    print("\nTHE ACCEPTANCE MATRIX")  # noqa: T201 - a script's words
    print("\n".join(results.lines()))  # noqa: T201
    states = Counter(results.state(case) for case in CASES)
    print(", ".join(f"{count} {state}" for state, count in states.items()))  # noqa: T201
    return 1 if states["missing"] or states["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
