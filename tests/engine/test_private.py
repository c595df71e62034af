"""Private directories and files, on a real file system."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from octomil_tui.engine.private import (
    WRITABLE,
    RecordError,
    names_in,
    open_file,
    open_locked,
    opened_directory,
    read_file,
    telling,
    write_all,
    write_file,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@contextmanager
def umask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[int]:
    with opened_directory(tmp_path, make=False) as descriptor:
        yield descriptor


def why_refused(path: Path, *, make: bool = True) -> str:
    with pytest.raises(OSError) as caught, opened_directory(path, make=make):  # noqa: PT011 - the words are compared
        pass
    return caught.value.strerror or ""


@pytest.mark.parametrize("bits", [0o000, 0o022, 0o077, 0o177])
def test_every_part_that_is_made_is_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    with umask(bits), opened_directory(tmp_path / "a" / "b" / "c", make=True) as made:
        write_file(made, "x", b"1")
    for part in ("a", "a/b", "a/b/c"):
        assert mode(tmp_path / part) == 0o700
    assert mode(tmp_path / "a/b/c/x") == 0o600


def test_parts_that_are_there_are_left_as_they_are(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    with opened_directory(there / "made", make=True):
        pass
    with opened_directory(there, make=True):
        pass
    assert (mode(there), mode(there / "made")) == (0o755, 0o700)


def test_a_directory_that_is_only_read_is_not_made(tmp_path: Path) -> None:
    assert why_refused(tmp_path / "none", make=False) == os.strerror(errno.ENOENT)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("bits", [0o720, 0o702, 0o777, 0o1777])
def test_a_directory_that_others_can_write_to_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, bits: int
) -> None:
    path = tmp_path / "it is open"
    path.mkdir()
    path.chmod(bits)
    assert why_refused(path).endswith(f"can be changed by other users; run: chmod 700 '{path}'")
    assert mode(path) == bits


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        path = tmp_path / "theirs"
        path.mkdir()
        os.chown(path, 65_534, 65_534)
    else:
        path = Path("/")
    assert why_refused(path) == f"the directory {path} belongs to another user"


@pytest.mark.parametrize("make", [True, False])
@pytest.mark.parametrize("target", ["real", "missing"])
def test_a_symbolic_link_is_no_directory_of_ours(tmp_path: Path, target: str, make: bool) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / target)
    assert why_refused(tmp_path / "link", make=make) == f"{tmp_path / 'link'} is a symbolic link"
    assert not (tmp_path / "missing").exists()


def test_a_link_on_the_way_is_followed(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir(mode=0o700)
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    with opened_directory(tmp_path / "home" / "state", make=True) as made:
        write_file(made, "x", b"1")
    assert (tmp_path / "disk/state/x").read_bytes() == b"1"


def test_a_file_in_place_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert why_refused(tmp_path / "file") == os.strerror(errno.ENOTDIR)
    assert why_refused(tmp_path / "file" / "below" / "it") == os.strerror(errno.ENOTDIR)


def test_a_name_with_a_nul_is_no_place(tmp_path: Path, directory: int) -> None:
    assert why_refused(tmp_path / "a\0b") == "its place is not a path"
    with pytest.raises(OSError, match="its place is not a path"):
        open_file(directory, "a\0b", WRITABLE)


@pytest.mark.parametrize("bits", [0o000, 0o777])
def test_a_new_file_is_private_whatever_the_umask(tmp_path: Path, directory: int, bits: int) -> None:
    with umask(bits):
        os.close(open_file(directory, "x", WRITABLE))
    assert mode(tmp_path / "x") == 0o600


def test_a_file_of_ours_is_closed_to_others_before_it_is_written(tmp_path: Path, directory: int) -> None:
    path = tmp_path / "x"
    path.write_text("a")
    path.chmod(0o644)
    os.close(open_file(directory, "x", os.O_RDONLY))
    assert mode(path) == 0o644
    os.close(open_file(directory, "x", WRITABLE))
    assert mode(path) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused(tmp_path: Path, directory: int) -> None:
    (tmp_path / "x").write_text("a")
    os.chown(tmp_path / "x", 65_534, 65_534)
    with pytest.raises(OSError, match="x belongs to another user"):
        open_file(directory, "x", os.O_RDONLY)


def test_what_is_no_regular_file_is_refused_and_nothing_hangs(tmp_path: Path, directory: int) -> None:
    os.mkfifo(tmp_path / "fifo", 0o600)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for access in (os.O_RDONLY, WRITABLE):
        with pytest.raises(OSError, match="fifo is not a regular file"):
            open_file(directory, "fifo", access)
        with pytest.raises(OSError, match=r"not a regular file|Is a directory"):
            open_file(directory, "sub", access)
        with pytest.raises(OSError, match="link is a symbolic link"):
            open_file(directory, "link", access)
    assert not (tmp_path / "target").exists()


def test_reading_is_bounded(tmp_path: Path, directory: int) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    assert read_file(directory, "x", 5) == b"12345"
    with pytest.raises(OSError, match="x is larger than 4 bytes"):
        read_file(directory, "x", 4)


def test_content_then_name_reach_the_disk(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")
        sync(descriptor)

    def replace(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        steps.append("name")
        rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_file(directory, "x", b"1")

    assert steps == ["content", "name", "directory"]


def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(directory, "x", b"old")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        write_file(directory, "x", b"new")
    assert (names_in(directory), (tmp_path / "x").read_bytes()) == (["x"], b"old")


def test_a_file_system_that_cannot_sync_a_directory_is_good_enough(
    directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_file(directory, "x", b"1")
    assert read_file(directory, "x", 10) == b"1"


def test_a_name_that_did_not_reach_the_disk_is_told(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        write_file(directory, "x", b"1")


def test_a_short_write_goes_on(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, bytes(content)[:3]))
    descriptor = open_file(directory, "x", WRITABLE)
    write_all(descriptor, b"12345678")
    os.close(descriptor)
    assert read_file(directory, "x", 10) == b"12345678"


def test_a_lock_has_one_holder(directory: int) -> None:
    first = open_locked(directory, "x")
    assert first is not None
    assert open_locked(directory, "x") is None
    assert open_locked(directory, "x", 0.01) is None
    os.close(first)
    second = open_locked(directory, "x")
    assert second is not None
    os.close(second)


def test_a_lock_is_on_the_file_that_has_the_name(
    tmp_path: Path, directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waited while the file was put aside, or removed, must not write to the old one."""
    flock = fcntl.flock
    moved: list[int] = []

    def slow(descriptor: int, operation: int) -> None:
        if len(moved) == 0:
            (tmp_path / "x").rename(tmp_path / "x.1")
        if len(moved) == 1:
            (tmp_path / "x").unlink()
            (tmp_path / "x").write_text("another")
        moved.append(descriptor)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", slow)
    held = open_locked(directory, "x")
    assert held is not None
    assert len(moved) == 3
    assert os.path.samestat(os.fstat(held), (tmp_path / "x").stat())
    assert os.pread(held, 10, 0) == b"another"
    os.close(held)


def test_a_file_that_is_replaced_for_ever_is_never_held(
    tmp_path: Path, directory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: (tmp_path / "x").unlink())
    assert open_locked(directory, "x") is None
    assert names_in(directory) == []


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_cannot_be_written(
    directory: int, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    open_before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(RecordError) as caught, telling("the journal"):
        open_locked(directory, "x")
    assert caught.value.sentence == "the journal cannot be written: its file system cannot lock files"
    assert len(list(Path("/dev/fd").iterdir())) == open_before


def test_other_errors_of_a_lock_are_told_as_they_are(directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        open_locked(directory, "x")


def test_a_sentence_is_one_safe_line() -> None:
    with pytest.raises(RecordError) as caught, telling("the journal"):
        raise OSError(errno.EPERM, "the directory \x1b]0;x\n is odd")
    assert caught.value.sentence == "the journal cannot be written: the directory \\x1b]0;x\\x0a is odd"
    assert str(caught.value) == caught.value.sentence
    with (
        pytest.raises(RecordError, match=r"^the audit log cannot be read: OSError$"),
        telling("the audit log", "read"),
    ):
        raise OSError
