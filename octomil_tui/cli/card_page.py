"""The page for 3 am: what to look at, what to press, what to type, and what to do when a screen turns red."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from octomil_tui._version import __version__
from octomil_tui.cli.exits import MEANINGS
from octomil_tui.cli.parser import PROGRAM
from octomil_tui.profile import Level
from octomil_tui.ui.intent import Intent
from octomil_tui.ui.intents import intent
from octomil_tui.ui.theme import ASCII, UNICODE

WIDTH, HEIGHT = 80, 60
"""Characters and lines of the card: a terminal that is turned upright, and a sheet of A4."""

KEYS = (
    *("roll_back", "choose_scope", "choose_version", "go_on", "focus_next", "watch", "stragglers", "compare"),
    *("copy_status", "actions", "memo", "refresh_now", "requests", "show_help", "back", "leave"),
)
"""What is pressed in an incident, in the order in which it is."""

_TERM_CELLS = 16
_JOINED = "\u00a0"
"""A space at which no line is broken."""

_KEY_CELLS = 9
_SIGN_CELLS = 8
_BARS = ("verified", "on_the_way", "waiting", "offline", "failed", "bounced")


class Part(NamedTuple):
    """A titled table of the card: what is seen or typed, and what it means."""

    title: str
    rows: tuple[tuple[str, str], ...]
    is_code: bool = False
    """Whether the left side is typed."""


_LOOK = Part(
    "Where to look",
    (
        ("line 1, left", f"where you are: {', '.join(level.value for level in Level)}; the organisation"),
        ("line 1, right", "is it true now: LIVE 2s, STALE 4m07s, OFFLINE; then UTC"),
        ("line 2", "what is wrong: !! needs you, ~~ to know, ?? unclear"),
        ("last line", "the keys that work here and now"),
    ),
)

_COMMANDS = Part(
    "The five commands",
    (
        ("rollout status MODEL", "how far it is"),
        ("models versions MODEL", "where to go back to; verdicts"),
        ("plan MODEL --to-version V", "what would change; sends nothing"),
        ("rollback MODEL --to-version V --yes MODEL", "sends once; --watch stays"),
        ("watch MODEL", "follows it from anywhere"),
    ),
    is_code=True,
)

_TROUBLE = Part(
    "When it says",
    (
        (
            "STALE, OFFLINE",
            (
                "The service does not answer; what you see is old, and nothing is sent on it. "
                "A rollback that was sent goes on. ctrl+r asks again; @ shows what failed."
            ),
        ),
        (
            "?? no answer",
            (
                "It was sent once. Do not send it by any other way. The records are read for a minute; "
                "then 1\u00a0keeps looking, 2\u00a0sends again with the same key, 3\u00a0gives up."
            ),
        ),
        (
            "WIDER THAN ASKED",
            (
                "More than your group changes. Nothing else was sent. "
                "1\u00a0watches all of it, 2\u00a0copies the facts for the channel."
            ),
        ),
        ("plan moved", "Nothing was sent: read the new preview."),
        ("bounced", "Devices left the target again. L says which; hold the bad version (a)."),
        ("offline, silent", "They follow when they are back. DONE without them is done for the night."),
    ),
)


def card_lines() -> Iterator[str]:
    """Yield the card as plain text, at most `WIDTH` by `HEIGHT`."""
    yield f"{'OCTOMIL-CONSOLE AT 3 AM':<{WIDTH - 12}}{__version__:>12}"
    yield "Leaving stops no rollback. R sends nothing: you confirm by typing a name."
    yield from _part_lines(_LOOK, _TERM_CELLS)
    yield from _part_lines(_bars(), _SIGN_CELLS)
    yield from _key_lines()
    yield from _part_lines(_COMMANDS, max(len(term) for term, _ in _COMMANDS.rows) + 2)
    yield from _part_lines(_exits(), 5)
    yield from _part_lines(_TROUBLE, _TERM_CELLS + 2)


def card_markdown() -> Iterator[str]:
    """Yield the card as Markdown."""
    yield "# octomil-console at 3 am"
    yield ""
    yield f"<!-- Made by `{PROGRAM} card --markdown`; a test compares. Change what it is made from. -->"
    yield ""
    yield "Leaving stops no rollback. `R` sends nothing: you confirm by typing a name."
    keys = Part("The keys", tuple((intent(key).shown, intent(key).meaning) for key in KEYS), is_code=True)
    commands = Part(_COMMANDS.title, tuple((f"{PROGRAM} {a}", b) for a, b in _COMMANDS.rows), is_code=True)
    for part in (_LOOK, _bars(), keys, commands, _exits(), _TROUBLE):
        yield from ("", f"## {part.title}", "", "| | |", "| --- | --- |")
        for term, text in part.rows:
            shown = f"`{term}`" if part.is_code else f"**{term}**"
            yield f"| {shown} | {text} |".replace(_JOINED, " ")


def _bars() -> Part:
    """Return the signs of a bar, with those of a terminal that has none but ASCII."""
    signs = ", ".join(f"{getattr(UNICODE, name)} {name.replace('_', ' ')}" for name in _BARS)
    plain = "  ".join(getattr(ASCII, name) for name in _BARS)
    return Part("In a bar", (("signs", signs), ("ASCII", f"{plain}  in the same order")))


def _exits() -> Part:
    return Part("Exit status", tuple((str(int(status)), meaning) for status, meaning in MEANINGS.items()))


def _part_lines(part: Part, cells: int) -> Iterator[str]:
    yield from ("", part.title.upper())
    for term, text in part.rows:
        first = f"  {term:<{cells}}" if term else "  "
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=first, subsequent_indent=" " * (cells + 2), break_on_hyphens=False
        )


def _key_lines() -> Iterator[str]:
    """Yield the keys in two columns."""
    yield from ("", "THE KEYS")
    cells = [f"{one.shown:<{_KEY_CELLS}}{_in_a_word(one)}" for one in map(intent, KEYS)]
    for left, right in _in_two(cells):
        yield f"  {left:<{WIDTH // 2}}{right}".rstrip()


def _in_a_word(one: Intent) -> str:
    # On the help page its own key is "this page", which a card is not.
    return one.word if one.id == "show_help" else one.brief


def _in_two(cells: list[str]) -> Iterable[tuple[str, str]]:
    half = (len(cells) + 1) // 2
    return zip_longest(cells[:half], cells[half:], fillvalue="")
