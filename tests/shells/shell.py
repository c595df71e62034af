"""A real shell in a real terminal, with the completion of the console, and a console that tells how it was called."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from octomil_tui.cli.completion import script
from tests.terminal.pty import DEADLINE, Terminal

ROOT = Path(__file__).parents[2]
PROMPT = "ready>"
SHELLS = ("bash", "zsh", "fish")

_CONSOLE = """\
#!{python}
import json, pathlib, sys
if sys.argv[1:2] == ["__complete"]:
    sys.path.insert(0, {root!r})
    from octomil_tui.cli import completing
    from octomil_tui.cli.main import main
    # How a shell takes what it is told does not depend on how busy the machine is.
    completing.HARD_DEADLINE = {within}
    sys.exit(main(sys.argv[1:]))
with pathlib.Path({calls!r}).open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
"""


class Shell:
    """One shell; use it as a context manager.

    Args:
        name: `bash`, `zsh` or `fish`.
        place: An empty directory of its own.
        env: What leads to the service.
    """

    def __init__(self, name: str, place: Path, env: Mapping[str, str]) -> None:
        self.place = place
        self._calls = place / "calls"
        self._seen = 0
        binaries = place / "bin"
        binaries.mkdir()
        console = binaries / "octomil-console"
        console.write_text(
            _CONSOLE.format(python=sys.executable, root=str(ROOT), calls=str(self._calls), within=DEADLINE),
            encoding="utf-8",
        )
        console.chmod(0o700)
        where = shutil.which(name)
        assert where is not None, f"there is no {name}: make system-tools"
        self.terminal = Terminal(
            [where, *_begin(name, place)],
            size=(150, 40),
            cwd=place,
            env={
                **env,
                "HOME": str(place),
                "ZDOTDIR": str(place),
                "XDG_CONFIG_HOME": str(place / "config"),
                "XDG_CACHE_HOME": str(place / "cache"),
                "XDG_DATA_HOME": str(place / "data"),
                "PATH": f"{binaries}:/usr/bin:/bin",
                "PS1": f"{PROMPT} ",
                "SHELL": where,
                # What the tests themselves are counted with is none of the shell's business.
                "PYTHONPATH": None,
            },
        )

    def __enter__(self) -> Self:
        self.terminal.wait_for(PROMPT)
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.__exit__(None, None, None)

    def complete(self, line: str, until: str) -> None:
        """Type a line, press tab, and wait until the screen has `until`."""
        self.terminal.press_at_once(*line)
        self.terminal.wait_for(line.rsplit(maxsplit=1)[-1])
        self.terminal.press("tab")
        self.terminal.wait_for(until)

    def run(self) -> list[str]:
        """Press enter, and return what the console was called with."""
        self.terminal.press("enter")
        self.terminal.wait(lambda: len(self._told()) > self._seen, "call of the console")
        self._seen = len(self._told())
        # What was on the screen is gone, so that the next line cannot be taken for it.
        self.terminal.press("ctrl+l")
        self.terminal.wait(lambda: self.terminal.text.strip() == PROMPT, "clear screen")
        called: list[str] = json.loads(self._told()[-1])
        return called

    def _told(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []


def _begin(name: str, place: Path) -> list[str]:
    """Write the shell's own start file, and return its arguments."""
    if name == "bash":
        (place / "start").write_text(f"PS1='{PROMPT} '\n{script('bash')}\n")
        return ["--noprofile", "--rcfile", str(place / "start"), "-i"]
    if name == "zsh":
        functions = place / "functions"
        functions.mkdir()
        (functions / "_octomil-console").write_text(script("zsh"))
        (place / ".zshrc").write_text(
            f"PROMPT='{PROMPT} '\nfpath=({functions} $fpath)\nautoload -Uz compinit\ncompinit -u -d {place}/dump\n"
        )
        return ["-i"]
    completions = place / "config" / "fish" / "completions"
    completions.mkdir(parents=True)
    (completions / "octomil-console.fish").write_text(script("fish"))
    (place / "config" / "fish" / "config.fish").write_text(
        f"function fish_prompt; echo -n '{PROMPT} '; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n"
    )
    return ["-i"]
