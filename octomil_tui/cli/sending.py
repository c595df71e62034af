"""The one POST: sent once, its answer settled, its scope checked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from octomil_tui.api.errors import OctomilError
from octomil_tui.cli.exits import CommandError, Exit, exit_of
from octomil_tui.cli.wiring import READS, open_client
from octomil_tui.domain.action_outcome import Outcome
from octomil_tui.domain.choice import rival_of
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean
from octomil_tui.engine.change_record import changes_of
from octomil_tui.engine.commands import new_key
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.hold_after import hold_left
from octomil_tui.engine.poller import ask
from octomil_tui.engine.preflight import Preflight, UnknownNameError
from octomil_tui.engine.recording import RecordError, Records
from octomil_tui.engine.session import PlanMovedError, Session
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.topic import DEVICES, GROUPS, MODELS, rollouts_of
from octomil_tui.settings import Settings

_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class How:
    """What is unusual about sending a rollback."""

    way: Way = Way.ROLLBACK
    without_record: bool = False
    hold: bool = False
    """Whether the version that is left is held afterwards."""


class Sending:
    """Sends one rollback; what is known of it stays readable when it is interrupted.

    Args:
        settings: The service.
        shown: The plan that was confirmed.
        reason: Why, or None.
        records: What this machine keeps of it; None for nothing.
        how: By which route, and whether it needs a record.
        gate: What counts the requests of this run; None for one of its own.
    """

    def __init__(
        self,
        settings: Settings,
        shown: Preflight,
        reason: str | None,
        records: Records | None,
        how: How = How(),
        *,
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate
        self._settings = settings
        self._shown = shown
        self._reason = reason
        self._records = records
        self._how = how
        self.rival: Rollout | None = None
        """The rollback that is in the way, where the service refused this one for it."""
        self._rollback: Rollback | None = None
        self.held: Outcome | None = None
        """What became of holding the version that is left; None where nobody asked for it."""
        self.scope_doubt = ""
        """Why it is not known whether more than the group was moved; empty where it is."""

    @property
    def model_name(self) -> str:
        """The model's name, safe to show."""
        return clean(self._shown.model.name)

    @property
    def phase(self) -> Phase:
        """How far it is."""
        return self._rollback.phase if self._rollback is not None else Phase.PLANNED

    async def run(self, *, is_fresh: bool) -> Rollback:
        """Return the rollback after the service's answer.

        Args:
            is_fresh: Whether the plan was read just now, and nobody was asked in between.

        Raises:
            CommandError: The plan is another one now, or could not be read again; nothing was sent.
        """
        async with open_client(self._settings, READS, self._gate) as client:
            session = Session(
                client,
                on_change=lambda state, _event: self._note(state.rollbacks),
                records=self._records,
            )
            # One whose answer was lost in an earlier run goes out with its own key.
            await session.recall(self._shown.model.id)
            try:
                rollback = await session.roll_back(
                    self._shown,
                    self._reason,
                    is_fresh=is_fresh,
                    way=self._how.way,
                    without_record=self._how.without_record,
                )
            except PlanMovedError as error:
                changes = "; ".join(error.changes)
                sentence = f"the plan changed since it was shown: {changes}; nothing was sent"
                raise CommandError(Exit.CONFLICT, sentence, "plan_moved") from None
            except UnknownNameError as error:
                sentence = f"what was shown is no longer there: {error}; nothing was sent"
                raise CommandError(Exit.CONFLICT, sentence, "plan_moved") from None
            except RecordError as error:
                sentence = f"{error.sentence}; nothing was sent; --without-journal sends it all the same"
                raise CommandError(Exit.REFUSED, sentence, "no_journal") from None
            except OctomilError as error:
                raise CommandError(exit_of(error), f"{error.message}; nothing was sent") from None
            if rollback.refused_with == _CONFLICT:
                self.rival = await self._read_rival(client, session, rollback)
            if self._scope_is_open(rollback):
                rollback = await self._check_scope(client, session, rollback)
            if self._how.hold and rollback.from_version is not None:
                ours = changes_of(self._records)
                self.held = await hold_left(client, rollback, self._shown.model, key=new_key(), records=ours)
            return rollback

    def _note(self, rollbacks: Mapping[str, Rollback]) -> None:
        self._rollback = rollbacks.get(self._shown.model.id)

    async def _read_rival(self, client: FleetSource, session: Session, rollback: Rollback) -> Rollout | None:
        topic = rollouts_of(rollback.model_id)
        with suppress(OctomilError):
            session.dispatch(await ask(client, topic, lambda: session.state, time.monotonic))
        return rival_of(rollback, session.state.snapshot)

    def _scope_is_open(self, rollback: Rollback) -> bool:
        """Say whether one group was asked for and the answer does not tell how many devices that is."""
        return (
            rollback.phase is Phase.ROLLING_BACK
            and rollback.affected is None
            and not self._shown.plan.scope.is_fleet
            and bool(rollback.wanted_outside)
        )

    async def _check_scope(self, client: FleetSource, session: Session, rollback: Rollback) -> Rollback:
        if not any(wanted is not None for wanted in rollback.wanted_outside.values()):
            self.scope_doubt = "devices do not say which version they are meant to run"
            return rollback
        try:
            for topic in (MODELS, GROUPS, DEVICES):
                session.dispatch(await ask(client, topic, lambda: session.state, time.monotonic))
        except OctomilError as error:
            self.scope_doubt = error.message
        return session.state.rollbacks[rollback.model_id]

    def interrupted(self) -> CommandError:
        """Return the end of a command that was interrupted at this point."""
        match self.phase:
            case Phase.PLANNED | Phase.NOT_SENT:
                sentence = "interrupted; nothing was sent"
            case Phase.REJECTED:
                sentence = "interrupted; the service had refused it"
            case Phase.SENDING | Phase.UNCONFIRMED | Phase.NOT_FOUND:
                sentence = (
                    "interrupted while the answer was awaited; the rollback may have begun: "
                    f"octomil-console rollout status {self.model_name}"
                )
            case _:
                sentence = "interrupted; the rollback goes on"
        return CommandError(Exit.INTERRUPTED, sentence)
