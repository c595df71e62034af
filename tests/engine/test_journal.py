"""The journal: what it keeps, what it believes, and who may act on an entry."""

import json
import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.text import clean
from octomil_tui.engine.fields import UnreadableError
from octomil_tui.engine.intent import FILE_LIMIT, REASON_LIMIT, decode, encode
from octomil_tui.engine.journal import (
    KEPT,
    Entry,
    IntentState,
    Journal,
    RecordError,
    state_directory,
)
from octomil_tui.engine.private import open_locked, opened_directory
from tests.engine.records import AT, INTENT, SERVICE


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


@pytest.fixture
def journal(place: Path) -> Journal:
    return Journal(place, clock=lambda: AT)


def another(journal: Journal) -> Journal:
    """Return a journal of the same directory as another console would have it."""
    return Journal(journal.directory, clock=journal.now, patience=0.01)


def files(place: Path, suffix: str = ".json") -> list[str]:
    return sorted(path.name for path in place.iterdir() if path.suffix == suffix)


def only(journal: Journal, org: str | None = "acme-edge") -> Entry:
    (entry,) = another(journal).open_entries(SERVICE, org)
    return entry


def test_an_intent_is_on_the_disk_before_anything_is_sent(journal: Journal, place: Path) -> None:
    entry = journal.begin(INTENT)

    assert entry.path == place / "20260617T031331Z-9c1e.json"
    assert (entry.state, entry.tries, entry.updated_at) == (IntentState.INTENT, 1, AT)
    assert entry.intent == INTENT
    assert only(journal) == entry
    assert stat.S_IMODE(entry.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert entry.path.stat().st_size < 1_100
    assert entry.path.read_bytes().isascii()


def test_what_became_of_it_is_added_and_the_intent_stays(journal: Journal) -> None:
    journal.begin(INTENT)
    journal.update(INTENT.id, IntentState.SENT, sent_at=AT + 1)
    journal.update(INTENT.id, IntentState.ACCEPTED, rollout_id="4131", sentence="rolling back")
    journal.update(INTENT.id, seen_at=AT + 60)

    entry = only(journal)
    assert entry == Entry(
        INTENT,
        IntentState.ACCEPTED,
        entry.path,
        AT,
        sent_at=AT + 1,
        rollout_id="4131",
        sentence="rolling back",
        seen_at=AT + 60,
    )
    closed = journal.update(INTENT.id, IntentState.CLOSED, outcome="done")
    assert (closed.state, closed.outcome, closed.sentence) == (IntentState.CLOSED, "done", "rolling back")
    assert journal.open_entries(SERVICE, "acme-edge") == ()


def test_an_intent_that_is_not_there_cannot_be_updated(journal: Journal) -> None:
    with pytest.raises(RecordError, match=r"^the journal cannot be written: it has no readable entry"):
        journal.update("none")


def test_sent_again_it_keeps_its_file_and_when_it_was_sent_first(journal: Journal, place: Path) -> None:
    journal.begin(INTENT)
    journal.update(INTENT.id, IntentState.SENT, sent_at=AT + 1)
    journal.update(INTENT.id, IntentState.UNKNOWN, sentence="no answer within 10s", outcome="unconfirmed")
    again = journal.begin(replace(INTENT, at=AT + 90, reason="once more", devices=123, plan="0000"))

    assert (again.state, again.tries, again.sent_at) == (IntentState.INTENT, 2, AT + 1)
    assert (again.intent, again.sentence, again.outcome) == (INTENT, "", "")
    assert files(place) == ["20260617T031331Z-9c1e.json"]
    assert journal.update(INTENT.id, IntentState.SENT, sent_at=AT + 91).sent_at == AT + 1


def test_sent_again_by_the_next_console(journal: Journal) -> None:
    journal.begin(INTENT)
    journal.close()
    assert another(journal).begin(INTENT).tries == 2


@pytest.mark.parametrize(
    "change", [{"to_version": "0.9.0"}, {"group": None}, {"model_id": "mdl_2"}, {"service": "https://x.test"}]
)
def test_a_key_is_for_one_rollback(journal: Journal, change: dict[str, Any]) -> None:
    journal.begin(INTENT)
    with pytest.raises(RecordError, match="its key was used for another rollback"):
        journal.begin(replace(INTENT, **change))


def test_intents_of_one_second_whose_ids_begin_alike_have_files_of_their_own(
    journal: Journal, place: Path
) -> None:
    ids = ["9c1e-one", "9c1e-two", "9c1e", "9C1E", "9c1e-" + "x" * 250]
    for one in ids:
        journal.begin(replace(INTENT, id=one))
    found = {entry.intent.id for entry in another(journal).open_entries(SERVICE, "acme-edge")}
    assert found == set(ids)
    assert len(files(place)) == 5
    for one in ids:
        assert journal.update(one, sentence=f"of {one}").intent.id == one
    told = {entry.sentence for entry in another(journal).open_entries(SERVICE, "acme-edge")}
    assert told == {f"of {one}" for one in ids}


@pytest.mark.parametrize("id_", ["../../etc/x", "/", "....", "..", "-", "a/b", ".lock"])
def test_no_id_leads_out_of_the_directory(journal: Journal, place: Path, id_: str) -> None:
    entry = journal.begin(replace(INTENT, id=id_))
    assert entry.path.parent == place
    assert files(place) == [entry.path.name]
    assert another(journal).open_entries(SERVICE, "acme-edge")[0].intent.id == id_
    assert [path.name for path in place.parent.iterdir()] == ["journal"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": ""}, "the id is not one that can be sent"),
        ({"id": "a\r\nX: y"}, "the id is not one that can be sent"),
        ({"id": "x" * 256}, "the id is not one that can be sent"),
        ({"at": float("nan")}, "at is not a moment"),
        ({"at": float("inf")}, "at is not a moment"),
        ({"at": -1.0}, "at is not a moment"),
        ({"devices": -1}, "devices is not a count"),
        ({"way": "Sideways"}, "the way is unknown"),
        ({"model_id": "x" * FILE_LIMIT}, "the record would be larger than 65536 bytes"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(
    journal: Journal, place: Path, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(RecordError) as caught:
        journal.begin(replace(INTENT, **change))
    assert caught.value.sentence == f"the journal cannot be written: {why}"
    assert files(place) == []
    journal.begin(INTENT)
    with pytest.raises(RecordError, match="a number is not finite"):
        journal.update(INTENT.id, sent_at=float("nan"))
    assert only(journal).sent_at is None


def test_free_texts_are_cut_so_that_a_file_stays_small(journal: Journal) -> None:
    journal.begin(replace(INTENT, reason="語" * 10_000, model_name="m" * 10_000))
    entry = journal.update(INTENT.id, sentence="s" * 10_000, outcome="o" * 10_000)
    assert entry.path.stat().st_size < 6_000
    assert [len(text) for text in (entry.intent.reason or "", entry.sentence, entry.outcome)] == [
        501,
        301,
        301,
    ]
    assert only(journal) == entry


@given(st.text(), st.text(), st.text())
def test_texts_come_back_safe_and_ids_as_they_were(reason: str, sentence: str, group: str) -> None:
    path = Path("x.json")
    entry = Entry(
        replace(INTENT, reason=reason, group=group),
        IntentState.SENT,
        path,
        AT,
        sentence=sentence,
        rollout_id=group,
    )
    back = decode(encode(entry), path)
    assert (back.intent.reason, back.sentence) == (clean(reason, 500), clean(sentence, 300))
    assert (back.intent.group, back.rollout_id) == (group, group)
    assert encode(back) == encode(entry)


def test_entries_of_another_service_or_organisation_are_not_ours(journal: Journal) -> None:
    ids = {
        "other-service": replace(INTENT, id="1", service="https://staging.octomil.test/v1"),
        "other-org": replace(INTENT, id="2", org="else"),
        "no-org": replace(INTENT, id="3", org=None),
        "later": replace(INTENT, id="4", at=AT + 5),
        "ours": replace(INTENT, id="5"),
    }
    for intent in ids.values():
        journal.begin(intent)
    assert [entry.intent.id for entry in journal.open_entries(SERVICE, "acme-edge")] == ["5", "4"]
    assert [entry.intent.id for entry in journal.open_entries(SERVICE, None)] == ["3"]


def test_a_journal_that_was_never_written_is_empty_and_stays_unmade(journal: Journal, place: Path) -> None:
    assert journal.open_entries(SERVICE, None) == ()
    assert journal.claim(INTENT.id) is None
    journal.tidy()
    assert not place.exists()
    assert journal.trouble() == ""
    assert files(place, "") == [".lock"]


def without(field: str) -> Callable[[dict[str, Any]], object]:
    return lambda values: values.pop(field)


def put(field: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda values: values.update({field: value})


def put_in(field: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda values: values["intent"].update({field: value})


@pytest.mark.parametrize(
    "spoil",
    [
        without("format"),
        without("state"),
        without("intent"),
        without("updated_at"),
        without("sentence"),
        put("format", 2),
        put("format", True),
        put("state", "sideways"),
        put("state", ["sent"]),
        put("sent_at", "now"),
        put("sent_at", True),
        put("sent_at", -1),
        put("sent_at", 10**400),
        put("sent_at", 1e18),
        put("seen_at", {}),
        put("tries", 1.5),
        put("rollout_id", 4131),
        put("sentence", None),
        put("intent", [1]),
        put_in("id", 7),
        put_in("id", "a\nb"),
        put_in("to_version", None),
        put_in("devices", "124"),
        put_in("devices", 10**10),
        put_in("group", False),
        put_in("way", "Rollback!"),
        put_in("org", 1),
    ],
)
def test_a_file_with_a_wrong_field_is_skipped_and_counted(
    journal: Journal, spoil: Callable[[dict[str, Any]], object]
) -> None:
    path = journal.begin(INTENT).path
    journal.close()
    values = json.loads(path.read_text())
    spoil(values)
    path.write_text(json.dumps(values))

    assert (journal.open_entries(SERVICE, "acme-edge"), journal.unreadable) == ((), 1)
    assert journal.claim(INTENT.id) is None
    journal.tidy()
    assert path.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe{}",
        b'{"format": NaN}',
        b'{"format": 1e999}',
        b'{"format": ' + b"9" * 5_000 + b"}",
        b"[" * 50_000,
        b'{"a":' * 10_000,
        b"{" + b" " * FILE_LIMIT + b"}",
        bytes(FILE_LIMIT + 1),
    ],
    ids=lambda content: repr(content[:16]),
)
def test_a_file_that_is_no_entry_is_skipped_and_never_overwritten(
    journal: Journal, place: Path, content: bytes
) -> None:
    path = journal.begin(INTENT).path
    path.write_bytes(content)
    assert (journal.open_entries(SERVICE, "acme-edge"), journal.unreadable) == ((), 1)

    journal.close()
    entry = journal.begin(INTENT)
    assert entry.path.name == "20260617T031331Z-9c1e2f3a.json"
    assert path.read_bytes() == content
    assert files(place) == [path.name, entry.path.name]


def test_when_every_name_is_taken_by_what_cannot_be_read(journal: Journal) -> None:
    for _ in range(5):
        journal.begin(INTENT).path.write_bytes(b"")
    with pytest.raises(RecordError, match="its file is there and cannot be read"):
        journal.begin(INTENT)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(content, Path("x.json"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(asdict(INTENT))), JSON)
def test_any_value_in_a_field_is_taken_or_refused(field: str, value: object) -> None:
    values = {
        "format": 1,
        "state": "sent",
        "outcome": "",
        "sentence": "",
        "tries": 1,
        "updated_at": AT,
        "intent": {**asdict(INTENT), field: value},
    }
    taken: object = None
    with suppress(UnreadableError):
        taken = getattr(decode(json.dumps(values).encode(), Path("x.json")).intent, field)
    # What is taken is the value, or its safe text; anything else was refused.
    assert taken in (None, value, clean(value, REASON_LIMIT) if isinstance(value, str) else None, "rollback")


def test_other_files_in_the_directory_are_not_looked_at(journal: Journal, place: Path) -> None:
    journal.begin(INTENT)
    (place / "notes.json").write_text("x")
    (place / "20260617T031331Z-9c1e.json.bak").write_text("x")
    assert len(journal.open_entries(SERVICE, "acme-edge")) == 1
    assert journal.unreadable == 0
    journal.tidy()
    assert (place / "notes.json").exists()


def test_links_and_pipes_in_place_of_an_entry_are_not_read(journal: Journal, place: Path) -> None:
    entry = journal.begin(INTENT)
    elsewhere = place.parent / "elsewhere.json"
    entry.path.rename(elsewhere)
    entry.path.symlink_to(elsewhere)
    os.mkfifo(place / "20260617T031332Z-aaaa.json")
    assert (journal.open_entries(SERVICE, "acme-edge"), journal.unreadable) == ((), 2)


def test_one_console_at_a_time_has_an_intent(journal: Journal) -> None:
    journal.begin(INTENT)
    other = another(journal)
    assert other.claim(INTENT.id) is None
    with pytest.raises(RecordError, match="another console on this machine has this rollback"):
        other.begin(INTENT)

    mine = journal.claim(INTENT.id)
    assert mine is not None
    assert journal.claim(INTENT.id) is mine
    mine.close()
    mine.close()
    with other.claim(INTENT.id) or pytest.fail("it is free"):
        assert journal.claim(INTENT.id) is None
    assert journal.claim(INTENT.id) is not None


def test_a_claim_outlives_every_update_and_ends_with_the_entry(journal: Journal) -> None:
    journal.begin(INTENT)
    other = another(journal)
    journal.update(INTENT.id, IntentState.ACCEPTED)
    assert other.claim(INTENT.id) is None
    journal.update(INTENT.id, IntentState.CLOSED, outcome="complete")
    claim = other.claim(INTENT.id)
    assert claim is not None
    claim.close()

    # A device left the target after the end: whoever says so has it again.
    journal.update(INTENT.id, IntentState.ACCEPTED)
    assert other.claim(INTENT.id) is None


def test_closing_the_journal_lets_go_of_everything(journal: Journal) -> None:
    for id_ in "ab":
        journal.begin(replace(INTENT, id=id_))
    journal.close()
    assert all(another(journal).claim(id_) is not None for id_ in "ab")


def test_an_intent_that_could_not_be_written_is_not_held(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.begin(INTENT)
    journal.close()
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", lambda *_, **__: (_ for _ in ()).throw(OSError(28, os.strerror(28))))
        with pytest.raises(RecordError, match=r"^the journal cannot be written: No space left on device$"):
            journal.begin(INTENT)
    assert another(journal).claim(INTENT.id) is not None


def test_a_write_that_fails_takes_no_claim_away(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.begin(INTENT)
    journal.update(INTENT.id, IntentState.UNKNOWN)
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", lambda *_, **__: (_ for _ in ()).throw(OSError(28, os.strerror(28))))
        with pytest.raises(RecordError, match="No space left on device"):
            journal.begin(INTENT)
    assert another(journal).claim(INTENT.id) is None
    assert only(journal).tries == 1


def test_who_has_no_claim_can_close_an_entry(journal: Journal) -> None:
    journal.begin(INTENT)
    journal.close()
    assert another(journal).update(INTENT.id, IntentState.CLOSED, outcome="dismissed").outcome == "dismissed"


def test_an_entry_whose_lock_is_not_ours_cannot_be_claimed(journal: Journal) -> None:
    lock = journal.begin(INTENT).path.with_suffix(".lock")
    journal.close()
    lock.unlink()
    lock.symlink_to("elsewhere")
    assert journal.claim(INTENT.id) is None
    with pytest.raises(RecordError, match=r"9c1e\.lock is a symbolic link"):
        journal.begin(INTENT)


def test_closed_entries_are_deleted_after_thirty_days(place: Path) -> None:
    clock = Clock()
    journal = Journal(place, clock=clock)
    for id_ in ("open", "closed", "held"):
        journal.begin(replace(INTENT, id=id_))
    journal.update("closed", IntentState.CLOSED)
    journal.update("held", IntentState.CLOSED)
    other = another(journal)
    assert other.claim("held") is not None

    clock.at = AT + KEPT
    journal.tidy()
    assert len(files(place)) == 3
    clock.at = AT + KEPT + 1
    journal.tidy()
    assert files(place) == ["20260617T031331Z-held.json", "20260617T031331Z-open.json"]
    assert files(place, ".lock") == ["20260617T031331Z-held.lock", "20260617T031331Z-open.lock"]
    other.close()
    journal.tidy()
    assert files(place) == ["20260617T031331Z-open.json"]


def test_what_a_killed_process_left_is_removed(journal: Journal, place: Path) -> None:
    entry = journal.begin(INTENT)
    for name in (".20260617T031331Z-9c1e.json.0a1b2c3d.tmp", ".probe", "20260101T000000Z-abcd.lock"):
        (place / name).write_bytes(b"half")
    journal.tidy()
    assert {path.name for path in place.iterdir()} == {
        ".lock",
        "20260617T031331Z-9c1e.json",
        "20260617T031331Z-9c1e.lock",
    }
    assert only(journal) == entry


def test_trouble_is_what_a_record_would_meet(journal: Journal, place: Path) -> None:
    assert journal.trouble() == ""
    assert files(place, "") == [".lock"]
    place.chmod(0o777)
    sentence = journal.trouble()
    assert sentence.startswith("the journal cannot be written: the directory ")
    assert sentence.endswith(f"run: chmod 700 {place}")
    with pytest.raises(RecordError) as caught:
        journal.begin(INTENT)
    assert caught.value.sentence == sentence


def test_a_process_that_was_stopped_in_the_middle_does_not_stop_this_one(
    journal: Journal, place: Path
) -> None:
    journal.begin(INTENT)
    with opened_directory(place, make=False) as directory:
        held = open_locked(directory, ".lock")
        assert held is not None
        assert another(journal).trouble() == "the journal cannot be written: another process holds it"
        assert len(another(journal).open_entries(SERVICE, "acme-edge")) == 1
        os.close(held)
    assert journal.trouble() == ""


def test_threads_of_one_console_do_not_lose_updates(journal: Journal) -> None:
    journal.begin(INTENT)
    updates: list[dict[str, Any]] = [
        {"sent_at": AT},
        {"rollout_id": "4131"},
        {"sentence": "said"},
        {"seen_at": AT + 9},
        {"outcome": "done"},
    ]
    threads = [threading.Thread(target=journal.update, args=(INTENT.id,), kwargs=one) for one in updates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    entry = only(journal)
    assert (entry.sent_at, entry.rollout_id, entry.sentence, entry.seen_at, entry.outcome) == (
        AT,
        "4131",
        "said",
        AT + 9,
        "done",
    )


def test_where_the_records_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_directory().name == "octomil-console"
