"""A service that answers from a script, small fleets, and clocks that stand still until they are told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from octomil_tui.api.errors import NotFoundError
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import (
    Connectivity,
    Device,
    DeviceGroup,
    Installation,
    Model,
    ModelVersion,
    Rollout,
    RolloutState,
)
from octomil_tui.domain.order import Reading, RollbackOrder, RollbackReceipt
from octomil_tui.domain.signal import ModelHealth, RolloutHealth
from octomil_tui.domain.timeline import ServiceLog
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import ConsoleState, Event, Polled
from octomil_tui.engine.topic import Topic
from tests.engine.fake_changes import FakeChanges

T = TypeVar("T")

T0 = 1_781_665_961.0
"""The service's clock when every story begins."""
M = Model("m-1", "phi-4-mini", device_count=3)
OTHER = Model("m-2", "whisper", device_count=1)
STAGING = DeviceGroup("g-1", "staging", device_count=1)
CANARY = DeviceGroup("g-2", "canary", device_count=1)
VERSIONS = tuple(ModelVersion(v) for v in ("2.0.0", "1.0.0", "0.9.0"))
GOOD, BAD = "1.0.0", "2.0.0"


def device(key: str, version: str | None = BAD, *groups: str, contact: float = T0, **fields: Any) -> Device:
    installed = Installation(version=version, wanted=fields.pop("wanted", None))
    made = Device(
        key, f"name of {key}", "linux", Connectivity.ONLINE, groups, contact, 300.0, {M.id: installed}
    )
    return replace(made, **fields)


def rollout(key: str, version: str, state: RolloutState = RolloutState.COMPLETED, **fields: Any) -> Rollout:
    return replace(Rollout(key, version, state, state.value, model_id=M.id), **fields)


OLD = rollout("4001", GOOD, created_at=T0 - 90_000)
NEW = rollout("4127", BAD, RolloutState.ACTIVE, share=0.4, created_at=T0 - 3_000)
BACK = rollout("4131", GOOD, RolloutState.ROLLING_BACK, kind="rollback", created_at=T0 + 1)


def raised_or(answer: T | Exception) -> T:
    """Return a scripted answer, or raise it."""
    if isinstance(answer, Exception):
        raise answer
    return answer


@dataclass
class FakeService(FakeChanges):
    """Answers every read from a field, or raises what is there; lists of answers are used up one by one."""

    at: float | None = T0
    model_list: tuple[Model, ...] | Exception = (M, OTHER)
    version_list: tuple[ModelVersion, ...] | Exception = VERSIONS
    rollout_list: tuple[Rollout, ...] | Exception = (NEW, OLD)
    rollout_script: list[tuple[Rollout, ...] | Exception] = field(default_factory=list)
    active: tuple[Rollout, ...] | Exception = (NEW,)
    group_list: tuple[DeviceGroup, ...] | Exception = (STAGING, CANARY)
    members: dict[str, tuple[Device, ...] | Exception] = field(default_factory=dict)
    device_list: tuple[Device, ...] | Exception = (device("a", BAD, "g-1"), device("b", GOOD, "g-2"))
    affected: AffectedDevices | Exception = field(default_factory=lambda: NotFoundError("no such route"))
    receipt: RollbackReceipt | BaseException = field(
        default_factory=lambda: RollbackReceipt(rollout_id="4131", affected_devices=2, server_at=T0 + 1)
    )
    log: ServiceLog | Exception = field(default_factory=ServiceLog)
    overview: dict[str, ModelHealth] | Exception = field(
        default_factory=lambda: NotFoundError("no such route")
    )
    figures: dict[str, ModelHealth] = field(default_factory=dict)
    effects: dict[str, RolloutHealth | Exception] = field(default_factory=dict)
    total: int | None = None
    paged: tuple[Device, ...] = ()
    """Devices of a fleet that is read page by page."""
    page_rows: int = 1000
    lists_members: bool = True
    """Whether there is a list of the devices of one group."""
    heeds_offset: bool = True
    """Whether a page begins where it was asked to begin; else the first one comes again and again."""
    gate: asyncio.Event | None = None
    """Where set, a rollback waits for it before it is answered."""
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    """Reads by name that wait before they are answered."""
    calls: list[str] = field(default_factory=list)
    posts: list[tuple[str, RollbackOrder, str]] = field(default_factory=list)
    asked_for: list[tuple[str, ...]] = field(default_factory=list)
    """The model ids of every read of devices."""
    now: int = 0
    together: int = 0
    """The most reads that were under way at once."""
    twice: list[str] = field(default_factory=list)
    """Reads that were asked while the same one was under way."""
    under_way: Counter[str] = field(default_factory=Counter)

    @property
    def counted(self) -> Counter[str]:
        return Counter(self.calls)

    async def _answer(self, name: str, answer: T | Exception, total: int | None = None) -> Reading[T]:
        self.calls.append(name)
        self.under_way[name] += 1
        self.together = max(self.together, self.under_way.total())
        if self.under_way[name] > 1:
            self.twice.append(name)
        try:
            await asyncio.sleep(0)
            if name in self.hold:
                await self.hold[name].wait()
            return Reading(raised_or(answer), self.at, total=total)
        finally:
            self.under_way[name] -= 1

    async def models(self) -> Reading[tuple[Model, ...]]:
        return await self._answer("models", self.model_list)

    async def versions(self, model_id: str) -> Reading[tuple[ModelVersion, ...]]:
        return await self._answer(f"versions {model_id}", self.version_list)

    async def rollouts(self, model_id: str) -> Reading[tuple[Rollout, ...]]:
        answer = self.rollout_script.pop(0) if self.rollout_script else self.rollout_list
        return await self._answer(f"rollouts {model_id}", answer)

    async def active_rollouts(self) -> Reading[tuple[Rollout, ...]]:
        return await self._answer("active", self.active)

    async def groups(self) -> Reading[tuple[DeviceGroup, ...]]:
        return await self._answer("groups", self.group_list)

    async def group_members(self, group_id: str) -> Reading[tuple[Device, ...]]:
        answer = self.members.get(group_id, NotFoundError("no such route"))
        return await self._answer(f"members {group_id}", answer)

    async def timeline(
        self, rollouts: Sequence[tuple[str, str]] = (), *, most: int = 100
    ) -> Reading[ServiceLog]:
        del most
        return await self._answer(f"timeline {' '.join(key for _, key in rollouts)}".rstrip(), self.log)

    async def devices(self, model_ids: Sequence[str]) -> Reading[tuple[Device, ...]]:
        self.asked_for.append(tuple(model_ids))
        return await self._answer("devices", self.device_list, self.total)

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = 1000,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        """Answer with the rows of a fleet that is made up while it is read, `total` devices long."""
        assert cursor is None
        self.asked_for.append(tuple(model_ids))
        if query.group_id is not None and not self.lists_members:
            raise NotFoundError("no such route")
        of = [one for one in self.paged if query.group_id in (None, *one.groups)]
        begin = offset if self.heeds_offset else 0
        rows = tuple(of[begin : begin + min(limit, self.page_rows)])
        total = len(of) if self.heeds_offset else None
        page = DevicePage(rows, len(rows), total, has_more=begin + len(rows) < len(of))
        return await self._answer(f"page {query.group_id or 'all'} {offset}", page, len(of))

    async def device(self, device_id: str, model_ids: Sequence[str]) -> Reading[Device]:
        self.asked_for.append(tuple(model_ids))
        listed = raised_or(self.device_list)
        return await self._answer(f"device {device_id}", next(d for d in listed if d.id == device_id))

    async def affected_devices(self, model_id: str, rollout_id: str) -> Reading[AffectedDevices]:
        return await self._answer(f"affected {model_id} {rollout_id}", self.affected)

    async def health_overview(self) -> Reading[Mapping[str, ModelHealth]]:
        return await self._answer("overview", self.overview)

    async def health(self, model_id: str) -> Reading[ModelHealth]:
        found = self.figures.get(model_id, NotFoundError("no such route"))
        return await self._answer(f"health {model_id}", found)

    async def rollout_health(self, rollout_id: str) -> Reading[RolloutHealth]:
        found = self.effects.get(rollout_id, NotFoundError("no such route"))
        return await self._answer(f"effect {rollout_id}", found)

    async def rollback(self, model: str, order: RollbackOrder, *, idempotency_key: str) -> RollbackReceipt:
        self.posts.append((model, order, idempotency_key))
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.receipt, BaseException):
            raise self.receipt
        return self.receipt


@dataclass
class FakeClock:
    """A monotonic clock; `sleep` moves it at once, and the service's clock with it."""

    now: float = 1000.0
    service: FakeService | None = None
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        if self.service is not None and self.service.at is not None:
            self.service.at += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.go_on(seconds)


def polled(
    state: ConsoleState, topic: Topic, value: object, mono: float = 0.0, **reading: Any
) -> ConsoleState:
    """Return the state after one successful read."""
    return reduce(state, Polled(topic, Reading(value, **{"server_at": T0 + mono, **reading}), mono))


def after(*events: Event, state: ConsoleState | None = None) -> ConsoleState:
    """Return the state after the events."""
    state = state or ConsoleState()
    for event in events:
        state = reduce(state, event)
    return state


async def settled(done: Callable[[], bool], tries: int = 500) -> None:
    """Let the other tasks of the loop run until `done`."""
    for _ in range(tries):
        if done():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


Sleep = Callable[[float], Awaitable[None]]
