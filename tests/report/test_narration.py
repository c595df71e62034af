"""A watch told in full sentences: what is said, what is not, and how often."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Device
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.report.narration import GAP, HEARTBEAT, Glance, Narrator
from tests.domain.fleets import BAD, OFFLINE, T0, TARGET, begun, device, look, now, plan_of

STAMPED = re.compile(r"^(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\dZ [^\r\n]+[.]$")
GROUPS = ("g-eu", "g-lab")


def some(count: int, *groups: str) -> list[Device]:
    return [device(f"d{n}", BAD, groups[n % len(groups)]) for n in range(count)]


def glance(rollback: Rollback, at: float, **fields: object) -> Glance:
    base = Glance(
        rollback=rollback,
        model="phi-4-mini",
        labels={"g-eu": "eu-kiosks", "g-lab": "lab"},
        now=T0 + at,
        mono=1_000.0 + at,
    )
    return replace(base, **fields)  # type: ignore[arg-type] # a builder for tests


def moved(rollback: Rollback, devices: list[Device], count: int, at: float) -> Rollback:
    """Return the rollback after a look at which the first `count` devices report the target."""
    seen = [now(one, TARGET, T0 + at) if n < count else one for n, one in enumerate(devices)]
    return look(rollback, T0 + at, *seen)


def start(count: int, *groups: str) -> tuple[list[Device], Rollback]:
    devices = some(count, *(groups or GROUPS))
    rollback = begun(plan_of(*devices), devices)
    return devices, moved(rollback, devices, 0, 1)


def test_the_first_sentence_says_what_is_watched_and_how_it_stands() -> None:
    _, rollback = start(10)
    said = Narrator().hear(glance(rollback, 1))
    assert said[0] == (
        "2026-06-17T03:12:42Z Watching rollback 4131 of phi-4-mini from v2.0.0 to v1.0.0, the whole fleet: "
        "0 of 10 verified, 10 on the way."
    )
    assert said[1].startswith("03:12:42Z Expected: devices that only switch by about 03:1")


def test_before_anybody_looked_nothing_is_said_but_that_there_is_no_answer() -> None:
    devices = some(3, "g-eu")
    rollback = begun(plan_of(*devices))
    narrator = Narrator()
    assert narrator.hear(glance(rollback, 0)) == []
    said = narrator.hear(glance(rollback, 5, is_silent=True, why="no connection"))
    assert said[0].endswith("to v1.0.0, the whole fleet.")
    assert said[1].endswith(
        "No answer from the service (no connection); what was begun goes on, and this keeps asking."
    )


def test_what_changed_is_said_in_total_and_by_group_and_nothing_twice() -> None:
    devices, rollback = start(10)
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    assert narrator.hear(glance(rollback, 100)) == []
    after = moved(rollback, devices, 3, 100)
    said = narrator.hear(glance(after, 100))
    assert said[0] == "03:14:21Z 3 of 10 verified, 7 on the way."
    assert "03:14:21Z eu-kiosks: 2 of 5 verified, 3 on the way." in said
    assert "03:14:21Z lab: 1 of 5 verified, 4 on the way." in said
    assert narrator.hear(glance(after, 101)) == []


def test_two_sentences_about_the_same_counts_are_half_a_minute_apart_and_nothing_is_lost() -> None:
    devices, rollback = start(10, "g-eu")
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    soon = moved(rollback, devices, 1, 1 + GAP / 2)
    assert narrator.hear(glance(soon, 1 + GAP / 2)) == []
    later = moved(soon, devices, 1, 1 + GAP)
    assert narrator.hear(glance(later, 1 + GAP))[0].endswith("1 of 10 verified, 9 on the way.")


def test_a_bounce_is_told_with_its_name_and_its_likely_cause() -> None:
    devices, rollback = start(4, "g-eu")
    there = moved(rollback, devices, 4, 60)
    narrator = Narrator()
    narrator.hear(glance(there, 60))
    back = [now(one, BAD if n == 0 else TARGET, T0 + 200) for n, one in enumerate(devices)]
    said = narrator.hear(glance(look(there, T0 + 200, *back), 200))
    assert said[0].startswith("03:16:01Z name of d0 bounced to v2.0.0")
    assert "most likely by its crash guard." in said[0]


def test_of_many_bounces_some_are_named_and_all_are_counted() -> None:
    devices, rollback = start(20, "g-eu")
    there = moved(rollback, devices, 20, 60)
    narrator = Narrator()
    narrator.hear(glance(there, 60))
    back = [now(one, BAD, T0 + 200) for one in devices]
    said = narrator.hear(glance(look(there, T0 + 200, *back), 200))
    assert sum("bounced to v2.0.0" in one for one in said) == 5
    assert any(one.endswith(" 15 more devices bounced.") for one in said)


def test_a_stall_is_said_once_and_so_is_its_end() -> None:
    devices, rollback = start(4, "g-eu")
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    stalled = replace(rollback, phase=Phase.STALLED)
    said = narrator.hear(glance(stalled, 900))
    assert any(" STALLED: " in one for one in said)
    assert not any("STALLED" in one for one in narrator.hear(glance(stalled, 960)))
    again = moved(replace(stalled, phase=Phase.ROLLING_BACK), devices, 2, 1_000)
    assert any(one.endswith("Devices move again.") for one in narrator.hear(glance(again, 1_000)))


def test_a_lost_link_is_said_with_its_time_and_so_is_its_end() -> None:
    _, rollback = start(4, "g-eu")
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    lost = glance(rollback, 90, is_silent=True, silent_since=T0 + 30, why="timed out")
    no_answer = "No answer from the service since 03:13:11Z (timed out)"
    assert narrator.hear(lost) == [f"03:14:11Z {no_answer}; what was begun goes on, and this keeps asking."]
    assert narrator.hear(replace(lost, mono=lost.mono + 10)) == []
    still = narrator.hear(replace(lost, mono=lost.mono + HEARTBEAT))
    assert still == ["03:14:11Z Still: no answer from the service since 03:13:11Z."]
    assert narrator.hear(glance(rollback, 500)) == ["03:21:01Z The service answers again."]


def test_an_expected_time_is_said_when_it_moves_by_more_than_two_minutes() -> None:
    devices, rollback = start(4, "g-eu")
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    assert not any("Expected" in one for one in narrator.hear(glance(moved(rollback, devices, 0, 60), 60)))
    late = narrator.hear(glance(moved(rollback, devices, 0, 700), 700))
    assert any("Expected: devices that only switch by about" in one for one in late)


def test_silence_is_told_from_a_hang_every_five_minutes() -> None:
    devices, rollback = start(4, "g-eu")
    rollback = moved(rollback, devices, 2, 10)
    narrator = Narrator()
    narrator.hear(glance(rollback, 10))
    said = [narrator.hear(glance(rollback, 10 + seconds)) for seconds in range(0, 1_201, 5)]
    told = [one for one in said if one]
    assert len(told) == 1_200 // HEARTBEAT
    assert told[0] == ["03:17:51Z Nothing new, and the service answers: 2 of 4 verified. 2 on the way."]


def test_the_date_is_said_at_first_and_again_when_it_is_another_day() -> None:
    _, rollback = start(4, "g-eu")
    narrator = Narrator()
    narrator.hear(glance(rollback, 1))
    assert narrator.end("still running", T0 + 5) == "03:12:46Z still running."
    assert narrator.end("DONE: 4 of 4.", T0 + 86_400).startswith("2026-06-18T03:12:41Z DONE")


@pytest.mark.parametrize("groups", [3, 40])
def test_thousands_of_devices_make_a_bounded_number_of_sentences(groups: int) -> None:
    names = [f"g-{n}" for n in range(groups)]
    devices, rollback = start(2_000, *names)
    narrator = Narrator()
    said = narrator.hear(glance(rollback, 1))
    for step in range(1, 41):
        at = 1.0 + step * 15
        rollback = moved(rollback, devices, step * 50, at)
        said += narrator.hear(glance(rollback, at))
    assert all(STAMPED.match(one) for one in said)
    # One for the total every half minute at most, as many for each of a few groups, and the expected times.
    halves = 40 * 15 / GAP
    assert halves / 2 <= len(said) <= (halves + 1) * (1 + (groups if groups <= 12 else 0)) + 10
    assert any("2000 of 2000 verified" in one for one in said)


def test_devices_that_are_offline_stay_in_the_sentence() -> None:
    devices = [device("a", BAD, "g-eu"), device("b", BAD, "g-eu", connectivity=OFFLINE, contact=T0 - 3_000)]
    rollback = look(begun(plan_of(*devices), devices), T0 + 1, *devices)
    assert "1 offline" in Narrator().hear(glance(rollback, 1))[0]
