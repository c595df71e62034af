"""What may reach a terminal: the text that people read, and the sequences of this program's own driver."""

from __future__ import annotations

import codecs
import re
import unicodedata

_COLOUR = r"(?:[34]8;2;\d{1,3};\d{1,3};\d{1,3}|[34]8;5;\d{1,3}|[39]\d|4\d|10[0-7])"
_STYLE = rf"\x1b\[(?:(?:[012349]|7|2[2-9]|{_COLOUR})(?:;(?:[012349]|7|2[2-9]|{_COLOUR}))*)?m"
_PLACE = r"\x1b\[\d{1,4}(?:;\d{1,4})?H"
_STEP = r"\x1b\[\d{0,4}[A-DG]|\x1b\[K|\x1b\[\d{1,4}X"
"""Over cells that stay as they are, and over blanks."""
_ONCE_BEGUN = (
    r"\x1b\[\?(?:1049|1000|1003|1015|1006|1004|2004|25|7|2026|2048)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[>\d{1,2}u|\x1b\[<u|\x1b\[0m"
)
"""Modes that the driver switches when it takes the terminal and when it gives it back, and what it asks."""
_POINTER = r"\x1b\]22;(?:default|text)\x07"
"""The shape of the mouse pointer; a hand would mean that there is a link."""
_WINDOW = r"\x1b\[2[23];2t|\x1b\]2;[^\x00-\x1f\x7f-\x9f]{0,140}\x1b\\"
"""The window's title: remembered, set to readable text, and given back."""
_BELL = rf"(?:{_STYLE}|{_PLACE})\x07(?=\x1b|$)"
"""The bell, between two drawings; one in a name would come after text."""

_OWN = re.compile(f"{_BELL}|{_STYLE}|{_PLACE}|{_STEP}|{_ONCE_BEGUN}|{_POINTER}|{_WINDOW}|[\r\n]")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;?<>$]{0,60}|\]2;[^\x00-\x1f]{0,140}\x1b?|\][0-9;a-z]{0,12})?$")
_MODE = re.compile(r"\x1b\[\?(\d+)([hl])")
_FORBIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_TWICE = 2
"""Times that a mode is switched off at most: once each when the terminal is taken and given back."""


def foreign(raw: bytes) -> list[str]:
    """Return what is neither readable text nor a sequence of the driver, with what stands around it.

    Text is UTF-8, so a byte that is no part of a character is foreign as well.
    What came only in part so far is left out.
    """
    text = _UNFINISHED.sub("", codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(raw))
    said = _OWN.sub(lambda own: "\n" * len(own[0]), text)
    found = [
        ascii(text[max(0, place - 20) : place + 30])
        for place, letter in enumerate(said)
        if letter != "\n" and unicodedata.category(letter) in _FORBIDDEN
    ]
    switched = _MODE.findall(text)
    return found + [f"?{mode}{way}" for mode, way in set(switched) if switched.count((mode, way)) > _TWICE]
