"""The words: each once, brief where it has to be, and the same in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from octomil_tui.domain.glossary import ENDS, GLOSSARY, Word, meaning

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "ARCHITECTURE.md"


def test_each_word_is_there_once_and_has_a_brief_form() -> None:
    terms = [word.term for word in GLOSSARY]

    assert len(terms) == len(set(terms))
    assert all(0 < len(word.in_brief) <= 27 for word in GLOSSARY)
    assert Word("x", "what it means").in_brief == "what it means"


def test_the_documents_say_the_same() -> None:
    _, _, rest = ARCHITECTURE.read_text(encoding="utf-8").partition("## Glossary")
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", rest.partition("\n## ")[0], re.MULTILINE))
    both = [word for word in GLOSSARY if word.term in rows]

    assert {"verified", "settled", "accepted", "bounced", "straggler"} <= {word.term for word in both}
    assert {word.term: word.meaning for word in both} == {word.term: rows[word.term] for word in both}


@pytest.mark.parametrize(
    ("term", "found"),
    [("held", "held"), ("Done", "DONE"), ("STALE", "STALE"), ("stale", "stale"), ("teller", None)],
)
def test_a_word_is_found_whatever_its_case(term: str, found: str | None) -> None:
    word = meaning(term)

    assert (word.term if word is not None else None) == found


def test_the_ends_are_the_exit_statuses() -> None:
    from octomil_tui.cli.exits import Exit  # noqa: PLC0415 - the domain itself knows no command line

    assert {status for status, _ in ENDS} == {one.value for one in Exit} - {Exit.CRASHED}
