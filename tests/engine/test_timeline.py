"""The timeline of a console: what is asked for and when, what this machine adds, and what a report rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from octomil_tui.api.errors import ServerError
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.order import Reading
from octomil_tui.domain.signal import RolloutHealth
from octomil_tui.domain.timeline import Act, ServiceLog, Teller, TimelineEvent
from octomil_tui.domain.timeline_words import sentence_of
from octomil_tui.engine.audit import AuditLog, whoami
from octomil_tui.engine.demand import demands
from octomil_tui.engine.evidence import gather
from octomil_tui.engine.notebook import Notebook
from octomil_tui.engine.recording import Origin, RecordError
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.report_file import report_stem, write_report
from octomil_tui.engine.state import ConsoleState, Focus, Polled, Recalled
from octomil_tui.engine.timeline import histories_of, timeline
from octomil_tui.engine.topic import TIMELINE
from tests.engine.fakes import BACK, NEW, OLD, T0, FakeService, M
from tests.engine.test_records import SERVICE, actions, records_in, send, session_of

pytestmark = pytest.mark.anyio

EVENT = TimelineEvent(T0, Act.STARTED, frozenset({Teller.AUDIT}), rollout_id=NEW.id, model_id=M.id)
LOG = ServiceLog(audit=(EVENT,))


def notebook_in(directory: Path, org: str | None = "acme") -> Notebook:
    origin = Origin(SERVICE, "api.example.test", org, "ab12cd34")
    return Notebook(AuditLog(directory / "audit.jsonl", clock=lambda: T0), origin, lambda: whoami({}))


def test_it_is_asked_for_only_while_it_is_looked_at() -> None:
    state = ConsoleState(focus=Focus(M.id))
    assert TIMELINE not in demands(state)
    assert demands(replace(state, focus=Focus(has_timeline=True)))[TIMELINE].cost == 2


def test_the_history_of_what_runs_is_part_of_it() -> None:
    state = ConsoleState(focus=Focus(M.id, has_timeline=True))
    state = replace(state, snapshot=replace(state.snapshot, rollouts={M.id: (BACK, NEW, OLD)}))
    assert histories_of(state) == ((M.id, BACK.id), (M.id, NEW.id))
    assert demands(state)[TIMELINE].cost == 4


def test_what_is_read_and_what_this_machine_recalls_is_one_list() -> None:
    state = reduce(ConsoleState(), Polled(TIMELINE, Reading(LOG, T0), 1.0))
    memo = TimelineEvent(T0 + 5, Act.MEMO, frozenset({Teller.CONSOLE}), text="told")
    state = reduce(state, Recalled((memo,)))
    assert [event.act for event in timeline(state)] == [Act.MEMO, Act.STARTED]


async def test_the_notebook_tells_of_what_was_sent_here_and_keeps_memos(tmp_path: Path) -> None:
    session = session_of(FakeService(), records_in(tmp_path))
    await send(session)
    notebook = notebook_in(tmp_path)
    notebook.memo("support told", T0 + 9, model="phi-4-mini", rollout_id="4131")
    confirmed, memo = notebook.past()
    assert sentence_of(confirmed) == "confirmed a rollback to v1.0.0 at this console: fleet; INC-1"
    assert (confirmed.at, confirmed.intent_id, confirmed.rollout_id) == (T0, "key-1", None)
    assert (memo.act, memo.at, memo.text, memo.model) == (Act.MEMO, T0 + 9, "support told", "phi-4-mini")
    assert memo.by == whoami({}).user
    assert actions(tmp_path)[-1] == "memo"
    assert notebook_in(tmp_path, "other").past() == ()
    assert Notebook().past() == ()


async def test_what_went_wrong_is_told_with_its_cause(tmp_path: Path) -> None:
    records = records_in(tmp_path)
    session = session_of(FakeService(), records)
    rollback = await send(session)
    for action in ("rollback.rejected", "rollback.regressed", "rollback.sending", "rollback.done", "odd"):
        records.audit.append(replace(records._record(rollback, action), outcome="busy"))
    said = [sentence_of(event) for event in notebook_in(tmp_path).past()][1:]
    assert said == [
        "rollback to v1.0.0 was refused by the service: busy",
        "rollback to v1.0.0 REGRESSED: a device left the target again",
        "DONE: every reachable device settled on v1.0.0",
    ]


def test_memos_without_a_place_last_as_long_as_the_console(tmp_path: Path) -> None:
    notebook = Notebook(whoami=lambda: whoami({}))
    notebook.memo("one", T0)
    assert [event.text for event in notebook.past()] == ["one"]
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(RecordError):
        notebook_in(tmp_path).memo("two", None)


async def test_a_report_rests_on_what_can_be_read_and_says_what_cannot(tmp_path: Path) -> None:
    service = FakeService(log=LOG, effects={"4131": RolloutHealth("4131")}, affected=AffectedDevices())
    session = session_of(service, None)
    rollback = await send(session)
    whole = await gather(service, session.state, rollback, plan="abc")
    assert rollback.plan is not None
    assert (whole.plan, whole.model, whole.notes) == (rollback.plan.digest, "phi-4-mini", ())
    assert (whole.health, whole.affected) == (service.effects["4131"], service.affected)
    assert {Act.STARTED, Act.CONFIRMED} <= {event.act for event in whole.events}
    service.log = ServerError("no", status=500)
    service.effects = {"4131": ServerError("no", status=500)}
    part = await gather(service, session.state, replace(rollback, plan=None), plan="abc")
    assert part.plan == "abc"
    assert sorted(note.partition(" could")[0] for note in part.notes) == ["the figures", "the timeline"]
    unsent = replace(rollback, rollout_id=None, watch=None, sent_at=None)
    assert (await gather(service, session.state, unsent)).health is None
    assert report_stem("41/31", "phi 4") == "41_31-phi_4"
    assert report_stem(None, "..") == "rollback"
    (path,) = write_report(tmp_path / "reports", "x", {".md": "# \ud800 report"})
    assert path.read_text() == "# \\ud800 report"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RecordError):
        write_report(path, "x", {".md": ""})
