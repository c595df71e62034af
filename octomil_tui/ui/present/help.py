"""What the help page says: the screen it was asked on, everywhere, and the words (G-80, G-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.ui.bars import Kind, token_of
from octomil_tui.ui.intents import APP_WIDE, intent
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs

_KEY_CELLS = 10
_WORD_CELLS = 11

_MOVING = (
    ("j k", "move; arrows, home, end, page up and down too"),
    ("g G", "first row, last row"),
    ("ctrl+d u", "half a page down, up"),
    ("s S", "sort by the next column, the other way round"),
    ("enter", "open"),
    ("tab", "next pane; shift+tab goes back"),
)
_WORDS = (
    ("verified", "the device itself reports the target"),
    ("settled", "it still does at its next sync"),
    ("on the way", "synced since the start: downloading, staged, waiting for idle, switching"),
    ("stale", "2 to 5 heartbeats missed"),
    ("offline", "more than 5 missed; reverts when it comes back"),
    ("bounced", "was verified, then reported another version"),
    ("no-op", "reported the target before we began"),
    ("up", "older than the target; a rollback moves it up"),
    ("reachable", "online or stale, and not revoked"),
    ("silent", "offline since minutes after it got a version"),
    ("DONE", "every reachable device settled"),
    ("COMPLETE", "done, and nobody offline is left"),
    ("plan 7f3a", "a hash of what you saw: if the fleet moved, nothing is sent"),
)
_SAFETY = (
    "R only ever opens a preview.",
    "Enter means Cancel until the name is typed.",
    "Leaving stops nothing: devices move by themselves.",
    "Stale data is dated; nothing can be sent on it.",
    "--read-only has no way to any write.",
)


def screen_lines(own: Sequence[str]) -> list[Line]:
    """Return the keys of the screen that help was asked on."""
    return [_key_line(intent(key).shown, intent(key).meaning) for key in own]


def everywhere_lines() -> list[Line]:
    """Return the keys that work on every screen."""
    rows = [_key_line(shown, meaning) for shown, meaning in _MOVING]
    return rows + [_key_line(intent(key).shown, intent(key).meaning) for key in APP_WIDE]


def word_lines() -> list[Line]:
    """Return the words of this console, each with what it means."""
    return [
        line(fit(line((word, Token.STRONG)), _WORD_CELLS), (meaning, Token.TEXT)) for word, meaning in _WORDS
    ]


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
    bars = [fit(line((glyph, token_of(kind)), " ", word), 14) for glyph, word, kind in signs]
    return [
        line(*bars[:3]),
        line(*bars[3:]),
        line(
            ("!!", Token.NEEDS),
            " needs you   ",
            ("~~", Token.NOTICE),
            " for your information   ",
            ("??", Token.NOTICE),
            " not known",
        ),
    ]


def safety_lines() -> list[Line]:
    """Return what can never happen by itself."""
    return [line(one) for one in _SAFETY]


def _key_line(shown: str, meaning: str) -> Line:
    return line(fit(line((shown, Token.KEY)), _KEY_CELLS), (meaning, Token.TEXT))
