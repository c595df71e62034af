"""What the help page says: the screen it was asked on, everywhere, and the words (G-80, G-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.ui.bars import Kind, token_of
from octomil_tui.ui.intents import APP_WIDE, intent
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs

_KEY_CELLS = 10
_WORD_CELLS = 11

MOVING = (
    ("j k", "move; arrows, home, end and pages too", "move; arrows too"),
    ("g G", "first row, last row", "first row, last row"),
    ("ctrl+d/u", "half a page down, up", "half a page down, up"),
    ("s S", "sort by the next column, the other way round", "sort, the other way"),
    ("enter", "open", "open"),
)
_WORDS = (
    ("verified", "the device itself reports the target", "the device says so"),
    ("settled", "it still does at its next sync", "still so one sync later"),
    ("on the way", "synced since the start, not switched yet", "synced, not switched yet"),
    ("waiting", "online, and not synced since the start", "not synced since"),
    ("stale", "2 to 5 heartbeats missed", "2 to 5 heartbeats missed"),
    ("offline", "more than 5 missed; follows when it is back", "more than 5 missed"),
    ("silent", "offline since minutes after it got a version", "fell silent after it"),
    ("bounced", "was verified, then reported another version", "verified, then left again"),
    ("no-op", "reported the target before we began", "was there already"),
    ("up", "older than the target; a rollback moves it up", "older: moves up"),
    ("reachable", "online or stale, and not revoked", "online or stale"),
    ("DONE", "every reachable device settled", "all reachable settled"),
    ("COMPLETE", "done, and nobody offline is left", "DONE, nobody offline"),
    ("plan 7f3a", "hash of what you saw: moved, nothing is sent", "hash of what you saw"),
)
_SAFETY = (
    "R only ever opens a preview",
    "Enter alone never confirms",
    "Leaving stops no rollback",
    "On stale data nothing is sent",
    "--read-only cannot write",
)


def screen_lines(own: Sequence[str], *, wide: bool) -> list[Line]:
    """Return the keys of the screen that help was asked on."""
    return [_intent_line(key, wide=wide) for key in own]


def everywhere_lines(*, wide: bool) -> list[Line]:
    """Return the keys that work on every screen."""
    rows = [_key_line(shown, meaning if wide else brief) for shown, meaning, brief in MOVING]
    return rows + [_intent_line(key, wide=wide) for key in APP_WIDE]


def word_lines(*, wide: bool) -> list[Line]:
    """Return the words of this console, each with what it means."""
    return [
        line(fit(line((word, Token.STRONG)), _WORD_CELLS), meaning if wide else brief)
        for word, meaning, brief in _WORDS
    ]


def _intent_line(key: str, *, wide: bool) -> Line:
    one = intent(key)
    return _key_line(one.shown, one.meaning if wide else one.brief)


def sign_lines(glyphs: Glyphs) -> list[Line]:
    """Return the signs of bars and sentences; colour is never alone."""
    signs = (
        (glyphs.verified, "verified", Kind.VERIFIED),
        (glyphs.on_the_way, "on the way", Kind.ON_THE_WAY),
        (glyphs.waiting, "not yet", Kind.WAITING),
        (glyphs.offline, "offline", Kind.OFFLINE),
        (glyphs.failed, "failed", Kind.FAILED),
        (glyphs.bounced, "bounced", Kind.BOUNCED),
    )
    bars = [fit(line((glyph, token_of(kind)), " ", word), 12) for glyph, word, kind in signs]
    return [
        line(*bars[:3]),
        line(*bars[3:]),
        line(
            ("!!", Token.NEEDS),
            " needs you  ",
            ("~~", Token.NOTICE),
            " to know  ",
            ("??", Token.NOTICE),
            " unclear",
        ),
    ]


def safety_lines() -> list[Line]:
    """Return what can never happen by itself."""
    return [line(one) for one in _SAFETY]


def _key_line(shown: str, meaning: str) -> Line:
    return line(fit(line((shown, Token.KEY)), _KEY_CELLS), (meaning, Token.TEXT))
