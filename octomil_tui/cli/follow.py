"""Watching one rollback without a screen: a line whenever something changed, and a verdict."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from octomil_tui.cli.exits import Verdict
from octomil_tui.cli.output import Output
from octomil_tui.cli.report_writing import write_at_end
from octomil_tui.cli.verdict import NONE_OFFLINE, Until, has_ended, verdict
from octomil_tui.cli.wiring import LIVE, open_client
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean
from octomil_tui.domain.wording import trouble
from octomil_tui.engine.clock import AwakeClock
from octomil_tui.engine.evidence import REPORTED
from octomil_tui.engine.freshness import Link, freshness
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.hook import TIMEOUT as HOOK_TIMEOUT
from octomil_tui.engine.hook import Hook
from octomil_tui.engine.recording import Records
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import Planned
from octomil_tui.engine.topic import DEVICES
from octomil_tui.report.data import progress_data
from octomil_tui.report.hook_event import HookNews
from octomil_tui.report.narration import GAP, Glance, Narrator
from octomil_tui.report.sentences import progress_sentence
from octomil_tui.report.words import age
from octomil_tui.settings import Settings

HOOK_WITHIN = HOOK_TIMEOUT + 5.0
"""Seconds that a command which ends waits for the last run of the hook."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What to wait for, and for how long."""

    until: Until = Until.SETTLED
    timeout: float | None = None
    """Seconds; None is as long as it takes."""
    offline_ok: int = NONE_OFFLINE
    is_plain: bool = False
    """Whether what happens is told in full sentences."""


class Follower:
    """Follows one rollback to its end.

    Args:
        settings: The service.
        rollback: As far as it is known; its watch has begun.
        waiting: What to wait for.
        output: Where the lines go.
        records: What this machine keeps of it; None for nothing.
        gate: What counts the requests of this run; None for one of its own.
        model_name: The model's name until the service has listed it; raw.
    """

    def __init__(
        self,
        settings: Settings,
        rollback: Rollback,
        waiting: Waiting,
        output: Output,
        records: Records | None = None,
        *,
        gate: Gate | None = None,
        model_name: str = "",
    ) -> None:
        self._gate = gate
        self._model_name = model_name
        self._clock = AwakeClock()
        self._records = records
        self._settings = settings
        self._waiting = waiting
        self._output = output
        self._told = ""
        self._hook = Hook(settings.on_event, output.note) if settings.on_event else None
        self._news = HookNews()
        self._warned = ""
        self._narrator = Narrator() if waiting.is_plain else None
        self._now: float | None = None
        self._is_cut_off = False
        self.rollback = rollback
        self.report = Path()
        """Where the report of its end is; no path where there is none."""

    async def run(self) -> Verdict:
        """Return how it ended, or that the time is over."""
        loop = asyncio.get_running_loop()
        timeout = self._waiting.timeout
        deadline = loop.time() + timeout if timeout is not None else None
        changed = asyncio.Event()
        async with open_client(self._settings, LIVE, self._gate) as client:
            session = Session(
                client,
                on_change=lambda _state, _event: changed.set(),
                clock=self._clock,
                records=self._records,
            )
            session.dispatch(Planned(self.rollback))
            polling = asyncio.create_task(session.run())
            polling.add_done_callback(lambda _task: changed.set())
            running = [polling]
            if self._hook is not None:
                running.append(asyncio.create_task(self._hook.run()))
            try:
                await self._wait(session, polling, changed, deadline)
                if self._hook is not None:
                    await self._hook.finish(HOOK_WITHIN)
            finally:
                for task in running:
                    task.cancel()
                for task in running:
                    with suppress(asyncio.CancelledError):
                        await task
            if self.rollback.phase in REPORTED and self._output.is_heard:
                self.report, trouble = await write_at_end(
                    self._settings, client, session.state, self.rollback
                )
                if trouble:
                    self._output.note(trouble)
        return verdict(self.rollback, until=self._waiting.until, offline_ok=self._waiting.offline_ok)

    async def _wait(
        self,
        session: Session,
        polling: asyncio.Task[None],
        changed: asyncio.Event,
        deadline: float | None,
    ) -> None:
        while True:
            self.rollback = session.state.rollbacks[self.rollback.model_id]
            self._tell_hook(session)
            if self._narrator is not None:
                self._output.lines(self._narrator.hear(self._glance(session)))
            else:
                self._tell()
                self._warn()
                self._tell_link(session)
            # Nobody is left to tell: what goes on goes on without this.
            if has_ended(self.rollback, self._waiting.until) or not self._output.is_heard:
                return
            if not await self._is_woken(changed, deadline):
                return
            changed.clear()
            if polling.done():
                polling.result()

    async def _is_woken(self, changed: asyncio.Event, deadline: float | None) -> bool:
        """Wait until something happened, or might have to be said; return False once the time is over."""
        loop = asyncio.get_running_loop()
        until = deadline
        if self._narrator is not None:
            # That nothing happens is news as well, after a while.
            look = loop.time() + GAP
            until = look if deadline is None else min(look, deadline)
        try:
            async with asyncio.timeout_at(until):
                await changed.wait()
        except TimeoutError:
            return deadline is None or loop.time() < deadline
        return True

    def _glance(self, session: Session) -> Glance:
        state, mono = session.state, self._clock()
        watch = self.rollback.watch
        # Before the first answer it is as late as when the rollback was looked at to begin with.
        begun_at = watch.at if watch is not None else None
        now = state.server_now(mono)
        self._now = now if now is not None else begun_at
        fresh = freshness(state, mono, (DEVICES,))
        is_silent = fresh.link in (Link.STALE, Link.OFFLINE)
        model = state.snapshot.model(self.rollback.model_id)
        last = self._now - fresh.age if self._now is not None and fresh.age is not None else None
        return Glance(
            rollback=self.rollback,
            model=clean(model.name if model is not None else self._model_name or self.rollback.model_id),
            labels={group.id: group.name for group in state.snapshot.groups or ()},
            now=self._now,
            mono=mono,
            is_silent=is_silent,
            silent_since=last if is_silent else None,
            why=fresh.sentence,
        )

    def last_sentence(self, ended: Verdict) -> str | None:
        """Return the verdict as the last sentence, with its time; None where nothing is told in sentences."""
        return self._narrator.end(ended.sentence, self._now) if self._narrator is not None else None

    def _tell(self) -> None:
        watch = self.rollback.watch
        if watch is None or watch.at is None:  # nobody has looked at the devices yet
            return
        sentence = progress_sentence(watch)
        if sentence != self._told:
            self._told = sentence
            self._output.lines([sentence])
            self._output.data(progress_data(self.rollback))

    def _tell_hook(self, session: Session) -> None:
        if self._hook is None:
            return
        model = session.state.snapshot.model(self.rollback.model_id)
        event = self._news.hear(self.rollback, model.name if model is not None else self.rollback.model_id)
        if event is not None:
            self._hook.tell(event)

    def _warn(self) -> None:
        """Say once what is wrong with a rollback that goes on."""
        odd = self.rollback.signs.mismatch
        warning = trouble(self.rollback) or (f"does not add up: {odd}" if odd else "")
        if warning and warning != self._warned and not has_ended(self.rollback, self._waiting.until):
            self._output.note(warning)
            self._output.data({"event": "warning", "sentence": warning})
        self._warned = warning

    def _tell_link(self, session: Session) -> None:
        fresh = freshness(session.state, self._clock(), (DEVICES,))
        is_cut_off = fresh.link in (Link.STALE, Link.OFFLINE)
        if is_cut_off == self._is_cut_off:
            return
        self._is_cut_off = is_cut_off
        sentence = "the service answers again"
        if is_cut_off:
            since = f" for {age(fresh.age)}" if fresh.age is not None else ""
            why = f": {fresh.sentence}" if fresh.sentence else ""
            sentence = f"no news{since}{why}; the rollback goes on, and this keeps asking"
        self._output.note(sentence)
        self._output.data({"event": "link", "link": fresh.link.value, "age": fresh.age, "sentence": sentence})
