"""What was typed in bash so far, taken apart without a shell, and names as bash takes them whole."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.cli.shell_words import Word, in_bash, is_typable, split

BREAKS = " \t\n\"'@><=;|&(:"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", [Word("")]),
        ("octomil-console pl", [Word("octomil-console"), Word("pl")]),
        ("a  b ", [Word("a"), Word("b"), Word("")]),
        ("sleep 1; a | b c", [Word("b"), Word("c")]),
        ("a b\\ c", [Word("a"), Word("b c")]),
        ("a 'b c", [Word("a"), Word("b c", quote="'")]),
        ('a x"b \\$c\\n', [Word("a"), Word("xb $c\\n", quote='"', cut=1)]),
        ("a 'b'c", [Word("a"), Word("bc", is_mixed=True)]),
        ("a eu:7", [Word("a"), Word("eu:7", cut=3)]),
        ("a eu\\:7", [Word("a"), Word("eu:7")]),
        ("a $(rm", [Word("rm")]),
    ],
)
def test_the_words_of_a_line(line: str, words: list[Word]) -> None:
    assert split(line, BREAKS) == words


@given(st.lists(st.text(min_size=1), min_size=1))
def test_what_a_shell_quotes_comes_back_whole(words: list[str]) -> None:
    assert [word.text for word in split(" ".join(map(shlex.quote, words)))] == words


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_a_name_as_it_is_offered_is_one_word_with_every_quote(name: str) -> None:
    for quote in ("", "'"):
        (offered,) = in_bash([name], Word("", quote=quote))
        assert shlex.split(f"{quote}{offered}{quote}") == [name]


def test_names_that_begin_otherwise_are_left_out_and_what_was_typed_stays() -> None:
    names = ["eu:7", "eu:8 x", "us:1"]

    assert in_bash(names, split("c eu:", BREAKS)[-1]) == ["7", "8\\ x"]
    assert in_bash(names, split("c eu\\:", BREAKS)[-1]) == ["eu\\:7", "eu\\:8\\ x"]


def test_nothing_is_offered_where_it_could_not_be_put() -> None:
    assert in_bash(["a!b"], Word("a", quote='"')) == []
    assert in_bash(["ab"], Word("a", is_mixed=True)) == []


@pytest.mark.parametrize("name", ["", "-x", "--yes=all", "a\nb", "a\x1b[2J", "a\u202eb", "x" * 201])
def test_names_that_nobody_can_type_or_that_are_taken_for_flags(name: str) -> None:
    assert not is_typable(name)


def test_the_others_can_be_typed() -> None:
    assert is_typable("phi-4 $(mini) é")
