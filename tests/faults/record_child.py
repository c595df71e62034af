"""A console's records, written by a process of its own: it meets real full disks, and it can be killed.

Run as `python -m tests.faults.record_child ACT DIRECTORY [NUMBER …]`. What it
found goes to standard output as JSON.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from octomil_tui.engine.audit import AuditLog, read
from octomil_tui.engine.journal import IntentState, Journal, RecordError
from tests.engine.records import INTENT, RECORD, SERVICE

ORG = INTENT.org


def places(directory: Path) -> tuple[Journal, AuditLog]:
    """Return the journal and the audit log below a directory, as the console lays them out."""
    state = directory / "octomil-console"
    return Journal(state / "journal", patience=60), AuditLog(state / "audit.jsonl", patience=60)


def refused(call: Callable[[], object]) -> str:
    """Return the sentence with which a call was refused, or nothing."""
    try:
        call()
    except RecordError as error:
        return error.sentence
    return ""


def say(**found: object) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def append(directory: Path, writer: str, records: str, rotate_at: str) -> None:
    """Add records as one of several writers."""
    _, audit = places(directory)
    audit = AuditLog(audit.path, patience=60, rotate_at=int(rotate_at))
    for number in range(int(records)):
        audit.append(replace(RECORD, intent_id=f"{writer}-{number}", reason="x" * (number % 200)))


def full(directory: Path) -> None:
    """Fill the disk below the directory, and make room again."""
    journal, audit = places(directory)
    journal.begin(INTENT)
    entry = journal.update(INTENT.id, IntentState.SENT, sent_at=INTENT.at)
    audit.append(RECORD)
    before = entry.path.read_bytes()
    filler = directory / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError as error:
            full_with = error.errno
    found = {
        "full": full_with == errno.ENOSPC,
        "journal": journal.trouble(),
        "begin": refused(lambda: journal.begin(replace(INTENT, id="new"))),
        "update": refused(lambda: journal.update(INTENT.id, IntentState.ACCEPTED)),
        "open": [one.state for one in journal.open_entries(SERVICE, ORG)],
        "untouched": entry.path.read_bytes() == before,
    }
    # The last page of the log may have room for some.
    written = 1
    sentence = ""
    while not sentence and written < 100:
        sentence = refused(lambda: audit.append(RECORD))
        written += not sentence
    kept, skipped = read(audit.path)
    found |= {
        "append": sentence,
        "audit": audit.trouble(),
        "whole": (len(kept), skipped) == (written, 0) and audit.path.read_bytes().endswith(b"}\n"),
        "files": sorted(path.name for path in entry.path.parent.iterdir()),
    }
    filler.unlink()
    journal.update(INTENT.id, IntentState.ACCEPTED)
    audit.append(RECORD)
    say(**found, healed=[journal.trouble(), audit.trouble(), len(read(audit.path)[0]) - written])


def limited(directory: Path) -> None:
    """Write the log until the largest size of a file is reached in the middle of a record."""
    journal, audit = places(directory)
    audit.append(RECORD)
    size = audit.path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size * 3 + size // 2, resource.RLIM_INFINITY))
    sentences = [refused(lambda: audit.append(RECORD)) for _ in range(4)]
    lines = audit.path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
    found = {"journal": journal.trouble(), "begin": refused(lambda: journal.begin(INTENT))}
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    left = sorted(path.name for path in journal.directory.iterdir())
    say(**found, sentences=sentences, records=lines.count(b"\n"), whole=lines.endswith(b"}\n"), left=left)


def look(directory: Path) -> None:
    """See what can be done with records that are there already."""
    journal, audit = places(directory)
    found = {
        "journal": journal.trouble(),
        "audit": audit.trouble(),
        "begin": refused(lambda: journal.begin(replace(INTENT, id="new"))),
        "append": refused(lambda: audit.append(RECORD)),
        "open": [entry.intent.id for entry in journal.open_entries(SERVICE, ORG)],
        "claimed": journal.claim(INTENT.id) is not None,
    }
    # Nothing can be deleted either, and that is nobody's trouble.
    journal.tidy()
    say(**found, records=len(read(audit.path)[0]))


def send(directory: Path) -> None:
    """Begin a rollback, say so, and wait for its end, or for the end of this process."""
    journal, _ = places(directory)
    journal.begin(INTENT)
    journal.update(INTENT.id, IntentState.SENT, sent_at=INTENT.at)
    say(ready=True)
    time.sleep(300)


def die_before_rename(directory: Path) -> None:
    """Be killed when the new content is on the disk and the name is still the old one's."""
    journal, _ = places(directory)
    journal.begin(INTENT)
    os.replace = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    journal.update(INTENT.id, IntentState.ACCEPTED, rollout_id="4131")


def write_for_ever(directory: Path) -> None:
    """Change an entry and add records until killed."""
    journal, audit = places(directory)
    journal.begin(INTENT)
    say(ready=True)
    for number in range(10**9):
        journal.update(INTENT.id, IntentState.SENT, sentence=str(number) * 100)
        audit.append(replace(RECORD, outcome=str(number)))


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (append, full, limited, look, send, die_before_rename, write_for_ever)
}

if __name__ == "__main__":
    ACTS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
