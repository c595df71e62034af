"""`keys check`: everything that is wrong with a keymap, each with its line and the way to mend it."""

from __future__ import annotations

import argparse
from pathlib import Path

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.keymap_file import KeymapPlace, keymap_place, read_keymap
from octomil_tui.cli.output import Output
from octomil_tui.domain.text import clean, counted


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Check a keymap, and say what came of it."""
    place = KeymapPlace(Path(arguments.path), is_named=True) if arguments.path else keymap_place()
    found = read_keymap(place)
    if found is None:
        where = clean(str(place.path)) if place.path is not None else "nowhere"
        output.lines([f"no keymap ({where}): every key is as it is delivered"])
        output.data({"path": None, "is_usable": True, "problems": [], "notes": []})
        return Exit.OK
    checked = found.checked
    for note in checked.notes:
        output.note(found.said(note))
    if checked.problems:
        output.lines(found.said(problem) for problem in checked.problems)
    else:
        output.lines(
            [f"{clean(str(found.path))}: {counted(len(checked.keymap), 'action')} with keys of their own"]
        )
    output.data(
        {
            "path": str(found.path),
            "is_usable": not checked.problems,
            "problems": [
                {
                    "line": found.lines.get(one.name),
                    "name": one.name,
                    "sentence": one.sentence,
                    "fix": one.fix,
                }
                for one in checked.problems
            ],
            "notes": [{"name": one.name, "sentence": one.sentence} for one in checked.notes],
        }
    )
    return Exit.USAGE if checked.problems else Exit.OK
