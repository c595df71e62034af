"""Write the pictures of the screens from the running app: `python -m screenshots.make`.

Every picture is the real app on the embedded control plane with a clock that
stands still, so that the same code writes the same bytes; a test compares.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from screenshots.sheet import LOOKS, Sheet
from screenshots.sheet import SIZE as SHEET_SIZE
from tests.snapshots.scenes import SCENES, Scene

FOLDER = Path(__file__).parent
SIZES = ((80, 24), (160, 48))

_NUMBER = re.compile(r"terminal-\d+")
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""A picture must fetch nothing from elsewhere when somebody looks at it."""


def path_of(scene: Scene, size: tuple[int, int]) -> Path:
    """Return where the picture of a scene in one size is kept."""
    return FOLDER / f"{scene.name}-{size[0]}x{size[1]}.svg"


async def picture(scene: Scene, size: tuple[int, int]) -> str:
    """Return the picture of a scene as SVG; the same code gives the same text."""
    stage = scene.stage()
    async with stage.app.run_test(size=size) as pilot:
        await scene.play(stage, pilot)
        svg = stage.app.export_screenshot(title="octomil-console")
    # Rich names its classes after a checksum of what it drew, long enough to make every line of a diff differ.
    return _NUMBER.sub("terminal", _FONTS.sub("", svg))


def sheet_of(name: str) -> Path:
    """Return where the sheet of a look is kept."""
    return FOLDER / "looks" / f"{name}.svg"


async def sheets() -> dict[str, Sheet]:
    """Return the sheet of every look."""
    found = {name: Sheet() for name in LOOKS}
    for scene in SCENES:
        for name, tile in (await tiles(scene, found)).items():
            found[name].tiles[scene.name] = tile
    return found


async def tiles(scene: Scene, sheets: Mapping[str, Sheet]) -> dict[str, str]:
    """Return what is drawn of a scene in every look, by the look's name; a sheet has the styles."""
    found: dict[str, str] = {}
    stage = scene.stage()
    async with stage.app.run_test(size=SHEET_SIZE) as pilot:
        await scene.play(stage, pilot)
        stage.hold()
        for name in sheets:
            await stage.wear(pilot, LOOKS[name])
            found[name] = sheets[name].tile(stage.app)
    return found


async def write() -> None:
    """Write every picture, and the sheets."""
    (FOLDER / "looks").mkdir(exist_ok=True)
    for name, sheet in (await sheets()).items():
        sheet_of(name).write_text(sheet.svg(name))
        print(sheet_of(name).name)  # noqa: T201
    for scene in SCENES:
        for size in SIZES:
            path_of(scene, size).write_text(await picture(scene, size))
            print(path_of(scene, size).name)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(write())
    sys.exit(0)
