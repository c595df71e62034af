"""Installs the wheel into an environment of its own, without any tool of the developers, and runs it from nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "octomil_tui"
WITHIN = 180.0
"""Seconds that any one step may take."""

MAN_PAGE = "share/man/man1/octomil-console.1"


class Try(NamedTuple):
    """One call of the installed command, without a terminal."""

    arguments: tuple[str, ...]
    says: str
    """A regular expression that is found in what it writes."""
    status: int = 0


TRIES = (
    Try(("--version",), r"^octomil-console \d+\.\d+\.\d+"),
    Try(("--help",), "(?s)usage: octomil-console.*rollback.*exit status"),
    Try(("completion", "bash"), "complete -o bashdefault -F"),
    Try(("completion", "zsh"), "#compdef octomil-console"),
    Try(("completion", "fish"), "complete -c octomil-console"),
    Try(("man",), "(?m)^EXIT STATUS$"),
    Try(("card",), "OCTOMIL-CONSOLE AT 3 AM"),
    Try(("demo", "--list"), "second-operator"),
    # The whole job: plan, rollback, and the watch until everybody is there who can be reached.
    Try(("demo", "--scenario", "night", "--speed", "600"), "(?m)^DONE: "),
    Try(("models", "list"), "no API key", status=2),
)
"""What must work wherever the wheel was installed; a command that needs no service has its line here."""


def main(arguments: Sequence[str]) -> int:
    """Check what is in a directory of archives; return 0, or 1 with what is wrong.

    Args:
        arguments: The directory.
    """
    directory = Path(arguments[0])
    (wheel,), (source,) = directory.glob("*.whl"), directory.glob("*.tar.gz")
    wrong = [*_contents(wheel), *_source(source), *_made_again(wheel)]
    with tempfile.TemporaryDirectory() as place:
        wrong += list(_tried(wheel, Path(place)))
    for line in wrong:
        print(f"dist: {line}", file=sys.stderr)  # noqa: T201
    if not wrong:
        print(f"dist: {wheel.name} installs, and {len(TRIES)} commands of it do what they should")  # noqa: T201
    return 1 if wrong else 0


def _contents(wheel: Path) -> Iterator[str]:
    """Yield what the wheel lacks or has too much of: all of the package, the manual page, and nothing else."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    held = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if _is_shipped(path)}
    yield from (f"{name} is not in the wheel" for name in sorted(held - names))
    more = {name for name in names - held if ".dist-info/" not in name}
    pages = {name for name in more if name.endswith(f".data/data/{MAN_PAGE}")}
    if not pages:
        yield "the manual page is not in the wheel"
    yield from (f"{name} is in the wheel" for name in sorted(more - pages))


def _is_shipped(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"


def _source(source: Path) -> Iterator[str]:
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = (
        "LICENSE",
        "README.md",
        "Makefile",
        "constraints.txt",
        "tests/conftest.py",
        "docs/octomil-console.1",
    )
    yield from (f"{name} is not in the source archive" for name in needed if name not in names)


def _made_again(wheel: Path) -> Iterator[str]:
    """Yield a line where the tree makes another wheel than its source archive did."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", place, str(ROOT)]
        _run(command, env=_clean(Path(place)))
        made = Path(place) / wheel.name
        if not made.exists() or made.read_bytes() != wheel.read_bytes():
            yield "the source archive and the tree make different wheels"


def _tried(wheel: Path, place: Path) -> Iterator[str]:
    environment, empty = place / "environment", place / "empty"
    empty.mkdir()
    _run([sys.executable, "-m", "venv", str(environment)], env=_clean(place))
    binaries = environment / "bin"
    constraints = ROOT / "constraints.txt"
    _run(
        [str(binaries / "python"), "-m", "pip", "install", "--quiet", "-c", str(constraints), str(wheel)],
        env=_clean(place),
    )
    if not (environment / MAN_PAGE).is_file():
        yield "the manual page was not installed"
    found = _run([str(binaries / "python"), "-m", "pip", "list", "--format=freeze"], env=_clean(place)).stdout
    yield from (
        f"{tool} came along" for tool in ("pytest", "mypy", "ruff") if re.search(rf"(?m)^{tool}==", found)
    )
    for one in TRIES:
        done = _run(
            [str(binaries / "octomil-console"), *one.arguments], env=_clean(place), cwd=empty, check=False
        )
        name = " ".join(one.arguments)
        if done.returncode != one.status:
            yield f"{name} ended with {done.returncode}, not {one.status}: {done.stderr.strip()[-300:]}"
        elif not re.search(one.says, done.stdout + done.stderr):
            yield f"{name} does not say {one.says!r}: {done.stdout.strip()[-300:]}"
    yield from (f"{left.name} was left in the directory it ran in" for left in empty.iterdir())


def _clean(place: Path) -> dict[str, str]:
    """Return an environment with nothing of this checkout in it, and nothing of anybody's own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OCTOMIL_", "PYTHON", "XDG_"))
    }
    pinned = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {
        **kept,
        **pinned,
        "OCTOMIL_CONFIG": "",
        "XDG_STATE_HOME": str(place / "state"),
        "HOME": str(place),
    }


def _run(
    command: list[str], *, env: dict[str, str], cwd: Path | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - fixed commands
        command,
        env=env,
        cwd=cwd,
        check=check,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
