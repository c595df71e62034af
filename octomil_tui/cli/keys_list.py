"""`keys list`: every action with its name, its key now, and where it works; as a keymap with `--toml`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.keymap_file import keymap_of
from octomil_tui.cli.output import Output
from octomil_tui.report.table import table
from octomil_tui.ui.intent import Change
from octomil_tui.ui.key_name import people_write
from octomil_tui.ui.key_table import KeyRow, key_rows
from octomil_tui.ui.keymap import keys_of
from octomil_tui.ui.keys_now import Keymap


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the keys as they are now."""
    keymap = keymap_of()
    if arguments.toml:
        output.lines(_toml(keymap))
        return Exit.OK
    rows = list(key_rows())
    output.lines(
        table(
            ("NAME", "KEY", "WHERE", "DOES"),
            [
                (row.intent.name, ", ".join(_keys(row, keymap)), _where(row), row.intent.meaning)
                for row in rows
            ],
        )
    )
    output.data(
        {
            "keys": [
                {
                    "name": row.intent.name,
                    "keys": _keys(row, keymap),
                    "screens": list(row.screens),
                    "meaning": row.intent.meaning,
                    "leads_to_write": row.intent.leads_to_write,
                    "can_change": row.intent.change is not Change.NONE,
                    "is_changed": row.intent.name in keymap,
                }
                for row in rows
            ]
        }
    )
    return Exit.OK


def _keys(row: KeyRow, keymap: Keymap) -> list[str]:
    return [people_write(key) for key in (*keys_of(row.intent, keymap), *row.intent.fixed.split())]


def _where(row: KeyRow) -> str:
    first, *others = row.screens or ("",)
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join(row.screens)


def _toml(keymap: Keymap) -> Iterator[str]:
    """Yield a keymap with the keys as they are now, each line with what it is for."""
    yield "# Keys of octomil-console. What is left out keeps the key that it is delivered with."
    yield "# Check it with: octomil-console keys check"
    yield "[keys]"
    for row in key_rows():
        one = row.intent
        if one.change is Change.NONE:
            continue
        given = keymap.get(one.name, ())
        keys = [people_write(key) for key in (given or keys_of(one, keymap))]
        # JSON's quotes are TOML's, too.
        value = json.dumps(keys[0] if len(keys) == 1 else keys, ensure_ascii=False)
        kept = "; these stay, more can be added" if one.change is Change.MORE else ""
        yield f"{'' if given else '# '}{one.name} = {value}  # {one.meaning}{kept}"
