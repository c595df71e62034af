"""What one device does, in closed form: from order to order, over the contacts in which nothing happens.

The rules are those of `sim.fleet`, for one device. A contact at which the
device has nothing to learn changes nothing but when it was last heard, and
there may be any number of them between two orders: they are passed in one step.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from math import floor, inf

from octomil_tui.sim.crowd.entry import Entry
from octomil_tui.sim.crowd.history import AFTER, Begun, Change, History, Verb
from octomil_tui.sim.crowd.life import Life
from octomil_tui.sim.crowd.nature import Mark, Nature
from octomil_tui.sim.device import SYNC_INTERVAL, Install, Phase
from octomil_tui.sim.fleet import BUSY_REPORT_INTERVAL, DOWNLOAD_REPORT_INTERVAL

__all__ = ["Course"]

ONCE, CONTACT = 1, 2
"""Ranks of what happens in the same instant: what a device set out to do ends before it makes contact."""
ACTIVE = Phase.ACTIVE


class Course:
    """One device, or all of the same life and history, moved along in time.

    Args:
        life: What it does by itself.
        history: What it was told.
        nature: What holds for all.
        marks: Takes note of every change, where somebody wants to know.
    """

    __slots__ = (
        "_absence", "_changes", "_ends", "_guards", "_inert", "_nature", "_next", "entries", "followed", "heard",
        "installs", "interval", "is_down", "life", "marks", "next_contact",
    )  # fmt: skip

    def __init__(self, life: Life, history: History, nature: Nature, marks: list[Mark] | None = None) -> None:
        self.life = life
        self.marks = marks
        self.entries: dict[int, Entry] = {}
        """How far it is with each rollout that came to it."""
        self.followed: list[Entry] = []
        self.installs: dict[str, Install] = {}
        """The models that some order was about."""
        self.interval: float = SYNC_INTERVAL
        self.is_down = False
        """Whether it has said its last word."""
        self._inert: dict[Begun, Install] = {}
        self._nature = nature
        self._changes = history.changes
        self._next = 0
        self._ends: dict[str, float] = {}
        self._guards: list[tuple[float, str, str]] = []
        # Nothing is to come before the first contact after the beginning.
        self.heard = nature.began + life.phase - SYNC_INTERVAL
        self.next_contact = nature.began + life.phase
        self._absence = [at for at in (life.away_from, life.away_until) if at < inf]
        if life.last_heard is not None:
            self.heard, self.next_contact = life.last_heard, inf
            self._absence = self._absence[1:]
        for begun in history.begun:
            self.installs[begun.model_id] = nature.install(begun, life)

    def advance(self, to: float) -> None:
        """Play everything up to and including `to`, epoch seconds; infinity plays all there will be."""
        while True:
            at, rank, play = self._upcoming()
            limit = (at, rank) if at <= to else (to, AFTER)
            if self.next_contact < inf and (self.next_contact, CONTACT) < limit:
                if self._has_news():
                    self._contact(self.next_contact, asks=True)
                    continue
                self._repeat(limit)
            if at > to or play is None:
                return
            play(at)

    def report(self, begun: Begun) -> Install:
        """Return a model as the device reported it when it was last heard."""
        install = self.installs.get(begun.model_id)
        if install is None:
            # Nobody ever ordered anything about this model.
            install = self._inert.get(begun)
            if install is None:
                install = self._inert[begun] = self._nature.install(begun, self.life)
        install.reported_at = self.heard
        if install.phase is Phase.DOWNLOADING:
            share = (self.heard - install.download_began) / install.download_for
            install.percent = floor(min(share, 1.0) * 1000 + 1e-6) / 10
        return install

    def ends(self) -> Mapping[str, float]:
        """Return when each model that is on its way ends what it does, by model id."""
        return self._ends

    def guards(self) -> Iterable[tuple[float, str, str]]:
        """Return when the crash guard goes back from which version of which model."""
        return self._guards

    def _upcoming(self) -> tuple[float, int, Callable[[float], None] | None]:
        """Return the next thing that is no contact."""
        at, rank, play = inf, AFTER, None
        if self._next < len(self._changes):
            change = self._changes[self._next]
            at, rank, play = change.at, change.rank, self._obey
        if self._ends:
            end = min(self._ends.values())
            if (end, ONCE) < (at, rank):
                at, rank, play = end, ONCE, self._end
        if self._guards and (self._guards[0][0], ONCE) < (at, rank):
            at, rank, play = self._guards[0][0], ONCE, self._bounce
        if self._absence and (self._absence[0], ONCE) < (at, rank):
            at, rank, play = self._absence[0], ONCE, self._come_or_go
        return at, rank, play

    def _has_news(self) -> bool:
        """Return whether the next sync changes anything."""
        for install in self.installs.values():
            heads_for = install.active if install.phase is ACTIVE else install.moving_to
            if heads_for != install.desired:
                return True
        return False

    def _repeat(self, limit: tuple[float, int]) -> None:
        """Make every contact before the limit, none of which changes anything."""
        first, interval = self.next_contact, self.interval
        if limit[0] == inf:
            self._note(first, interval, inf)
            self.next_contact = inf
            return
        times = floor((limit[0] - first) / interval) + 1
        while (first + (times - 1) * interval, CONTACT) > limit:
            times -= 1
        self._note(first, interval, times)
        self.heard = first + (times - 1) * interval
        self.next_contact = self.heard + interval

    def _contact(self, at: float, *, asks: bool) -> None:
        self.heard = at
        if asks:
            for install in self.installs.values():
                self._reconcile(install, at)
        self._note(at, self.interval, 1)
        if self.is_down:
            self._stop()
            return
        interval: float = SYNC_INTERVAL
        for install in self.installs.values():
            if install.phase is Phase.DOWNLOADING:
                interval = DOWNLOAD_REPORT_INTERVAL
            elif install.phase is not ACTIVE:
                interval = min(interval, BUSY_REPORT_INTERVAL)
        self.interval = interval
        self.next_contact = at + interval

    def _stop(self) -> None:
        """Be heard no more, and end nothing that was begun."""
        if self.next_contact < inf and self.marks is not None:
            self.marks.append((self.heard, "lost", None, None))
        self.next_contact = inf
        self._ends.clear()

    def _note(self, first: float, interval: float, times: float) -> None:
        """Have the rollouts take note of `times` equal contacts, the first one at `first`."""
        for entry in self.followed:
            was = entry.settled_at
            entry.note(first, interval, times)
            if self.marks is not None and was != entry.settled_at:
                since = first if entry.settled_at is None else entry.settled_at
                self.marks.append((since, "settled", entry.rollout_id, entry.settled_at is not None))

    def _reconcile(self, install: Install, at: float) -> None:
        is_busy = install.phase is not ACTIVE
        if is_busy and install.moving_to == install.desired:
            return
        if install.active == install.desired:
            if is_busy:
                self._enter(install, ACTIVE, at, None)
            return
        install.moving_to = install.desired
        if install.desired in install.on_disk:
            self._stage(install, at)
            return
        size = self._nature.size_bytes(install.model_id, install.desired)
        install.download_began, install.download_for = at, max(1, floor(size / self.life.rate))
        self._enter(install, Phase.DOWNLOADING, at, at + install.download_for)

    def _enter(self, install: Install, phase: Phase, at: float, end: float | None) -> None:
        install.enter(phase, at)
        if end is None:
            self._ends.pop(install.model_id, None)
        else:
            self._ends[install.model_id] = end
        if self.marks is not None:
            self.marks.append((at, "phase", install.model_id, phase))

    def _stage(self, install: Install, at: float) -> None:
        if install.idle_wait:
            self._enter(install, Phase.STAGED, at, at + install.idle_wait)
        else:
            self._enter(install, Phase.SWITCHING, at, at + self._nature.switch_for)

    def _end(self, at: float) -> None:
        """End what a model was doing, and begin what comes next."""
        # The one that began first, where two end in the same instant.
        model_id = min(self._ends, key=self._ends.__getitem__)
        install = self.installs[model_id]
        if install.phase is Phase.SWITCHING:
            self._switched(install, at)
            return
        if install.phase is Phase.DOWNLOADING and install.moving_to is not None:
            install.keep(install.moving_to, self.life.kept or self._nature.kept)
            self._stage(install, at)
        else:
            self._enter(install, Phase.SWITCHING, at, at + self._nature.switch_for)
        self._contact(at, asks=True)

    def _switched(self, install: Install, at: float) -> None:
        version = install.moving_to
        if version is not None:
            self._run(install, version, at)
            self.is_down |= install.silent_after == version
            if install.crash_guard_for is not None and install.crash_guard_on in {None, version}:
                insort(self._guards, (at + install.crash_guard_for, install.model_id, version))
                install.crash_guard_for = None
        self._contact(at, asks=False)

    def _bounce(self, at: float) -> None:
        _, model_id, version = self._guards.pop(0)
        install = self.installs[model_id]
        if install.phase is ACTIVE and install.active == version and install.previous is not None:
            self._run(install, install.previous, at)
            self._contact(at, asks=False)

    def _run(self, install: Install, version: str, at: float) -> None:
        was = install.active
        self._enter(install, ACTIVE, at, None)
        install.run(version, at)
        install.keep(version, self.life.kept or self._nature.kept)
        if self.marks is not None and was != version:
            self.marks.append((at, "active", install.model_id, version))

    def _come_or_go(self, at: float) -> None:
        self._absence.pop(0)
        if self.next_contact < inf:
            self._stop()
            return
        # Whatever it was doing begins anew.
        for install in self.installs.values():
            if install.phase is not ACTIVE:
                self._enter(install, ACTIVE, at, None)
        if self.marks is not None:
            self.marks.append((at, "back", None, None))
        self._contact(at, asks=True)

    def _obey(self, at: float) -> None:
        change = self._changes[self._next]
        self._next += 1
        install = self.installs[change.model_id]
        if change.verb is Verb.OPEN:
            if change.rollout_id not in self.entries:
                self._open(change, install)
            return
        if change.verb is Verb.RELEASE:
            if install.desired == change.version:
                install.desired = install.active or change.fallback
            return
        self.followed = [entry for entry in self.followed if entry.rollout_id != change.rollout_id]
        if change.verb is Verb.LEAVE:
            return
        left = self.entries.pop(change.rollout_id, None)
        if left is not None and self.marks is not None:
            self.marks.append((at, "settled", change.rollout_id, None))
        if left is not None and change.verb is Verb.CLOSE and install.desired == change.version:
            install.desired = left.from_version or change.fallback

    def _open(self, change: Change, install: Install) -> None:
        entry = self.entries[change.rollout_id] = Entry.opened(change, install)
        self.followed.append(entry)
        install.desired = change.version
        if self.marks is not None:
            self.marks.append((change.at, "settled", change.rollout_id, entry.settled_at is not None))
