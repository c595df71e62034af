"""The pictures in `screenshots/` show the screens as they are."""

from __future__ import annotations

import pytest

from screenshots.make import FOLDER, SIZES, path_of, picture
from tests.snapshots.scenes import SCENES, Scene


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_picture_is_what_the_screen_shows(scene: Scene, size: tuple[int, int]) -> None:
    kept = path_of(scene, size)

    assert kept.exists(), f"{kept.name} is missing: make screenshots"
    assert kept.read_text() == await picture(scene, size), (
        f"{kept.name} is stale: look at the screen, make screenshots"
    )


def test_no_picture_is_left_of_a_scene_that_is_gone() -> None:
    wanted = {path_of(scene, size) for scene in SCENES for size in SIZES}

    assert set(FOLDER.glob("*.svg")) == wanted
