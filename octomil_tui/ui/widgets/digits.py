"""Digits that are read across a room: five pixels high, each pixel several cells wide."""

from __future__ import annotations

from typing import NamedTuple

from octomil_tui.ui.spans import Line, Span, Token

_PIXELS = 3
_HEIGHT = 5
_FONT = {
    "0": ("###", "#.#", "#.#", "#.#", "###"),
    "1": (".#.", "##.", ".#.", ".#.", "###"),
    "2": ("###", "..#", "###", "#..", "###"),
    "3": ("###", "..#", "###", "..#", "###"),
    "4": ("#.#", "#.#", "###", "..#", "..#"),
    "5": ("###", "#..", "###", "..#", "###"),
    "6": ("###", "#..", "###", "#.#", "###"),
    "7": ("###", "..#", "..#", "..#", "..#"),
    "8": ("###", "#.#", "###", "#.#", "###"),
    "9": ("###", "#.#", "###", "..#", "###"),
    "/": ("..#", "..#", ".#.", "#..", "#.."),
    " ": ("...", "...", "...", "...", "..."),
}


class Scale(NamedTuple):
    """How many cells one pixel takes, and how many lie between two digits."""

    columns: int
    rows: int
    gap: int

    @property
    def height(self) -> int:
        """Rows that a number takes."""
        return _HEIGHT * self.rows

    def width(self, text: str) -> int:
        """Return the cells that a number takes."""
        return max(0, len(text) * (_PIXELS * self.columns + self.gap) - self.gap)


SCALES = (Scale(4, 2, 4), Scale(3, 2, 3), Scale(2, 1, 2), Scale(1, 1, 1))
"""Largest first. Two columns to a row make a pixel about square."""


def largest(text: str, columns: int, rows: int) -> Scale | None:
    """Return the largest scale in which a number fits; None where it fits in none."""
    return next((s for s in SCALES if s.width(text) <= columns and s.height <= rows), None)


def digits(text: str, scale: Scale, fill: str, token: Token) -> list[Line]:
    """Return a number as lines of the same width.

    Args:
        text: Digits, slashes and spaces; anything else is drawn as a space.
        scale: How large.
        fill: The one character that the digits are made of.
        token: What they mean.
    """
    drawn: list[Line] = []
    for row in range(_HEIGHT):
        pixels = (" " * scale.gap).join(_wide(character, row, scale.columns) for character in text)
        drawn += [(Span(pixels.replace("#", fill), token),)] * scale.rows
    return drawn


def _wide(character: str, row: int, columns: int) -> str:
    pixels = _FONT.get(character, _FONT[" "])[row]
    return "".join(("#" if pixel == "#" else " ") * columns for pixel in pixels)
