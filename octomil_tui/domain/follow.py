"""How one device is followed from look to look: by its own reports, never by the service's word for them.

A device is verified when it reports the target itself, and settled when it
still does at its next sync. What was seen is remembered, so that a device that
leaves and comes back between two looks is still counted as bounced.
"""

from __future__ import annotations

from octomil_tui.domain.bounce import Bounce, bounce_of
from octomil_tui.domain.columns import (
    APART,
    BOUNCED,
    CODES,
    JOINED,
    LOOKED,
    MOST,
    OVERDUE,
    REACHABLE,
    RIPE,
    STAGES,
    TOLD,
    Cell,
    moment,
)
from octomil_tui.domain.counts import Origin
from octomil_tui.domain.eta import Rates, expected, measured
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.pace import due_code
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.step import Step, failed_word, step_of
from octomil_tui.domain.track import Stage
from octomil_tui.domain.watch import Tables, Watch, Words

CLOCK_SLACK = 1.0
"""Seconds by which two times of the service may differ through rounding to whole seconds."""

OVERDUE_AFTER = 2
"""Syncs that a reachable device may miss before it is said."""

SETTLED, VERIFIED, ON_THE_WAY, WAITING, STALE, OFFLINE, FAILED, BOUNCED_NOW, UNKNOWN, REVOKED, GONE, LEFT = (
    CODES[stage] for stage in Stage if stage is not Stage.UNSEEN
)

_COMING = (WAITING, ON_THE_WAY)


class Follower:
    """The rules of one look; it collects what is not in the columns."""

    def __init__(self, watch: Watch, at: float, *, is_whole: bool, size: int | None) -> None:
        self._model_id, self._target = watch.model_id, watch.to_version
        self._started_at = watch.started_at
        self._at = at
        self._is_whole = is_whole
        self._size, self._rates = size, watch.rates
        self._tables = watch.tables
        self._words = list(watch.tables.words)
        self._word_codes = {words: code for code, words in enumerate(self._words)}
        self._paces = list(watch.tables.paces)
        self._pace_codes = {seconds: code for code, seconds in enumerate(self._paces)}
        self._speeds: list[float] = []
        self.bounces: list[Bounce] = []
        self.has_said = False

    def follow(self, was: Cell, origin: Origin, device: Device, *, is_inside: bool) -> Cell:
        """Return a device's cell after this look.

        Args:
            was: The cell before.
            origin: What it was when it came into the watch.
            device: As it was read now.
            is_inside: Whether it is still in the scope.
        """
        installation = device.installations.get(self._model_id)
        if installation is None:
            return gone(was, is_ripe=self._is_ripe(device))
        says = installation.version is not None and installation.by_device
        reports = says and installation.version == self._target
        self.has_said = self.has_said or says
        verified, bounces = was.verified, was.bounces
        if reports:
            verified, bounces = self._arrive(was, origin, device, installation)
        elif says and verified:
            verified = 0
            if is_inside:
                bounces = min(MOST, bounces + 1)
                self._tell(was, origin, device, installation)
        if is_inside or reports:
            is_still = origin.plan_class is PlanClass.NO_OP and not bounces
            stage = self._stage(device, installation, verified, bounces, reports=reports, is_still=is_still)
        else:
            stage = REVOKED if device.connectivity is Connectivity.REVOKED else LEFT
        artifact, interval, progress = installation.artifact_word, device.interval, installation.progress
        words: Words = (
            artifact,
            installation.word,
            installation.activation if artifact == "staged" else None,
        )
        word_code, pace_code = self._word_codes.get(words), self._pace_codes.get(interval)
        word_code = word_code if word_code is not None else self._new_words(words)
        return tuple.__new__(
            Cell,
            (
                was.origin,
                stage,
                self._flags(was, device, installation, stage, bounces, reports=reports),
                bounces,
                verified,
                word_code,
                pace_code if pace_code is not None else self._new_pace(interval),
                0 if progress is None else min(MOST, max(0, int(progress * MOST))),
                self._due(device, installation, stage, word_code) if stage in _COMING else 0,
            ),
        )

    def _arrive(
        self, was: Cell, origin: Origin, device: Device, installation: Installation
    ) -> tuple[int, int]:
        since = installation.since
        if not was.verified:
            seen = device.last_contact_at if device.last_contact_at is not None else self._at
            return moment(since if since is not None else seen), was.bounces
        # It reports the target since a later moment than before: it left and came back between two reads.
        came_back = since is not None and moment(since) > was.verified + CLOCK_SLACK
        if since is not None and came_back and origin.plan_class is not PlanClass.NO_OP:
            self._tell(was, origin, device, installation)
            return moment(since), min(MOST, was.bounces + 1)
        return was.verified, was.bounces

    def _tell(self, was: Cell, origin: Origin, device: Device, installation: Installation) -> None:
        was_there = origin.plan_class is PlanClass.NO_OP and not was.bounces
        verified_at = None if was_there else float(was.verified - 1)
        self.bounces.append(bounce_of(device, installation, self._target, verified_at, self._at))

    def _stage(
        self,
        device: Device,
        installation: Installation,
        verified: int,
        bounces: int,
        *,
        reports: bool,
        is_still: bool,
    ) -> int:
        if device.connectivity is Connectivity.REVOKED:
            return REVOKED
        if reports:
            contact = device.last_contact_at if device.last_contact_at is not None else self._at
            settles_at = verified - 1 + device.interval - CLOCK_SLACK
            return SETTLED if is_still or contact >= settles_at else VERIFIED
        # A device that says nothing at this look neither counts as verified nor has it left.
        if device.connectivity is Connectivity.OFFLINE:
            return OFFLINE
        if bounces and not verified:
            return BOUNCED_NOW
        return self._stage_on_line(device, installation)

    def _stage_on_line(self, device: Device, installation: Installation) -> int:
        if (installation.artifact_word or installation.word) and failed_word(installation):
            return FAILED
        if device.connectivity is Connectivity.STALE:
            return STALE
        if installation.version is None or not installation.by_device:
            return UNKNOWN
        contact = device.last_contact_at
        is_told = installation.wanted is None or installation.wanted == self._target
        return ON_THE_WAY if is_told and contact is not None and contact >= self._started_at else WAITING

    def _flags(
        self,
        was: Cell,
        device: Device,
        installation: Installation,
        stage: int,
        bounces: int,
        *,
        reports: bool,
    ) -> int:
        contact = device.last_contact_at
        flags = (was.flags & (TOLD | JOINED)) | LOOKED
        flags |= BOUNCED if bounces else 0
        flags |= RIPE if self._is_whole or self._is_ripe(device) else 0
        if contact is not None and contact >= self._started_at:
            flags |= TOLD
        if flags & JOINED and not reports and installation.wanted not in (None, self._target):
            flags |= APART
        connectivity = device.connectivity
        is_away = connectivity is Connectivity.OFFLINE or connectivity is Connectivity.REVOKED
        if stage != LEFT and not is_away:
            flags |= REACHABLE
            if stage != SETTLED and contact is not None and not flags & APART:
                silent = self._at - max(contact, self._started_at)
                flags |= OVERDUE if silent > OVERDUE_AFTER * device.interval + CLOCK_SLACK else 0
        return flags

    def _is_ripe(self, device: Device) -> bool:
        return self._is_whole or self._at >= self._started_at + device.interval - CLOCK_SLACK

    def _due(self, device: Device, installation: Installation, stage: int, words: int) -> int:
        if stage == ON_THE_WAY and step_of(*self._words[words]) is Step.DOWNLOADING:
            speed = measured(device, installation, self._size)
            if speed is not None:
                self._speeds.append(speed)
        due = expected(
            device,
            STAGES[stage],
            self._at,
            model_id=self._model_id,
            to_version=self._target,
            size=self._size,
            rates=self._rates,
        )
        return due_code(due, self._started_at)

    def _new_words(self, words: Words) -> int:
        if len(self._words) > MOST:
            # One of the same step says as much.
            step = step_of(*words)
            return next((code for code, one in enumerate(self._words) if step_of(*one) is step), 0)
        self._words.append(words)
        return self._word_codes.setdefault(words, len(self._words) - 1)

    def _new_pace(self, interval: float) -> int:
        if len(self._paces) > MOST:
            # The last entry stands for all others; it is as long as the longest of them.
            self._paces[MOST] = max(self._paces[MOST], interval)
            return MOST
        self._paces.append(interval)
        return self._pace_codes.setdefault(interval, len(self._paces) - 1)

    def tables(self) -> Tables:
        """Return the tables with what this look has added."""
        return Tables(self._tables.origins, tuple(self._words), tuple(self._paces))

    def measured(self) -> Rates | None:
        """Return how fast the devices of this look download; None where none of them told."""
        return Rates(min(self._speeds), max(self._speeds)) if self._speeds else None


def gone(was: Cell, *, is_ripe: bool) -> Cell:
    """Return the cell of a device that is no longer listed, or no longer has the model."""
    kept = was.flags & (TOLD | JOINED | BOUNCED)
    flags = kept | LOOKED | (RIPE if is_ripe else 0)
    return was._replace(stage=GONE, flags=flags, due=0)


def has_moved(was: Cell, cell: Cell) -> bool:
    """Say whether a device got anywhere, in either direction; that it comes or goes is no movement."""
    return (
        was.verified != cell.verified
        or was.words != cell.words
        or was.progress != cell.progress
        or was.bounces != cell.bounces
        or bool((was.flags ^ cell.flags) & TOLD)
        or (was.stage == SETTLED) != (cell.stage == SETTLED)
    )


def is_late(cell: Cell) -> bool:
    """Say whether a device is reachable and has not settled."""
    return cell.flags & (REACHABLE | APART) == REACHABLE and cell.stage != SETTLED
