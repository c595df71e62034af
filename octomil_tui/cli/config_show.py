"""`config show`: every setting as it holds now, and where it came from; never a key."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from octomil_tui.api.redact import hide
from octomil_tui.cli.config_check import check_used, finding_data
from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import Exit, Verdict
from octomil_tui.cli.flags import flags_of, usual_files
from octomil_tui.cli.output import Output
from octomil_tui.cli.setting_words import Shown, shown_settings
from octomil_tui.config.finding import Checked, Finding
from octomil_tui.domain.text import clean, counted
from octomil_tui.lenient import resolve_leniently
from octomil_tui.report.table import table
from octomil_tui.settings import DEFAULT


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Show the settings, also where some of them cannot be used; what is wrong with those is said beside them."""
    checked = check_used(arguments)
    flags = flags_of(arguments)
    settings, refused = resolve_leniently(flags, os.environ, usual_files(), checked)
    refusals = [Finding("", one) for one in refused]
    profile = checked.config.profiles.get(settings.profile.value or "")
    rows = [_told(one, checked) for one in shown_settings(settings, flags, profile)]
    output.lines(_lines(rows, checked, with_origin=arguments.origin))
    wrong = _wrong(checked, settings.profile.value, refusals)
    fields = {
        "settings": {one.name: _data(one, checked) for one in rows},
        "problems": [finding_data(one) for one in wrong],
    }
    output.data({"event": "config", **fields})
    if not wrong:
        return Exit.OK
    said = [hide(one.sentence(checked.place) if one not in refusals else one.what) for one in wrong]
    sentence = f"these settings cannot be used as they are: {counted(len(wrong), 'problem')}"
    return conclude(output, Verdict(Exit.USAGE, "usage", sentence), more=said)


def _wrong(checked: Checked, profile: str | None, refusals: Sequence[Finding]) -> list[Finding]:
    """Return what is wrong for the profile in use; what its key's source says is said by the key itself."""
    found = checked.problems_of(profile)
    return [*(one for one in found if not (one.is_of_machine and ".api_key_" in one.key)), *refusals]


def _told(shown: Shown, checked: Checked) -> Shown:
    """Return the row; a profile that says no level, or none that there is, has the default one."""
    if shown.name != "level" or shown.keys is None:
        return shown
    is_said = shown.keys in checked.lines and ".".join(shown.keys) not in {
        one.key for one in checked.problems
    }
    return shown if is_said else replace(shown, origin=DEFAULT, keys=None)


def _lines(rows: Sequence[Shown], checked: Checked, *, with_origin: bool) -> list[str]:
    if with_origin:
        cells = [(one.name, hide(one.text), _origin(one, checked)) for one in rows]
        return table(("SETTING", "VALUE", "FROM"), cells)
    return table(("SETTING", "VALUE"), [(one.name, hide(one.text)) for one in rows])


def _origin(shown: Shown, checked: Checked) -> str:
    line = _line(shown, checked.lines)
    return clean(hide(shown.origin) + (f", line {line}" if line is not None else ""))


def _line(shown: Shown, lines: Mapping[tuple[str, ...], int]) -> int | None:
    """Return the line of the file that said it; None where something else did."""
    return lines.get(shown.keys) if shown.keys is not None else None


def _data(shown: Shown, checked: Checked) -> dict[str, object]:
    value = hide(shown.value) if isinstance(shown.value, str) else shown.value
    return {"value": value, "origin": hide(shown.origin), "line": _line(shown, checked.lines), **shown.more}
