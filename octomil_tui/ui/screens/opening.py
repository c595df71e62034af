"""What is drawn before anything else is loaded: where this is, and that the fleet is being read."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from octomil_tui.ui.intents import intent
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Key, Place, key_line, place_line
from octomil_tui.ui.widgets.lines import LineWidget, Painted


def reading(way: str) -> Line:
    """Return the sentence that stands where nothing was read yet."""
    return line((f"   Reading the fleet from {way} …", Token.MUTED))


class Opening(LineWidget):
    """The rows of the Fleet screen that are known from the start, in the places where they stay."""

    DEFAULT_CSS = "Opening { height: 100%; }"

    def __init__(self, place: PlaceInfo) -> None:
        super().__init__()
        self._place = place

    @property
    def preferred_height(self) -> int:
        return self.app.size.height

    def paint(self, width: int, height: int) -> list[Painted]:
        info, leave = self._place, intent("leave")
        place = Place(mark=info.mark, org=info.org, guarded=info.guarded, read_only=info.read_only)
        keys = key_line((Key(leave.shown, leave.word),), (), width - 2)
        rows = [
            Painted(place_line(place, width, self.look.glyphs.live), Ground.PANEL),
            *[Painted(())] * (width >= WIDE),
            Painted(line(" ", fit(reading(info.way), width - 1))),
        ]
        blanks = [Painted(())] * (height - len(rows) - 1)
        return [*rows, *blanks, Painted(line(" ", keys), Ground.PANEL)]


class OpeningScreen(Screen[None], inherit_bindings=False):
    """Stands for the short time until the Fleet screen is loaded; the only thing to do is to leave."""

    DEFAULT_CSS = "OpeningScreen { layout: vertical; overflow: hidden; background: $background; }"

    def __init__(self, place: PlaceInfo) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        yield Opening(self._place)
