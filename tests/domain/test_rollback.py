"""The state machine of one rollback: what is known before and right after the answer."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from octomil_tui.domain.advance import advance
from octomil_tui.domain.beginning import planned
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.rollback import (
    Accepted,
    Dismissed,
    Event,
    Found,
    LookedAgain,
    Lost,
    Noted,
    NotFound,
    NotSent,
    Observed,
    Phase,
    Rejected,
    Rollback,
    Sent,
)
from octomil_tui.domain.scope import Scope
from tests.domain.fleets import (
    BAD,
    COMPLETED,
    ROLLING_BACK,
    STAGING,
    T0,
    TARGET,
    begun,
    device,
    look,
    plan_of,
    rollout,
)
from tests.domain.night import devices, night_plan

RECEIPT = RollbackReceipt(rollout_id="4131", affected_devices=124, from_version=BAD)
RECORD = rollout("4131", TARGET, ROLLING_BACK, affected=124, created_at=T0 + 2)


def _planned() -> Rollback:
    return planned(night_plan(), "INC-1", "key-9c1e", devices())


def _after(*events: Event) -> Rollback:
    rollback = _planned()
    for event in events:
        rollback = advance(rollback, event)
    return rollback


def test_a_planned_rollback_carries_what_the_operator_saw() -> None:
    rollback = _planned()
    assert (rollback.phase, rollback.key, rollback.from_version) == (Phase.PLANNED, "key-9c1e", BAD)
    assert (rollback.order.to_version, rollback.order.reason, rollback.order.group) == (TARGET, "INC-1", None)
    assert rollback.wanted_outside == {}
    assert rollback.watch is None


def test_a_rollback_of_one_group_names_it_and_remembers_what_others_were_to_run() -> None:
    inside, outside = device("a", BAD, "g-staging", wanted=BAD), device("b", BAD, wanted=BAD)
    there = device("c", TARGET, wanted=BAD)
    rollback = planned(plan_of(inside, outside, there, scope=STAGING), None, "key", (inside, outside, there))
    assert rollback.order.group == "staging"
    assert rollback.wanted_outside == {"b": BAD}


def test_a_rollback_of_the_fleet_has_nobody_outside() -> None:
    assert (
        planned(night_plan(), None, "key", (*devices(), device("new", BAD, wanted=BAD))).wanted_outside == {}
    )


def test_a_group_without_a_name_is_never_sent_as_the_whole_fleet() -> None:
    plan = plan_of(device("a", BAD, "g-staging"), scope=Scope("g-staging"))
    assert planned(plan, None, "key", ()).order.group == "g-staging"


def test_sending_begins_at_the_services_clock() -> None:
    rollback = _after(Sent(T0))
    assert (rollback.phase, rollback.sent_at, rollback.watch) == (Phase.SENDING, T0, None)


def test_an_accepted_rollback_is_watched_from_the_moment_the_service_took_it() -> None:
    rollback = _after(Sent(T0), Accepted(RECEIPT, T0 + 2))
    assert (rollback.phase, rollback.rollout_id, rollback.affected) == (Phase.ROLLING_BACK, "4131", 124)
    assert (rollback.server_state, rollback.server_word) == (ROLLING_BACK, "rolling_back")
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0 + 2
    assert rollback.watch.whole.devices == 124


@pytest.mark.parametrize(("told", "kept"), [("3.0.0", "3.0.0"), (None, BAD)])
def test_the_reply_may_say_what_was_left_and_else_the_plan_does(told: str | None, kept: str) -> None:
    assert _after(Sent(T0), Accepted(RollbackReceipt(from_version=told), T0)).from_version == kept


@pytest.mark.parametrize(
    ("event", "phase"),
    [
        (Lost("no answer in 10s"), Phase.UNCONFIRMED),
        (NotSent("no answer in 10s"), Phase.NOT_SENT),
        (Rejected("no answer in 10s"), Phase.REJECTED),
    ],
)
def test_without_an_acceptance_the_sentence_is_kept_and_nothing_is_watched(
    event: Event, phase: Phase
) -> None:
    rollback = _after(Sent(T0), event)
    assert (rollback.phase, rollback.sentence, rollback.watch) == (phase, "no answer in 10s", None)


def test_a_lost_answer_is_found_in_the_servers_records() -> None:
    rollback = _after(Sent(T0), Lost("x"), Found(RECORD, T0 + 9))
    assert (rollback.phase, rollback.rollout_id, rollback.affected) == (Phase.ROLLING_BACK, "4131", 124)
    assert (rollback.server_state, rollback.from_version) == (ROLLING_BACK, BAD)
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0 + 2


def test_a_record_without_a_time_is_watched_from_when_it_was_found() -> None:
    rollback = _after(Sent(T0), Lost("x"), Found(rollout("4131", TARGET, ROLLING_BACK), T0 + 9))
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0 + 9


def test_a_lost_answer_that_is_not_found_is_said_and_may_still_turn_up() -> None:
    rollback = _after(Sent(T0), Lost("x"), NotFound())
    assert rollback.phase is Phase.NOT_FOUND
    assert advance(rollback, NotFound()).phase is Phase.NOT_FOUND
    assert advance(rollback, Found(RECORD, T0 + 90)).phase is Phase.ROLLING_BACK


def test_one_can_keep_looking_for_what_was_not_found() -> None:
    again = _after(Sent(T0), Lost("no answer within 10 s"), NotFound(), LookedAgain())
    assert again.phase is Phase.UNCONFIRMED
    assert advance(again, Found(RECORD, T0 + 90)).phase is Phase.ROLLING_BACK


def test_a_refusal_keeps_the_services_own_word() -> None:
    refused = _after(Sent(T0), Rejected("no", 404, "version_not_found"))
    assert (refused.refused_with, refused.refusal_code) == (404, "version_not_found")


def test_what_is_sent_again_counts_from_its_first_try() -> None:
    lost = _after(Noted(T0, "POST"), Sent(T0), Lost("no answer"), NotFound())
    again = planned(night_plan(), "INC-1", "key-9c1e", devices(), before=lost)
    assert (again.tries, again.log) == (2, lost.log)
    assert advance(again, Sent(T0 + 90)).sent_at == T0


def test_what_was_left_alone_is_dismissed_once_seen() -> None:
    left = replace(begun(night_plan(), devices()), left_at=T0)
    assert advance(left, Dismissed()).left_at is None


def test_a_note_is_kept_in_order_and_changes_no_phase() -> None:
    rollback = _after(Noted(1.0, "first"), Sent(T0), Noted(2.0, "second"))
    assert [(line.at, line.text) for line in rollback.log] == [(1.0, "first"), (2.0, "second")]
    assert rollback.phase is Phase.SENDING


# Totality.

_EVENTS: dict[str, Event] = {
    "sent": Sent(T0 + 5),
    "accepted": Accepted(RollbackReceipt(rollout_id="9"), T0 + 5),
    "lost": Lost("lost"),
    "not_sent": NotSent("not sent"),
    "rejected": Rejected("rejected"),
    "found": Found(rollout("9", TARGET, COMPLETED), T0 + 5),
    "not_found": NotFound(),
    "looked_again": LookedAgain(),
    "dismissed": Dismissed(),
    "observed": Observed(devices(), (), T0 + 5),
}
_FITS = {
    Phase.PLANNED: {"sent"},
    Phase.SENDING: {"accepted", "lost", "not_sent", "rejected"},
    Phase.UNCONFIRMED: {"found", "not_found", "looked_again"},
    Phase.NOT_FOUND: {"found", "not_found", "looked_again"},
    Phase.STALLED: {"observed"},
    Phase.DIVERGED: {"observed"},
    Phase.ROLLING_BACK: {"observed"},
    Phase.WIDER: {"observed"},
    Phase.DONE: {"observed"},
    Phase.COMPLETE: {"observed"},
    Phase.REGRESSED: {"observed"},
}


def _in(phase: Phase) -> Rollback:
    begun_one = begun(night_plan(), devices())
    known = {field.name: getattr(begun_one, field.name) for field in fields(Rollback)}
    return Rollback(**{**known, "phase": phase})


@pytest.mark.parametrize("phase", tuple(Phase))
@pytest.mark.parametrize("name", tuple(_EVENTS))
def test_every_event_in_every_phase_has_an_outcome_and_unfit_ones_change_nothing(
    phase: Phase, name: str
) -> None:
    before = _in(phase)
    after = advance(before, _EVENTS[name])
    assert isinstance(after, Rollback)
    assert (after is not before) == (name in _FITS.get(phase, set()) | {"dismissed"})


def test_devices_are_not_looked_at_where_nobody_knows_which_are_meant() -> None:
    rollback = Rollback("m-1", _planned().order, Phase.SENDING)
    begun_one = advance(rollback, Accepted(RECEIPT, T0))
    assert begun_one.phase is Phase.ROLLING_BACK
    assert look(begun_one, T0 + 9, *devices()) is begun_one


@pytest.mark.parametrize("phase", tuple(Phase))
def test_a_watch_may_stop_in_every_phase_but_those_that_wait(phase: Phase) -> None:
    waits = {
        Phase.PLANNED,
        Phase.SENDING,
        Phase.ROLLING_BACK,
        Phase.STALLED,
        Phase.UNCONFIRMED,
        Phase.REGRESSED,
    }
    assert phase.is_over is (phase not in waits)
    assert phase.is_watched is ("observed" in _FITS.get(phase, set()))


def test_devices_that_were_looked_at_already_are_not_looked_at_again() -> None:
    one = device()
    rollback = look(begun(plan_of(one), (one,)), T0 + 5, one)
    seen = Observed((), (), T0 + 900, are_devices_new=False)
    later = advance(rollback, seen)
    assert later.watch is rollback.watch
    assert later.phase is Phase.ROLLING_BACK


def test_a_page_of_devices_forgets_no_stray_that_another_page_showed() -> None:
    inside, out = device("a", BAD, "g-staging"), device("b", BAD, "g-eu", wanted=BAD)
    rollback = begun(plan_of(inside, out, scope=STAGING), (inside, out))
    moved = replace(out, installations=device(wanted=TARGET).installations)
    rollback = advance(rollback, Observed((moved,), (), T0 + 5, is_whole=False))
    assert rollback.strays == ("b",)
    rollback = advance(rollback, Observed((inside,), (), T0 + 6, is_whole=False))
    assert rollback.strays == ("b",)
