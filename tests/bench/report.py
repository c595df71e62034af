"""From figures to the table, the page that keeps it, and the exit status."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tests.bench.goals import PARTS, Figure, Verdict

BEGIN, END = "<!-- begin of the result -->\n", "<!-- end of the result -->\n"
"""Between these, the page of the last result is written anew."""

UNKNOWN = "it did not come to it"


def complete(found: Sequence[Figure], wanted: Collection[str], reason: str = UNKNOWN) -> list[Figure]:
    """Return a figure for everything that was wanted, in the order of the goals; without a value where none was found."""
    by_name = {figure.name: figure for figure in found}
    return [by_name.get(name, Figure(name, None, reason)) for name in PARTS if name in wanted]


def cells(figure: Figure) -> tuple[str, str, str, str, str, str]:
    """Return the number, the measure, the figure, the goal, the verdict, and what it was made of."""
    shown = figure.part.shown
    value = "-" if figure.value is None else shown(figure.value)
    limit = "?" if figure.limit is None else f"<= {shown(figure.limit)}"
    return str(figure.part.goal), figure.part.words, value, limit, figure.verdict.value, figure.made_of


HEAD = ("#", "measure", "figure", "goal", "", "made of")


def table(figures: Sequence[Figure]) -> list[str]:
    """Return the lines of the table, a figure each."""
    rows = [HEAD, *map(cells, figures)]
    wide = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    return [
        f"{row[0]:>{wide[0]}}  {row[1]:<{wide[1]}}  {row[2]:>{wide[2]}}  {row[3]:<{wide[3]}}  {row[4]:<{wide[4]}}  {row[5]}".rstrip()
        for row in rows
    ]


def summary(figures: Sequence[Figure]) -> str:
    """Return how many goals are met, and which are not."""
    goals = {figure.part.goal for figure in figures}
    missed = {figure.part.goal for figure in figures if figure.verdict is not Verdict.PASS}
    head = f"{len(goals - missed)} of {len(goals)} goals met"
    return head + (f"; missed: {', '.join(map(str, sorted(missed)))}" if missed else "")


def exit_status(figures: Sequence[Figure]) -> int:
    """Return 0 where every goal is met, else 1; what was not measured is not met."""
    return 0 if figures and all(figure.verdict is Verdict.PASS for figure in figures) else 1


def markdown(figures: Sequence[Figure], machine: Mapping[str, str], command: str, took: float) -> str:
    """Return the result as the page keeps it."""
    facts = [f"- {name}: {value}" for name, value in machine.items()]
    rows = [HEAD, ("--:", "---", "--:", "---", "---", "---"), *map(cells, figures)]
    return "\n".join(
        [
            f"Made by `{command}` in {took:.0f} s on:",
            "",
            *facts,
            "",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            f"{summary(figures)}.",
            "",
        ]
    )


def keep(page: Path, result: str) -> None:
    """Write a result into its place on the page.

    Raises:
        ValueError: The page has no place for it.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} has no place for a result")
    page.write_text(f"{before}{BEGIN}\n{result}\n{END}{after}", encoding="utf-8")
