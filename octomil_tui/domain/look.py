"""One look at the devices of a rollback: what each of them reports, taken into the columns of its watch.

The rules of a device are in `domain.follow`; here is where it goes. A look at
some devices says nothing of the others, a look at all of them says of those
that are missing that they are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from octomil_tui.domain.bounce import REMEMBERED
from octomil_tui.domain.columns import (
    APART,
    BOUNCED,
    CODES,
    JOINED,
    LOOKED,
    MASK,
    OVERDUE,
    REACHABLE,
    RIPE,
    SHIFT,
    TOLD,
    Block,
    Cell,
    moment,
)
from octomil_tui.domain.counts import Origin, Unlisted
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.follow import OFFLINE, WAITING, Follower, gone, has_moved
from octomil_tui.domain.newcomer import newcomer
from octomil_tui.domain.radius import row_key
from octomil_tui.domain.totals import MOVING, Totals, without_zeros
from octomil_tui.domain.track import Track
from octomil_tui.domain.watch import JOINED_KEPT, Watch


class Look:
    """The working copy of a watch while one look is taken in; the watch itself stays as it is."""

    def __init__(
        self, watch: Watch, at: float, *, is_whole: bool, size: int | None, missed_since: float | None = None
    ) -> None:
        self._was = watch
        self._at = at
        self._is_whole = is_whole
        self._missed_since = missed_since
        self._size = size if size is not None else watch.size
        self._index = watch.index
        self._blocks = list(watch.blocks)
        self._own: set[int] = set()
        self._totals = Totals(watch)
        self._origins = list(watch.tables.origins)
        self._origin_codes = {origin: code for code, origin in enumerate(self._origins)}
        self._unlisted = dict(watch.counts.unlisted)
        self._joined, self._crowd = watch.joined, 0 if is_whole else watch.crowd
        self._returned = watch.returned
        self._has_moved = watch.at is None
        self._follower = Follower(watch, at, is_whole=is_whole, size=self._size)
        self._laps = watch.laps
        if self._laps.must_shift(at):
            self._shift_laps()
        self._lap = min(255, self._laps.lap_of(at))
        self._lap_counts = Counter(self._laps.counts)
        self._seen = bytearray(self._index.size if is_whole else 0)

    def take(self, devices: Iterable[Device]) -> Watch:
        """Return the watch after this look; of a device that is listed twice the last row counts."""
        listed = {device.id: device for device in devices}
        is_inside = self._membership(listed.values())
        find, fresh = self._index.find, []
        for device_id, device in listed.items():
            row = find(device_id)
            if row < 0:
                fresh.append(device)
            else:
                self._see(row, device, is_inside=is_inside is None or is_inside in device.groups)
        self._take_in(fresh, is_inside)
        if self._is_whole:
            self._miss()
        elif self._missed_since is not None:
            self._miss_before(self._missed_since)
        return self._done()

    def _membership(self, devices: Iterable[Device]) -> str | None:
        """Return the group that a device must name to be in the scope; None where nothing tells who is.

        Rows that name no group are of a service that lists none, and rows that
        name groups in another way than the plan did tell nothing either.
        """
        group = self._was.group_id
        return group if group is not None and any(group in device.groups for device in devices) else None

    def _block(self, number: int) -> Block:
        """Return a block that this look may change."""
        if number not in self._own:
            self._own.add(number)
            self._blocks[number] = self._blocks[number].copy()
        return self._blocks[number]

    def _see(self, row: int, device: Device, *, is_inside: bool) -> None:
        number, place = row >> SHIFT, row & MASK
        was = self._blocks[number].cell(place)
        origin = self._origins[was.origin]
        cell = self._follower.follow(was, origin, device, is_inside=is_inside)
        if cell != was:
            self._change(number, place, was, cell)
            self._note(was, cell, origin, device)
        self._stamp(row)

    def _stamp(self, row: int) -> None:
        """Write down that a row was looked at now."""
        number, place = row >> SHIFT, row & MASK
        if self._is_whole:
            self._seen[row] = 1
        before = self._blocks[number].lap[place]
        if before != self._lap:
            self._block(number).lap[place] = self._lap
            self._lap_counts[before] -= 1
            self._lap_counts[self._lap] += 1

    def _change(self, number: int, place: int, was: Cell, cell: Cell) -> None:
        """Put a row's new cell in place, and count it where it stands now."""
        self._block(number).put(place, cell)
        self._has_moved = self._has_moved or has_moved(was, cell)
        self._totals.move(was, cell)

    def _note(self, was: Cell, cell: Cell, origin: Origin, device: Device) -> None:
        """Remember what the pace of the whole is told from."""
        if was.stage == OFFLINE and cell.stage != OFFLINE and not cell.verified and not was.verified:
            self._returned += 1
        if origin.plan_class in MOVING and not cell.flags & JOINED:
            self._totals.arrive(was, cell, device.name)

    def _take_in(self, fresh: Sequence[Device], group: str | None) -> None:
        """Give a row to devices that have none: those that were known by their count, and those that joined."""
        found: list[tuple[Device, Origin, bool]] = []
        for device in fresh:
            installation = device.installations.get(self._was.model_id)
            if installation is None or not self._is_of_scope(device, group):
                continue
            origin, has_joined = newcomer(self._was, installation, row_key(device.groups), self._unlisted)
            if has_joined and self._joined >= JOINED_KEPT:
                self._crowd += 1
                continue
            self._joined += has_joined
            found.append((device, origin, has_joined))
        if not found:
            return
        self._index = self._index.extended([device.id for device, _, _ in found])
        self._seen.extend(bytes(self._index.size - len(self._seen)) if self._is_whole else b"")
        size = sum(len(block) for block in self._blocks)
        for device, origin, has_joined in found:
            row = self._index.find(device.id)
            if row >= size:
                self._add(origin, flags=JOINED if has_joined else 0)
                size += 1
            self._see(row, device, is_inside=True)

    def _is_of_scope(self, device: Device, group: str | None) -> bool:
        if self._was.group_id is None or group is not None:
            return group is None or group in device.groups
        # Nothing tells who is in the group: only a page of it can bring those that are still to come.
        return any(self._unlisted.values())

    def _add(
        self, origin: Origin, *, stage: int = WAITING, flags: int = 0, bounces: int = 0, verified: int = 0
    ) -> None:
        """Take in a row at the end."""
        code = self._origin_codes.setdefault(origin, len(self._origins))
        if code == len(self._origins):
            self._origins.append(origin)
        flags |= BOUNCED if bounces else 0
        cell = Cell(code, stage, flags, bounces, verified)
        if not self._blocks or len(self._blocks[-1]) > MASK:
            self._own.add(len(self._blocks))
            self._blocks.append(Block())
        self._block(len(self._blocks) - 1).add(cell)
        self._totals.add(cell)
        self._lap_counts[0] += 1

    def _miss(self) -> None:
        """Say of every device that a look at the whole scope did not show that it is gone."""
        row = self._seen.find(0)
        while row >= 0:
            number, place = row >> SHIFT, row & MASK
            was = self._blocks[number].cell(place)
            cell = gone(was, is_ripe=True)
            if cell != was:
                self._change(number, place, was, cell)
            self._stamp(row)
            row = self._seen.find(0, row + 1)
        # There are no more: what the count had beyond them is not there.
        self._unlisted = {}

    def _miss_before(self, since: float) -> None:
        """Say of every device that no look has shown from `since` on that it is gone."""
        # Looks from before the laps reach back are of no known age: then only a device without any look is missed.
        first = self._laps.lap_of(since) if since >= self._laps.began_at else 1
        older = bytes(lap < first for lap in range(256))
        for number in range(len(self._blocks)):
            marks = self._blocks[number].lap.translate(older)
            place = marks.find(1)
            while place >= 0:
                was = self._blocks[number].cell(place)
                cell = gone(was, is_ripe=True)
                if cell != was:
                    self._change(number, place, was, cell)
                place = marks.find(1, place + 1)
        self._unlisted = {}

    def _shift_laps(self) -> None:
        table = self._laps.table(self._at)
        for number in range(len(self._blocks)):
            block = self._block(number)
            block.lap = block.lap.translate(table)
        self._laps = self._laps.shifted(self._at)

    def _done(self) -> Watch:
        follower, was = self._follower, self._was
        tables = replace(follower.tables(), origins=tuple(self._origins))
        measured = follower.measured()
        return replace(
            was,
            index=self._index,
            blocks=tuple(self._blocks),
            counts=self._totals.counts(tables, self._unlisted),
            tables=tables,
            laps=replace(self._laps, counts=without_zeros(self._lap_counts)),
            pace=self._totals.pace(self._at),
            paces=without_zeros(self._totals.paces),
            late_paces=without_zeros(self._totals.late),
            bounces=(*was.bounces, *follower.bounces)[-REMEMBERED:],
            bounced=was.bounced + len(follower.bounces),
            returned=self._returned,
            first_verified=self._totals.first,
            joined=self._joined,
            crowd=self._crowd,
            rates=measured or was.rates,
            is_measured=was.is_measured or measured is not None,
            size=self._size,
            has_said=was.has_said or follower.has_said,
            at=self._at,
            moved_at=self._at if self._has_moved else was.moved_at,
        )

    def begin(self, tracks: Mapping[str, Track], unlisted: Unlisted) -> Watch:
        """Return the watch of these devices, before any look."""
        index = self._index.extended(tuple(tracks))
        rows = 0
        for device_id, track in tracks.items():
            # One whose id meets another's in the index has no row of its own.
            if index.find(device_id) == rows:
                self._add_track(track)
                rows += 1
        tables = replace(self._was.tables, origins=tuple(self._origins))
        return replace(
            self._was,
            index=index,
            blocks=tuple(self._blocks),
            counts=self._totals.counts(tables, unlisted),
            tables=tables,
            laps=replace(self._laps, counts=without_zeros(self._lap_counts)),
            paces=without_zeros(self._totals.paces),
            late_paces=without_zeros(self._totals.late),
        )

    def _add_track(self, track: Track) -> None:
        flags = (
            (REACHABLE if track.is_reachable else 0)
            | (TOLD if track.was_told else 0)
            | (JOINED if track.has_joined else 0)
            | (APART if track.is_apart else 0)
            | (OVERDUE if track.is_overdue else 0)
            | (LOOKED | RIPE if track.was_looked_at else 0)
        )
        self._add(
            Origin(track.plan_class, track.group, track.from_version),
            stage=CODES[track.stage],
            flags=flags,
            bounces=track.bounces,
            verified=moment(track.verified_at) if track.verified_at is not None else 0,
        )
