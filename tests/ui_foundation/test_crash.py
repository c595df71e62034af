from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from octomil_tui.ui.crash import hide_keys, record

KEY = "edg_0123-abc_DEF"


def failure(message: str) -> Exception:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any will do
        fail(message)
    return caught.value


def fail(message: str) -> None:
    secret_in_a_local = KEY  # noqa: F841 - what a traceback must not show
    raise ValueError(message)


def only_file(directory: Path) -> Path:
    (file,) = directory.iterdir()
    return file


def test_a_traceback_without_secrets_is_written_for_the_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "crashes"
    said = record(failure(f"no {KEY}\x1bc"), directory=directory)
    file = only_file(directory)
    assert said == f"octomil-console crashed, ValueError: no edg_[hidden]\\x1bc. Traceback: {file}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    written = file.read_text()
    assert "raise ValueError(message)" in written
    assert KEY not in written
    assert "\x1b" not in written
    assert written.isprintable() or all(character.isprintable() or character == "\n" for character in written)


def test_the_caller_may_know_better_what_is_secret(tmp_path: Path) -> None:
    said = record(failure("password"), lambda text: text.replace("password", "***"), tmp_path / "c")
    assert "password" not in said + only_file(tmp_path / "c").read_text()


def test_causes_are_written_too(tmp_path: Path) -> None:
    outer = failure("outer")
    outer.__cause__ = failure("inner")
    record(outer, directory=tmp_path / "c")
    assert "inner" in only_file(tmp_path / "c").read_text()


def test_a_group_of_one_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    inner = ExceptionGroup("tasks", [ExceptionGroup("more tasks", [failure("inner")])])
    assert record(inner, directory=tmp_path / "c").startswith("octomil-console crashed, ValueError: inner.")
    assert "more tasks" in only_file(tmp_path / "c").read_text()
    several = ExceptionGroup("tasks", [failure("a"), failure("b")])
    assert "crashed, ExceptionGroup: tasks (2 sub-exceptions)" in record(several, directory=tmp_path / "d")


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = record(failure("x"), directory=tmp_path / "file" / "crashes")
    assert (
        said == "octomil-console crashed, ValueError: x. The traceback could not be written: Not a directory."
    )


def test_every_directory_that_is_made_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        record(failure("x"), directory=tmp_path / "state" / "crashes")
    finally:
        os.umask(before)
    # The audit log is kept beside it, and is not written where others could have put something.
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("state", "state/crashes")] == [
        0o700
    ] * 2


def test_a_directory_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "crashes").symlink_to(tmp_path / "elsewhere")
    assert "could not be written" in record(failure("x"), directory=tmp_path / "crashes")
    assert list((tmp_path / "elsewhere").iterdir()) == []


class Unspeakable(Exception):  # noqa: N818 - named for what it does
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_exception_that_cannot_be_shown_is_still_reported(tmp_path: Path) -> None:
    assert "Unspeakable: (no message)" in record(Unspeakable(), directory=tmp_path / "c")


@pytest.mark.parametrize("text", ["a edg_x b", "edg_x", "'edg_x'"])
def test_keys_are_hidden(text: str) -> None:
    assert hide_keys(text) == text.replace("edg_x", "edg_[hidden]")
