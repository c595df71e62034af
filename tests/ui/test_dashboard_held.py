"""What holds the dashboard and what it says of that: crossed limits, figures, and the last line; from values alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.incident import Breach, Incident
from octomil_tui.domain.overview import model_facts
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.signal import (
    Measure,
    Metric,
    ModelHealth,
    Point,
    RolloutHealth,
    Signals,
    Unit,
    VersionHealth,
)
from octomil_tui.engine.auto_rollback import left_alone, unhandled
from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import DEVICES
from octomil_tui.ui.present.dashboard import wall_of
from octomil_tui.ui.present.dashboard_edges import Stays, lead_of, stays_of
from octomil_tui.ui.present.dashboard_signal import rollback_signal
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.page_turn import Turn
from octomil_tui.ui.present.subject import Hold, choose, listed_facts
from octomil_tui.ui.spans import Token, plain
from octomil_tui.ui.theme import UNICODE
from tests.domain import fleets
from tests.ui.wall_stories import (
    NOW,
    followed,
    rollback_record,
    said,
    story,
    wall_about,
)

BREACH = Breach("error_rate", "error_rate_percent", 6.1, 5.0, None, 5, 43)


def crossed(name: str = "i1", model_id: str | None = "m-1", **fields: Any) -> Incident:
    """Return a limit that was crossed, and about which the service did nothing."""
    told: dict[str, Any] = {
        "status": "open",
        "is_auto_rollback": False,
        "created_at": fleets.T0,
        "version": "2.0.0",
    }
    return Incident(name, BREACH, model_id=model_id, model_name="phi-4-mini", **(told | fields))


class TestCrossedLimits:
    def test_it_comes_before_everything_but_a_rollback_that_runs(self) -> None:
        wrong = followed("m-2", 1, 4, Phase.REGRESSED)
        state = replace(story(wrong, m2=(rollback_record("m-2"),)), incidents=(crossed(),))
        subject = choose(state, model_facts(state.snapshot), NOW, None)
        assert subject.incident is not None
        assert (subject.model_id, subject.hold) == ("m-1", Hold.NEEDS)
        running = replace(story(followed("m-2", 1, 4)), incidents=(crossed(),))
        assert choose(running, model_facts(running.snapshot), NOW, None).hold is Hold.ROLLBACK
        text = " ".join(said(wall_about(running)).split())
        assert "!! also phi-4-mini v2.0.0: error rate 6.1%, limit 5% for 5 min, 43 devices." in text

    def test_a_rollback_of_before_does_not_answer_it_and_one_after_it_does(self) -> None:
        long_ago = followed("m-1", 5, 5, Phase.COMPLETE, ended_at=fleets.T0 + 60)
        state = replace(story(long_ago), incidents=(crossed(created_at=fleets.T0 + 86_400),))
        assert [one.id for one in unhandled(state)] == ["i1"]
        assert unhandled(replace(state, incidents=(crossed(created_at=fleets.T0 - 60),))) == ()
        assert left_alone(state) is not None
        no_time = replace(state, incidents=(crossed(created_at=None),))
        assert unhandled(no_time) == ()

    @pytest.mark.parametrize(
        "incident",
        [crossed(status="resolved"), crossed(rollback_id="9", is_auto_rollback=True)],
        ids=["resolved", "rolled back by itself"],
    )
    def test_what_is_over_or_answered_by_the_service_is_not_shown(self, incident: Incident) -> None:
        state = replace(story(), incidents=(incident,))
        assert unhandled(state) == ()
        assert choose(state, model_facts(state.snapshot), NOW, None).incident is None

    def test_a_rollback_of_the_model_that_runs_answers_it_before_it_is_followed(self) -> None:
        active = replace(rollback_record("m-1"), model_id="m-1")
        state = replace(story(), incidents=(crossed(),), active=(active,))
        assert unhandled(state) == ()

    def test_it_says_what_fired_and_what_was_done(self) -> None:
        rollout = fleets.rollout("9", "2.0.0", fleets.ACTIVE, share=0.4)
        state = replace(story(m1=(rollout,)), incidents=(crossed(), crossed("i2", status="acknowledged")))
        wall = wall_about(state)
        assert (wall.verb, wall.token, wall.is_bad) == ("!! LIMIT CROSSED", Token.NEEDS, True)
        text = said(wall)
        assert "Error rate 6.1%, limit 5% for 5 min, 43 devices." in text
        assert "Auto-rollback is OFF: nothing was rolled back.  crossed 03:12Z" in text
        assert "!! also error rate 6.1%" in text, "of the same model, without its name"
        assert wall.done == 4, "the devices that are on the version which crossed it"
        told = wall_about(replace(state, incidents=(crossed(status="acknowledged", is_auto_rollback=True),)))
        text = " ".join(said(told).split())
        assert "Auto-rollback is on: nothing was rolled back yet. crossed 03:12Z, acknowledged" in text

    def test_one_of_a_model_that_is_not_listed_is_said_above_the_fleet(self) -> None:
        state = replace(story(), incidents=(crossed(model_id=None, version=None),))
        wall = wall_about(state)
        assert (wall.verb, plain(wall.about)) == ("!! LIMIT CROSSED", "phi-4-mini")
        assert wall.of == 9
        more = replace(state, incidents=tuple(crossed(f"i{n}") for n in range(4)))
        assert "+2 more" in said(wall_about(more))

    def test_what_began_on_another_day_says_so(self) -> None:
        state = replace(story(), incidents=(crossed(created_at=NOW - 2 * 86_400),))
        assert "crossed 15 Jun 03:29Z" in said(wall_about(state))
        old = replace(story(followed("m-1", 1, 5)), server_at=NOW + 86_400)
        assert "started 17 Jun 03:12Z" in said(wall_about(old))


class TestFigures:
    @staticmethod
    def measured(errors: float, *, devices: int = 9) -> Signals:
        usual = {Metric.ERRORS: Measure(0.7, Unit.PERCENT)}
        now = VersionHealth("1.0.0", {Metric.ERRORS: Measure(errors, Unit.PERCENT)}, devices)
        return Signals(overview={"m-1": ModelHealth("m-1", NOW, usual, "0.9.0", (now,))})

    def test_a_version_in_service_that_does_badly_needs_somebody_without_any_rollout(self) -> None:
        over = fleets.rollout("8", "1.0.0", fleets.COMPLETED, share=1.0)
        state = story(m1=(over,))
        facts = listed_facts(state, self.measured(6.1))
        subject = choose(state, facts, NOW, None)
        assert (subject.model_id, subject.hold) == ("m-1", Hold.NEEDS)
        wall = wall_of(state, facts, subject, UNICODE)
        assert wall.verb == "!! WORSE THAN USUAL"
        assert "v1.0.0: errors 6.1% (usual 0.7%)." in said(wall)
        assert choose(state, listed_facts(state, self.measured(0.8)), NOW, None).hold is Hold.NONE

    def test_another_model_that_does_badly_is_said_among_the_others(self) -> None:
        over = fleets.rollout("8", "1.0.0", fleets.COMPLETED, share=1.0)
        state = story(followed("m-2", 1, 4), m1=(over,))
        facts = listed_facts(state, self.measured(6.1))
        wall = wall_of(state, facts, choose(state, facts, NOW, None), UNICODE)
        assert "phi-4-mini v1.0.0 errors 6.1%" in said(wall, 160, 46)

    def test_no_figure_is_no_data_and_never_zero(self) -> None:
        rollback = followed("m-1", 1, 5)
        assert rollback.watch is not None
        usual = {Metric.ERRORS: Measure(0.7, Unit.PERCENT)}
        told = Signals(rollouts={rollback.rollout_id or "": RolloutHealth("of-m-1", NOW, usual=usual)})
        signal = rollback_signal(told, rollback, rollback.watch, NOW)
        assert signal is not None
        assert [(one.name, one.now, one.was, one.peak) for one in signal.figures] == [
            ("errors", "no data", "", "")
        ]
        assert rollback_signal(Signals(), rollback, rollback.watch, NOW) is None

    def test_the_peak_is_of_figures_of_one_unit(self) -> None:
        rollback = followed("m-1", 1, 5)
        assert rollback.watch is not None
        points = [
            Point(rollback.watch.started_at + at, {Metric.P95: Measure(value, unit)})
            for at, value, unit in ((-90, 999.0, Unit.MS), (-30, 400.0, Unit.MS), (30, 500.0, Unit.MS))
        ]
        now = {Metric.P95: Measure(240.0, Unit.MS)}

        def peak(*history: Point) -> str:
            health = RolloutHealth("of-m-1", NOW, figures=now, usual=now, history=history)
            told = Signals(rollouts={rollback.rollout_id or "": health})
            signal = rollback_signal(told, rollback, rollback.watch, NOW)  # type: ignore[arg-type]
            assert signal is not None
            return signal.figures[0].peak

        assert peak(*points) == "500 ms", "since just before the rollback began"
        assert peak() == ""
        bare = Point(NOW, {Metric.P95: Measure(9.0, Unit.UNSTATED)})
        assert peak(*points, bare) == ""

    def test_where_it_goes_is_told_of_the_time_since_the_rollback_began(self) -> None:
        rollback = followed("m-1", 1, 5)
        assert rollback.watch is not None
        began = rollback.watch.started_at
        errors = [(-240, 1.0), (-180, 3.0), (-120, 5.0), (-60, 7.0), (0, 7.4), (60, 6.6), (120, 5.8)]
        points = tuple(
            Point(began + at, {Metric.ERRORS: Measure(value, Unit.PERCENT)}) for at, value in errors
        )
        now = {Metric.ERRORS: Measure(5.8, Unit.PERCENT)}
        health = RolloutHealth("of-m-1", NOW, figures=now, usual=now, history=points)
        told = Signals(rollouts={rollback.rollout_id or "": health})
        signal = rollback_signal(told, rollback, rollback.watch, NOW)
        assert signal is not None
        figure = signal.figures[0]
        assert (plain(figure.going), figure.was, figure.peak) == ("falling", "7.4%", "7.4%")


class TestStays:
    def words(self, state: ConsoleState, pages: int = 4, mono: float = 102.0) -> tuple[str, str]:
        subject = choose(state, model_facts(state.snapshot), NOW, None)
        return tuple(stays_of(state, subject, Turn(1, pages, 100.0), mono))  # type: ignore[return-value]

    def test_the_last_line_says_why_it_stays_or_when_it_turns(self) -> None:
        assert self.words(story(followed("m-1", 1, 5)))[0] == "stays here while a rollback runs"
        crossed_one = replace(story(), incidents=(crossed(),))
        assert self.words(crossed_one) == ("stays here while it needs you", "stays here")
        assert self.words(story()) == ("page 2 of 4, turns in 18s", "page 2 of 4")
        assert self.words(story(), pages=1) == ("", "")

    def test_an_end_stays_until_a_moment_that_is_told(self) -> None:
        done = followed("m-1", 5, 5, Phase.COMPLETE, ended_at=NOW - 60)
        state = story(done, m1=(rollback_record("m-1", fleets.COMPLETED),))
        assert self.words(state)[0] == "stays here until 03:38Z"
        record = rollback_record("m-1", RolloutState.CANCELLED, cancelled_at=NOW - 120)
        gone = story(followed("m-1", 1, 5, Phase.SUPERSEDED), m1=(record,))
        assert self.words(gone)[0] == "stays here until 03:37Z"

    def test_what_is_known_of_the_link_gives_way_to_it_on_a_narrow_screen(self) -> None:
        fresh, seen = Freshness(Link.LIVE, 2.0), Liveness(NOW, 9.0, NOW)
        state = replace(story(), reads={DEVICES: Read(ok_mono=98.0, tried_mono=98.0)})

        def lead(cells: int, stays: Stays) -> str:
            return plain(lead_of(state, fresh, 100.0, seen, cells, stays=stays, asked=None))

        turns = Stays("page 2 of 4, turns in 18s", "page 2 of 4")
        live = "LIVE since 03:29Z, longest gap 9s"
        assert lead(160, turns).startswith("updated 2s ago    ")
        assert lead(160, turns).endswith(f"{live}    page 2 of 4, turns in 18s")
        assert lead(80, turns) == f"{live}    page 2 of 4, turns in 18s"
        assert lead(80, Stays("stays here while a rollback runs", "stays here")) == (
            "longest gap 9s    stays here while a rollback runs"
        )
        assert lead(40, turns) == "page 2 of 4"
        for cells in range(20, 200):
            assert len(lead(cells, turns)) <= max(0, cells - 18)
