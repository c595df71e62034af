"""Every screen in every look: the four questions of the first second are answered without colour and in ASCII.

Where am I? Is this true now? Better or worse? What do I press? And: the sheets
in `screenshots/looks/` show the screens as they are.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from octomil_tui.ui.app import ConsoleApp
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.theme import Look
from octomil_tui.ui.widgets.edges import Bigger
from screenshots.make import sheet_of
from screenshots.sheet import ASCII, LOOKS, SIZE, Sheet
from tests.snapshots.scenes import SCENES, Scene
from tests.snapshots.stage import Stage
from tests.ui.pictures import pictures

SIZES = (
    (60, 12),
    (60, 20),
    (79, 23),
    (80, 24),
    (100, 30),
    (120, 40),
    (160, 48),
    (200, 60),
    (400, 100),
    (59, 24),
    (40, 12),
    (39, 24),
    (80, 11),
)
PLACE = re.compile(r"^(.)(PROD|DEMO)(.) acme-edge\b")
FRESH = re.compile(r"((?:\*|●) LIVE \d+s|STALE \d+m\d\ds|OFFLINE \S+) +(?:\d\d:\d\d:\d\dZ)$")
KEYS = {"fleet": "1 Fleet", "preview": "enter next", "confirm": "enter Cancel", "watch": "L stragglers"}
"""The key that a person wants first, where that is not obvious."""
GOOD = re.compile(r"\d|Keys of|The devices|Reading|Nothing|DONE|NOTHING|GROUP")
"""What a sentence without a mark is about: numbers, or an end."""
MARK = re.compile(r"^ (!!|~~|\?\?|  ) ")
WALL = re.compile(r"^   (?:!! )?(?:ROLLING|LAST KNOWN, NOT LIVE|NOTHING IS ROLLING|LIMIT CROSSED|PAUSED)")
"""The verb of the dashboard, which stands where others have their sentence."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_screen_in_every_look_and_size(scene: Scene) -> None:
    sheets = {name: Sheet.read(sheet_of(name).read_text()) for name in LOOKS}
    stage = scene.stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await scene.play(stage, pilot)
        stage.hold()
        for name, look in LOOKS.items():
            await stage.wear(pilot, look)
            if not look.palette.has_colours:
                answers_the_four_questions(scene, stage, look)
            if name == ASCII:
                is_ascii(stage)
            stale = "the sheet is stale: look at the screen, make screenshots"
            assert sheets[name].tile(stage.app) == sheets[name].tiles[scene.name], f"{name}: {stale}"
        await fits_every_size(stage, pilot)


def answers_the_four_questions(scene: Scene, stage: Stage, look: Look) -> None:
    # Below a dialog stands what it is about.
    screen = next(one for one in reversed(stage.app.screen_stack) if not isinstance(one, ModalScreen))
    rows = pictures(screen)
    place = PLACE.search(rows[0])
    fresh = FRESH.search(rows[0])
    assert place is not None, rows[0]
    assert fresh is not None, rows[0]
    is_live = "LIVE" in fresh[1]
    # The mark of the place is reversed, and says itself whether it can be believed.
    assert (place[1], place[3]) == ((" ", " ") if is_live else ("?", "?"))
    mark = next(iter(screen._compositor.render_strips(screen.size)))._segments[0]
    assert mark.style is not None
    assert mark.style.reverse
    if isinstance(screen, BaseScreen):
        assert MARK.search(rows[1]), rows[1]
        assert rows[1][1:3].strip() or GOOD.search(rows[1]), rows[1]
    else:
        assert any(WALL.search(row) for row in rows[1:4]), rows[1:4]
    bound = {key for key, _, enabled in shown_keys(screen) if enabled}
    pressed = rows[-1].split()
    assert bound.intersection(pressed) or any(key in rows[-1] for key in bound), rows[-1]
    assert KEYS.get(scene.name, "") in rows[-1]
    assert look.is_ascii or "●" in rows[0] or not is_live


def shown_keys(screen: Screen[Any]) -> list[tuple[str, str, bool]]:
    """Return the keys that a screen says, each of which has to do something there."""
    if not isinstance(screen, BaseScreen):
        return [("q", "quit", True)]
    return [(one.key, one.word, one.enabled) for one in screen.keys(screen.view())]


def is_ascii(stage: Stage) -> None:
    """The names of the service are ASCII in these scenes, so everything has to be."""
    odd = {letter for row in pictures(stage.app.screen) for letter in row if not " " <= letter <= "~"}
    assert not odd, odd


async def fits_every_size(stage: Stage, pilot: Pilot[int]) -> None:
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        screen = stage.app.screen
        rows = pictures(screen)
        assert len(rows) == height
        if isinstance(screen, ModalScreen):
            # What a dialog stands over is drawn with the next news, not with the new size.
            continue
        # Line 1 is the last to disappear.
        assert re.match(r"[ ?]PROD[ ?] ", rows[0]), (width, height)
        if not isinstance(screen, BaseScreen):
            continue
        is_small = screen.has_class("-small")
        assert is_small is (width < screen.LEAST.width or height < screen.LEAST.height)
        assert screen.query_one(Bigger).display is is_small
        assert any(row.strip() for row in rows[1:3])
        assert rows[-1].strip()
        for widget in screen.query("Table, Pane"):
            shown = widget.display and widget.visible and widget.region.height
            assert not shown or widget.region.right <= width, (widget, width)
        if not is_small and isinstance(screen.focused, Input):
            is_in_sight(screen, height)


def is_in_sight(screen: BaseScreen, height: int) -> None:
    """Whatever has the focus is on the screen, between the sentence and the keys, and a form's button with it."""
    focused = screen.focused
    assert focused is not None
    regions = [focused.region] + [
        one.region for one in screen.query("Decision") if one.display and one.region
    ]
    for region in regions:
        assert 2 <= region.y < height, (focused, region)
        found, _ = screen.get_widget_at(region.x, region.y)
        assert found is not None


@pytest.mark.anyio
async def test_the_form_can_be_filled_in_and_seen_at_the_smallest_size() -> None:
    confirm = next(scene for scene in SCENES if scene.name == "confirm")
    stage = confirm.stage()
    async with stage.app.run_test(size=(60, 12)) as pilot:
        await confirm.play(stage, pilot)
        seen = set()
        for _ in range(6):
            await stage.press(pilot, "tab")
            screen = stage.app.screen
            focused = screen.focused
            assert focused is not None
            top, _ = screen.get_widget_at(focused.region.x, focused.region.y)
            assert top is focused or focused in top.ancestors, focused
            seen.add(focused.id)
            assert any("Cancel  esc" in row for row in pictures(screen))
        assert {"reason", "category", "word", "stay", "ring"} <= seen


@pytest.mark.anyio
async def test_under_sixty_columns_the_wizard_gives_the_command_and_hears_nothing() -> None:
    confirm = next(scene for scene in SCENES if scene.name == "confirm")
    stage = confirm.stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await confirm.play(stage, pilot)
        await pilot.resize_terminal(59, 24)
        await pilot.pause()
        text = "\n".join(pictures(stage.app.screen))
        assert "octomil-console rollback phi-4-mini \\" in text
        assert "--to-version 1.0.0 --yes phi-4-mini --watch" in text
        assert stage.app.screen.focused is None
        assert "make me bigger" in text


def test_there_is_a_sheet_for_every_look_with_every_scene() -> None:
    folder = sheet_of(ASCII).parent
    assert {path.stem for path in folder.glob("*")} == set(LOOKS)
    assert sum(path.stat().st_size for path in folder.glob("*")) < 1_500_000
    for name in LOOKS:
        assert list(Sheet.read(sheet_of(name).read_text()).tiles) == [scene.name for scene in SCENES]


def test_an_app_knows_the_look_it_was_given() -> None:
    stage = Stage()
    assert isinstance(stage.app, ConsoleApp)
    assert stage.app.look.theme == "default"
