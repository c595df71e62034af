"""The records of this machine on bad disks: full, read-only, another's, shared, and killed in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.engine.audit import KEPT, ROTATE_AT, AuditLog, RecordError, read
from octomil_tui.engine.journal import IntentState, Journal
from tests.engine.records import INTENT, RECORD, SERVICE
from tests.faults.record_child import ORG, places

ROOT = Path(__file__).parents[2]
PATIENCE = 60
FULL = "No space left on device"
READ_ONLY = "Read-only file system"


def command(act: str, directory: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "tests.faults.record_child", act, str(directory), *map(str, arguments)]


def start(act: str, directory: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - this interpreter
        command(act, directory, *arguments), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def run(words: list[str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - this interpreter, and the mounts of these tests
        words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def mounted(mount: str, directory: Path, act: str) -> list[str]:
    """Return the command of an act in a mount namespace of its own, which ends with it."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    script = f'{mount} && shift && exec "$@"'
    inside = ["sh", "-c", script, "sh", str(directory), *command(act, directory)]
    return ["unshare", "--mount", *root, *inside]


@cache
def why_no_mounts() -> str:
    """Return why this machine does not allow mounts of one's own; empty where it does."""
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    tried = subprocess.run(  # noqa: S603 - no words from outside
        ["unshare", "--mount", *root, "mount", "-t", "tmpfs", "none", "/mnt"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"mounting is not allowed here: {tried.stderr.strip()}"


def needs_mounts() -> None:
    if why := why_no_mounts():
        pytest.skip(why)


def test_case_48_a_full_disk(tmp_path: Path) -> None:
    needs_mounts()
    found = run(mounted('mount -t tmpfs -o size=64k,mode=0700 none "$1"', tmp_path, "full"))

    assert found["full"]
    assert found["journal"] == found["begin"] == found["update"] == f"the journal cannot be written: {FULL}"
    assert found["append"] == found["audit"] == f"the audit log cannot be written: {FULL}"
    # What was there is there, whole, and can be read; nothing half-written is beside it.
    assert (found["open"], found["untouched"], found["whole"]) == (["sent"], True, True)
    assert [name for name in found["files"] if not name.endswith(".lock")] == ["20260617T031331Z-9c1e.json"]
    assert found["healed"] == ["", "", 1]


def test_case_48_a_disk_that_takes_half_a_record(tmp_path: Path) -> None:
    found = run(command("limited", tmp_path))

    why = "the audit log cannot be written: File too large"
    assert found["sentences"] == ["", "", why, why]
    assert (found["records"], found["whole"]) == (3, True)
    assert found["journal"] == found["begin"] == "the journal cannot be written: File too large"
    assert all(name.endswith(".lock") for name in found["left"])


def test_case_48_a_read_only_disk(tmp_path: Path) -> None:
    needs_mounts()
    journal, audit = places(tmp_path)
    journal.begin(INTENT)
    journal.close()
    audit.append(RECORD)
    read_only = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'
    found = run(mounted(read_only, tmp_path, "look"))

    assert found["journal"] == found["begin"] == f"the journal cannot be written: {READ_ONLY}"
    assert found["audit"] == found["append"] == f"the audit log cannot be written: {READ_ONLY}"
    # What an earlier life left open can still be seen, and resumed by one console.
    assert (found["open"], found["claimed"], found["records"]) == ([INTENT.id], True, 1)


def test_case_48_a_read_only_disk_on_which_nothing_was_ever_written(tmp_path: Path) -> None:
    needs_mounts()
    found = run(mounted('mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', tmp_path, "look"))

    assert found["journal"] == f"the journal cannot be written: {READ_ONLY}"
    assert found["audit"] == f"the audit log cannot be written: {READ_ONLY}"
    assert (found["open"], found["claimed"], found["records"]) == ([], False, 0)


def test_case_48_a_file_in_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "octomil-console").write_text("")
    journal, audit = places(tmp_path)
    assert journal.trouble() == "the journal cannot be written: Not a directory"
    assert audit.trouble() == "the audit log cannot be written: Not a directory"
    assert journal.open_entries(SERVICE, ORG) == ()


def test_case_48_a_directory_of_another_user(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        theirs = tmp_path / "theirs"
        theirs.mkdir(mode=0o700)
        os.chown(theirs, 65_534, 65_534)
    else:
        theirs = Path("/")
    belongs = f"the directory {theirs} belongs to another user"
    assert Journal(theirs).trouble() == f"the journal cannot be written: {belongs}"
    assert AuditLog(theirs / "audit.jsonl").trouble() == f"the audit log cannot be written: {belongs}"


@pytest.mark.parametrize("bits", [0o770, 0o707, 0o1777])
def test_case_48_a_directory_that_others_can_write_to(tmp_path: Path, bits: int) -> None:
    journal, audit = places(tmp_path)
    journal.begin(INTENT)
    audit.append(RECORD)
    for directory in (journal.directory, audit.path.parent):
        directory.chmod(bits)
        mends = f"the directory {directory} can be changed by other users; run: chmod 700 {directory}"
        trouble = journal.trouble() if directory == journal.directory else audit.trouble()
        assert trouble.endswith(f" cannot be written: {mends}")
    # Nothing that somebody else may have put there is believed.
    assert journal.open_entries(SERVICE, ORG) == ()
    with pytest.raises(RecordError, match="can be changed by other users"):
        read(audit.path)


def test_case_48_symbolic_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    state = tmp_path / "octomil-console"
    state.mkdir(mode=0o700)
    (state / "journal").symlink_to(elsewhere)
    (state / "audit.jsonl").symlink_to(elsewhere / "audit.jsonl")
    journal, audit = places(tmp_path)

    assert journal.trouble() == f"the journal cannot be written: {state / 'journal'} is a symbolic link"
    with pytest.raises(RecordError, match="is a symbolic link"):
        journal.begin(INTENT)
    assert audit.trouble() == "the audit log cannot be written: audit.jsonl is a symbolic link"
    with pytest.raises(RecordError, match=r"audit\.jsonl is a symbolic link"):
        audit.append(RECORD)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(("rotate_at", "least", "most"), [(ROTATE_AT, 1, 1), (60_000, 3, 1 + KEPT)])
def test_case_48_six_writers(tmp_path: Path, rotate_at: int, least: int, most: int) -> None:
    """Every record is there once, also where the log is put aside under their hands."""
    writers = [start("append", tmp_path, writer, 100, rotate_at) for writer in range(6)]
    for writer in writers:
        with writer:
            assert writer.wait(PATIENCE) == 0

    found = sorted((tmp_path / "octomil-console").iterdir())
    assert least <= len(found) <= most
    seen: Counter[str] = Counter()
    for log in found:
        records, skipped = read(log)
        assert skipped == 0
        assert log.stat().st_size <= rotate_at
        seen.update(record.intent_id for record in records)
    assert seen == Counter(f"{writer}-{number}" for writer in range(6) for number in range(100))


def test_case_48_a_torn_tail(tmp_path: Path) -> None:
    _, audit = places(tmp_path)
    for _ in range(2):
        audit.append(RECORD)
    os.truncate(audit.path, audit.path.stat().st_size - 40)
    assert read(audit.path) == ((RECORD,), 1)
    audit.append(RECORD)
    assert read(audit.path) == ((RECORD, RECORD), 1)


def test_case_48_killed_between_the_write_and_the_rename(tmp_path: Path) -> None:
    with start("die_before_rename", tmp_path) as child:
        assert child.wait(PATIENCE) == -signal.SIGKILL

    journal, _ = places(tmp_path)
    (entry,) = journal.open_entries(SERVICE, ORG)
    assert (entry.intent, entry.state, entry.rollout_id) == (INTENT, IntentState.INTENT, None)
    left = [path for path in journal.directory.iterdir() if path.suffix == ".tmp"]
    assert len(left) == 1
    assert b'"4131"' in left[0].read_bytes()
    # The next console has it, goes on with it, and clears up.
    assert journal.claim(INTENT.id) is not None
    assert journal.update(INTENT.id, IntentState.ACCEPTED).state is IntentState.ACCEPTED
    journal.tidy()
    assert not left[0].exists()


def test_case_48_killed_anywhere(tmp_path: Path) -> None:
    for life in range(1, 6):
        with start("write_for_ever", tmp_path) as child:
            assert child.stdout is not None
            assert json.loads(child.stdout.readline()) == {"ready": True}
            _, audit = places(tmp_path)
            before = audit.path.stat().st_size if audit.path.exists() else 0
            # Somewhere in the middle: as soon as it has written something.
            deadline = time.monotonic() + PATIENCE
            while not audit.path.exists() or audit.path.stat().st_size <= before:
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.001 * life)
            child.kill()
            assert child.wait(PATIENCE) == -signal.SIGKILL

        journal, _ = places(tmp_path)
        (entry,) = journal.open_entries(SERVICE, ORG)
        assert (entry.intent, entry.tries, journal.unreadable) == (INTENT, life, 0)
        records, skipped = read(audit.path)
        assert records
        assert skipped <= life


def test_case_20_killed_while_it_sends_the_next_console_finds_and_claims_it(tmp_path: Path) -> None:
    journal, _ = places(tmp_path)
    with start("send", tmp_path) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline()) == {"ready": True}
        # It lives: seen by another console, and left to the one that has it.
        (entry,) = journal.open_entries(SERVICE, ORG)
        assert (entry.state, entry.sent_at) == (IntentState.SENT, INTENT.at)
        assert journal.claim(INTENT.id) is None
        child.kill()
        assert child.wait(PATIENCE) == -signal.SIGKILL

    (entry,) = journal.open_entries(SERVICE, ORG)
    assert (entry.intent, entry.state) == (INTENT, IntentState.SENT)
    claim = journal.claim(INTENT.id)
    assert claim is not None
    assert Journal(journal.directory).claim(INTENT.id) is None
    claim.close()
