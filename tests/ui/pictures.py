"""Screens as text, and letters as keys."""

from __future__ import annotations

import unicodedata

from textual.screen import Screen


def pictures(screen: Screen[object]) -> list[str]:
    """Return the rows of a screen."""
    return [strip.text.rstrip() for strip in screen._compositor.render_strips(screen.size)]


def segments(screen: Screen[object]) -> list[str]:
    """Return every piece of text that a terminal would get."""
    return [segment.text for strip in screen._compositor.render_strips(screen.size) for segment in strip]


def key_of(letter: str) -> str:
    if letter in "\r\t":
        return {"\r": "enter", "\t": "tab"}[letter]
    return (
        letter if letter.isalnum() else unicodedata.name(letter).lower().replace(" ", "_").replace("-", "_")
    )
