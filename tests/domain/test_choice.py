"""What can be chosen about a rollback that needs a person, and when it is the same intent once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.beginning import has_no_route, may_be_sent_again
from octomil_tui.domain.choice import Act, choices, rival_of, why_no_other_way
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Phase, Rollback, Signs
from octomil_tui.domain.wording import rollout_words, trouble
from tests.domain.fleets import (
    ACTIVE,
    COMPLETED,
    ROLLING_BACK,
    STAGING,
    T0,
    begun,
    device,
    fleet,
    plan_of,
    rollout,
    with_rollouts,
)

RIVAL = rollout("4140", "0.9.0", ROLLING_BACK, kind="rollback", by="ana", created_at=T0 + 9)
INSIDE, OUTSIDE = device("a", "2.0.0", "g-staging", wanted="2.0.0"), device("b", "2.0.0", wanted="2.0.0")


def fleet_wide(phase: Phase, **fields: object) -> Rollback:
    return replace(begun(plan_of(INSIDE, OUTSIDE), (INSIDE, OUTSIDE)), phase=phase, **fields)  # type: ignore[arg-type]


def of_group(phase: Phase, **fields: object) -> Rollback:
    plan = plan_of(INSIDE, OUTSIDE, scope=STAGING)
    return replace(begun(plan, (INSIDE, OUTSIDE)), phase=phase, **fields)  # type: ignore[arg-type]


def acts(rollback: Rollback, rival: object = None) -> list[Act]:
    return [one.act for one in choices(rollback, rival)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "phase",
    [Phase.PLANNED, Phase.SENDING, Phase.ROLLING_BACK, Phase.DONE, Phase.UNCONFIRMED, Phase.STALLED],
)
def test_where_nothing_has_to_be_decided_nothing_is_offered(phase: Phase) -> None:
    assert acts(fleet_wide(phase)) == []


def test_wider_than_asked_may_be_accepted_or_told_to_others() -> None:
    wider = of_group(Phase.WIDER)
    assert acts(wider) == [Act.WATCH_WHOLE, Act.COPY]
    assert "1 more device changes" in choices(wider, None)[0].text


def test_what_was_not_found_is_looked_for_sent_again_with_its_key_or_given_up() -> None:
    lost = fleet_wide(Phase.NOT_FOUND, key="9c1e-and-more")
    assert acts(lost) == [Act.LOOK_AGAIN, Act.SEND_AGAIN, Act.GIVE_UP]
    assert "SAME key 9c1e" in choices(lost, None)[1].text


def test_what_was_not_sent_may_be_tried_again() -> None:
    assert acts(fleet_wide(Phase.NOT_SENT)) == [Act.SEND_AGAIN]


def test_case_16_a_conflict_offers_to_watch_what_is_in_the_way() -> None:
    refused = fleet_wide(Phase.REJECTED, refused_with=409)
    rival = rival_of(refused, with_rollouts(fleet(INSIDE), RIVAL, rollout("4127", "2.0.0", ACTIVE)))
    assert rival is RIVAL
    assert acts(refused, rival) == [Act.WATCH_RIVAL, Act.START_OVER]
    assert choices(refused, rival)[0].text == "watch rollback 4140 to v0.9.0 by ana"


def test_another_refusal_has_no_rival() -> None:
    refused = fleet_wide(Phase.REJECTED, refused_with=422)
    assert rival_of(refused, with_rollouts(fleet(INSIDE), RIVAL)) is None
    assert acts(refused) == [Act.START_OVER]


def test_a_rollback_that_took_the_place_may_be_watched_a_rollout_may_not() -> None:
    superseded = fleet_wide(Phase.SUPERSEDED, signs=Signs(taken_by=RIVAL))
    assert acts(superseded, rival_of(superseded, fleet())) == [Act.WATCH_RIVAL]
    rolled = fleet_wide(Phase.SUPERSEDED, signs=Signs(taken_by=rollout("9", "2.1.0", ACTIVE)))
    assert rival_of(rolled, fleet()) is None
    assert acts(rolled) == []


@pytest.mark.parametrize(
    ("status", "code", "has_none"),
    [
        (405, None, True),
        (405, "anything", True),
        (404, None, True),
        (404, "not_found", True),
        (404, "version_not_found", False),
        (409, None, False),
        (None, None, False),
    ],
)
def test_a_service_without_rollbacks_is_told_from_one_that_lacks_a_version(
    status: int | None, code: str | None, has_none: bool
) -> None:
    refused = fleet_wide(Phase.REJECTED, refused_with=status, refusal_code=code)
    assert has_no_route(refused) is has_none
    assert acts(refused) == [Act.AS_ROLLOUT if has_none else Act.START_OVER]
    assert not has_no_route(replace(refused, phase=Phase.NOT_FOUND))
    assert not has_no_route(replace(refused, order=replace(refused.order, way=Way.ROLLOUT)))


def test_for_one_group_there_is_no_safe_other_way() -> None:
    refused = of_group(Phase.REJECTED, refused_with=404)
    assert acts(refused) == [Act.START_OVER]
    assert "would move the whole fleet, not staging alone" in why_no_other_way(refused)
    assert why_no_other_way(fleet_wide(Phase.REJECTED, refused_with=404)) == ""


@pytest.mark.parametrize("phase", [Phase.UNCONFIRMED, Phase.NOT_FOUND, Phase.NOT_SENT])
def test_case_12_the_same_intent_keeps_its_key(phase: Phase) -> None:
    lost = fleet_wide(phase)
    assert may_be_sent_again(lost, plan_of(INSIDE, OUTSIDE))
    assert not may_be_sent_again(lost, plan_of(INSIDE, OUTSIDE, to="0.9.0")), "another version"
    assert not may_be_sent_again(lost, plan_of(INSIDE, OUTSIDE, scope=STAGING)), "another scope"
    assert not may_be_sent_again(lost, plan_of(INSIDE, OUTSIDE), Way.ROLLOUT), "another request"
    assert not may_be_sent_again(replace(lost, key=None), plan_of(INSIDE, OUTSIDE)), "somebody else's"


@pytest.mark.parametrize("phase", [Phase.REJECTED, Phase.ROLLING_BACK, Phase.DONE, Phase.SENDING])
def test_what_was_answered_is_another_intent(phase: Phase) -> None:
    assert not may_be_sent_again(fleet_wide(phase), plan_of(INSIDE, OUTSIDE))


def test_rollouts_in_words() -> None:
    assert (
        rollout_words(rollout("7", "1.0.0", COMPLETED, group="staging")) == "rollout 7 of staging to v1.0.0"
    )


def test_what_goes_well_has_no_trouble() -> None:
    assert trouble(fleet_wide(Phase.ROLLING_BACK)) == ""
    assert trouble(replace(fleet_wide(Phase.STALLED), watch=None)) == "STALLED: nothing moves"
