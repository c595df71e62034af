"""Actions and the policy: written down, sent once, read back; what was lost is looked for and never sent again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from octomil_tui.api.errors import (
    ForbiddenError,
    NotSentError,
    RejectedError,
    ServerError,
    UnknownOutcomeError,
)
from octomil_tui.domain.action import ActionKind
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.fleet import FleetSnapshot, Hold, ModelVersion, RolloutState
from octomil_tui.domain.policy import Policy, PolicyChange
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.acting import LOOKS, Errand, PremiseMovedError, errand_of, perform, prepare
from octomil_tui.engine.change_record import ChangeLine
from octomil_tui.engine.hold_after import hold_left
from octomil_tui.engine.policy_setting import set_policy
from octomil_tui.engine.preflight import UnknownNameError
from octomil_tui.engine.private import RecordError
from tests.engine.fake_changes import GONE
from tests.engine.fakes import NEW, OLD, FakeClock, FakeService, M
from tests.engine.stories import begun

pytestmark = pytest.mark.anyio

PAUSED = replace(NEW, state=RolloutState.PAUSED, word="paused")
LOST = UnknownOutcomeError("it may or may not have been done", request_id="req_2")
PAUSE = Errand(ActionKind.PAUSE, M.name)


@dataclass
class Notes:
    """What was written down, or the error that it meets."""

    lines: list[ChangeLine] = field(default_factory=list)
    error: RecordError | None = None

    def trouble(self) -> str:
        return self.error.sentence if self.error is not None else ""

    def write(self, line: ChangeLine) -> None:
        if self.error is not None:
            raise self.error
        self.lines.append(line)

    @property
    def steps(self) -> list[str]:
        return [f"{line.action}.{line.step}" for line in self.lines]


async def test_an_action_is_prepared_from_fresh_reads() -> None:
    service = FakeService()
    shown = await prepare(service, PAUSE)
    assert shown.action.title == "pause rollout 4127 to v2.0.0"
    assert {"models", "rollouts m-1", "groups", "devices"} == set(service.calls)
    assert errand_of(shown) == Errand(ActionKind.PAUSE, "m-1", "4127", "2.0.0")
    known = FakeService()
    await prepare(known, PAUSE, FleetSnapshot(models=(M,)))
    assert known.calls == ["rollouts m-1"], "what is on the screen is not read again"


async def test_what_is_missing_costs_counts_and_nothing_else() -> None:
    service = FakeService(model_list=GONE, group_list=ForbiddenError("no"), device_list=ServerError("no"))
    shown = await prepare(service, Errand(ActionKind.PAUSE, "m-1"))
    assert (shown.groups, shown.model.name) == ((), "m-1")
    broken = FakeService(device_list=ValueError("a mistake"))
    with pytest.raises(ValueError, match="a mistake"):
        await prepare(broken, PAUSE)


@pytest.mark.parametrize(
    ("errand", "said"),
    [
        (Errand(ActionKind.PAUSE, "nobody"), "no model is called nobody"),
        (Errand(ActionKind.PAUSE, M.name, "9"), "phi-4-mini has no rollout 9"),
        (Errand(ActionKind.HOLD, M.name, version="7"), "phi-4-mini has no version 7; there are: 2.0.0"),
    ],
)
async def test_unknown_names(errand: Errand, said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        await prepare(FakeService(), errand)


async def test_which_rollout_is_meant() -> None:
    with pytest.raises(UnknownNameError, match="no rollout of phi-4-mini runs"):
        await prepare(FakeService(rollout_list=(OLD,)), PAUSE)
    both = FakeService(rollout_list=(NEW, replace(NEW, id="4128")))
    with pytest.raises(UnknownNameError, match="name one of 4127, 4128"):
        await prepare(both, PAUSE)
    named = await prepare(both, replace(PAUSE, rollout="4128"))
    assert named.action.rollout is not None
    assert named.action.rollout.id == "4128"
    pending = FakeService(rollout_list=(replace(NEW, state=RolloutState.PENDING), OLD))
    assert (await prepare(pending, Errand(ActionKind.SET, M.name, share=0.1))).refusal == ""


async def test_done_and_shown_by_the_records() -> None:
    service, notes = FakeService(), Notes()
    shown = await prepare(service, PAUSE)
    service.rollout_script = [(NEW, OLD), (PAUSED, OLD)]
    outcome = await perform(service, shown, "INC-1", key="k1", records=notes)
    assert (outcome.result, outcome.sentence) == (Result.DONE, "rollout 4127 to v2.0.0 is paused")
    assert (outcome.is_shown, outcome.request_id) == (True, "req_1")
    assert [(model, action.kind, reason) for model, action, reason, _ in service.acts] == [
        ("m-1", ActionKind.PAUSE, "INC-1")
    ]
    assert notes.steps == ["rollout.pause.intent", "rollout.pause.done"]
    assert (notes.lines[0].intent_id, notes.lines[0].words) == ("k1", "pause rollout 4127 to v2.0.0")


async def test_taken_and_not_shown_yet() -> None:
    service = FakeService()
    shown = await prepare(service, PAUSE)
    outcome = await perform(service, shown, None, key="k", records=None, is_fresh=True)
    assert outcome.result is Result.DONE
    assert "its own records do not show yet" in outcome.sentence
    service.rollout_list = ServerError("no")
    unread = await perform(service, shown, None, key="k", records=None, is_fresh=True)
    assert unread.sentence == "rollout 4127 to v2.0.0 is paused"
    assert not unread.is_shown


async def test_nothing_is_sent_once_the_world_moved() -> None:
    service, notes = FakeService(), Notes()
    shown = await prepare(service, PAUSE)
    service.rollout_list = (PAUSED, OLD)
    with pytest.raises(PremiseMovedError, match="rollout 4127 is paused"):
        await perform(service, shown, None, key="k", records=notes)
    service.rollout_list = (replace(NEW, share=0.6), OLD)
    with pytest.raises(PremiseMovedError, match="another one now"):
        await perform(service, shown, None, key="k", records=notes)
    service.rollout_list = (OLD,)
    with pytest.raises(PremiseMovedError, match="no longer there"):
        await perform(service, shown, None, key="k", records=notes)
    assert (service.acts, notes.lines) == ([], [])


async def test_without_a_record_nothing_is_sent_unless_it_is_acknowledged() -> None:
    service, notes = FakeService(), Notes(error=RecordError("the disk is full"))
    shown = await prepare(service, PAUSE)
    with pytest.raises(RecordError):
        await perform(service, shown, None, key="k", records=notes)
    assert service.acts == []
    outcome = await perform(service, shown, None, key="k", records=notes, must_record=False)
    assert outcome.result is Result.DONE


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (RejectedError("no", status=409, request_id="r"), Result.REJECTED),
        (NotSentError("no way"), Result.NOT_SENT),
    ],
)
async def test_refused_or_not_sent(error: Exception, result: Result) -> None:
    service, notes = FakeService(taken=error), Notes()
    outcome = await perform(
        service, await prepare(service, PAUSE), None, key="k", records=notes, is_fresh=True
    )
    assert outcome.result is result
    assert notes.steps[-1] == f"rollout.pause.{result}"


async def test_a_lost_answer_is_looked_for_and_never_sent_again() -> None:
    clock, service = FakeClock(), FakeService(taken=LOST)
    shown = await prepare(service, PAUSE)
    service.rollout_script = [(NEW, OLD), ServerError("no"), (PAUSED, OLD)]
    found = await perform(service, shown, None, key="k", records=None, is_fresh=True, sleep=clock.sleep)
    assert (found.result, clock.slept, len(service.acts)) == (Result.DONE, list(LOOKS[:3]), 1)
    lost = await perform(service, shown, None, key="k", records=None, is_fresh=True, sleep=clock.sleep)
    assert (lost.result, lost.request_id, len(service.acts)) == (Result.UNKNOWN, "req_2", 2)


async def test_an_interruption_is_written_down() -> None:
    service, notes = FakeService(taken=KeyboardInterrupt()), Notes()
    shown = await prepare(service, PAUSE)
    with pytest.raises(KeyboardInterrupt):
        await perform(service, shown, None, key="k", records=notes, is_fresh=True)
    assert notes.steps == ["rollout.pause.intent", "rollout.pause.unknown"]


async def test_a_hold_is_shown_by_the_registry() -> None:
    free, held = ModelVersion("2.0.0", id="v2"), ModelVersion("2.0.0", id="v2", hold=Hold())
    service, notes = FakeService(version_list=(free,), rollout_list=(OLD,)), Notes()
    shown = await prepare(service, Errand(ActionKind.HOLD, M.name, version="v2.0.0"))
    service.version_list = (held,)
    done = await perform(service, shown, "INC", key="k", records=notes, is_fresh=True)
    assert (done.sentence, done.is_shown) == ("v2.0.0 is held", True)
    assert notes.steps == ["version.hold.intent", "version.hold.done"]


BEGAN = replace(begun(), phase=Phase.ROLLING_BACK, from_version="2.0.0")


async def held(service: FakeService, rollback: Rollback = BEGAN, notes: Notes | None = None) -> Outcome:
    return await hold_left(service, rollback, M, key="k", records=notes, sleep=FakeClock().sleep)


async def test_the_version_that_a_rollback_leaves_is_held_once_it_began() -> None:
    service, notes = FakeService(version_list=(ModelVersion("2.0.0", id="v2"),), rollout_list=(OLD,)), Notes()
    outcome = await held(service, notes=notes)
    assert outcome.result is Result.DONE
    assert [(action.kind, action.version) for _, action, _, _ in service.acts] == [(ActionKind.HOLD, "2.0.0")]
    assert notes.steps == ["version.hold.intent", "version.hold.done"]


async def test_a_rollout_that_is_displaced_late_is_waited_for() -> None:
    service = FakeService(
        version_list=(ModelVersion("2.0.0", id="v2"),), rollout_script=[(NEW, OLD), (NEW, OLD), (OLD,)]
    )
    assert (await held(service)).result is Result.DONE
    stays = FakeService(version_list=(ModelVersion("2.0.0", id="v2"),), rollout_list=(NEW, OLD))
    said = (await held(stays)).sentence
    assert said == "v2.0.0 was not held: rollout 4127 is bringing it; cancel that or roll back first"
    assert stays.acts == []


@pytest.mark.parametrize("phase", [Phase.WIDER, Phase.UNCONFIRMED, Phase.REJECTED, Phase.NOT_SENT])
async def test_nothing_is_held_after_a_rollback_that_did_not_simply_begin(phase: Phase) -> None:
    service = FakeService()
    outcome = await held(service, replace(BEGAN, phase=phase))
    assert (outcome.result, service.acts, service.calls) == (Result.NOT_SENT, [], [])


async def test_a_hold_that_cannot_be_read_for_is_said() -> None:
    unknown = await held(FakeService(version_list=(ModelVersion("1.0.0"),), rollout_list=(OLD,)))
    assert unknown.sentence.startswith("v2.0.0 was not held: phi-4-mini has no version 2.0.0")
    failed = await held(FakeService(version_list=ServerError("no answer", status=500)))
    assert failed.sentence == "v2.0.0 was not held: no answer"


BEFORE, AFTER = Policy(False), Policy(True)
CHANGE = PolicyChange(True)


async def test_the_policy_is_read_back() -> None:
    service, notes = FakeService(policies=[BEFORE, AFTER]), Notes()
    done = await set_policy(service, BEFORE, CHANGE, key="k", records=notes)
    assert (done.outcome.result, done.after, done.not_kept) == (Result.DONE, AFTER, ())
    assert done.outcome.sentence == "auto-rollback off -> on"
    assert (service.sets, notes.steps) == ([CHANGE], ["policy.set.intent", "policy.set.done"])


async def test_what_was_not_kept() -> None:
    change = PolicyChange(True, {"error_threshold_percent": 5.0})
    service = FakeService(policies=[AFTER])
    done = await set_policy(service, BEFORE, change, key="k", records=None, is_fresh=True)
    assert done.not_kept == ("error rate: this service does not keep a limit of its own",)


async def test_a_policy_that_moved_meanwhile() -> None:
    service = FakeService(policies=[AFTER])
    with pytest.raises(PremiseMovedError, match="auto-rollback is on"):
        await set_policy(service, BEFORE, CHANGE, key="k", records=None)
    assert service.sets == []


async def test_a_policy_that_cannot_be_read_back() -> None:
    service = FakeService(policies=[ServerError("no")], stored=AFTER)
    done = await set_policy(service, BEFORE, CHANGE, key="k", records=None, is_fresh=True)
    assert (done.after, done.outcome.is_shown) == (AFTER, False)
    service.stored = None
    unread = await set_policy(service, BEFORE, CHANGE, key="k", records=None, is_fresh=True)
    assert (unread.after, unread.outcome.result) == (None, Result.DONE)


@pytest.mark.parametrize(
    ("error", "result"),
    [(RejectedError("no", status=422), Result.REJECTED), (NotSentError("no"), Result.NOT_SENT)],
)
async def test_a_policy_that_is_refused(error: Exception, result: Result) -> None:
    service, notes = FakeService(stored=error), Notes()
    done = await set_policy(service, BEFORE, CHANGE, key="k", records=notes, is_fresh=True, must_record=False)
    assert (done.outcome.result, done.after) == (result, None)
    assert notes.steps == ["policy.set.intent", f"policy.set.{result}"]


async def test_a_policy_whose_answer_was_lost() -> None:
    clock = FakeClock()
    service = FakeService(policies=[BEFORE, AFTER], stored=LOST)
    done = await set_policy(service, BEFORE, CHANGE, key="k", records=None, is_fresh=True, sleep=clock.sleep)
    assert (done.outcome.result, clock.slept) == (Result.DONE, list(LOOKS[:2]))
    never = FakeService(policies=[BEFORE], stored=LOST)
    lost = await set_policy(never, BEFORE, CHANGE, key="k", records=None, is_fresh=True, sleep=clock.sleep)
    assert (lost.outcome.result, lost.after, len(never.sets)) == (Result.UNKNOWN, BEFORE, 1)


async def test_a_policy_that_was_interrupted() -> None:
    service, notes = FakeService(stored=KeyboardInterrupt()), Notes()
    with pytest.raises(KeyboardInterrupt):
        await set_policy(service, BEFORE, CHANGE, key="k", records=notes, is_fresh=True)
    assert notes.steps == ["policy.set.intent", "policy.set.unknown"]
