"""The one write: sent once, whatever becomes of it."""

import asyncio
from collections.abc import Callable

import pytest

from octomil_tui.api.errors import (
    KeyRefusedError,
    NotSentError,
    OctomilError,
    ReadOnlyError,
    RejectedError,
    TimedOutError,
    UnknownOutcomeError,
)
from octomil_tui.domain.advance import advance
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt
from octomil_tui.domain.rollback import Event, Noted, Phase, Rollback
from octomil_tui.engine.commands import new_key, send
from tests.engine.fakes import GOOD, T0, FakeClock, FakeService, M, settled
from tests.engine.stories import ONLY_STAGING, rollback_of

pytestmark = pytest.mark.anyio


class Sender:
    """A rollback, and what becomes of it."""

    def __init__(self, service: FakeService, rollback: Rollback | None = None) -> None:
        self.service = service
        self.clock = FakeClock(service=service)
        self.rollback = rollback or rollback_of()
        self.events: list[Event] = []

    def dispatch(self, event: Event) -> None:
        self.events.append(event)
        self.rollback = advance(self.rollback, event)

    async def send(self) -> Rollback:
        await send(
            self.service,
            self.rollback,
            self.dispatch,
            server_now=lambda: T0 + self.clock() - 1000.0,
            sleep=self.clock.sleep,
        )
        return self.rollback

    @property
    def log(self) -> list[str]:
        return [line.text for line in self.rollback.log]

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events if not isinstance(event, Noted)]


async def test_accepted() -> None:
    sender = Sender(FakeService())
    rollback = await sender.send()
    assert rollback.phase is Phase.ROLLING_BACK
    assert (rollback.rollout_id, rollback.affected, rollback.sent_at) == ("4131", 2, T0)
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0 + 1, "from the moment the service took it"
    assert sender.service.posts == [(M.id, RollbackOrder(GOOD, "INC-1", None), "key-1")]
    assert sender.log == [
        "POST rollback v1.0.0, key key-, sent once",
        "accepted: rollback 4131 rolling_back, 2 devices affected",
    ]
    assert sender.service.calls == [], "nothing is read for it"
    assert sender.clock.slept == []


async def test_accepted_without_details() -> None:
    sender = Sender(FakeService(receipt=RollbackReceipt(RolloutState.OTHER, "queued")))
    rollback = await sender.send()
    assert sender.log[1] == "accepted: queued"
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0


async def test_the_state_is_sending_while_nothing_is_known() -> None:
    sender = Sender(FakeService(gate=asyncio.Event()))
    task = asyncio.create_task(sender.send())
    await settled(lambda: bool(sender.service.posts))
    assert sender.rollback.phase is Phase.SENDING
    assert sender.service.gate is not None
    sender.service.gate.set()
    assert (await task).phase is Phase.ROLLING_BACK


async def test_one_group_is_named_in_the_log_and_in_the_order() -> None:
    sender = Sender(FakeService(), rollback_of(scope=ONLY_STAGING))
    await sender.send()
    assert sender.service.posts[0][1].group == "staging"
    assert sender.log[0] == "POST rollback v1.0.0 group staging, key key-, sent once"


async def test_a_rollback_without_a_key_gets_one() -> None:
    rollback = rollback_of()
    object.__setattr__(rollback, "key", None)
    sender = Sender(FakeService(), rollback)
    await sender.send()
    assert len(sender.service.posts[0][2]) == 36
    assert new_key() != new_key()


Make = Callable[[str], OctomilError]


@pytest.mark.parametrize(
    ("make", "phase"),
    [
        (NotSentError, Phase.NOT_SENT),
        (ReadOnlyError, Phase.NOT_SENT),
        (KeyRefusedError, Phase.NOT_SENT),
        (RejectedError, Phase.REJECTED),
    ],
)
async def test_what_surely_began_nothing(make: Make, phase: Phase) -> None:
    sender = Sender(FakeService(receipt=make("the reason")))
    rollback = await sender.send()
    assert (rollback.phase, rollback.sentence) == (phase, "the reason")
    assert rollback.watch is None
    assert len(sender.service.posts) == 1
    assert sender.service.calls == []
    assert sender.clock.slept == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UnknownOutcomeError("no answer"), "no answer"),
        (TimedOutError("took too long"), "took too long"),
        (ValueError("bug"), "this console could not use the answer (ValueError)"),
    ],
)
async def test_whatever_else_happens_the_outcome_is_unknown(error: Exception, sentence: str) -> None:
    sender = Sender(FakeService(receipt=error, rollout_list=()))
    rollback = await sender.send()
    assert sender.names == ["Sent", "Lost", "NotFound"]
    assert (rollback.phase, rollback.sentence) == (Phase.NOT_FOUND, sentence)
    assert sentence in sender.log
    assert len(sender.service.posts) == 1


async def test_a_cancellation_in_flight_claims_nothing() -> None:
    sender = Sender(FakeService(gate=asyncio.Event()))
    task = asyncio.create_task(sender.send())
    await settled(lambda: bool(sender.service.posts))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sender.rollback.phase is Phase.UNCONFIRMED
    assert "may or may not have begun" in sender.rollback.sentence
    assert len(sender.service.posts) == 1
    assert sender.clock.slept == []
