"""Documents that people follow: every command in them does what they say, and every table is the program's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from octomil_tui.cli.card_page import HEIGHT, WIDTH, card_lines, card_markdown
from tests.documents.blocks import ROOT, agrees, blocks_of, run_document
from tests.documents.tables import COMMANDS, exits_table, with_commands

DOCUMENTS = ("README.md", "docs/COMMANDS.md", "docs/RUNBOOK.md")
"""Documents whose commands are run."""

ALL = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_a_document_does_what_it_says(name: str, tmp_path: Path) -> None:
    assert any(block.is_run for block in blocks_of(ROOT / name))

    assert list(run_document(ROOT / name, tmp_path)) == []


@pytest.mark.parametrize("name", ["docs/CONFIG.md", "docs/CLIENT.md", "docs/PRACTICE.md"])
def test_a_document_says_of_each_command_why_it_is_not_run(name: str) -> None:
    found = blocks_of(ROOT / name)

    assert found
    assert all(block.what for block in found)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text()):
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), f"{path.name}: {target}"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", there.read_text(), re.MULTILINE)
            assert anchor in {_anchor(title) for title in titles}, f"{path.name}: {target}"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_the_readme_shows_every_screen_that_there_is_a_picture_of() -> None:
    linked = set(re.findall(r"screenshots/([\w-]+\.svg)", (ROOT / "docs" / "CONSOLE.md").read_text()))

    assert {path.name for path in (ROOT / "screenshots").glob("*.svg")} - linked == set()


def test_the_tables_of_commands_and_exit_statuses_are_the_programs_own() -> None:
    text = COMMANDS.read_text()

    assert with_commands(text) == text
    assert exits_table() in text


def test_the_card_is_what_the_program_writes() -> None:
    assert (ROOT / "docs" / "CARD.md").read_text() == "\n".join([*card_markdown(), ""])


def test_the_card_fits_a_sheet() -> None:
    lines = list(card_lines())

    assert len(lines) <= HEIGHT
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize(
    ("shown", "printed", "does"),
    [
        (("a", "b"), ("a", "b"), True),
        (("a",), ("a", "b"), False),
        (("…", "b"), ("a", "a", "b"), True),
        (("…",), (), True),
        (("a … c",), ("a b c",), True),
        (("a … c",), ("a b d",), False),
        ((), (), True),
        ((), ("a",), False),
    ],
)
def test_what_agrees(shown: tuple[str, ...], printed: tuple[str, ...], does: bool) -> None:
    assert agrees(shown, printed) is does


def test_a_block_that_says_nothing_of_itself_is_a_mistake(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Words.\n\n```sh\noctomil-console card\n```\n")

    with pytest.raises(AssertionError, match="say before the block"):
        blocks_of(page)


def test_a_command_that_does_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- run: brief -->\n\n```console\n$ octomil-console groups\nnone\n$ octomil-console nonsense\n```\n"
    )

    found = list(run_document(page, tmp_path))
    assert "eu-kiosks" in found[0]
    assert "ended with 2" in found[1]
