"""Reads pages of devices for what somebody looks at: one request at a time, the newest wanted first.

What is asked for goes through the same gate as everything else. Nothing is
read that nobody looks at, unless somebody said so (`read_on`).
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.failure import cause_of, sentence_of, wait_after
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.page_look import Failure, Look, PageSource
from octomil_tui.engine.page_rules import placed
from octomil_tui.engine.pages import DeviceList, PageStore
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import DEVICES

REST = 0.15
"""Seconds for which a page has to be looked at after a move before it is asked for; after a pause, none."""

TYPING = 0.3
"""The same while somebody types."""

IN_PASSING = 2.0
"""Seconds after which a page is asked for although somebody keeps moving."""

FRESH_FOR = 15.0
"""Seconds after which a page that is looked at is read again, for each page that is."""

RESERVE = 6
"""Requests of this minute that reading pages again leaves to what else is polled."""

AT_ONCE = 20
"""Pages that reading on takes one after the other: what the budget keeps for the person."""

AGAIN_AT_ONCE = 5
"""Pages behind what is on the screen that one key press has read again, the oldest ones."""

PACE = 2.0
"""Seconds between two pages after that, so that what is watched goes on being read."""


TOLD_EVERY = 0.5
"""Seconds between two words of what reading on brought: each page more has thousands of devices looked through."""


@dataclass(frozen=True, slots=True)
class _Step:
    query: DeviceQuery
    number: int
    purpose: Purpose
    reads_on: bool = False


class PageReader:
    """Keeps what somebody looks at in memory, and as new as the budget allows.

    Args:
        source: The client.
        state: Returns what the console knows: its models, and the names of its groups.
        on_change: Told of everything that changed; called on the event loop.
        clock: Monotonic seconds.
        chance: Random numbers in [0, 1), to spread tries.
        gate: Knows how many requests may leave now; None where nobody counts them.
    """

    def __init__(
        self,
        source: PageSource,
        *,
        state: Callable[[], ConsoleState],
        on_change: Callable[[], None],
        clock: Callable[[], float],
        chance: Callable[[], float] = random.random,
        gate: Gate | None = None,
    ) -> None:
        self._source, self._state = source, state
        self._on_change, self._clock, self._chance = on_change, clock, chance
        self._gate = gate
        self._awake = asyncio.Event()
        self._look: Look | None = None
        self._told = -math.inf
        self._moved = self._moving_since = self._due = -math.inf
        self._read_on: DeviceQuery | None = None
        self._read_on_at: list[float] = []
        self._again: set[tuple[DeviceQuery, int]] = set()
        self._failures: dict[tuple[DeviceQuery, int], Failure] = {}
        self.store = PageStore()
        self.held = 0.0
        """Seconds for which there is no room for a page that is looked at; 0 where there is."""

    def look(self, look: Look) -> None:
        """Say what is looked at from now on; what was wanted before is no longer."""
        if look == self._look:
            return
        now = self._clock()
        if look.is_typed:
            self._due = self._moving_since = now + TYPING
        elif now - self._moved >= REST or now - self._moving_since >= IN_PASSING:
            # Whoever was still until now is not scrolling past: this is asked for at once.
            self._due = self._moving_since = now
        else:
            self._due = min(now + REST, self._moving_since + IN_PASSING)
        self._moved = now
        if self._look is not None and look.query != self._look.query:
            self._read_on = None
        self._look = look
        self.store.touch(look.query, look.shown)
        self._awake.set()

    def rest(self) -> None:
        """Take note that nobody looks at a list any more."""
        self._look = self._read_on = None

    @property
    def reads_on(self) -> bool:
        """Whether pages are being read that are not on the screen, since somebody asked for them."""
        return self._read_on is not None

    def read_on(self, query: DeviceQuery) -> None:
        """Read all pages of a list that were not read, one after the other, until it ends or somebody stops it."""
        self._read_on = query
        self._awake.set()

    def stop(self) -> None:
        """Read nothing more than what is looked at."""
        self._read_on = None

    def again(self) -> None:
        """Read what is on the screen again now."""
        if self._look is not None:
            pages = self.store.of(self._look.query).pages
            old = sorted((n for n in self._look.kept if n in pages), key=lambda n: pages[n].read_mono)
            self._again |= {(self._look.query, n) for n in (*self._look.shown, *old[:AGAIN_AT_ONCE])}
            self._failures.clear()
            self._awake.set()

    def failure(self, query: DeviceQuery) -> Failure | None:
        """Return why a page of a list that is looked at could not be read; None where it could."""
        look = self._look
        if look is None or look.query != query:
            return None
        wanted = {*look.shown, *look.ahead, *look.kept}
        failed = (
            one for (of, n), one in self._failures.items() if of == query and (n in wanted or self._read_on)
        )
        return next(failed, None)

    def oldest(self, devices: DeviceList) -> float | None:
        """Return when the oldest page of a list that is on the screen was asked for; None where none is there."""
        look = self._look
        is_looked_at = look is not None and look.query == devices.query
        shown = (*look.shown, *look.kept) if look is not None and is_looked_at else tuple(devices.pages)
        return min((devices.pages[n].read_mono for n in shown if n in devices.pages), default=None)

    def to_read(self, devices: DeviceList) -> int:
        """Return how many requests it takes to read what was not read of a list; 0 where it would not be kept."""
        if devices.search is None and devices.count_of_pages > self.store.kept:
            return 0
        return len(self._unread(devices))

    @staticmethod
    def _unread(devices: DeviceList) -> list[int]:
        covered = devices.search.pages if devices.search is not None else frozenset(devices.pages)
        return [n for n in range(devices.count_of_pages) if n not in covered]

    async def run(self) -> None:
        """Read for ever; ends when it is cancelled."""
        while True:
            step = self._next(self._clock())
            if isinstance(step, _Step):
                await self._read(step)
                continue
            self._awake.clear()
            try:
                async with asyncio.timeout(step if math.isfinite(step) else None):
                    await self._awake.wait()
            except TimeoutError:
                pass

    def _next(self, now: float) -> _Step | float:
        """Return what is to be read now, or for how many seconds nothing is."""
        look, waits = self._look, [math.inf]
        self.held = 0.0
        if look is None:
            return math.inf
        devices = self.store.of(look.query)
        again = [n for n in look.kept if (look.query, n) in self._again]
        for number in (*look.shown, *look.ahead, *again):
            key = (look.query, number)
            if (number in devices.pages and key not in self._again) or not devices.can_ask(number):
                continue
            wait = max(self._due - now, self._back_in(key, now))
            if wait <= 0 and (wait := self._room_in(Purpose.OPEN)) > 0:
                self.held = wait
            if wait <= 0:
                self._moving_since = now
                return _Step(*key, Purpose.REFRESH if key in self._again else Purpose.OPEN)
            waits.append(wait)
        return self._unasked(look, devices, now, waits)

    def _unasked(self, look: Look, devices: DeviceList, now: float, waits: list[float]) -> _Step | float:
        """Return what is read although it is not missing on the screen: the rest of the list, and what is old."""
        if self._read_on == look.query:
            number = next((n for n in self._unread(devices) if devices.can_ask(n)), None)
            is_full = devices.search is not None and devices.search.is_full
            if number is None or is_full or not self.to_read(devices):
                self._read_on = None
                self._on_change()
            else:
                wait = max(self._paced(now), self._back_in((look.query, number), now))
                wait = max(wait, self._room_in(Purpose.OPEN))
                if wait <= 0:
                    return _Step(look.query, number, Purpose.OPEN, reads_on=True)
                waits.append(wait)
        behind = {*look.shown, *look.kept}
        old = [(page.read_mono, n) for n, page in devices.pages.items() if n in behind]
        if old:
            read_mono, number = min(old)
            wait = max(read_mono + self._period(len(old)) - now, self._back_in((look.query, number), now))
            wait = max(wait, self._room_in(Purpose.POLL, RESERVE)) if wait <= 0 else wait
            if wait <= 0:
                return _Step(look.query, number, Purpose.POLL)
            waits.append(wait)
        return min(waits)

    def _period(self, pages: int) -> float:
        """Return the seconds after which a page is read again, longer where fewer requests are allowed."""
        slower = 1.0 if self._gate is None else max(1.0, 80.0 / max(1.0, self._gate.allowance))
        return FRESH_FOR * pages * slower

    def _paced(self, now: float) -> float:
        """Return for how many seconds reading on waits: a number at once, then one after the other."""
        self._read_on_at = [at for at in self._read_on_at if at > now - AT_ONCE * PACE]
        if len(self._read_on_at) < AT_ONCE:
            return 0.0
        return max(0.0, self._read_on_at[-1] + PACE - now)

    def _back_in(self, key: tuple[DeviceQuery, int], now: float) -> float:
        failure = self._failures.get(key)
        return failure.again_mono - now if failure is not None else 0.0

    def _room_in(self, purpose: Purpose, count: int = 1) -> float:
        return self._gate.room_in(purpose, count) if self._gate is not None else 0.0

    async def _read(self, step: _Step) -> None:
        devices, began = self.store.of(step.query), self._clock()
        key = (step.query, step.number)
        if step.reads_on:
            self._read_on_at.append(began)
        try:
            with asking(step.purpose, "a page"):
                reading = await self._source.device_page(
                    step.query,
                    [model.id for model in self._state().snapshot.models or ()],
                    offset=step.number * devices.size,
                    limit=devices.size,
                    cursor=devices.cursors.get(step.number) if devices.goes_by_cursor else None,
                )
            page = reading.value
            rows = placed(step.query, page.devices, self._state().raw_groups or ())
            page = DevicePage(rows, page.count, page.total, page.next_cursor, page.has_more)
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            before = self._failures.get(key)
            attempts = before.attempts + 1 if before is not None else 1
            wait = wait_after(error, attempts, period=FRESH_FOR, chance=self._chance())
            again = self._clock() + wait
            is_final = cause_of(error).is_local
            self._failures[key] = Failure(sentence_of(error, DEVICES), again, attempts, is_final)
        else:
            self._failures.pop(key, None)
            shown = self._look.shown if self._look is not None and self._look.query == step.query else ()
            self.store.put(
                step.query, step.number, page, unreadable=reading.unreadable, mono=began, looked_at=shown
            )
        self._again.discard(key)
        now = self._clock()
        if not step.reads_on or now - self._told >= TOLD_EVERY:
            self._told = now
            self._on_change()
