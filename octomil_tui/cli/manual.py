"""The manual page, made of what the program runs by: its grammar, its exit statuses, its keys."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator

from octomil_tui.cli.exits import MEANINGS
from octomil_tui.cli.manual_words import ENVIRONMENT, FILES, WORDS
from octomil_tui.cli.parser import PROGRAM, build_parser
from octomil_tui.report.page import Block, Entry, Example, Section
from octomil_tui.ui.intents import INTENTS, UNUSED

_LINE = 66
"""Characters of a line that stays as it is: with the margins of a manual it fits 80 columns."""

_EXAMPLES = (
    ("Say what a rollback would do; nothing is sent:", "plan phi-4-mini --to-version 1.0.0"),
    (
        "Roll the fleet back, and stay until it is done:",
        "rollback phi-4-mini --to-version 1.0.0 --yes phi-4-mini --watch",
    ),
    ("Roll one group back:", "rollback phi-4-mini --to-version 1.0.0 --group staging --yes staging"),
    ("Follow it from another terminal:", "watch phi-4-mini"),
    ("Practise; nothing real is touched:", "demo"),
)


def manual() -> list[Section]:
    """Return the whole manual."""
    parser = build_parser(with_sim=True)
    shared = _shared(parser)
    return [
        Section("Name", (f"{PROGRAM} - roll model versions back on fleets of edge devices, and watch",)),
        Section(
            "Synopsis", (Example((f"{PROGRAM} [OPTION]...", f"{PROGRAM} [OPTION]... COMMAND [ARGUMENT]...")),)
        ),
        Section("Description", _description()),
        Section("Commands", ("Every command says more with --help.",)),
        *_commands(parser, shared),
        Section("Options", ("These stand before or after the command.", *_entries(shared))),
        Section("Keys", _keys()),
        Section("Exit status", (*_exits(), "Every status but 0 comes with one sentence on standard error.")),
        Section("Environment", ENVIRONMENT),
        Section("Files", FILES),
        Section("Words", WORDS),
        Section("Examples", tuple(_examples())),
        Section("See also", (f"{PROGRAM} card, the page for 3 am; {PROGRAM} demo --list, drills.",)),
    ]


def leaves(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Yield each command that can be run: its words, its grammar and what it is for, in the order of the help."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to look at itself
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            continue
        for told in action._choices_actions:  # noqa: SLF001 - what the help lists, without hidden ones
            below = action.choices[told.dest]
            nested = [(f"{told.dest} {name}", one, text) for name, one, text in leaves(below)]
            yield from nested or [(told.dest, below, told.help or "")]


def _description() -> tuple[Block, ...]:
    return (
        (
            f"Without a command, {PROGRAM} opens the console on the full screen of the terminal. It shows models, "
            "versions, rollouts and device groups, opens a preview of a rollback with R, sends it once when a name was "
            "typed, and watches until every device says that it is done."
        ),
        "Every action is also a command, with plain lines or JSON, and an exit status that tells the truth.",
        (
            "A rollback is one request. It is never sent again by itself: an answer that got lost is settled by "
            "reading what the service has recorded."
        ),
    )


def _shared(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the options that are taken everywhere: those of the group that the help calls so."""
    return [
        action
        for group in parser._action_groups  # noqa: SLF001
        if group.title == "everywhere"
        for action in group._group_actions  # noqa: SLF001
        if action.help != argparse.SUPPRESS
    ]


def _usage(name: str, parser: argparse.ArgumentParser, shared: list[argparse.Action]) -> Example:
    """Return how a command is written, without the options that are taken everywhere."""
    own = [action for action in _own(parser, shared) if not isinstance(action, argparse._HelpAction)]  # noqa: SLF001
    named = [_bracketed(_form(action), is_needed=action.required) for action in own if action.option_strings]
    placed = [
        _bracketed(_value(action), is_needed=action.nargs not in ("?", "*"))
        for action in own
        if not action.option_strings
    ]
    # What stands together in brackets is not broken apart.
    whole = " ".join([PROGRAM, name, *(one.replace(" ", "\0") for one in (*placed, *named))])
    return Example(tuple(line.replace("\0", " ") for line in _broken(whole)))


def _broken(text: str, mark: str = "") -> list[str]:
    """Return a command in lines that fit; all but the last end in `mark`."""
    width = _LINE - len(mark)
    lines = textwrap.wrap(
        text, width, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )
    return [f"{line}{mark}" for line in lines[:-1]] + lines[-1:]


def _commands(parser: argparse.ArgumentParser, shared: list[argparse.Action]) -> Iterator[Section]:
    for name, below, text in leaves(parser):
        own = [one for one in _own(below, shared) if one.help]
        blocks: list[Block] = [_sentence(text), _usage(name, below, shared), *_entries(own)]
        yield Section(name, tuple(blocks), is_below=True)


def _own(parser: argparse.ArgumentParser, shared: list[argparse.Action]) -> list[argparse.Action]:
    everywhere = {id(action) for action in shared}
    return [
        action
        for action in parser._actions  # noqa: SLF001
        if id(action) not in everywhere and action.help != argparse.SUPPRESS
    ]


def _entries(actions: list[argparse.Action]) -> list[Entry]:
    return [
        Entry(_form(action) if action.option_strings else _value(action), _help(action))
        for action in actions
        if not isinstance(action, argparse._HelpAction)  # noqa: SLF001
    ]


def _form(action: argparse.Action) -> str:
    flags = ", ".join(action.option_strings)
    return (
        flags if action.nargs == 0 else f"{flags} {_bracketed(_value(action), is_needed=action.nargs != '?')}"
    )


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _bracketed(text: str, *, is_needed: bool) -> str:
    return text if is_needed else f"[{text}]"


def _help(action: argparse.Action) -> str:
    """Return the help as the program prints it, with its default filled in."""
    text = action.help or ""
    return text % {"default": action.default, "prog": PROGRAM} if "%" in text else text


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _keys() -> tuple[Block, ...]:
    unused = ", ".join(re.sub("backslash", "\\\\", key) for key in UNUSED)
    return (
        "In the full screen. No key sends anything by itself; R opens a preview.",
        *(Entry(one.shown, one.meaning) for one in INTENTS),
        f"These do nothing on purpose: {unused}.",
    )


def _exits() -> list[Entry]:
    return [Entry(str(int(status)), meaning) for status, meaning in MEANINGS.items()]


def _examples() -> Iterator[Block]:
    for text, line in _EXAMPLES:
        yield text
        yield Example(tuple(_broken(f"{PROGRAM} {line}", " \\")))
