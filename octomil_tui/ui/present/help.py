"""What the help page says: here, everywhere, and the words; what to do when nothing moves (G-80, G-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from octomil_tui.domain.glossary import ENDS, GLOSSARY
from octomil_tui.ui.bars import Kind, token_of
from octomil_tui.ui.intents import APP_WIDE, intent, named
from octomil_tui.ui.key_name import people_write
from octomil_tui.ui.keys_now import keys_now
from octomil_tui.ui.spans import Line, Token, fit, line, plain, width, wrap
from octomil_tui.ui.theme import Glyphs

_KEY_CELLS, _COMMAND_CELLS = 10, 13
_WORD_CELLS, _WIDE_WORD_CELLS = 11, 15
_END_CELLS = 5

_COMMANDS: Final = (
    (":model NAME", "a model; tab completes names", "tab completes names"),
    (":group NAME", "a group; :device ID, :rollout ID", ":device ID, :rollout ID"),
    (":filter T", "what / does; :sort COLUMN", "what / does; :sort COLUMN"),
    (":ctx NAME", "another profile", "another profile"),
    (":help WORD", "this page at a word", "this page at a word"),
)
_UNUSED: Final = (
    ("ctrl+b", "tmux", "tmux"),
    ("ctrl+a", "screen", "screen"),
    ("ctrl+s/q", "the terminal's flow control", "flow control"),
    ("ctrl+\\", "the quit signal", "the quit signal"),
    ("ctrl+g/w", "editors", "editors"),
    ("r", "refresh elsewhere: too near to R", "too near to R"),
    ("alt+any", "slow, or lost, over ssh", "slow over ssh"),
)
_NOT_MOVING: Final = (
    "1  WHERE THE DEVICES ARE: at which step do they pile up?",
    "2  waiting: the devices are away, not bad",
    "3  waits for idle: they are busy serving",
    "4  failed: the device's own words are in its group",
    "5  bounced: its own crash guard may have swapped back",
)
_GONE: Final = (
    "line 1 says STALE and the age; numbers dim",
    "the rollback goes on without this screen",
)


def screen_lines(own: Sequence[str], *, wide: bool) -> list[Line]:
    """Return the keys of the screen that help was asked on."""
    return [_intent_line(key, wide=wide) for key in own]


def dialog_lines(keys: Iterable[tuple[str, str]]) -> list[Line]:
    """Return the keys of a dialog that help was asked on."""
    return [_key_line(shown, meaning) for shown, meaning in keys]


def everywhere_lines(*, wide: bool) -> list[Line]:
    """Return the keys that work on every screen, and what can be typed behind a colon."""
    rows = [_key_line(shown, meaning if wide else brief) for shown, meaning, brief in _moving()]
    rows += [_intent_line(key, wide=wide) for key in APP_WIDE]
    return rows + [
        _key_line(shown, said if wide else brief, _COMMAND_CELLS) for shown, said, brief in _COMMANDS
    ]


def _moving() -> Iterable[tuple[str, str, str]]:
    def both(first: str, second: str) -> str:
        return f"{named(first).key} {named(second).key}"

    yield both("down", "up"), "move; arrows, home, end and pages too", "move; arrows too"
    yield both("first-row", "last-row"), "first row, last row", "first row, last row"
    halves = both("half-down", "half-up")
    yield halves.replace("ctrl+d ctrl+u", "ctrl+d/u"), "half a page down, up", "half a page down, up"
    yield both("sort", "reverse"), "sort by the next column, the other way round", "sort, the other way"
    yield "enter", "open", "open"


def word_lines(*, wide: bool) -> list[Line]:
    """Return the words of this product, each with what it means."""
    cells = _WIDE_WORD_CELLS if wide else _WORD_CELLS
    return [
        line(fit(line((word.term, Token.STRONG)), cells), " ", word.meaning if wide else word.in_brief)
        for word in GLOSSARY
        if wide or len(word.term) <= cells
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
    return [
        line(f"{intent('roll_back').key} only ever opens a preview"),
        line("Enter alone never confirms"),
        line("Leaving stops no rollback"),
        line("On stale data nothing is sent"),
        line("--read-only cannot write"),
    ]


def not_moving_lines() -> list[Line]:
    """Return what to look at when a rollback does not go on, in this order."""
    return [line(one) for one in _NOT_MOVING]


def gone_lines() -> list[Line]:
    """Return what is true while the service cannot be reached."""
    key = intent("errors").key
    return [*map(line, _GONE), line((key, Token.KEY), "  shows what failed and when it is tried again")]


def unused_lines(*, wide: bool) -> list[Line]:
    """Return the keys that do nothing on purpose, each with whose it is; not those that a keymap uses."""
    given = {people_write(key) for keys in keys_now().keymap.values() for key in keys}
    return [_key_line(shown, said if wide else brief) for shown, said, brief in _UNUSED if shown not in given]


def end_lines(*, wide: bool) -> list[Line]:
    """Return what the exit statuses of commands say, two to a line where there is room."""
    told = [line(fit(line((str(status), Token.STRONG)), _END_CELLS), word) for status, word in ENDS]
    if not wide:
        return told
    half = (len(told) + 1) // 2
    return [
        line(fit(one, 24), *(told[half + place] if half + place < len(told) else ()))
        for place, one in enumerate(told[:half])
    ]


def found_lines(lines: Sequence[Line], term: str) -> list[Line]:
    """Return the lines that have what was typed in them, all of them where nothing was."""
    said = term.strip().casefold()
    return [one for one in lines if said in plain(one).casefold()] if said else list(lines)


def hanging(lines: Iterable[Line], cells: int) -> list[Line]:
    """Return the lines broken to so many cells, what goes on below where it began; 0 breaks nothing."""
    found: list[Line] = []
    for one in lines:
        if cells <= 0 or width(one) <= cells or len(one) < 2:  # noqa: PLR2004 - a key and what it does
            found += wrap([one], cells)
            continue
        head, said = one[:-1], one[-1]
        pad = " " * width(head)
        pieces = wrap([(said,)], cells - len(pad))
        found.append(line(*head, pieces[0]))
        # A piece that goes on is indented by two already, which the pad takes the place of.
        found += [line(pad, piece[1:]) for piece in pieces[1:]]
    return found


def _intent_line(key: str, *, wide: bool) -> Line:
    one = intent(key)
    return _key_line(one.key, one.meaning if wide else one.brief)


def _key_line(shown: str, meaning: str, cells: int = _KEY_CELLS) -> Line:
    cells = max(cells, len(shown) + 1)
    return line(fit(line((shown, Token.KEY)), cells), (meaning, Token.TEXT))
