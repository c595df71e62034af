"""What the dashboard says and where it puts it, from values alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.fleet import FleetSnapshot, Model, Rollout, RolloutState
from octomil_tui.domain.incident import Breach, Incident
from octomil_tui.domain.overview import model_facts
from octomil_tui.domain.rollback import Phase, Rollback, Signs
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
from octomil_tui.engine.state import Cause, ConsoleState, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, rollouts_of
from octomil_tui.ui.present.dashboard import Old, old_of, wall_of
from octomil_tui.ui.present.dashboard_edges import Stays, lead_of, stays_of
from octomil_tui.ui.present.dashboard_layout import lay_out
from octomil_tui.ui.present.dashboard_signal import rollback_signal
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.page_turn import Turn
from octomil_tui.ui.present.subject import STAYS, Hold, choose, listed_facts, to_follow
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.spans import Token, line, plain
from octomil_tui.ui.theme import UNICODE
from tests.domain import fleets

OTHER = Model("m-2", "gemma3-1b")
NOW = fleets.T0 + 1000
LIVE = Freshness(Link.LIVE, 2.0)


def devices(model_id: str, there: int, of: int) -> list[Any]:
    found = []
    for number in range(of):
        one = fleets.device(f"{model_id}-{number}", "1.0.0" if number < there else "2.0.0", "g-a")
        found.append(replace(one, installations={model_id: one.installations[fleets.MODEL.id]}))
    return found


def story(*rollbacks: Rollback, **rollouts: tuple[Rollout, ...]) -> ConsoleState:
    """Return a state with two models, the rollbacks that are followed, and rollouts by m1 and m2."""
    lists = {"m-1": rollouts.get("m1", ()), "m-2": rollouts.get("m2", ())}
    snapshot = FleetSnapshot(
        models=(fleets.MODEL, OTHER),
        rollouts=lists,
        devices=(*devices("m-1", 1, 5), *devices("m-2", 2, 4)),
        at=NOW,
    )
    return ConsoleState(snapshot=snapshot, rollbacks={r.model_id: r for r in rollbacks}, server_at=NOW)


def followed(
    model_id: str, there: int, of: int, phase: Phase = Phase.ROLLING_BACK, **fields: Any
) -> Rollback:
    """Return a rollback with so many of its devices verified."""
    all_devices = [fleets.device(f"d{n}", "2.0.0", "g-a", wanted="1.0.0") for n in range(of)]
    begun = fleets.begun(fleets.plan_of(*all_devices), rollout_id=f"of-{model_id}")
    moved = [fleets.now(d, "1.0.0", fleets.T0 + 60) if n < there else d for n, d in enumerate(all_devices)]
    seen = fleets.look(begun, fleets.T0 + 61, *moved)
    return replace(seen, **{"model_id": model_id, "phase": phase, **fields})


def rollback_record(model_id: str, state: RolloutState = fleets.ROLLING_BACK, **fields: Any) -> Rollout:
    return fleets.rollout(f"of-{model_id}", "1.0.0", state, kind="rollback", created_at=fleets.T0, **fields)


def chosen(
    state: ConsoleState, staying: str | None = None, now: float = NOW
) -> tuple[str | None, Phase | None]:
    subject = choose(state, model_facts(state.snapshot), now, staying)
    return subject.model_id, subject.rollback.phase if subject.rollback is not None else None


class TestSubject:
    def test_of_several_running_rollbacks_the_one_with_most_devices_missing(self) -> None:
        state = story(followed("m-1", 4, 5), followed("m-2", 1, 4))
        assert chosen(state) == ("m-2", Phase.ROLLING_BACK)
        assert chosen(state, staying="m-1") == ("m-1", Phase.ROLLING_BACK), "not before it was read"

    def test_as_many_missing_the_newest(self) -> None:
        older, newer = followed("m-1", 1, 4), followed("m-2", 1, 4, sent_at=fleets.T0 + 9)
        assert chosen(story(older, newer))[0] == "m-2"

    def test_a_running_rollback_goes_before_one_that_is_done_and_a_stalled_one_is_running(self) -> None:
        done = followed("m-1", 5, 5, Phase.DONE, ended_at=NOW)
        assert chosen(story(done, followed("m-2", 3, 4, Phase.STALLED))) == ("m-2", Phase.STALLED)

    @pytest.mark.parametrize("phase", [Phase.REGRESSED, Phase.DIVERGED, Phase.FAILED])
    def test_what_went_wrong_stays_until_something_takes_its_place(self, phase: Phase) -> None:
        wrong = followed("m-1", 4, 5, phase)
        record = rollback_record("m-1", fleets.COMPLETED)
        assert chosen(story(wrong, m1=(record,)), now=NOW + 10 * STAYS) == ("m-1", phase)
        newer = fleets.rollout("9", "3.0.0", fleets.ACTIVE)
        assert chosen(story(wrong, m1=(newer, record))) == ("m-1", None)

    def test_done_stays_for_ten_minutes_by_the_clock_of_the_service(self) -> None:
        record = rollback_record("m-1", fleets.COMPLETED, completed_at=NOW - 100)
        done = followed("m-1", 5, 5, Phase.COMPLETE, ended_at=NOW)
        state = story(done, m1=(record,))
        assert chosen(state, now=NOW - 100 + STAYS) == ("m-1", Phase.COMPLETE)
        assert chosen(state, now=NOW - 99 + STAYS) == (None, None)

    def test_done_is_not_taken_for_running_where_the_service_has_not_noticed(self) -> None:
        done = followed("m-1", 5, 5, Phase.DONE, ended_at=NOW - STAYS - 1)
        assert chosen(story(done, m1=(rollback_record("m-1"),))) == (None, None)

    def test_a_cancelled_one_is_said_unless_a_rollout_took_its_place(self) -> None:
        gone = followed("m-1", 1, 5, Phase.SUPERSEDED)
        record = rollback_record("m-1", RolloutState.CANCELLED, cancelled_at=NOW - 10)
        assert chosen(story(gone, m1=(record,))) == ("m-1", Phase.SUPERSEDED)
        assert chosen(story(gone, m1=(fleets.rollout("9", "2.0.0", fleets.ACTIVE), record))) == ("m-1", None)

    def test_the_worst_rollout_comes_before_a_paused_one(self) -> None:
        paused = fleets.rollout("8", "2.0.0", RolloutState.PAUSED)
        active = fleets.rollout("9", "2.0.0", fleets.ACTIVE)
        assert chosen(story(m1=(paused,), m2=(active,))) == ("m-2", None)
        assert chosen(story(m1=(paused,))) == ("m-1", None)
        assert chosen(story()) == (None, None)

    def test_a_rollback_that_is_not_followed_is_taken_up_newest_first(self) -> None:
        older = rollback_record("m-1", started_at=fleets.T0)
        newer = rollback_record("m-2", started_at=fleets.T0 + 5)
        state = story(m1=(older,), m2=(newer,))
        assert to_follow(state, NOW) == ("m-2", newer)
        assert to_follow(replace(state, rollbacks={"m-2": followed("m-2", 1, 4)}), NOW) == ("m-1", older)
        assert chosen(state)[0] in ("m-1", "m-2"), "meanwhile its own numbers are shown"

    def test_one_that_ended_long_ago_is_not(self) -> None:
        record = rollback_record("m-1", fleets.COMPLETED, completed_at=NOW - STAYS)
        assert to_follow(story(m1=(record,)), NOW) == ("m-1", record)
        assert to_follow(story(m1=(record,)), NOW + 1) is None
        assert to_follow(story(m1=(fleets.rollout("9", "2.0.0", fleets.ACTIVE), record)), NOW) is None

    def test_a_model_that_is_gone_is_not(self) -> None:
        missing = Read(failures=2, cause=Cause.MISSING, in_a_row=2, since_mono=5.0, tried_mono=9.0)
        state = story(m1=(rollback_record("m-1"),))
        assert to_follow(replace(state, reads={rollouts_of("m-1"): missing}), NOW) is None


def said(wall: Wall, columns: int = 80, rows: int = 22, old: Old | None = None) -> str:
    return "\n".join(plain(one) for one in lay_out(wall, columns, rows, UNICODE, old))


def wall_about(state: ConsoleState) -> Wall:
    facts = model_facts(state.snapshot)
    return wall_of(state, facts, choose(state, facts, NOW, None), UNICODE)


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


class TestWords:
    @pytest.mark.parametrize(
        ("phase", "verb", "note"),
        [
            (Phase.ROLLING_BACK, "ROLLING BACK", "started 03:12Z, INC-1"),
            (Phase.STALLED, "!! STALLED", "Nothing moves."),
            (Phase.DONE, "DONE", "took"),
            (Phase.REGRESSED, "!! REGRESSED", "left v1.0.0 again."),
            (Phase.DIVERGED, "!! DIVERGED", "The record is gone."),
            (Phase.FAILED, "!! FAILED", "server says"),
        ],
    )
    def test_one_verb_for_each_phase(self, phase: Phase, verb: str, note: str) -> None:
        ended = {"ended_at": NOW} if phase is Phase.DONE else {}
        signs = Signs(diverged="the record is gone")
        wall = wall_about(story(followed("m-1", 1, 5, phase, signs=signs, **ended)))
        assert wall.verb == verb
        assert note in said(wall)
        assert wall.about_rollback is (phase in (Phase.ROLLING_BACK, Phase.STALLED, Phase.REGRESSED))

    def test_the_counts_add_up_in_every_kind_of_picture(self) -> None:
        rollout = story(m1=(fleets.rollout("9", "2.0.0", fleets.ACTIVE, share=0.4),))
        for state in (story(followed("m-1", 1, 5)), rollout, story()):
            wall = wall_about(state)
            assert sum(one.number for one in wall.counts) == wall.of > 0
            assert wall.counts[0].number == wall.done
            assert sum(count for count, _ in wall.segments) == wall.of
            assert sum(one.devices for one in wall.groups) == wall.of

    def test_while_its_devices_are_counted_no_number_is_shown(self) -> None:
        state = story(m1=(rollback_record("m-1"),))
        facts = model_facts(state.snapshot)
        subject = choose(state, facts, NOW, None)
        wall = wall_of(state, facts, subject, UNICODE)
        assert wall.of == 0
        assert "counting its devices" in said(wall)
        assert "%" not in said(replace(wall, others=()))
        wall = wall_of(state, facts, subject, UNICODE, unfollowed=("of-m-1",))
        assert (wall.verb, wall.done, wall.of) == ("ROLLING BACK", 1, 5), "else what its model tells"

    def test_devices_that_are_missing_from_the_counts_are_said(self) -> None:
        state = replace(story(), reads={DEVICES: Read(ok_mono=1.0, rows=9, unreadable=2)})
        assert "?? 2 of 11 rows unreadable: devices" in said(wall_about(state))

    def test_a_name_that_a_terminal_would_obey_is_made_safe(self) -> None:
        state = story()
        hostile = replace(fleets.MODEL, name="phi\x1b[2J\u202e")
        snapshot = replace(state.snapshot, models=(hostile,))
        text = said(wall_about(replace(state, snapshot=snapshot)))
        assert "\x1b" not in text
        assert "\u202e" not in text


class TestOld:
    def test_the_time_is_that_of_the_data_and_not_of_the_newest_answer(self) -> None:
        reads = {DEVICES: Read(ok_mono=0.0, failures=6), ACTIVE: Read(ok_mono=240.0)}
        state = replace(story(), reads=reads)
        fresh = Freshness(Link.STALE, 247.0, "cannot connect", 14.2)
        wall = wall_about(state)
        old = old_of(state, fresh, (ACTIVE, DEVICES), fleets.T0 + 247, wall=wall, glyphs=UNICODE)
        assert old.at == "03:12:41Z"
        assert plain(old.link[0]) == "cannot connect ×6, next try in 15s"
        text = said(wall, old=old)
        assert "LAST KNOWN, NOT LIVE" in text
        assert text.count("at 03:12:41Z") == len([one for one in wall.counts if one.is_fixed])
        assert "OTHER MODELS" not in text

    def test_nothing_known_is_not_called_known(self) -> None:
        old = Old("", (line("no answer yet"),))
        text = said(Wall("NOT CONNECTED", Token.NEEDS), old=old)
        assert "LAST KNOWN" not in text
        assert "NOT CONNECTED" in text
