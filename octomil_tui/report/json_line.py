"""One object as one line for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping

SCHEMA = 1
"""The version of every object's shape."""


def json_line(fields: Mapping[str, object]) -> str:
    """Return one object as one line of ASCII that no terminal obeys; `schema` is added, after `event`."""
    head = {"event": fields["event"]} if "event" in fields else {}
    text = json.dumps({**head, "schema": SCHEMA, **fields}, ensure_ascii=True, allow_nan=False)
    # JSON need not escape DEL, which some terminals obey.
    return text.replace("\x7f", "\\u007f")
