"""What the dashboard is about, and what it says of it, from values alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.overview import model_facts
from octomil_tui.domain.rollback import Phase, Signs
from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.engine.state import Cause, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, rollouts_of
from octomil_tui.ui.present.dashboard import wall_of
from octomil_tui.ui.present.dashboard_old import Old, old_of
from octomil_tui.ui.present.subject import STAYS, choose, to_follow
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.spans import Token, line, plain
from octomil_tui.ui.theme import UNICODE
from tests.domain import fleets
from tests.ui.wall_stories import (
    NOW,
    chosen,
    followed,
    rollback_record,
    said,
    story,
    wall_about,
)


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
