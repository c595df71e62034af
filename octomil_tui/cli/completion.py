"""`completion`: what a shell needs to complete this command line, names of the fleet among it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import build_parser

NAMES = {
    "MODEL": "models",
    "VERSION": "versions",
    "V": "versions",
    "A": "versions",
    "B": "versions",
    "G": "groups",
    "ROLLOUT_ID|MODEL": "runs",
}
"""Arguments that stand for something the service knows, by what the help calls them."""

NAMES_BY_FLAG = {"--group": "groups", "--rollout": "rollouts", "--profile": "profiles"}
"""The same where the help's word says too little."""

FILES = frozenset({"PATH"})

_ELSEWHERE = frozenset({"fault", "sim", "demo"})
"""Commands about a practice fleet, which is not the service that the names come from."""

_BASH = """\
# Names as the service has them: the program takes the line apart, and nothing of it or of a name is evaluated.
_octomil_console_names() {
  local program=${COMP_WORDS[0]}
  type -P -- "$program" >/dev/null || program=octomil-console
  "$program" __complete bash "$1" "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null
}
"""

_ZSH = """\
_octomil_console_names() {
  local what=$1 program=${service:-octomil-console} answer
  shift
  [[ -x $program || -n ${commands[$program]} ]] || program=octomil-console
  local -a typed names
  typed=("${(@Q)${(@z)LBUFFER}}")
  [[ -n $PREFIX ]] || typed+=('')
  answer="$("$program" __complete zsh $what "${(@)typed}" 2>/dev/null </dev/null)" || return 1
  [[ -n $answer ]] || return 1
  names=("${(@f)answer}")
  compadd "$@" -a names
}
"""

_FISH = """\
function _octomil_console_names
    set -l program (commandline -opc)[1]
    type -q -- "$program"; or set program octomil-console
    command "$program" __complete fish $argv[1] (commandline -opc) (commandline -ct) 2>/dev/null </dev/null
end
"""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the completion script of one shell."""
    output.lines(script(arguments.shell).splitlines())
    return Exit.OK


def script(shell: str) -> str:
    """Return the completion script.

    Args:
        shell: `bash`, `zsh` or `fish`.
    """
    import shtab  # noqa: PLC0415 - nobody else needs it

    parser = build_parser(with_sim=True)
    for action in _live(parser):
        what = kind_of(action)
        if what is not None:
            vars(action)["complete"] = _asking(what)
    for action in _every(parser):
        if action.metavar in FILES and not hasattr(action, "complete"):
            vars(action)["complete"] = shtab.FILE
    return shtab.complete(parser, shell, preamble=_preamble(shell))


def kind_of(action: argparse.Action) -> str | None:
    """Return which names an argument stands for, or None.

    `--yes` stands for none on purpose: what confirms is typed by a person, letter by letter.
    """
    by_flag = (NAMES_BY_FLAG[flag] for flag in action.option_strings if flag in NAMES_BY_FLAG)
    return next(by_flag, NAMES.get(action.metavar if isinstance(action.metavar, str) else ""))


def _asking(what: str) -> dict[str, str]:
    """Return how each shell asks for such names."""
    return {
        "bash": f"_octomil_console_{what}",
        "zsh": f"_octomil_console_{what}",
        "fish": f"(_octomil_console_names {what})",
    }


def _preamble(shell: str) -> str:
    if shell == "fish":
        return _FISH
    kinds = sorted({*NAMES.values(), *NAMES_BY_FLAG.values()})
    more = ' "$@"' if shell == "zsh" else ""
    functions = [f"_octomil_console_{what}() {{ _octomil_console_names {what}{more}; }}\n" for what in kinds]
    return (_ZSH if shell == "zsh" else _BASH) + "".join(functions)


def _live(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments of all commands that go to the service."""
    return _every(parser, _ELSEWHERE)


def _every(
    parser: argparse.ArgumentParser, without: frozenset[str] = frozenset()
) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to look at itself
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, below in action.choices.items():
                if name not in without:
                    yield from _every(below, without)
        else:
            yield action
