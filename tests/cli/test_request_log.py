"""The request log as a file: a line for every request, whichever command made it."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.cli.request_file import RequestFile
from octomil_tui.engine.asker import Purpose
from octomil_tui.engine.request_log import Request
from tests.cli.conftest import Console
from tests.cli.drill import Drill

ONE = Request(
    1, 1_781_665_961.25, "GET", "/v1/devices", "200", 200, 12.44, 12_345, 3, False, Purpose.POLL, "devices"
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_has_what_a_script_needs_and_nothing_secret(tmp_path: Path) -> None:
    path = tmp_path / "requests.ndjson"
    file = RequestFile(path)
    file.write(ONE)
    file.write(replace(ONE, word="timeout", status=None, page=0))
    first, second = lines(path)
    assert first == {
        "schema": 1,
        "time": "2026-06-17T03:12:41.250Z",
        "method": "GET",
        "path": "/v1/devices",
        "status": 200,
        "error": None,
        "ms": 12.4,
        "bytes": 12_345,
        "page": 3,
        "retry": False,
        "asked_by": "poll devices",
    }
    assert (second["status"], second["error"], second["page"]) == (None, "timeout", None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_appended_to_and_may_be_moved_away(tmp_path: Path) -> None:
    path = tmp_path / "requests.ndjson"
    path.write_text('{"before": 1}\n')
    file = RequestFile(path)
    file.write(ONE)
    path.rename(tmp_path / "old")
    file.write(ONE)
    assert len(lines(tmp_path / "old")) == 2
    assert len(lines(path)) == 1


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written: No such file or directory"):
        RequestFile(tmp_path / "none" / "x")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        RequestFile(tmp_path / "pipe")


def test_what_cannot_be_written_later_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "logs"
    directory.mkdir()
    said: list[str] = []
    file = RequestFile(directory / "x", said.append)
    (directory / "x").unlink()
    directory.rmdir()
    file.write(ONE)
    file.write(ONE)
    assert said == ["the request log is written no more: No such file or directory"]


def test_every_request_of_a_rollback_and_its_watch_is_in_it(
    brief: Drill, console: Console, tmp_path: Path
) -> None:
    path = tmp_path / "requests.ndjson"
    asked = ("phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini", "--watch", "--timeout", "1s")
    result = console("rollback", *asked, "--request-log", str(path), env=brief.env)
    assert result.code == 4
    found = lines(path)
    counted = Counter(one["asked_by"] for one in found)
    assert counted["preflight"] == 5
    assert counted["write"] == 1
    assert counted["watch devices"] >= 1
    (post,) = [one for one in found if one["method"] == "POST"]
    assert (post["status"], post["path"]) == (202, "/v1/models/mdl_phi4mini/rollback")
    assert all(one["ms"] >= 0 and one["path"].startswith("/v1/") and "?" not in one["path"] for one in found)
    assert brief.running.api_key not in path.read_text()


def test_a_log_that_cannot_be_written_is_a_wrong_setting(
    quiet: Drill, console: Console, tmp_path: Path
) -> None:
    result = console("models", "list", "--request-log", str(tmp_path / "no" / "x"), env=quiet.env)
    assert result.code == 2
    assert "the request log" in result.err
