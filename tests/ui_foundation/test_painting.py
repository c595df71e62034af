"""What is given again is not painted again; what the screen shows otherwise is."""

from __future__ import annotations

import threading

import pytest

from octomil_tui.ui.listening import WakingEvent
from octomil_tui.ui.spans import Line, line
from octomil_tui.ui.widgets.edges import Key, KeyBar, Place, PlaceLine, Sentence
from octomil_tui.ui.widgets.lines import OLD, LineWidget, Painted
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.rows import Row
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import Shown, picture

pytestmark = pytest.mark.anyio
LINES: list[Line] = [line("one"), line("two")]


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[LineWidget]:
    """Every widget that was painted, each time."""
    found: list[LineWidget] = []
    rows = LineWidget._rows

    def counted(self: LineWidget) -> list[Painted]:
        found.append(self)
        return rows(self)

    monkeypatch.setattr(LineWidget, "_rows", counted)
    return found


async def test_what_is_given_again_is_not_painted_again(show: Shown, painted: list[LineWidget]) -> None:
    place, said, keys, pane, table = PlaceLine(), Sentence(), KeyBar(), Pane("A"), Table("B")

    def give(word: str) -> None:
        place.set_place(Place(mark="PROD", org=word))
        said.set_lines([line(word)])
        keys.set_keys([Key("x", word)])
        pane.set_title(word)
        pane.set_lines([line(word)])
        table.set_title(word)
        table.set_empty(line(word))
        table.set_rows([Row(word, [line(word)])])

    async with show(place, said, pane, table, keys, size=(60, 20)) as pilot:
        give("first")
        await pilot.pause()
        painted.clear()
        give("first")
        await pilot.pause()
        assert painted == []
        give("other")
        await pilot.pause()
        assert set(painted) == {place, said, keys, pane, table}
        assert any("other" in row for row in picture(pane))


async def test_what_is_given_again_to_a_screen_that_is_old_now_is_painted_old(
    show: Shown, painted: list[LineWidget]
) -> None:
    pane = Pane("A")
    async with show(pane) as pilot:
        pane.set_lines(LINES)
        await pilot.pause()
        before = [pane.render_line(1)]
        painted.clear()
        pilot.app.screen.add_class(OLD)
        pane.set_lines(LINES)
        await pilot.pause()
        assert painted == [pane]
        assert [pane.render_line(1)] != before


def test_an_event_wakes_who_waits_for_a_file() -> None:
    event, woken = WakingEvent(), threading.Event()

    def wait() -> None:
        import select  # noqa: PLC0415 - only this thread needs it

        select.select([event], [], [])
        woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not woken.wait(0.05)
    event.set()
    event.set()
    assert woken.wait(30)
    thread.join()
    event.clear()
    event.clear()
    assert not event.is_set()
