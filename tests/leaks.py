"""Runs the tests and looks for every key that they used in everything that came out: `make leaks`.

Searched are the bytes of every pseudo-terminal, what every child process and
every command printed, and all files that tests left: crash files, journals,
audit logs, pictures, JSON. A key is looked for as it is, in base64, percent
and hexadecimal encoding, and by its second half alone.

    python -m tests.leaks [--keep DIRECTORY] [paths for pytest]
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.keeping import digest, given_beside

ROOT = Path(__file__).parents[1]
PICTURES = (ROOT / "screenshots", ROOT / "tests" / "snapshots" / "__snapshots__")
_PART = 12
"""Characters of the least part of a key that counts as the key."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Find:
    """A key in something that came out."""

    path: Path
    form: str


def forms(key: str) -> dict[str, bytes]:
    """Return what to look for: every way in which the key may have been written, by name.

    Base64 has three alignments; the characters at the ends that depend on what
    stands around the key are left out.
    """
    raw = key.encode(errors="backslashreplace")
    found = {
        "as it is": raw,
        "percent": quote(key, safe="", errors="replace").encode(),
        "all percent": "".join(f"%{byte:02X}" for byte in raw).encode(),
        "hexadecimal": raw.hex().encode(),
        "reversed": raw[::-1],
    }
    half = raw[-max(_PART, len(raw) // 2) :]
    if re.search(rb"[0-9]", half):
        # The keys of some tests are words, and halves of those are in other sentences.
        found["its second half"] = half
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        inner = coded[-(-before * 8 // 6) : len(coded) // 4 * 4 - 4]
        found[f"base64 {before}"] = inner
        found[f"base64 for URLs {before}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return {name: form for name, form in found.items() if len(form) >= _PART}


def files_in(places: Iterable[Path]) -> Iterator[Path]:
    """Yield every file below the places; links are not followed."""
    for place in places:
        for path in sorted(place.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def search(
    keys: Iterable[str], places: Iterable[Path], given: Container[str] = ()
) -> tuple[list[Find], Counter[str]]:
    """Return every find, and how many files of each kind were searched.

    Args:
        keys: What is looked for.
        places: The directories, with everything below them.
        given: Digests of what tests wrote themselves; a key file holds a key.
    """
    wanted = [(name, form) for key in set(keys) for name, form in forms(key).items()]
    finds: list[Find] = []
    searched: Counter[str] = Counter()
    for path in files_in(places):
        try:
            content = path.read_bytes()
        except PermissionError:
            searched["not readable"] += 1
            continue
        if digest(content) in given:
            searched["given by the tests and the control plane, not searched"] += 1
            continue
        searched[path.name.partition("-")[0] if path.parent.name == "seen" else path.suffix or "other"] += 1
        finds += [Find(path, name) for name, form in wanted if form in content]
    return finds, searched


def report(keys: set[str], finds: list[Find], searched: Counter[str]) -> None:
    """Print what was searched and found; never a key."""
    print(f"{len(keys)} keys, {sum(searched.values())} files")  # noqa: T201 - a script's words
    for kind, count in searched.most_common(_SHOWN):
        print(f"  {count:6}  {kind}")  # noqa: T201
    for find in finds:
        print(f"FOUND ({find.form}) in {find.path}")  # noqa: T201
    print("no key was found" if not finds else f"{len(finds)} finds")  # noqa: T201


def run_tests(directory: Path, keys: Path, paths: list[str]) -> int:
    """Run the tests with everything kept below the directory, and return their status."""
    seen = directory / "seen"
    seen.mkdir()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.keeping",
        f"--basetemp={directory / 'files'}",
    ]
    command += ["-o", "tmp_path_retention_policy=all", "-p", "no:cacheprovider", *paths]
    environment = {**os.environ, "OCTOMIL_KEEP": str(seen), "OCTOMIL_KEEP_KEYS": str(keys)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - this suite


def main(arguments: list[str]) -> int:
    """Run, search, and return 1 where a key was found or a test failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--keep", type=Path, metavar="DIRECTORY", help="leave everything here, for a look at it"
    )
    chosen, paths = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        directory = chosen.keep or Path(temporary, "out")
        directory.mkdir(parents=True)
        keys = Path(temporary, "used")
        keys.touch()
        status = run_tests(directory, keys, paths)
        used = set(keys.read_text(encoding="utf-8").splitlines())
        noted = (
            given_beside(keys).read_text(encoding="utf-8").splitlines() if given_beside(keys).exists() else []
        )
        finds, searched = search(used, (directory, *PICTURES), {line.partition(" ")[0] for line in noted})
    report(used, finds, searched)
    if not used or not searched:
        print("nothing was searched for: that proves nothing")  # noqa: T201
        return 1
    return 1 if finds or status else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
