from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.ui.spans import Token, line, plain, width
from octomil_tui.ui.widgets.edges import (
    Freshness,
    Key,
    KeyBar,
    Place,
    PlaceLine,
    Sentence,
    key_line,
    place_line,
)
from tests.ui_foundation.conftest import Shown, picture, styles

NIGHT = Place(mark="PROD", org="acme-edge", freshness=Freshness.LIVE, age="2s", clock="03:12:41Z")


def drawn(place: Place, cells: int = 80) -> str:
    return plain(place_line(place, cells, "●"))


def test_the_place_and_whether_it_is_live() -> None:
    assert drawn(NIGHT) == " PROD  acme-edge                                          ● LIVE 2s   03:12:41Z "


def test_an_old_picture_says_so_at_both_ends() -> None:
    old = replace(NIGHT, freshness=Freshness.STALE, age="4m07s")
    assert drawn(old).startswith("?PROD? acme-edge ")
    assert drawn(old).endswith(" STALE 4m07s   03:12:41Z ")
    assert any(text == "STALE 4m07s" and token is Token.NEEDS for text, token in place_line(old, 80, "●"))


def test_a_frozen_picture_is_never_live() -> None:
    frozen = drawn(replace(NIGHT, freshness=Freshness.FROZEN))
    assert frozen.startswith("?PROD?")
    assert frozen.endswith("  FROZEN   03:12:41Z ")


def test_crumbs_and_read_only() -> None:
    place = replace(NIGHT, crumbs="ROLLING BACK phi-4-mini", read_only=True)
    assert drawn(place).startswith(" PROD  acme-edge  READ-ONLY  ROLLING BACK phi-4-mini  ")


def test_red_is_for_places_where_a_mistake_costs() -> None:
    assert place_line(NIGHT, 80, "●")[0] == (" PROD ", Token.PLACE)
    assert place_line(replace(NIGHT, mark="STAG", guarded=False), 80, "●")[0] == (" STAG ", Token.PLACE_QUIET)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (60, " PROD  acme-edge  Groups > eu-kiosk…  ● LIVE 2s   03:12:41Z "),
        (48, " PROD  acme-edge        ● LIVE 2s   03:12:41Z "),
        (36, " PROD  acme-edge         ● LIVE 2s "),
        (24, " PROD  acme…  ● LIVE 2s "),
    ],
)
def test_what_goes_first_where_it_is_narrow(cells: int, words: str) -> None:
    got = drawn(replace(NIGHT, crumbs="Groups > eu-kiosks > kiosk-eu-0117"), cells)
    assert len(got) == cells
    assert got.split() == words.split()


@given(
    st.builds(Place, mark=st.text(max_size=6), org=st.text(), crumbs=st.text(), clock=st.text()),
    st.integers(0, 90),
)
def test_the_first_line_is_always_exactly_as_wide_as_the_screen(place: Place, cells: int) -> None:
    assert width(place_line(place, cells, "●")) == cells


KEYS = [Key("1", "Fleet"), Key("R", "roll back", enabled=False), Key("/", "filter"), Key("?", "help")]


def test_keys_that_do_not_work_are_not_shown() -> None:
    assert plain(key_line(KEYS, (), 78)) == "1 Fleet   / filter   ? help"
    assert key_line(KEYS, (), 78)[0] == ("1", Token.KEY)


def test_help_stays_when_others_do_not_fit() -> None:
    assert plain(key_line(KEYS, (), 26)) == "1 Fleet   ? help"
    assert plain(key_line(KEYS, (), 8)) == "? help"
    assert plain(key_line(KEYS, line("updated 3s ago"), 60)) == "updated 3s ago   1 Fleet   / filter   ? help"
    assert key_line([], (), 60) == ()


@pytest.mark.anyio
async def test_the_edges_on_a_screen(show: Shown) -> None:
    place, sentence, keys = PlaceLine(), Sentence([line("one")]), KeyBar(KEYS)
    async with show(place, sentence, keys) as pilot:
        place.set_place(NIGHT)
        sentence.set_lines([line(("!! " + "x" * 80, Token.NEEDS)), line("two")])
        await pilot.pause()
        assert (place.region.y, sentence.region.y, sentence.size.height, keys.region.y) == (0, 1, 2, 11)
        assert picture(place)[0].startswith(" PROD  acme-edge")
        assert picture(sentence) == [" !! " + "x" * 55 + "…", " two"]
        assert picture(keys) == [" 1 Fleet   / filter   ? help"]
        assert styles(keys, 0)[-1][2] == styles(place, 0)[-1][2] == "#131920"
        keys.set_keys([Key("q", "back")])
        assert picture(keys) == [" q back"]
