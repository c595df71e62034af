"""The colours of the themes that have some, and the nearest ones of a terminal with 256.

Three meanings only: needs you (orange), fine (blue), not alive (dim); red is
for the place mark and for a rollback that went wider than asked. Blue and
orange differ for every common kind of colour blindness, and no meaning is in
colour alone. `tests/ui_foundation/test_colours.py` holds the contrasts of WCAG
2.2 and the distances that people with one kind of cones less still see.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Final

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.palette import Palette as Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The colours of one theme, each `#rrggbb`."""

    background: str
    panel: str
    selection: str
    text: str
    strong: str
    muted: str
    dim: str
    fine: str
    light: str
    needs: str
    red: str
    on_red: str
    rule: str
    accent: str
    """The background of a chosen button."""
    dark: bool = True


DARK: Final = Colours(
    background="#0e1216",
    panel="#131920",
    selection="#1d3347",
    text="#d5dce4",
    strong="#ffffff",
    muted="#8290a0",
    dim="#56616e",
    fine="#5aa9e6",
    light="#9fd0f5",
    needs="#ffb347",
    red="#d64550",
    on_red="#ffffff",
    rule="#2f3a46",
    accent="#2f5f8f",
)
"""Quiet."""

CONTRAST: Final = Colours(
    background="#000000",
    panel="#10151a",
    selection="#062840",
    text="#ffffff",
    strong="#ffffff",
    muted="#d2d9e0",
    dim="#aeb7c0",
    fine="#6fc1ff",
    light="#bfe3ff",
    needs="#ffd43b",
    red="#ff9494",
    on_red="#000000",
    rule="#7d8790",
    accent="#00477f",
)
"""Every text, the dimmest too, at 7:1 on whatever it stands on."""

LIGHT: Final = Colours(
    background="#fbfbf9",
    panel="#eceff2",
    selection="#cfe2f3",
    text="#212b35",
    strong="#000000",
    muted="#4d5a67",
    dim="#6b7884",
    fine="#0a5aa8",
    light="#165f98",
    needs="#8a5200",
    red="#c4004f",
    on_red="#ffffff",
    rule="#b9c2ca",
    accent="#a9cdee",
    dark=False,
)
"""For a bright room, or a terminal that is light anyway."""


@lru_cache(maxsize=1)
def _fixed() -> tuple[Fixed, tuple[ColorTriplet, ...]]:
    """Return what a terminal with 256 colours can be made to show, and what has to be asked for each of it.

    The first 16 are left out, which are the user's own. Of some greys rich
    writes the neighbour; what counts is what is written.
    """
    asked = tuple(Color.from_ansi(number).get_truecolor() for number in range(16, 256))
    written = [written_as(one.hex) for one in asked]
    return Fixed([(one.red, one.green, one.blue) for one in written]), asked


def written_as(colour: str) -> ColorTriplet:
    """Return what a terminal with 256 colours shows where `#rrggbb` is asked for."""
    return Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()


@lru_cache(maxsize=256)
def nearest(colour: str) -> str:
    """Return what to ask for, as `#rrggbb`, so that a terminal with 256 colours shows what is most like a colour."""
    palette, asked = _fixed()
    return asked[palette.match(Color.parse(colour).get_truecolor())].hex


def fitted(colours: Colours, system: ColorSystem) -> Colours:
    """Return the colours as a terminal has them: with 256 of them the nearest ones, with more the same.

    Rounded here and not where they are written, since rounding each channel by
    itself turns grey rules teal and gives different grounds one colour.
    """
    if system is not ColorSystem.EIGHT_BIT:
        return colours
    named = [field.name for field in fields(colours) if field.name != "dark"]
    near = {name: nearest(getattr(colours, name)) for name in named}
    return replace(colours, **near)  # type: ignore[arg-type] # every field but `dark` is a text
