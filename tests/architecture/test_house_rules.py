"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from octomil_tui.ui import screens
from octomil_tui.ui.intent import Reach
from octomil_tui.ui.intents import APP_WIDE, INTENTS, UNUSED, intent
from octomil_tui.ui.key_document import with_keys
from octomil_tui.ui.key_name import is_bare
from octomil_tui.ui.key_table import SCREENS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "octomil_tui"
SOURCES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 310
"""Lines of a file, with a little grace for the formatter; past it a file has two jobs."""


def tracked() -> list[Path]:
    """Return the files under version control, or those of the package where there is none."""
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return [ROOT / name for name in run.stdout.splitlines()] or SOURCES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_has_one_job(path: Path) -> None:
    lines = path.read_text().count("\n")
    is_data = path.parent.name == "scenarios"

    assert is_data or lines <= LONGEST


def test_only_one_clock_ticks_in_the_screens() -> None:
    timers = [
        f"{path.name}:{number}"
        for path in (PACKAGE / "ui").rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"set_(interval|timer)\(|call_(later|at)\(to_next", line)
    ]

    # The clock of line 1, and the end of a run that was given a time.
    assert sorted(name.split(":")[0] for name in timers) == ["live.py", "opening.py"]


def test_no_text_from_outside_can_be_parsed_as_markup() -> None:
    """Widgets of Textual that parse markup are not used; what is said in a toast has it turned off."""
    for path in (PACKAGE / "ui").rglob("*.py"):
        text = path.read_text()
        assert not re.search(r"\b(Static|Label|Markdown|RichLog|OptionList|DataTable|Tree|Button)\(", text), (
            path
        )
        for call in re.findall(r"\.notify\((?:[^()]|\([^()]*\))*\)", text):
            assert "markup=False" in call, path


def test_keys_that_other_programs_own_are_bound_to_nothing() -> None:
    used = {key for one in INTENTS for key in one.keys.split(",")}

    assert used.isdisjoint(UNUSED)
    assert not any(key.startswith("alt+") for key in used)


def test_no_bare_letter_leads_to_a_write() -> None:
    """The keys on the way to a write need shift; one without it only lists what could be changed."""
    leading = [one for one in INTENTS if one.leads_to_write]
    bare = [one for one in leading if any(is_bare(key) for key in one.keys.split(","))]

    assert intent("roll_back") in leading
    assert [one.id for one in bare] == ["actions"]
    assert intent("actions").reach is Reach.MENU


def test_every_intent_is_named_once_and_briefly() -> None:
    ids = [one.id for one in INTENTS]

    assert len(ids) == len(set(ids))
    assert set(APP_WIDE) <= set(ids)
    assert all(len(one.brief) <= 27 for one in INTENTS)


def test_every_intent_has_a_name_for_people() -> None:
    names = [one.name for one in INTENTS]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_screen_of_the_console_is_in_the_table_of_keys() -> None:
    found = {name for name in screens.__all__ if name.endswith("Screen")} - {"BaseScreen", "FilteredScreen"}

    assert found == set(SCREENS)


def test_the_readme_lists_the_keys_as_they_are() -> None:
    text = (ROOT / "README.md").read_text()

    assert with_keys(text) == text


def test_nothing_names_a_package_index_or_a_path_of_some_machine() -> None:
    index = re.compile(rb"index-url|/simple/?[\"' \n]|/packages/[0-9a-f]{2}/")
    home = re.compile(rb"/(home|Users)/[A-Za-z]+/|" + re.escape(str(ROOT).encode()) + rb"\b")
    for path in tracked():
        if (
            path.suffix in (".py", ".toml", ".txt", ".md", ".yml", "")
            and path.is_file()
            and path != Path(__file__).resolve()
        ):
            content = path.read_bytes()
            assert not index.search(content), path
            assert not home.search(content), path


def test_exact_versions_are_pinned_without_saying_where_they_come_from() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]

    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!+-]+", line) for line in lines)
    assert not (ROOT / "uv.lock").exists()
