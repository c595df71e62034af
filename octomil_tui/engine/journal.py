"""The journal: one small file for each rollback that this console sends, so that the next start finds it.

A file is a hint, never the truth: how a rollback stands is for the service to
say. What is read back is judged like anything from outside.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import platformdirs

from octomil_tui.engine.claim import Claim, delete_unclaimed, orphans, take_claim
from octomil_tui.engine.fields import UnreadableError
from octomil_tui.engine.intent import Entry, Intent, IntentState, decode, encode
from octomil_tui.engine.intent_file import entry_names, find_entry, free_name, read_entry
from octomil_tui.engine.private import (
    LEFTOVER,
    RecordError,
    names_in,
    open_locked,
    opened_directory,
    telling,
    write_file,
)

__all__ = ["Claim", "Entry", "Intent", "IntentState", "Journal", "RecordError", "state_directory"]

KEPT: Final = 30 * 86_400.0
"""Seconds for which a closed entry is kept."""

PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes to the journal."""

_WHAT = "the journal"
_LOCK = ".lock"
_PROBE = ".probe"
_PROBE_BYTES = 4_096


def state_directory() -> Path:
    """Return where the console keeps what it writes down on this machine."""
    return platformdirs.user_state_path("octomil-console")


class Journal:
    """The entries in one directory. Every call reads or writes files, and may be made from any thread.

    Only who holds an intent's claim should update it. `begin` takes the claim.
    It is let go when the entry is closed, by `Claim.close`, by `close`, or
    when the process ends, however it ends.

    Args:
        directory: Where the files are, and nothing else; made when the first one is written.
        clock: This machine's clock, epoch seconds.
        patience: Seconds to wait for another process that writes.

    Attributes:
        unreadable: Files that the last `open_entries` could not read.
    """

    def __init__(
        self, directory: Path, *, clock: Callable[[], float] = time.time, patience: float = PATIENCE
    ) -> None:
        self.directory = directory
        self.unreadable = 0
        self._clock = clock
        self._patience = patience
        self._claims: dict[str, Claim] = {}
        self._mutex = threading.Lock()

    def now(self) -> float:
        """Return this machine's clock, epoch seconds."""
        return self._clock()

    def trouble(self) -> str:
        """Return why no record can be written now, one sentence; empty if a probe reached the disk."""
        try:
            with self._changing() as directory:
                write_file(directory, _PROBE, bytes(_PROBE_BYTES))
                os.unlink(_PROBE, dir_fd=directory)
        except RecordError as error:
            return error.sentence
        return ""

    def begin(self, intent: Intent) -> Entry:
        """Write down an intent before anything is sent; it is on the disk when this returns. Claims it.

        One that is there already, since it is sent again with the same key,
        keeps its file, what was confirmed first, and when it was sent first.

        Raises:
            RecordError: It cannot be written, another process holds it, or its
                key was used for something else.
        """
        with self._changing() as directory:
            found = find_entry(directory, self.directory, intent.id)
            if found is None:
                name = free_name(directory, intent)
                entry = Entry(intent, IntentState.INTENT, self.directory / name, self._clock())
            elif found.intent.asks_the_same(intent):
                name, tries = found.path.name, found.tries + 1
                entry = replace(found, state=IntentState.INTENT, sentence="", outcome="", tries=tries)
            else:
                raise OSError(errno.EEXIST, "its key was used for another rollback")
            is_new = intent.id not in self._claims
            claim = self._claim(directory, intent.id, name)
            if claim is None:
                raise OSError(errno.EBUSY, "another console on this machine has this rollback")
            try:
                return self._write(directory, entry, is_new=found is None)
            except BaseException:
                if is_new:
                    claim.close()
                raise

    def update(
        self,
        intent_id: str,
        state: IntentState | None = None,
        *,
        sent_at: float | None = None,
        rollout_id: str | None = None,
        sentence: str | None = None,
        seen_at: float | None = None,
        outcome: str | None = None,
    ) -> Entry:
        """Write down what became of an intent; None leaves a field as it is.

        `sent_at` stays what it was at the first try: a record of the service
        may be of any try. A closed entry's claim is let go.

        Raises:
            RecordError: It cannot be written, or there is no such intent.
        """
        with self._changing() as directory:
            found = find_entry(directory, self.directory, intent_id)
            if found is None:
                raise OSError(errno.ENOENT, "it has no readable entry for this rollback")
            entry = self._write(
                directory,
                replace(
                    found,
                    state=found.state if state is None else state,
                    sent_at=sent_at if found.sent_at is None else found.sent_at,
                    rollout_id=found.rollout_id if rollout_id is None else rollout_id,
                    sentence=found.sentence if sentence is None else sentence,
                    seen_at=found.seen_at if seen_at is None else seen_at,
                    outcome=found.outcome if outcome is None else outcome,
                ),
            )
            if entry.state is not IntentState.CLOSED:
                if found.state is IntentState.CLOSED:
                    self._claim(directory, intent_id, entry.path.name)
            elif (claim := self._claims.get(intent_id)) is not None:
                claim.close()
            return entry

    def open_entries(self, service: str, org: str | None) -> tuple[Entry, ...]:
        """Return what is not closed of one service, the oldest first.

        A directory that is missing or refused has none; `trouble` says why.
        Files that cannot be read are skipped, and counted in `unreadable`.
        """
        return tuple(entry for entry in self.entries(service, org) if entry.state is not IntentState.CLOSED)

    def entries(self, service: str, org: str | None) -> tuple[Entry, ...]:
        """Return what is kept of one service, closed or not, the oldest first; else as `open_entries`."""
        entries: list[Entry] = []
        unreadable = 0
        with (
            self._mutex,
            suppress(OSError),
            opened_directory(self.directory, make=False) as directory,
        ):
            for name in entry_names(directory):
                entry = read_entry(directory, self.directory / name)
                if entry is None:
                    unreadable += 1
                else:
                    entries.append(entry)
        self.unreadable = unreadable
        mine = (entry for entry in entries if (entry.intent.service, entry.intent.org) == (service, org))
        return tuple(sorted(mine, key=lambda entry: (entry.intent.at, entry.path.name)))

    def claim(self, intent_id: str) -> Claim | None:
        """Claim an intent without waiting, so that two consoles of one user do not both resume it.

        Returns:
            The claim, the same one if this journal has it already. None where
            another process has it, there is no such intent, or it cannot be locked.
        """
        with (
            self._mutex,
            suppress(OSError),
            opened_directory(self.directory, make=False) as directory,
        ):
            found = find_entry(directory, self.directory, intent_id)
            if found is not None:
                return self._claim(directory, intent_id, found.path.name)
        return None

    def close(self) -> None:
        """Let go of all claims."""
        with self._mutex:
            for claim in tuple(self._claims.values()):
                claim.close()

    def tidy(self) -> None:
        """Delete entries that were closed more than 30 days ago, and what was never finished; never fails.

        Files that cannot be read, and entries that a process holds, stay.
        """
        with suppress(RecordError), self._changing(make=False) as directory:
            for name in names_in(directory):
                # Nobody else writes now: what looks unfinished was left by a process that is gone.
                if name == _PROBE or (name.startswith(".") and name.endswith(LEFTOVER)):
                    os.unlink(name, dir_fd=directory)
            for name in entry_names(directory):
                entry = read_entry(directory, self.directory / name)
                if entry is not None and self._is_over(entry):
                    delete_unclaimed(directory, name)
            for name in orphans(directory):
                delete_unclaimed(directory, name)

    def _is_over(self, entry: Entry) -> bool:
        return entry.state is IntentState.CLOSED and entry.updated_at < self._clock() - KEPT

    @contextmanager
    def _changing(self, *, make: bool = True) -> Iterator[int]:
        """Hold the whole journal for one change; yields its directory."""
        with self._mutex, telling(_WHAT), ExitStack() as opened:
            directory = opened.enter_context(opened_directory(self.directory, make=make))
            held = open_locked(directory, _LOCK, self._patience)
            if held is None:
                raise OSError(errno.EAGAIN, "another process holds it")
            opened.callback(os.close, held)
            yield directory

    def _claim(self, directory: int, intent_id: str, name: str) -> Claim | None:
        if (claim := self._claims.get(intent_id)) is not None:
            return claim
        claim = take_claim(directory, name, lambda: self._claims.pop(intent_id, None))
        if claim is not None:
            self._claims[intent_id] = claim
        return claim

    def _write(self, directory: int, entry: Entry, *, is_new: bool = False) -> Entry:
        try:
            content = encode(replace(entry, updated_at=self._clock()))
        except UnreadableError as error:
            raise OSError(errno.EINVAL, str(error)) from None
        write_file(directory, entry.path.name, content, is_new=is_new)
        return decode(content, entry.path)
