"""What each event does to the state."""

from dataclasses import replace
from typing import Any, cast

import pytest

from octomil_tui.domain.fleet import Device
from octomil_tui.domain.order import Reading
from octomil_tui.domain.rollback import Noted, Phase, Sent
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import (
    Cause,
    ConsoleState,
    Focus,
    Focused,
    Moved,
    Planned,
    Polled,
    PollFailed,
    Read,
    Refreshed,
)
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of
from tests.engine.fakes import (
    BACK,
    NEW,
    OLD,
    OTHER,
    STAGING,
    T0,
    VERSIONS,
    M,
    after,
    device,
    polled,
    rollout,
)
from tests.engine.stories import rollback_of

SOME = (device("a", "1.0.0", "g-1"), device("b"))


def test_models_versions_and_rollouts_are_kept_by_model() -> None:
    state = polled(ConsoleState(), MODELS, (M, OTHER))
    state = polled(state, versions_of(M.id), VERSIONS)
    state = polled(state, rollouts_of(M.id), (NEW, OLD))
    state = polled(state, rollouts_of(OTHER.id), ())
    assert state.snapshot.models == (M, OTHER)
    assert state.snapshot.versions == {M.id: VERSIONS}
    assert state.snapshot.rollouts == {M.id: (NEW, OLD), OTHER.id: ()}


def test_a_reading_says_when_it_was_read_and_how_many_rows_were_left_out() -> None:
    state = polled(ConsoleState(), DEVICES, SOME, 7.0, unreadable=2, total=900)
    assert state.reads[DEVICES] == Read(ok_mono=7.0, tried_mono=7.0, unreadable=2, rows=2)
    assert state.snapshot.device_total == 900
    assert state.snapshot.at == T0 + 7


def test_a_success_ends_the_failures() -> None:
    state = after(PollFailed(MODELS, "no answer", 1.0, 2.0), PollFailed(MODELS, "still none", 3.0, 4.0))
    assert state.reads[MODELS] == Read(None, 3.0, 2, "still none", 4.0, cause=Cause.LINK, in_a_row=2)
    assert polled(state, MODELS, (M,), 9.0).reads[MODELS] == Read(9.0, 9.0, rows=1)


@pytest.mark.parametrize("topic", [MODELS, ACTIVE, DEVICES, GROUPS, rollouts_of(M.id), versions_of(M.id)])
def test_an_error_never_clears_data(topic: Topic) -> None:
    state = polled(ConsoleState(), MODELS, (M,))
    state = polled(state, ACTIVE, (NEW,))
    state = polled(state, DEVICES, SOME)
    state = polled(state, GROUPS, (STAGING,))
    state = polled(state, rollouts_of(M.id), (NEW,))
    state = polled(state, versions_of(M.id), VERSIONS, 2.0)
    failed = reduce(state, PollFailed(topic, "no answer", 9.0, 1.0))
    assert failed.snapshot is state.snapshot
    assert failed.active is state.active
    assert (failed.server_at, failed.server_mono) == (state.server_at, state.server_mono)
    assert failed.reads[topic].ok_mono == state.reads[topic].ok_mono
    assert failed.reads[topic].failures == 1


def test_running_rollouts_bring_the_newest_word_into_the_lists_of_their_models() -> None:
    state = polled(ConsoleState(), rollouts_of(M.id), (NEW, OLD))
    state = polled(state, rollouts_of(OTHER.id), (replace(NEW, model_id=OTHER.id),))
    newer = replace(NEW, share=0.9)
    state = polled(state, ACTIVE, (newer, BACK))
    assert state.active == (newer, BACK)
    assert state.snapshot.rollouts[M.id] == (newer, OLD), (
        "one that the list does not have comes with the list"
    )
    assert state.snapshot.rollouts[OTHER.id][0].share == 0.4, (
        "the same id of another model is another rollout"
    )


def test_details_are_the_newest_few() -> None:
    state = ConsoleState()
    for number in range(40):
        state = polled(state, Topic(Kind.DEVICE, f"d{number}"), device(f"d{number}"))
    state = polled(state, Topic(Kind.DEVICE, "d10"), device("d10", "0.9.0"))
    assert len(state.details) == 32
    assert {topic.key for topic in state.reads} == set(state.details), "nor are the reads kept for ever"
    assert list(state.details)[-2:] == ["d39", "d10"]
    assert "d7" not in state.details
    assert state.details["d10"].installations[M.id].version == "0.9.0"


def test_devices_read_before_the_models_are_read_again_when_they_say_nothing_of_models() -> None:
    silent = (device("a", installations={}),)
    state = polled(ConsoleState(), DEVICES, silent, 1.0)
    state = polled(state, MODELS, (M,), 2.0)
    assert state.reads[DEVICES] == Read(ok_mono=1.0, tried_mono=None, rows=1)
    assert state.snapshot.devices == silent, "what was read stays"
    state = polled(polled(state, DEVICES, silent, 3.0), MODELS, (M,), 4.0)
    assert state.reads[DEVICES].tried_mono == 3.0, "once is enough"


def test_devices_that_overtook_the_models_are_read_again_too() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 1.0)
    state = polled(state, DEVICES, (device("a", installations={}),), 2.0)
    assert state.reads[DEVICES].tried_mono is None
    state = polled(state, DEVICES, (device("a", installations={}),), 3.0)
    assert state.reads[DEVICES].tried_mono == 3.0


@pytest.mark.parametrize("devices", [SOME, ()])
def test_devices_that_tell_of_models_or_of_no_device_are_not_read_again(devices: tuple[Device, ...]) -> None:
    state = polled(polled(ConsoleState(), DEVICES, devices, 1.0), MODELS, (M,), 2.0)
    assert state.reads[DEVICES].tried_mono == 1.0
    state = polled(polled(ConsoleState(), MODELS, (M,), 1.0), DEVICES, devices, 2.0)
    assert state.reads[DEVICES].tried_mono == 2.0


def test_models_before_any_device_ask_for_nothing_again() -> None:
    assert set(polled(ConsoleState(), MODELS, (M,)).reads) == {MODELS}


def test_focus_is_kept() -> None:
    focus = Focus(M.id, "a")
    assert after(Focused(focus)).focus == focus


def test_a_refresh_forgets_the_tries_and_keeps_the_data() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 1.0)
    state = after(PollFailed(GROUPS, "refused", 1.0, 30.0), Refreshed(), state=state)
    assert state.reads[MODELS] == Read(ok_mono=1.0, rows=1)
    assert state.reads[GROUPS] == Read(failures=1, sentence="refused", cause=Cause.LINK, in_a_row=1)
    assert state.snapshot.models == (M,)


def test_a_rollback_moves_by_its_own_events() -> None:
    state = after(Planned(rollback_of()), Moved(M.id, Sent(T0)), Moved(M.id, Noted(T0, "sent")))
    assert state.rollbacks[M.id].phase is Phase.SENDING
    assert [line.text for line in state.rollbacks[M.id].log] == ["sent"]


def test_an_event_of_an_unknown_rollback_changes_nothing() -> None:
    state = ConsoleState()
    assert reduce(state, Moved("nobody", Sent(T0))) is state


@pytest.mark.parametrize(
    ("topic", "value"),
    [
        (MODELS, [M]),
        (MODELS, (VERSIONS[0],)),
        (versions_of(M.id), (M,)),
        (rollouts_of(M.id), None),
        (ACTIVE, (device("a"),)),
        (DEVICES, (M,)),
        (GROUPS, (device("a"),)),
        (Topic(Kind.MEMBERS, "g-1"), (STAGING,)),
        (Topic(Kind.DEVICE, "a"), (device("a"),)),
    ],
)
def test_a_reading_of_another_type_is_a_programming_error(topic: Topic, value: object) -> None:
    with pytest.raises(TypeError, match=r"expected a tuple of|a device was read as"):
        reduce(ConsoleState(), Polled(topic, Reading(value, T0), 0.0))


def test_an_unknown_event_is_a_programming_error() -> None:
    with pytest.raises(AssertionError):
        reduce(ConsoleState(), cast(Any, "what"))


def test_rollouts_of_any_model_are_of_no_other() -> None:
    state = polled(ConsoleState(), rollouts_of(OTHER.id), (rollout("1", "1.0.0"),))
    assert M.id not in state.snapshot.rollouts


def test_a_read_that_brought_back_the_same_moves_the_clock_and_nothing_else() -> None:
    rows = (device("a", "2.0.0", "g-1"), device("b", "1.0.0", "g-2"))
    groups = (STAGING,)
    state = polled(polled(ConsoleState(), GROUPS, groups, 1.0), DEVICES, rows, 2.0, total=2)
    later = polled(polled(state, GROUPS, groups, 8.0), DEVICES, rows, 9.0, total=2)
    assert later.snapshot.devices is state.snapshot.devices
    assert later.snapshot.groups is state.snapshot.groups
    assert (later.server_at, later.snapshot.at) == (T0 + 9, T0 + 9)
    assert later.reads[DEVICES].ok_mono == 9.0
    grown = polled(later, DEVICES, rows, 10.0, total=3)
    assert grown.snapshot.device_total == 3
