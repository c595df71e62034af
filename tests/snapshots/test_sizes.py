"""The main screens in the sizes on both sides of every breakpoint, as accepted pictures (`make snapshots`)."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.snapshots.scenes import SCENES, Scene

SIZES = ((60, 20), (119, 40), (120, 40))
MAIN = [scene for scene in SCENES if scene.name in ("fleet", "preview", "watch", "done")]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", MAIN, ids=lambda scene: scene.name)
def test_a_screen_in_one_size(scene: Scene, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    stage = scene.stage()

    assert snap_compare(stage.app, terminal_size=size, run_before=lambda pilot: scene.play(stage, pilot))


def test_the_pictures_are_accepted_on_one_version_of_python(pytestconfig: pytest.Config) -> None:
    updates = bool(pytestconfig.getoption("snapshot_update", default=False))

    assert not updates or sys.version_info[:2] == (3, 11)
