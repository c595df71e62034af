"""The last thing that happens to what is drawn, also to what Textual draws by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_CUT: Final = re.compile("\u2026 |(.?)\u2026")

_LIKE: Final = str.maketrans(
    {
        **dict.fromkeys("─━┄┅┈┉╌╍═▔", "-"),
        **dict.fromkeys("│┃┆┇┊┋║▏▎▍▕▐", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝", "+"),
        **dict.fromkeys("▁▂▃", "_"),
        **dict.fromkeys("▄▅▆▇█▉▊▋▛▜▙▟", "#"),
        **dict.fromkeys("▀", '"'),
        **dict.fromkeys("░", ":"),
        **dict.fromkeys("▒▓", "="),
        **dict.fromkeys("▌▸▶→❯", ">"),  # noqa: RUF001 - as it looks, not what it is
        **dict.fromkeys("◂◀←", "<"),
        **dict.fromkeys("▾▼↓", "v"),
        **dict.fromkeys("▴▲↑", "^"),
        **dict.fromkeys("●•■", "*"),
        **dict.fromkeys("·", "."),
        **dict.fromkeys("×", "x"),  # noqa: RUF001 - a multiplication sign is meant
        **dict.fromkeys("–—‐‑−", "-"),  # noqa: RUF001 - dashes are meant
        **dict.fromkeys("‘’", "'"),  # noqa: RUF001 - quotation marks are meant
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("☑✓✔", "x"),
        **dict.fromkeys("☐", "o"),
        **dict.fromkeys("⏎↵", "<"),
        "\u00a0": " ",
    }
)
"""What products draw beside letters, each with one of ASCII that takes as many cells."""


@lru_cache(maxsize=4096)
def in_ascii(text: str) -> str:
    """Return the text with ASCII in place of what is drawn beside letters; it takes as many cells as before.

    An ellipsis takes the blank after it as well, or else the cell before it, since one dot is no ellipsis.
    Letters stay what they are: they are names, and somebody else's.
    """
    if text.isascii():
        return text
    return _CUT.sub(
        lambda found: ".." if found[1] is None else "." * (cell_len(found[1]) + 1), text
    ).translate(_LIKE)


class OwnColours(LineFilter):
    """Leaves only the terminal's own colours: Textual mixes others for its shades and borders, whatever the theme."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with the terminal's own text and background in place of mixed colours."""
        del background
        return [
            Segment(text, _own(style) if style is not None else None, control)
            for text, style, control in segments
        ]


@lru_cache(maxsize=1024)
def _own(style: Style) -> Style:
    ink, paper = (
        RichColor.default() if colour is not None and colour.type is ColorType.TRUECOLOR else None
        for colour in (style.color, style.bgcolor)
    )
    return style + Style.from_color(ink, paper) if ink or paper else style


class AsciiOnly(LineFilter):
    """Draws boxes, bars, arrows and ellipses in ASCII, whoever made them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with ASCII in place of what is drawn beside letters."""
        del background
        texts = [one.text for one in segments]
        for place, text in enumerate(texts[:-1]):
            if text.endswith("\u2026") and texts[place + 1].startswith(" "):
                # What follows is drawn in another way, and its first cell is free all the same.
                texts[place], texts[place + 1] = f"{text[:-1]}.", f".{texts[place + 1][1:]}"
        return [
            one if one.text == text and text.isascii() else Segment(in_ascii(text), one.style, one.control)
            for one, text in zip(segments, texts, strict=True)
        ]
