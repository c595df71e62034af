"""Lists: `/` narrows them, space marks rows, c, y and e take them along; nothing of it asks the service."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY, Hands
from tests.ui.places import go
from tests.ui.sims import Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


def names(hands: Hands) -> list[str]:
    """Return the first words of the rows of the list in front."""
    table = next(iter(hands.app.screen.query(Table)))
    return [
        (table.text_of(place) or ["", ""])[table.columns[0].width == 1].strip()
        for place in range(len(table.rows))
    ]


async def kiosks(hands: Hands) -> None:
    """Come to the devices of eu-kiosks."""
    await go(hands, "FleetScreen")
    await hands.press("tab", "g", "j", "j", "enter")
    await hands.on("GroupScreen")
    await hands.see("kiosk-eu-0117")


def copied(hands: Hands) -> str:
    return hands.app.clipboard


async def test_a_filter_narrows_as_it_is_typed_is_kept_by_enter_and_cleared_by_esc(
    on: On, night: Sim
) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        await hands.press("slash")
        await hands.see("a name, or ver:v2* state:!online", "enter keep the filter   esc clear it")
        await hands.type("ver:v2.0.0 state:!online")
        await hands.see("─ 6 of 40 ─", " / ver:v2.0.0 state:!online")
        assert names(hands)[0] == "kiosk-eu-0117"
        assert len(names(hands)) == 6
        await hands.press("enter")
        await hands.see("R roll back THIS GROUP", " / ver:v2.0.0 state:!online")
        await hands.press("j")
        assert hands.cursor.split()[0] == names(hands)[1]
        await hands.press("escape")
        await hands.gone("ver:v2.0.0 state:!online")
        assert len(names(hands)) == 40
        await hands.press("escape")
        await hands.on("FleetScreen")
        assert night.methods == {"GET"}


async def test_what_is_wrong_is_said_on_the_line_and_the_rest_holds(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        await hands.press("slash")
        await hands.type("ver:v2* seen:1h")
        await hands.see("/ ver:v2* seen:1h", "seen: wants a time such as >1h", "of 40 ─")
        assert len(names(hands)) == 32
        await hands.press("backspace", "backspace")
        await hands.type(">30m")
        await hands.gone("wants a time")
        await hands.press("enter", "slash")
        await hands.type(" zzz")
        await hands.see("no device passes the filter", "0 of 40")
        await hands.press("escape")
        assert len(names(hands)) == 40


@pytest.mark.parametrize(
    ("screen", "text", "left"),
    [
        ("ModelsScreen", "state:paused", ["sentiment-v1"]),
        ("ModelsScreen", "ver:v1.4*,v3*", ["gemma3-1b", "whisper-sm"]),
        ("RolloutsScreen", "state:in-progress", ["4127"]),
        ("GroupsScreen", "state:revoked", ["us-kiosks"]),
        ("GroupsScreen", "kiosk", ["eu-kiosks", "us-kiosks"]),
    ],
)
async def test_every_list_can_be_narrowed(
    on: On, night: Sim, screen: str, text: str, left: list[str]
) -> None:
    async with on(night) as hands:
        await go(hands, screen)
        await hands.press("slash")
        await hands.type(text)
        await hands.see(f"─ {len(left)} of ")
        assert names(hands) == left
        await hands.press("escape", "slash")
        await hands.type("nope:1")
        await hands.see("nope: is no key of this list; there are")
        await hands.press("escape")
        await hands.gone("nope")


async def test_the_stage_of_a_watched_rollback_is_a_state(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.later(240)
        await hands.press("L")
        await hands.on("StragglersScreen")
        await hands.see("kiosk-eu-0117")
        every = len(names(hands))
        await hands.press("slash")
        await hands.type("why:silent")
        await hands.see(f" 4 of {every} ")
        await hands.press("enter", "y")
        assert "silent" in copied(hands)
        await kiosks(hands)
        await hands.see("not yet")
        await hands.press("slash")
        await hands.type("state:verified,settled")
        await hands.until(lambda: 0 < len(names(hands)) < 40, "verified devices")


async def test_the_group_in_full_beside_its_devices(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        await kiosks(hands)
        await hands.see("GROUP eu-kiosks", "VERSION HISTORY", "rollout 4127 to v2.0.0 of the whole fleet")
        await hands.see("4 offline devices went", "8 GB", "40 devices, the worst first")
        assert "EXPECT" not in hands.picture
        await go(hands, "FleetScreen")
        await roll_back(hands)
        await hands.later(240)
        await kiosks(hands)
        await hands.see("EXPECT", "device says so", "was there", "not part of this", " not yet")
        await hands.see("rollback 4131 to v1.0.0", "silent since v2.0.0")


async def test_marks_stay_with_their_rows_and_esc_takes_them_first(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        marked = [names(hands)[place] for place in (0, 2)]
        await hands.press("space", "j", "j", "space")
        await hands.see("2 marked", "▌* kiosk", " * kiosk")
        await hands.press("s", "S", "slash")
        await hands.type("0125")
        await hands.press("enter")
        await hands.see("2 marked, 1 of 40")
        await hands.press("c")
        await hands.until(lambda: hands.said[-1:] == ["sent to your terminal: 2 device names"], "toast")
        assert copied(hands).split("\n") == marked
        await hands.press("escape")
        await hands.gone("marked")
        await hands.see("1 of 40")
        await hands.press("escape")
        await hands.gone("of 40")
        assert hands.screen == "GroupScreen"


async def test_n_goes_from_mark_to_mark(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        table = hands.app.screen.query_one("#devices", Table)
        assert "n" not in hands.shown_keys
        await hands.press("n", "j", "space", "G", "space", "g")
        places = []
        for key in ("n", "n", "n", "N"):
            await hands.press(key)
            places.append(table.cursor_index)
        assert places == [1, 39, 1, 39]
        assert "n" in hands.shown_keys


async def test_a_row_is_copied_with_tabs_and_without_marks_it_is_the_one_under_the_cursor(
    on: On, night: Sim
) -> None:
    async with on(night, place=READ_ONLY) as hands:
        await kiosks(hands)
        await hands.press("c")
        assert copied(hands) == "kiosk-eu-0117"
        await hands.press("y")
        assert copied(hands).split("\t")[:5] == [
            "kiosk-eu-0117",
            "linux arm64",
            "v2.0.0",
            "OFFLINE",
            "silent since v2.0.0",
        ]
        await go(hands, "ModelsScreen")
        await hands.press("c")
        assert copied(hands) == "phi-4-mini"
        await go(hands, "RolloutsScreen")
        await hands.press("c")
        assert copied(hands) == "4127"
        assert night.methods == {"GET"}


async def test_a_csv_has_what_the_filter_lets_through_or_what_is_marked(on: On, night: Sim) -> None:
    async with on(night, place=READ_ONLY, size=(160, 48)) as hands:
        await kiosks(hands)
        await hands.press("slash")
        await hands.type("state:offline")
        await hands.press("enter", "e")
        await hands.until(lambda: bool(hands.said), "toast")
        (path,) = Path.cwd().glob("*.csv")
        assert path.name == "octomil-phi-4-mini-eu-kiosks-20260617T031241Z.csv"
        assert hands.said == [f"4 devices written to {path}"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with path.open(newline="") as file:
            lines = list(csv.DictReader(file))
        assert [one["device"] for one in lines] == names(hands)
        assert {one["reason"] for one in lines} == {"silent since v2.0.0"}
        assert {(one["model"], one["version"], one["state"]) for one in lines} == {
            ("phi-4-mini", "2.0.0", "offline")
        }
        await hands.press("space", "e")
        await hands.until(lambda: len(hands.said) == 2, "toast")
        second = Path.cwd() / "octomil-phi-4-mini-eu-kiosks-20260617T031241Z-2.csv"
        assert hands.said[1] == f"1 device written to {second}"
        await go(hands, "GroupsScreen")
        await hands.press("e")
        await hands.until(lambda: len(hands.said) == 3, "toast")
        (groups,) = Path.cwd().glob("octomil-groups-*.csv")
        assert groups.read_text().splitlines()[1].startswith("canary,6,6,")
        assert night.methods == {"GET"}


async def test_where_nothing_can_be_written_it_says_so(on: On, night: Sim, tmp_path: Path) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        gone = tmp_path / "gone"
        gone.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(gone)
            gone.rmdir()
            await hands.press("e")
            await hands.until(lambda: bool(hands.said), "toast")
        (said,) = hands.said
        assert said.startswith(
            "nothing was written: No such file or directory; start the console in a directory"
        )


async def test_a_hostile_name_is_copied_and_filtered_as_it_is_shown(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await kiosks(hands)
        await hands.press("slash")
        await hands.paste("\x1b[2J\u202e state:offline")
        await hands.settle()
        assert not {"\x1b", "\u202e"} & set(hands.picture)
