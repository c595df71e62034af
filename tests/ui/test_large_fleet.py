"""What lists say of a fleet that is too large to be read whole."""

from __future__ import annotations

from octomil_tui.domain.fleet import Connectivity, Model
from octomil_tui.domain.overview import GroupFacts, ModelFacts
from octomil_tui.ui.present.fleet import model_columns, model_row
from octomil_tui.ui.present.fleet_groups import group_columns, group_row
from octomil_tui.ui.present.group import group_sentence
from octomil_tui.ui.spans import plain
from octomil_tui.ui.theme import UNICODE
from tests.domain.fleets import device

ONLINE = {Connectivity.ONLINE: 7_000}
FEW = GroupFacts("g-1", "canary", 200, {Connectivity.ONLINE: 193}, {"1.0.0": 200}, 0)
PART = GroupFacts("g-2", "eu-kiosks", 20_000, ONLINE, {"1.0.0": 7_000}, 0, uncounted=13_000)
NONE = GroupFacts("g-3", "us-kiosks", 32_000, {}, {}, 0, uncounted=32_000)


def words(facts: GroupFacts) -> list[str]:
    return [plain(cell) for cell in group_row(facts, None, UNICODE, wide=False).cells]


def test_a_group_that_was_not_read_whole_shows_what_the_service_counts_and_no_zeros() -> None:
    assert words(FEW)[1:6] == ["200", "193", "0", "0", "0"]
    assert words(PART) == ["eu-kiosks", "20,000", "-", "-", "-", "-", "", "7,000 counted"]
    assert words(NONE) == ["us-kiosks", "32,000", "-", "-", "-", "-", "", "not counted"]


def test_columns_are_as_wide_as_their_numbers() -> None:
    small, large = group_columns("m", [FEW], wide=False), group_columns("m", [FEW, NONE], wide=False)
    assert [column.width for column in small[1:3]] == [5, 4]
    assert [column.width for column in large[1:3]] == [6, 6]
    facts = ModelFacts(
        Model("m", "phi"),
        "1.0.0",
        None,
        "1.0.0",
        on=38_988,
        of=100_000,
        by_version={},
        silent=0,
        changed_at=None,
    )
    row = model_row(facts, None, UNICODE, wide=False)
    assert plain(row.cells[4]) == "38988/100k"
    assert model_columns([facts], wide=False)[4].width == len("38988/100k")


def test_a_group_of_which_some_were_read_says_how_many() -> None:
    devices = [device("a", "1.0.0"), device("b", "2.0.0")]
    assert (
        plain(group_sentence(devices, None, None, UNICODE, size=20_000))
        == "   2 of 20,000 devices: 2 online."
    )
    for size in (None, 2):
        assert plain(group_sentence(devices, None, None, UNICODE, size=size)) == "   2 devices: 2 online."
