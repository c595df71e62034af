"""How cells are drawn, and what it takes to go from one way to another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

_OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "21": "24"} | {
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "51": "54",
    "52": "54",
    "53": "55",
}
"""What ends each attribute; one that is not here ends with everything else."""

_UNSEEN: Final = frozenset({"1", "2", "3"})
"""Attributes that nobody sees on a blank: bold, dim, italic."""


class Pen:
    """How a cell is drawn. There is one object for each way, so that identity is equality."""

    __slots__ = ("attributes", "blank", "colour", "ground", "is_bare", "link")

    def __init__(self, codes: str, link: str) -> None:
        self.colour = self.ground = ""
        self.link = link
        """What begins the link, as the terminal is told; empty for none."""
        attributes: list[str] = []
        rest = iter(codes.split(";") if codes else ())
        for code in rest:
            if code in ("38", "48"):
                kind = next(rest)
                whole = ";".join((code, kind, *(next(rest) for _ in range(3 if kind == "2" else 1))))
                self.colour, self.ground = (whole, self.ground) if code == "38" else (self.colour, whole)
            elif code in _COLOURS:
                self.colour = code
            elif code in _GROUNDS:
                self.ground = code
            elif code not in ("39", "49"):
                attributes.append(code)
        self.attributes: Final = frozenset(attributes)
        self.is_bare: Final = not link and _UNSEEN.issuperset(attributes)
        """Whether a blank that is drawn so shows its ground and nothing else."""
        is_blank = not (attributes or self.colour)
        self.blank: Pen = self if is_blank or not self.is_bare else _pen(self.ground)
        """How a blank is drawn that looks the same."""

    @property
    def codes(self) -> list[str]:
        """The parameters that draw so from nothing."""
        return [*sorted(self.attributes), *filter(None, (self.colour, self.ground))]


_COLOURS: Final = frozenset(map(str, (*range(30, 38), *range(90, 98))))
_GROUNDS: Final = frozenset(map(str, (*range(40, 48), *range(100, 108))))
_pens: dict[tuple[str, str], Pen] = {}


def _pen(codes: str, link: str = "") -> Pen:
    found = _pens.get((codes, link))
    if found is None:
        found = _pens[codes, link] = Pen(codes, link)
    return found


PLAIN: Final = _pen("")


@lru_cache(maxsize=4096)
def pen_of(style: Style, colours: ColorSystem) -> Pen:
    """Return how a terminal with these colours draws a style."""
    link = f"\x1b]8;id={style.link_id};{style.link}\x1b\\" if style.link else ""
    return _pen(Strip.render_ansi(style, colours), link)


@lru_cache(maxsize=4096)
def on_ground(pen: Pen, ground: str) -> Pen:
    """Return the same pen on another ground."""
    return _pen(";".join(filter(None, (*sorted(pen.attributes), pen.colour, ground))))


@lru_cache(maxsize=4096)
def turn(before: Pen, after: Pen) -> str:
    """Return the shortest sequence that takes a terminal from one pen to another."""
    link = (after.link or "\x1b]8;;\x1b\\") if before.link != after.link else ""
    if not after.codes:
        return link + ("\x1b[m" if before.codes else "")
    codes = ";".join(("0", *after.codes))
    ends = {_OFF.get(one) for one in before.attributes - after.attributes}
    # Bold and dim end together, and what has no end of its own ends with everything.
    if None not in ends and ends.isdisjoint(map(_OFF.get, after.attributes)):
        steps = [*ends, *(after.attributes - before.attributes)]
        if before.colour != after.colour:
            steps.append(after.colour or "39")
        if before.ground != after.ground:
            steps.append(after.ground or "49")
        codes = min(codes, ";".join(filter(None, steps)), key=len)
    return link + (f"\x1b[{codes}m" if codes else "")
