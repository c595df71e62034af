"""What happened, under the lines of history: each at its cell, and nothing over anything else."""

from __future__ import annotations

from octomil_tui.domain.incident import Breach
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent
from octomil_tui.ui.history import Frame
from octomil_tui.ui.present.moments import moment_lines
from octomil_tui.ui.spans import shown
from octomil_tui.ui.theme import ASCII

END = 1_781_665_961.0
"""2026-06-17T03:12:41Z."""


def event(minutes: float, act: Act, **fields: object) -> TimelineEvent:
    return TimelineEvent(END - 60 * minutes, act, frozenset({Teller.AUDIT}), **fields)  # type: ignore[arg-type]


STARTED = event(41.6, Act.STARTED, version="2.0.0", rollout_id="4127")
ADVANCED = event(18.0, Act.ADVANCED, share=0.4, former_share=0.2)
CROSSED = event(3.5, Act.CROSSED, breach=Breach(metric="error_rate_percent", value=6.1, limit=5.0))


def drawn(*events: TimelineEvent, cells: int = 100) -> list[str]:
    lines = moment_lines(events, Frame(END - 3_600, END, cells, ASCII))
    return ["".join(shown(span.text) for span in line) for line in lines]


def test_each_stands_at_its_moment() -> None:
    rows = drawn(STARTED, ADVANCED)
    assert len(rows) == 1
    assert rows[0].index("^ 02:31Z rollout to v2.0.0 starts") == 30
    assert rows[0].index("^ 02:54Z 20% -> 40%") == 70


def test_at_the_right_end_the_words_lead_up_to_it_and_the_older_one_goes_below() -> None:
    rows = drawn(STARTED, ADVANCED, CROSSED)
    assert rows[0].endswith("03:09Z error rate 6.1% over 5% ^")
    assert rows[0].index("^") == 94
    assert "20% -> 40%" in rows[1]
    assert all(len(row) <= 100 for row in rows)


def test_a_rollback_and_what_became_of_a_rollout() -> None:
    back = event(30, Act.ROLLBACK, version="1.0.0", is_rollback=True)
    assert drawn(back) == [" " * 50 + "^ 02:42Z rollback to v1.0.0 starts"]
    assert "^ 02:42Z rollout paused" in drawn(event(30, Act.PAUSED))[0]
    assert "^ 02:42Z rollback completed" in drawn(event(30, Act.COMPLETED, is_rollback=True))[0]
    assert "^ 02:42Z -> 40%" in drawn(event(30, Act.ADVANCED, share=0.4))[0]
    assert "^ 02:42Z called the site" in drawn(event(30, Act.MEMO, text="called the site"))[0]


def test_what_moves_no_device_what_is_of_another_time_and_what_has_no_room_is_left_out() -> None:
    assert drawn(event(30, Act.REGISTERED, version="2.1.0"), event(90, Act.PAUSED)) == []
    assert drawn(STARTED, cells=0) == []
    assert drawn(STARTED, cells=10) == []
    many = [event(30 + n / 100, Act.PAUSED) for n in range(9)]
    assert len(drawn(*many)) == 2
