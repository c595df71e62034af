"""What figures say of a plan, and of the order of the models."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.check import Check, Weight
from octomil_tui.domain.fleet import Model
from octomil_tui.domain.overview import model_facts
from octomil_tui.domain.signal import Metric, ModelHealth, Served, Signals, VersionHealth
from octomil_tui.domain.signal_check import signal_checks, with_signals
from octomil_tui.domain.signal_words import did_words
from tests.domain.fleets import MODEL
from tests.domain.night import night, night_plan
from tests.domain.test_signal import BAD, USUAL, health, ms, percent

SERVED = Served(USUAL, days=14.1, devices=121)
GOOD_ONE = VersionHealth("1.0.0", now=USUAL, devices=65, served=SERVED)
BAD_ONE = VersionHealth("2.0.0", now=BAD, devices=43)


def said(*versions: VersionHealth, to_version: str = "1.0.0") -> list[tuple[Weight, str]]:
    plan = replace(night_plan(), to_version=to_version)
    return [(check.weight, check.text) for check in signal_checks(plan, health(*versions))]


def test_a_good_target_and_a_bad_version_to_leave() -> None:
    assert said(GOOD_ONE, BAD_ONE) == [
        (Weight.OK, "v1.0.0: 0.7% errors, p95 180 ms over 14 days on 121 devices"),
        (Weight.OK, "v2.0.0 is what is bad: errors 6.1% (usual 0.7%) and p95 412 ms (usual 180)"),
    ]


def test_a_target_that_did_badly_is_looked_at() -> None:
    slow = VersionHealth("1.0.0", served=Served({**USUAL, Metric.P95: ms(640)}))
    assert said(slow)[0] == (Weight.LOOK, "v1.0.0 did worse than usual: p95 640 ms, usual 180 ms")
    now_bad = VersionHealth("1.0.0", now=BAD, devices=60, served=SERVED)
    assert said(now_bad)[0] == (Weight.LOOK, "v1.0.0 does badly too: errors 6.1% (usual 0.7%)")


def test_a_version_to_leave_that_is_well_is_said() -> None:
    found = said(GOOD_ONE, VersionHealth("2.0.0", now=USUAL, devices=43))
    assert found[1:] == [(Weight.LOOK, "v2.0.0 shows nothing worse than usual")]
    assert len(said(GOOD_ONE, VersionHealth("2.0.0"))) == 1
    assert len(said(GOOD_ONE)) == 1


def test_missing_figures_are_said_and_are_no_zero() -> None:
    none = signal_checks(night_plan(), None)
    assert [check.weight for check in none] == [Weight.OK]
    assert none[0].text.startswith("no figures")
    assert signal_checks(night_plan(), ModelHealth("m-1", versions=(VersionHealth("1.0.0"),))) == none
    assert said(BAD_ONE)[0] == (Weight.LOOK, "v1.0.0: no data of how it did")
    assert said(VersionHealth("1.0.0"))[0] == (Weight.LOOK, "v1.0.0: no data of how it did")
    of_now = VersionHealth("1.0.0", now={Metric.ERRORS: percent(0.7)}, devices=65)
    assert said(of_now)[0] == (Weight.OK, "v1.0.0: errors 0.7% now")
    odd = VersionHealth("1.0.0", now={Metric.P50: ms(70)}, devices=65)
    assert said(odd)[0] == (Weight.OK, "v1.0.0: its figures say nothing of errors or delays")
    empty = VersionHealth("1.0.0", now={Metric.P50: ms(70)}, devices=65, served=Served({}))
    assert said(empty)[0][0] is Weight.OK


def test_going_nowhere_leaves_nothing() -> None:
    plan = replace(night_plan(), to_version="2.0.0")
    good = VersionHealth("2.0.0", now=USUAL, devices=43, served=SERVED)
    assert len(signal_checks(plan, health(good))) == 1


def test_models_that_need_somebody_stand_first_with_the_reason() -> None:
    snapshot = replace(night(), models=(Model("m-2", "gemma"), MODEL))
    bad = Signals(overview={MODEL.id: replace(health(GOOD_ONE, BAD_ONE), model_id=MODEL.id)})
    first, second = model_facts(snapshot, None, bad)
    assert (first.model, first.urgency) == (MODEL, 3)
    assert [finding.metric for finding in first.findings] == [Metric.ERRORS, Metric.P95]
    assert (second.findings, second.urgency, second.health) == ((), 0, None)


def test_what_the_figures_say_stands_after_the_check_of_the_target() -> None:
    checks = (Check(Weight.OK, "target"), Check(Weight.OK, "rollout"))
    told = health(GOOD_ONE, BAD_ONE)
    assert [one.text.partition(" ")[0] for one in with_signals(checks, night_plan(), told)] == [
        "target",
        "v1.0.0:",
        "v2.0.0",
        "rollout",
    ]
    assert len(with_signals(checks, night_plan(), told, brief=True)) == 3
    assert with_signals(checks, night_plan(), None) == checks


def test_how_a_version_did_in_words() -> None:
    told = health(GOOD_ONE, BAD_ONE, VersionHealth("0.9.0"))
    assert did_words(told, "1.0.0") == "0.7% errors, p95 180 ms over 14 days on 121 devices"
    assert did_words(told, "2.0.0") == "6.1% errors, p95 412 ms now"
    assert (did_words(told, "0.9.0"), did_words(told, "3"), did_words(None, "1.0.0")) == ("", "", "")
