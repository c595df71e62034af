from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from octomil_tui.ui.clipboard import MOST, fitted
from octomil_tui.ui.export import file_stem, write_new

AT = 1_781_665_961.0


def test_what_fits_into_one_sequence_is_whole_lines() -> None:
    assert fitted(["a", "bé"]) == ("a\nbé", 2)
    assert fitted([]) == ("", 0)
    line = "x" * (MOST // 3)
    text, count = fitted([line] * 5)
    assert (count, len(text.encode()) <= MOST) == (2, True)
    assert fitted(["x" * MOST]) == ("x" * MOST, 1)
    assert fitted(["x" * MOST, ""])[1] == 1


def test_a_file_is_named_after_what_is_in_it() -> None:
    assert file_stem("phi-4-mini-eu kiosks", AT) == "octomil-phi-4-mini-eu-kiosks-20260617T031241Z"
    assert file_stem("../../etc/\x1b[2Jpasswd", AT) == "octomil-etc-x1b-2Jpasswd-20260617T031241Z"
    assert file_stem("日本", AT) == "octomil-list-20260617T031241Z"
    assert file_stem("a" * 500, 1e300) == f"octomil-{'a' * 80}"


def test_a_file_is_new_private_and_never_over_another(tmp_path: Path) -> None:
    (tmp_path / "list.csv").symlink_to(tmp_path / "target")
    (tmp_path / "list-2.csv").write_text("mine")
    path = write_new(lambda: tmp_path, "list", ["a,b", "c,d"])
    assert path == tmp_path / "list-3.csv"
    assert path.read_bytes() == b"a,b\r\nc,d\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "list-2.csv").read_text() == "mine"
    assert not (tmp_path / "target").exists()


def test_there_is_an_end_to_trying(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / (f"list-{number}.csv" if number > 1 else "list.csv")).touch()
    with pytest.raises(OSError, match="too many files of that name"):
        write_new(lambda: tmp_path, "list", [])


def test_of_what_could_not_be_written_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, _mode: str) -> None:
        os.close(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("octomil_tui.ui.export.os.fdopen", full)
    with pytest.raises(OSError, match="No space left"):
        write_new(lambda: tmp_path, "list", ["a"])
    assert list(tmp_path.iterdir()) == []
