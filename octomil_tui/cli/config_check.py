"""`config check`: everything that is wrong in the settings file, each with its line and its fix."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from octomil_tui.api.redact import hide
from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import Exit, Verdict
from octomil_tui.cli.flags import flags_of, usual_files
from octomil_tui.cli.output import Output
from octomil_tui.config.check import check_config
from octomil_tui.config.finding import Checked, Finding
from octomil_tui.resolve import named_config


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Check the file that is named, or the one that would be used."""
    checked = check_used(arguments, arguments.path)
    output.lines(hide(one.sentence(checked.place)) for one in checked.findings)
    fields = {
        "path": checked.place,
        "is_missing": checked.is_missing,
        "profiles": [hide(name) for name in checked.config.profiles],
        "findings": [finding_data(one) for one in checked.findings],
    }
    output.data({"event": "config_check", **fields})
    if checked.problems:
        return conclude(output, Verdict(Exit.USAGE, "usage", checked.summary))
    output.lines([checked.summary])
    return Exit.OK


def check_used(arguments: argparse.Namespace, named: str | None = None) -> Checked:
    """Return the check of the settings file that is used, or of the one that is named.

    Raises:
        ConfigurationError: `--config` names nothing.
    """
    path = Path(named) if named else named_config(flags_of(arguments), os.environ)[0]
    if path is not None:
        return check_config(path, is_named=True)
    usual = usual_files().config
    # An account without a home directory has no usual place.
    return (
        check_config(usual, is_named=False) if usual is not None else Checked("config.toml", is_missing=True)
    )


def finding_data(finding: Finding) -> dict[str, object]:
    """Return one finding as an object for scripts."""
    return {
        "key": hide(finding.key) or None,
        "line": finding.line,
        "column": finding.column,
        "weight": "note" if finding.is_note else "problem",
        "what": hide(finding.what),
    }
