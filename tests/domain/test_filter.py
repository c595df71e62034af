"""The filter language as a language: what is typed, what is meant, and one sentence where it is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.filter import LONGEST, FilterError, format_filter, parse, parse_typed
from octomil_tui.domain.filter_keys import About, device_keys
from octomil_tui.domain.filter_term import PLAIN, Age, Filter, Key, Keys, Kind, Pattern, Term, matches

Row = dict[str, str]


def _texts(name: str) -> Key[Row]:
    return Key(Kind.WHOLE, "a text such as a*", lambda row: (row[name],))


KEYS: Keys[Row] = {
    PLAIN: Key(Kind.PART, "a name such as kiosk", lambda row: (row["name"], row["id"])),
    "ver": _texts("ver"),
    "state": Key(
        Kind.WORD, "a word such as offline", lambda row: (row["state"],), ("online", "offline", "on-way")
    ),
    "seen": Key(Kind.AGE, "a time such as >1h", lambda row: float(row["seen"]) if row["seen"] else None),
    "why": Key(Kind.PART, "a part of the reason", lambda row: (row["why"],)),
}
ROW = {
    "name": "Kiosk-EU-0117",
    "id": "d1",
    "ver": "2.0.0",
    "state": "offline",
    "seen": "2460",
    "why": "silent",
}


def holds(text: str, **row: str) -> bool:
    return parse(text, KEYS).test(KEYS)({**ROW, **row})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "kiosk",
        "KIOSK-eu",
        "0117",
        "d1",
        "eu*117",
        "*",
        "!0118",
        "!!0117",
        "none,0117",
        "!none,other",
        '"kiosk-eu-0117"',
        "ver:2.0.0",
        "ver:2*",
        "ver:*.0",
        "ver:2**0",
        "ver:*0*0",
        "ver:1.0.0,2.0.0",
        "ver:!1*",
        "!ver:1*",
        "!ver:!2*",
        "VER:2*",
        "state:offline",
        "state:OFF*",
        "state:!online",
        "seen:>40m",
        "seen:<42m",
        "seen:>1h,<1h",
        "seen:!>1h",
        "why:lent",
        "why:s*t",
        "state:offline ver:2* kiosk seen:>40m",
        "state:offline,",
    ],
)
def test_what_passes(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "0118",
        "!0117",
        "eu*118",
        "117*eu",
        '"eu*17"',
        "ver:2",
        "ver:*1",
        "ver:2*0*0*0",
        "ver:2.0*.0.0",
        "ver:!2*",
        '"ver:2.0.0"',
        "state:online,on-way",
        "seen:>41m",
        "seen:<41m",
        "seen:?",
        "seen:>1h",
        "why:noisy,loud",
        "why:t*s",
        "kiosk ver:1*",
    ],
)
def test_what_does_not_pass(text: str) -> None:
    assert not holds(text)


def test_an_age_that_nobody_knows() -> None:
    assert holds("seen:?", seen="")
    assert holds("seen:>1h,?", seen="")
    assert not holds("seen:>1h", seen="")
    assert holds("seen:!>1h", seen="")


def test_quotes_hold_spaces_signs_and_themselves() -> None:
    assert holds('"eu kiosk"', name="the EU kiosks")
    assert holds('why:"a, b*:!"', why="a, b*:! and more")
    assert holds(r'why:"say \"no\" \\ \d"', why=r'say "no" \ \d')
    assert holds('state:"on way"', state="on-way")
    assert not holds('why:"a*b"', why="a-b")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nope:x", "nope: is no key of this list; there are ver, state, seen, why"),
        (":x", ": is no key of this list; there are ver, state, seen, why"),
        ("ver:", "ver: wants a text such as a*"),
        ("ver:!,", "ver: wants a text such as a*"),
        ("kiosk !", "! wants a name such as kiosk"),
        ("seen:1h", "seen: wants a time such as >1h"),
        ("seen:>1w", "seen: wants a time such as >1h"),
        ("seen:>1234567s", "seen: wants a time such as >1h"),
        ("state:onlin", 'state: there is no "onlin"; there are online, offline, on-way'),
        ('state:online "no end', "the quote at 14 has no end"),
        ('"', "the quote at 1 has no end"),
        ("a" * (LONGEST + 1), "the filter is longer than 1,000 characters"),
        ("\x1b[2J:x", "\\x1b[2j: is no key of this list; there are ver, state, seen, why"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence_that_names_the_place(text: str, sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text, KEYS)
    assert caught.value.sentence == sentence


def test_a_text_that_was_looked_at_before_is_judged_alike() -> None:
    test = parse("ver:2*", KEYS).test(KEYS)
    assert [test({**ROW, "ver": version}) for version in ("2.0.0", "1.0.0", "2.0.0", "1.0.0")] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "understood", "wrong"),
    [
        ("ver:2* state:onl", "ver:2*", 'state: there is no "onl"; there are online, offline, on-way'),
        ("ver: seen: kiosk", "kiosk", "ver: wants a text such as a*"),
        ('ver:2* "kiosk e', 'ver:2* "kiosk e"', "the quote at 8 has no end"),
        ("ver:2* kiosk", "ver:2* kiosk", ""),
        ("x" * (LONGEST + 1), "x" * LONGEST, ""),
    ],
)
def test_what_is_not_finished_does_not_take_the_rest_away(text: str, understood: str, wrong: str) -> None:
    assert parse_typed(text, KEYS) == (parse(understood, KEYS), wrong)


def test_a_filter_without_terms_lets_everything_pass() -> None:
    assert not parse(" ", KEYS)
    assert parse("a", KEYS)
    assert Filter().test(KEYS)(ROW)


PIECES = st.text(min_size=1, max_size=8).filter(lambda text: not text.isspace())


@st.composite
def patterns(draw: st.DrawFn, letters: st.SearchStrategy[str] = PIECES) -> Pattern:
    middle = draw(st.lists(letters, max_size=2))
    first, last = draw(letters | st.just("")), draw(letters | st.just(""))
    alone = draw(st.booleans())
    return Pattern((first or "x",)) if alone else Pattern((first, *middle, last))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    key = draw(st.sampled_from(list(KEYS)))
    values: st.SearchStrategy[Pattern | Age] = patterns()
    if key == "seen":
        bounds = st.builds(Age, st.booleans(), st.integers(0, 999_999))
        values = bounds | st.just(Pattern(("?",)))
    elif key == "state":
        values = st.sampled_from([Pattern((word,)) for word in KEYS["state"].words] + [Pattern(("on", ""))])
    alternatives = draw(st.lists(values, min_size=1, max_size=3))
    return Term(key, tuple(alternatives), draw(st.booleans()))


@given(st.lists(terms(), max_size=4))
def test_what_is_written_is_read_as_the_same(some: list[Term]) -> None:
    filter_ = Filter(tuple(some))
    assert parse(format_filter(filter_), KEYS) == filter_


@given(st.text(alphabet=st.sampled_from(list('ab:!*,"\\ ><1hverstatunowl?')) | st.characters(), max_size=40))
def test_any_text_is_a_filter_or_a_sentence(text: str) -> None:
    try:
        found = parse(text, KEYS)
    except FilterError as error:
        found, said = Filter(), error.sentence
    else:
        said = "none"
    assert said
    assert said.isprintable()
    assert found.test(KEYS)(ROW) in {True, False}
    assert parse(format_filter(found), KEYS) == found


@given(terms(), st.sampled_from(["", "60", "90000"]), st.sampled_from(["online", "offline", "on-way"]))
def test_negation_lets_pass_exactly_what_was_held_back(term: Term, seen: str, state: str) -> None:
    row = {**ROW, "seen": seen, "state": state}
    other = Term(term.key, term.values, not term.negated)
    assert Filter((term,)).test(KEYS)(row) is not Filter((other,)).test(KEYS)(row)


@given(st.lists(terms(), max_size=3), st.lists(terms(), max_size=3))
def test_terms_narrow(some: list[Term], more: list[Term]) -> None:
    both = Filter(tuple(some + more)).test(KEYS)(ROW)
    assert both is (Filter(tuple(some)).test(KEYS)(ROW) and Filter(tuple(more)).test(KEYS)(ROW))


@given(st.text("ab", max_size=6), patterns(st.text("ab", min_size=1, max_size=3)))
def test_a_pattern_means_what_its_stars_say(text: str, pattern: Pattern) -> None:
    def reach(left: str, pieces: tuple[str, ...]) -> bool:
        """Say it slowly: try every length for each star."""
        head, *rest = pieces
        if not left.startswith(head):
            return False
        left = left[len(head) :]
        if not rest:
            return not left
        return any(reach(left[skip:], tuple(rest)) for skip in range(len(left) + 1))

    assert matches(pattern, text) is reach(text, pattern.pieces)
    assert matches(pattern, text, is_part=True) is reach(text, ("", *pattern.pieces, ""))


def test_the_keys_of_devices_are_the_ones_that_are_promised() -> None:
    promised = {"ver", "wants", "state", "group", "platform", "seen", "name", "why"}
    assert {key for key in device_keys(About()) if key} == promised
    assert {key for key in device_keys(About(is_of_one=False)) if key} == promised | {"model"}
