"""A report in the forms in which it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from octomil_tui.domain.evidence import Evidence
from octomil_tui.report.json_line import json_line
from octomil_tui.report.report_data import report_data
from octomil_tui.report.rollback_report import report_lines


def report_texts(evidence: Evidence) -> Mapping[str, str]:
    """Return the report as Markdown and as one JSON object, by the ending of the file."""
    return {
        ".md": "\n".join((*report_lines(evidence), "")),
        ".json": f"{json_line(report_data(evidence))}\n",
    }
