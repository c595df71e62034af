"""The audit log: one line for each thing, whole or not at all."""

import errno
import json
import os
import stat
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui._version import __version__
from octomil_tui.domain.text import clean
from octomil_tui.engine.audit import KEPT, AuditLog, AuditRecord, RecordError, read
from octomil_tui.engine.audit_record import decode_record, encode_record
from octomil_tui.engine.fields import UnreadableError
from octomil_tui.engine.private import open_locked, opened_directory
from octomil_tui.engine.whoami import whoami
from tests.engine.records import AT, RECORD, WHOAMI


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "state" / "audit.jsonl", clock=lambda: AT + 0.25, patience=0.01)


def numbered(number: int) -> AuditRecord:
    return replace(RECORD, intent_id=f"intent-{number}")


def test_a_record_is_one_line_that_every_tool_reads(log: AuditLog) -> None:
    log.append(replace(RECORD, at=None))
    lines = log.path.read_text("ascii").splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0]) == {
        "ts": "2026-06-17T03:13:31.250Z",
        "user": "mara",
        "sudo_user": None,
        "ssh_host": "192.0.2.7",
        "pid": 4711,
        "version": "0.1.0",
        "api_host": "api.octomil.test",
        "key": "0a1b2c3d",
        "action": "rollback.accepted",
        "model": "phi-4-mini",
        "scope": "fleet",
        "from": "1.1.0",
        "to": "1.0.0",
        "reason": "answers are wrong",
        "intent": RECORD.intent_id,
        "status": 202,
        "outcome": "rolling_back",
        "service_at": None,
        "org": None,
        "rollout_id": None,
    }


def test_what_was_written_is_read_back(log: AuditLog) -> None:
    records = (
        RECORD,
        replace(RECORD, status=None, reason=None, from_version=None, to_version=None),
        replace(RECORD, at=AT + 1, whoami=replace(WHOAMI, ssh_host=None, sudo_user="jan")),
    )
    for record in records:
        log.append(record)
    assert read(log.path) == (records, 0)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_log_that_was_never_written_has_no_records(tmp_path: Path) -> None:
    assert read(tmp_path / "none" / "audit.jsonl") == ((), 0)
    assert read(tmp_path / "audit.jsonl") == ((), 0)
    assert list(tmp_path.iterdir()) == []


@given(st.text(), st.text())
def test_any_text_stays_on_one_line_of_ascii(reason: str, outcome: str) -> None:
    line = encode_record(replace(RECORD, reason=reason, outcome=outcome), AT)
    assert line.isascii()
    assert line.count(b"\n") == 1
    back = decode_record(line)
    assert (back.reason, back.outcome) == (clean(reason, 300), clean(outcome, 300))


def test_a_record_is_small_whatever_is_in_it() -> None:
    long = "語" * 100_000
    line = encode_record(
        replace(RECORD, reason=long, outcome=long, model=long, scope=long, api_host=long, intent_id=long), AT
    )
    assert len(line) < 10_000


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 1e18, -1e18])
def test_a_moment_that_is_none_is_refused(log: AuditLog, at: float) -> None:
    with pytest.raises(
        RecordError, match=r"^the audit log cannot be written: the moment of the record is none$"
    ):
        log.append(replace(RECORD, at=at))
    assert not log.path.exists()


@pytest.mark.parametrize(
    "tail", [b'{"ts": "2026-06-17T03:', b"\xff\xfe", b"{", b'{"ts":"' + "é".encode()[:1]]
)
def test_half_a_line_at_the_end_costs_itself_alone(log: AuditLog, tail: bytes) -> None:
    log.append(numbered(1))
    with log.path.open("ab") as file:
        file.write(tail)
    assert read(log.path) == ((numbered(1),), 1)
    log.append(numbered(2))
    log.append(numbered(3))
    assert read(log.path) == ((numbered(1), numbered(2), numbered(3)), 1)
    assert log.path.read_bytes().count(b"\n") == 4


@pytest.mark.parametrize(
    "line",
    [
        b"null",
        b"[1]",
        b"{}",
        b"[" * 50_000,
        b"9" * 5_000,
        b"\x00\x01",
        b"not json",
        "\u2028".encode(),
        b'{"ts": NaN}',
    ],
    ids=lambda line: repr(line[:12]),
)
def test_lines_that_are_no_records_are_skipped(log: AuditLog, line: bytes) -> None:
    log.append(numbered(1))
    with log.path.open("ab") as file:
        file.write(line + b"\n\n   \n")
    log.append(numbered(2))
    assert read(log.path) == ((numbered(1), numbered(2)), 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ts", "yesterday"),
        ("ts", "2026-06-17T03:13:31"),
        ("ts", 1781666011),
        ("ts", "0001-01-01T00:00:00+23:59"),
        ("pid", "4711"),
        ("pid", True),
        ("user", None),
        ("status", "202"),
        ("status", -1),
        ("reason", 7),
        ("model", None),
        ("outcome", []),
    ],
)
def test_a_record_with_a_wrong_field_is_none(field: str, value: object) -> None:
    values = json.loads(encode_record(RECORD, AT))
    with pytest.raises(UnreadableError):
        decode_record(json.dumps({**values, field: value}).encode())


def test_texts_that_somebody_wrote_into_the_log_are_safe_to_show() -> None:
    values = json.loads(encode_record(RECORD, AT))
    back = decode_record(json.dumps({**values, "user": "\x1b]0;x\x07", "outcome": "a\nb"}).encode())
    assert (back.whoami.user, back.outcome) == ("\\x1b]0;x\\x07", "a\\x0ab")


def test_a_log_that_others_could_read_is_closed_to_them(log: AuditLog) -> None:
    log.append(numbered(1))
    log.path.chmod(0o644)
    log.append(numbered(2))
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert len(read(log.path)[0]) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_log_of_another_user_is_refused(log: AuditLog) -> None:
    log.append(RECORD)
    os.chown(log.path, 65_534, 65_534)
    sentence = "the audit log cannot be written: audit.jsonl belongs to another user"
    assert log.trouble() == sentence
    with pytest.raises(RecordError) as caught:
        log.append(RECORD)
    assert caught.value.sentence == sentence
    with pytest.raises(RecordError, match=r"cannot be read: audit.jsonl belongs to another user"):
        read(log.path)


def test_a_pipe_in_place_of_the_log_is_refused_and_nothing_hangs(log: AuditLog) -> None:
    log.path.parent.mkdir(mode=0o700)
    os.mkfifo(log.path, 0o600)
    for call in (lambda: log.append(RECORD), lambda: read(log.path)):
        with pytest.raises(RecordError, match=r"audit.jsonl is not a regular file"):
            call()
    assert log.trouble().endswith("audit.jsonl is not a regular file")


def test_a_disk_that_fails_after_half_a_record(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(numbered(1))
    write = os.write

    def half(descriptor: int, content: bytes) -> int:
        if len(content) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(content)[:-10])

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        assert log.trouble() == "the audit log cannot be written: No space left on device"
        with pytest.raises(RecordError, match=r"^the audit log cannot be written: No space left on device$"):
            log.append(numbered(2))
    assert read(log.path) == ((numbered(1),), 0)
    log.append(numbered(3))
    assert read(log.path) == ((numbered(1), numbered(3)), 0)


def test_a_record_that_did_not_reach_the_disk_is_taken_back(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(numbered(1))

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(RecordError, match=os.strerror(errno.EIO)):
            log.append(numbered(2))
    assert read(log.path) == ((numbered(1),), 0)


def test_looking_for_trouble_leaves_no_trace(log: AuditLog) -> None:
    assert log.trouble() == ""
    assert log.path.read_bytes() == b""
    log.append(RECORD)
    before = log.path.read_bytes()
    assert log.trouble() == ""
    assert log.path.read_bytes() == before


def test_what_a_killed_look_for_trouble_leaves_is_no_line(log: AuditLog) -> None:
    log.append(numbered(1))
    with log.path.open("ab") as file:
        file.write(b" " * 4_096)
    log.append(numbered(2))
    assert read(log.path) == ((numbered(1), numbered(2)), 0)


def test_a_full_log_is_put_aside_and_five_are_kept(tmp_path: Path) -> None:
    size = len(encode_record(numbered(10), AT))
    log = AuditLog(tmp_path / "audit.jsonl", rotate_at=3 * size)
    for number in range(10, 32):
        log.append(numbered(number))

    names = ["audit.jsonl", *(f"audit.jsonl.{number}" for number in range(1, KEPT + 1))]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    kept = [[record.intent_id for record in read(tmp_path / name)[0]] for name in names]
    assert kept[0] == ["intent-31"]
    assert kept[1] == ["intent-28", "intent-29", "intent-30"]
    assert kept[5] == ["intent-16", "intent-17", "intent-18"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_record_larger_than_a_log_is_written_all_the_same(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl", rotate_at=10)
    for number in (1, 2):
        log.append(numbered(number))
    assert read(log.path) == ((numbered(2),), 0)
    assert read(tmp_path / "audit.jsonl.1") == ((numbered(1),), 0)


def test_a_log_that_cannot_be_put_aside_grows(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl", rotate_at=10)
    (tmp_path / f"audit.jsonl.{KEPT}").mkdir()
    (tmp_path / f"audit.jsonl.{KEPT - 1}").write_text("a directory is in its way")
    log.append(numbered(1))
    log.append(numbered(2))
    assert read(log.path) == ((numbered(1), numbered(2)), 0)


def test_a_log_that_is_always_full_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may fill each new log before this one has it."""
    log = AuditLog(tmp_path / "audit.jsonl", rotate_at=10)
    log.append(numbered(1))
    rename = os.replace

    def replace_and_fill(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
        if source == "audit.jsonl":
            (tmp_path / source).write_bytes(b"filled to the brim\n")

    monkeypatch.setattr(os, "replace", replace_and_fill)
    with pytest.raises(RecordError, match="it is full again and again"):
        log.append(numbered(2))


def test_a_log_of_any_size_is_read_from_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    for number in range(10, 20):
        log.append(numbered(number))
    size = log.path.stat().st_size // 10
    monkeypatch.setattr("octomil_tui.engine.audit.READ_LIMIT", size * 2 + size // 2)
    assert read(log.path) == ((numbered(18), numbered(19)), 0)


def test_a_writer_that_was_stopped_does_not_stop_this_one(log: AuditLog) -> None:
    log.append(numbered(1))
    with opened_directory(log.path.parent, make=False) as directory:
        held = open_locked(directory, log.path.name)
        assert held is not None
        with pytest.raises(RecordError, match=r"^the audit log cannot be written: another process holds it$"):
            log.append(numbered(2))
        assert read(log.path) == ((numbered(1),), 0)
        os.close(held)
    log.append(numbered(2))
    assert len(read(log.path)[0]) == 2


def test_threads_of_one_console(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl", patience=60)
    threads = [threading.Thread(target=log.append, args=(numbered(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    records, skipped = read(log.path)
    assert (sorted(record.intent_id for record in records), skipped) == ([f"intent-{n}" for n in range(8)], 0)


def test_a_record_without_a_moment_is_of_now(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    before = time.time()
    log.append(replace(RECORD, at=None))
    (record,) = read(log.path)[0]
    assert record.at is not None
    assert before - 0.002 <= record.at <= time.time()
    assert datetime.fromtimestamp(record.at, UTC).year >= 2024


def test_who_runs_this() -> None:
    here = whoami({"SSH_CONNECTION": "192.0.2.7 50122 198.51.100.3 22", "SUDO_USER": "mara"})
    assert (here.ssh_host, here.sudo_user, here.pid, here.version) == (
        "192.0.2.7",
        "mara",
        os.getpid(),
        __version__,
    )
    assert here.user
    for empty in ({}, {"SSH_CONNECTION": "", "SUDO_USER": ""}, {"SSH_CONNECTION": "  "}):
        nobody = whoami(empty)
        assert (nobody.ssh_host, nobody.sudo_user) == (None, None)


def test_what_the_environment_says_is_safe_to_show() -> None:
    here = whoami({"SSH_CONNECTION": "\x1bc\u202e 1 2 3", "SUDO_USER": "m" * 500}, version="1\n2")
    assert (here.ssh_host, len(here.sudo_user or ""), here.version) == ("\\x1bc\\u202e", 121, "1\\x0a2")


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 3_999_999_999)
    assert whoami({}).user == "3999999999"
