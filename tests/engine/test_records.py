"""What a session writes down, and what it does with it when it comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from octomil_tui.api.errors import RejectedError, UnknownOutcomeError, UnreachableError
from octomil_tui.domain.order import RollbackReceipt, Way
from octomil_tui.domain.rollback import Found, Noted, Phase, Rollback
from octomil_tui.engine.audit import AuditLog, read, whoami
from octomil_tui.engine.journal import Entry, Intent, IntentState, Journal
from octomil_tui.engine.recording import LocalRecords, Origin, RecordError, restored
from octomil_tui.engine.session import BusyError, PlanMovedError, Session
from octomil_tui.engine.state import Moved, Planned
from octomil_tui.engine.writing import InOrder
from tests.engine.fakes import BACK, BAD, GOOD, NEW, OLD, T0, FakeClock, FakeService, M, device, settled

pytestmark = pytest.mark.anyio

SERVICE = "https://api.example.test/v1"


def records_in(directory: Path) -> LocalRecords:
    origin = Origin(SERVICE, "api.example.test", "acme", "ab12cd34")
    journal = Journal(directory / "journal", clock=lambda: T0)
    return LocalRecords(journal, AuditLog(directory / "audit.jsonl"), origin, lambda: whoami({}))


def session_of(service: FakeService, records: LocalRecords | None, key: str = "key-1") -> Session:
    clock = FakeClock(service=service)
    return Session(
        service, clock=clock, sleep=clock.sleep, chance=lambda: 0.5, make_key=lambda: key, records=records
    )


def journal_of(directory: Path) -> dict[str, object]:
    [path] = (directory / "journal").glob("*.json")
    found: dict[str, object] = json.loads(path.read_bytes())
    return found


def actions(directory: Path) -> list[str]:
    records, skipped = read(directory / "audit.jsonl")
    assert skipped == 0
    return [record.action for record in records]


async def send(session: Session, **how: object) -> Rollback:
    shown = await session.preflight(M.id, GOOD, None)
    return await session.roll_back(shown, "INC-1", **how)  # type: ignore[arg-type]


async def test_case_09_the_intent_is_on_disk_before_the_request_leaves(tmp_path: Path) -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service, records_in(tmp_path))
    sending = asyncio.create_task(send(session))
    await settled(lambda: bool(service.posts), tries=100_000)
    before = journal_of(tmp_path)
    assert before["state"] == IntentState.SENT
    assert before["sent_at"] == T0
    intent = before["intent"]
    assert isinstance(intent, dict)
    assert (intent["id"], intent["to_version"], intent["reason"]) == ("key-1", GOOD, "INC-1")
    assert actions(tmp_path)[0] == "rollback.intent"
    assert service.gate is not None
    service.gate.set()
    assert (await sending).phase is Phase.ROLLING_BACK
    after = journal_of(tmp_path)
    assert (after["state"], after["rollout_id"]) == (IntentState.ACCEPTED, "4131")
    assert actions(tmp_path) == ["rollback.intent", "rollback.sending", "rollback.rolling_back"]


@pytest.mark.parametrize("broken", ["journal", "audit.jsonl"])
async def test_case_48_without_a_record_nothing_is_sent_until_it_is_acknowledged(
    tmp_path: Path, broken: str
) -> None:
    (tmp_path / broken).symlink_to(tmp_path / "elsewhere")
    service = FakeService()
    session = session_of(service, records_in(tmp_path))
    assert session.record_trouble() != ""
    with pytest.raises(RecordError):
        await send(session)
    assert service.posts == []
    assert (await send(session, without_record=True)).phase is Phase.ROLLING_BACK
    assert len(service.posts) == 1


async def test_a_record_that_fails_later_stops_nothing(tmp_path: Path) -> None:
    records = records_in(tmp_path)
    service = FakeService(gate=asyncio.Event())
    session = session_of(service, records)
    sending = asyncio.create_task(send(session))
    await settled(lambda: bool(service.posts), tries=100_000)
    for path in (tmp_path / "journal").iterdir():
        path.unlink()
    (tmp_path / "audit.jsonl").unlink()
    (tmp_path / "audit.jsonl").mkdir()
    assert service.gate is not None
    service.gate.set()
    assert (await sending).phase is Phase.ROLLING_BACK
    session.dismiss(M.id)


async def test_a_refusal_closes_the_entry(tmp_path: Path) -> None:
    session = session_of(FakeService(receipt=RejectedError("no (422)", status=422)), records_in(tmp_path))
    assert (await send(session)).phase is Phase.REJECTED
    assert (journal_of(tmp_path)["state"], journal_of(tmp_path)["outcome"]) == (
        IntentState.CLOSED,
        "rejected",
    )
    records, _ = read(tmp_path / "audit.jsonl")
    assert (records[-1].action, records[-1].status, records[-1].outcome) == (
        "rollback.rejected",
        422,
        "no (422)",
    )


async def lose(tmp_path: Path) -> FakeService:
    """Send a rollback whose answer is lost and that no record shows, and end the session."""
    service = FakeService(receipt=UnknownOutcomeError("no answer within 10 s"))
    records = records_in(tmp_path)
    rollback = await send(session_of(service, records))
    assert rollback.phase is Phase.NOT_FOUND
    records.journal.close()
    return service


async def test_case_12_what_is_sent_again_has_the_same_key_also_after_a_restart(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    service.receipt = RollbackReceipt(rollout_id="4131")
    later = session_of(service, records_in(tmp_path), key="another")
    [left] = await later.recall(M.id)
    assert (left.phase, left.key) == (Phase.UNCONFIRMED, "key-1")
    rollback = await send(later)
    assert [key for _, _, key in service.posts] == ["key-1", "key-1"]
    assert (rollback.tries, rollback.phase) == (2, Phase.ROLLING_BACK)
    assert journal_of(tmp_path)["tries"] == 2
    assert any("sent for the 2nd time" in line.text for line in rollback.log)


async def test_another_way_is_another_intent(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    service.receipt = RollbackReceipt(rollout_id="4131")
    later = session_of(service, records_in(tmp_path), key="another")
    await later.recall(M.id)
    await send(later, way=Way.ROLLOUT)
    assert [key for _, _, key in service.posts] == ["key-1", "another"]


async def returned(service: FakeService, directory: Path, ready: Callable[[Session], bool]) -> Session:
    """Start a session that finds what was left open, and run it until `ready`."""
    session = session_of(service, records_in(directory))

    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(session.run())
            group.create_task(session.pick_up())

    running = asyncio.create_task(live())
    try:
        await settled(lambda: ready(session), tries=200_000)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return session


async def test_case_20_a_lost_one_that_began_is_found_and_watched_after_a_restart(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    service.rollout_list = (BACK, NEW, OLD)
    session = await returned(service, tmp_path, _is_watched)
    rollback = session.state.rollbacks[M.id]
    assert (rollback.phase, rollback.rollout_id, rollback.key) == (Phase.ROLLING_BACK, "4131", "key-1")
    assert rollback.left_at is not None
    assert rollback.order.reason == "INC-1"
    assert len(service.posts) == 1


async def test_case_20_one_that_never_began_is_said_so_after_a_restart(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    session = await returned(
        service,
        tmp_path,
        lambda s: M.id in s.state.rollbacks and s.state.rollbacks[M.id].phase is Phase.NOT_FOUND,
    )
    session.dismiss(M.id, "given_up")
    assert session.state.rollbacks[M.id].left_at is None
    assert (journal_of(tmp_path)["state"], journal_of(tmp_path)["outcome"]) == (
        IntentState.CLOSED,
        "given_up",
    )
    assert await session_of(service, records_in(tmp_path)).recall() == ()


def _is_watched(session: Session) -> bool:
    rollback = session.state.rollbacks.get(M.id)
    return rollback is not None and rollback.watch is not None and rollback.watch.at is not None


async def test_an_accepted_one_is_watched_again_by_its_id(tmp_path: Path) -> None:
    service = FakeService()
    records = records_in(tmp_path)
    await send(session_of(service, records))
    records.journal.close()
    service.rollout_list = (BACK, NEW, OLD)
    session = await returned(service, tmp_path, _is_watched)
    rollback = session.state.rollbacks[M.id]
    assert (rollback.phase, rollback.rollout_id) == (Phase.ROLLING_BACK, "4131")
    assert session.record_place(M.id).endswith(".json")
    session.dismiss(M.id)
    assert journal_of(tmp_path)["state"] != IntentState.CLOSED, "it still runs"


async def test_a_service_that_does_not_answer_yet_delays_it_only(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    service.rollout_list = (BACK, NEW, OLD)
    service.device_list = UnreachableError("cannot connect")
    answered = 0

    def ready(session: Session) -> bool:
        nonlocal answered
        rollback = session.state.rollbacks.get(M.id)
        if rollback is not None and rollback.phase is Phase.ROLLING_BACK and rollback.watch is None:
            answered += 1
        if answered == 3:
            service.device_list = (device("a", BAD, "g-1"), device("b", GOOD, "g-2"))
        return _is_watched(session)

    session = await returned(service, tmp_path, ready)
    assert session.state.rollbacks[M.id].phase is Phase.ROLLING_BACK


async def test_two_sessions_do_not_both_take_it(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    first, second = records_in(tmp_path), records_in(tmp_path)
    assert len(first.left_open()) == 1
    assert second.left_open() == ()
    first.release()
    assert len(second.left_open()) == 1
    assert len(service.posts) == 1


async def test_without_records_there_is_nothing_to_bring_back() -> None:
    session = session_of(FakeService(), None)
    assert (await session.recall(), session.record_trouble(), session.record_place(M.id)) == ((), "", "")
    session.dismiss(M.id)
    await session.pick_up()


async def test_a_journal_that_cannot_be_read_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("in the way")
    assert records_in(tmp_path).left_open() == ()


async def test_somebody_elses_rollback_is_not_written_down(tmp_path: Path) -> None:
    records = records_in(tmp_path)
    session = session_of(FakeService(), records)
    stranger = Rollback(M.id, (await send(session_of(FakeService(), None))).order, Phase.ROLLING_BACK)
    session.dispatch(Planned(stranger))
    session.dispatch(Moved(M.id, Noted(T0, "seen")))
    session.dismiss(M.id)
    assert not (tmp_path / "journal").exists()
    assert records.place(stranger) == ""


async def test_looking_again_settles_anew(tmp_path: Path) -> None:
    service = FakeService(receipt=UnknownOutcomeError("no answer"))
    session = session_of(service, records_in(tmp_path))
    await send(session)
    service.rollout_list = (BACK, NEW, OLD)
    await session.look_again(M.id)
    assert session.state.rollbacks[M.id].phase is Phase.ROLLING_BACK
    await session.look_again(M.id)
    assert len(service.posts) == 1


async def test_a_wider_one_may_be_watched_as_what_it_is() -> None:
    rows = (device("a", BAD, "g-1", wanted=BAD), device("b", BAD, "g-2", wanted=BAD))
    service = FakeService(device_list=rows, members={"g-1": rows[:1]})
    session = session_of(service, None)
    shown = await session.preflight(M.id, GOOD, "staging")
    wider = await session.roll_back(shown, "INC-1")
    assert wider.phase is Phase.WIDER
    service.rollout_list = (BACK, NEW, OLD)
    await session.watch_whole(M.id)
    whole = session.state.rollbacks[M.id]
    assert (whole.phase, whole.order.group, whole.key) == (Phase.ROLLING_BACK, None, wider.key)
    assert whole.watch is not None
    assert set(whole.watch.tracks) == {"a", "b"}
    await session.watch_whole(M.id)
    assert session.state.rollbacks[M.id] is whole


def entry_of(**fields: object) -> Entry:
    intent = Intent(
        id="k", at=T0, service=SERVICE, org=None, model_id=M.id, model_name=M.name, from_version=BAD,
        to_version=GOOD, group="staging", group_id="g-1", reason=None, devices=1, plan="p",
        active_rollout_id="4127", key_fingerprint="f", **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    return Entry(intent, IntentState.SENT, Path("x"), T0)


@pytest.mark.parametrize(("way", "meant"), [("rollout", Way.ROLLOUT), ("something", Way.ROLLBACK)])
def test_what_the_journal_tells(way: str, meant: Way) -> None:
    rollback = restored(entry_of(way=way))
    assert (rollback.order.way, rollback.order.group, rollback.group_id) == (meant, "staging", "g-1")
    assert (rollback.sent_at, rollback.left_at, rollback.active_before) == (T0, T0, "4127")


async def test_one_that_went_wider_is_still_wider_after_a_restart(tmp_path: Path) -> None:
    rows = (device("a", BAD, "g-1", wanted=BAD), device("b", BAD, "g-2", wanted=BAD))
    service = FakeService(device_list=rows, members={"g-1": rows[:1]})
    records = records_in(tmp_path)
    session = session_of(service, records)
    shown = await session.preflight(M.id, GOOD, "staging")
    assert (await session.roll_back(shown, "INC-1")).phase is Phase.WIDER
    records.journal.close()
    service.rollout_list = (replace(BACK, affected=2), NEW, OLD)
    later = await returned(service, tmp_path, _is_watched)
    wider = later.state.rollbacks[M.id]
    assert (wider.phase, wider.order.group, wider.scope_size) == (Phase.WIDER, "staging", 1)


async def test_a_group_whose_record_names_none_is_watched_as_the_group(tmp_path: Path) -> None:
    rows = (device("a", BAD, "g-1"), device("b", BAD, "g-2"))
    receipt = RollbackReceipt(rollout_id="4131")
    service = FakeService(device_list=rows, members={"g-1": rows[:1]}, receipt=receipt)
    records = records_in(tmp_path)
    session = session_of(service, records)
    await session.roll_back(await session.preflight(M.id, GOOD, "staging"), "INC-1")
    records.journal.close()
    service.rollout_list = (BACK, NEW, OLD)
    later = await returned(service, tmp_path, _is_watched)
    watch = later.state.rollbacks[M.id].watch
    assert watch is not None
    assert list(watch.tracks) == ["a"]


async def test_an_intent_whose_plan_moved_is_closed_as_not_sent(tmp_path: Path) -> None:
    service = FakeService()
    session = session_of(service, records_in(tmp_path))
    shown = await session.preflight(M.id, GOOD, None)
    service.device_list = (device("a", GOOD, "g-1"), device("b", GOOD, "g-2"))
    with pytest.raises(PlanMovedError):
        await session.roll_back(shown, "INC-1")
    assert (service.posts, session.state.rollbacks) == ([], {})
    assert (journal_of(tmp_path)["state"], journal_of(tmp_path)["outcome"]) == (
        IntentState.CLOSED,
        "not_sent",
    )
    assert actions(tmp_path) == ["rollback.intent", "rollback.not_sent"]


async def test_one_that_was_lost_keeps_its_record_where_it_is_not_sent_again(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    session = session_of(service, records_in(tmp_path))
    await session.recall()
    before = journal_of(tmp_path)
    shown = await session.preflight(M.id, GOOD, None)
    service.device_list = (device("a", GOOD, "g-1"), device("b", GOOD, "g-2"))
    with pytest.raises(PlanMovedError):
        await session.roll_back(shown, "INC-1")
    assert journal_of(tmp_path) == before, "the first request may have begun something"


async def test_what_becomes_known_of_an_earlier_one_meanwhile_stops_it(tmp_path: Path) -> None:
    service = await lose(tmp_path)
    session = session_of(service, records_in(tmp_path))
    await session.recall()
    shown = await session.preflight(M.id, GOOD, None)
    service.hold["devices"] = asyncio.Event()
    sending = asyncio.create_task(session.roll_back(shown, "INC-1"))
    await asyncio.sleep(0.02)
    session.dismiss(M.id, "given_up")
    session.dispatch(Moved(M.id, Found(BACK, T0)))
    service.hold["devices"].set()
    with pytest.raises(BusyError, match="has just become known"):
        await sending
    assert len(service.posts) == 1


async def test_notes_in_a_thread_are_written_in_their_order(tmp_path: Path) -> None:
    records = records_in(tmp_path)
    records.writing = InOrder()
    await send(session_of(FakeService(), records))
    records.release()
    assert journal_of(tmp_path)["state"] == IntentState.ACCEPTED
    assert actions(tmp_path) == ["rollback.intent", "rollback.sending", "rollback.rolling_back"]
