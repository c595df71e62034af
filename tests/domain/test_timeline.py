"""One list of what happened: what several tellers say is one event, and every event is a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.bounce import Bounce, Cause
from octomil_tui.domain.filter import parse
from octomil_tui.domain.filter_timeline import TIMELINE_KEYS, timeline_subject
from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.incident import Breach
from octomil_tui.domain.order import RollbackOrder
from octomil_tui.domain.own_events import confirmed_words, log_events, of_rollback, of_rollouts
from octomil_tui.domain.policy import metric_words
from octomil_tui.domain.rollback import LogLine, Phase, Rollback
from octomil_tui.domain.scope import Scope
from octomil_tui.domain.timeline import Act, ServiceLog, Teller, TimelineEvent, about, merged
from octomil_tui.domain.timeline_words import actor_of, sentence_of, tellers_of
from tests.domain.fleets import BAD as TARGET_BAD
from tests.domain.fleets import TARGET as GOOD
from tests.domain.fleets import begun, device, plan_of

AT = 1_781_665_961.0


def told(act: Act = Act.STARTED, *tellers: Teller, at: float = AT, **fields: object) -> TimelineEvent:
    event = TimelineEvent(at, act, frozenset(tellers or (Teller.AUDIT,)))
    return replace(event, **fields)  # type: ignore[arg-type]


def test_what_several_tell_is_one_event_and_each_adds_what_it_knows() -> None:
    audit = told(Act.ADVANCED, rollout_id="4127", share=0.4, former_share=0.2, model="phi-4-mini")
    history = told(
        Act.ADVANCED, Teller.HISTORY, at=AT + 3, rollout_id="4127", share=0.4, by="ops", model="other"
    )
    (event,) = merged([history, audit])
    assert (event.at, event.by, event.model) == (AT, "ops", "phi-4-mini")
    assert tellers_of(event) == ("audit", "history")


@pytest.mark.parametrize(
    ("act", "apart", "count"),
    [
        (Act.ADVANCED, 4.0, 1),
        (Act.ADVANCED, 6.0, 2),
        (Act.STARTED, 100.0, 1),
        (Act.STARTED, 130.0, 2),
    ],
)
def test_two_tellers_mean_the_same_only_near_in_time(act: Act, apart: float, count: int) -> None:
    first = told(act, rollout_id="1", share=0.4)
    assert len(merged([first, told(act, Teller.HISTORY, at=AT + apart, rollout_id="1", share=0.4)])) == count


def test_steps_of_one_rollout_and_events_of_others_stay_apart() -> None:
    steps = [told(Act.ADVANCED, rollout_id="1", share=share) for share in (0.2, 0.4)]
    others = [told(Act.ADVANCED, rollout_id="2", share=0.2), told(Act.ADVANCED, share=0.2)]
    assert len(merged([*steps, *others])) == 4


def test_what_only_one_can_tell_is_never_joined() -> None:
    memos = [told(Act.MEMO, Teller.CONSOLE, text=text, rollout_id="1") for text in ("one", "two")]
    assert {event.text for event in merged(memos)} == {"one", "two"}


def test_incidents_are_known_by_their_id_and_what_a_console_did_by_its_intent() -> None:
    crossed = [told(Act.CROSSED, at=AT, incident_id="i"), told(Act.CROSSED, Teller.INCIDENT, incident_id="i")]
    done = [told(Act.DONE, Teller.CONSOLE, at=AT + n, intent_id="k") for n in (0, 60)]
    unknown = [told(Act.CROSSED), told(Act.DONE, Teller.CONSOLE, text="x")]
    assert [event.act for event in merged([*crossed, *done, *unknown])].count(Act.CROSSED) == 2
    assert [event.act for event in merged([*crossed, *done, *unknown])].count(Act.DONE) == 2


def test_the_newest_comes_first_and_of_one_moment_what_follows_from_the_other() -> None:
    listed = merged(
        [
            told(Act.CANCELLED, rollout_id="4127"),
            told(Act.ROLLBACK, rollout_id="4131"),
            told(Act.STARTED, at=AT - 9, rollout_id="4127"),
        ]
    )
    assert [event.act for event in listed] == [Act.ROLLBACK, Act.CANCELLED, Act.STARTED]


def test_a_rollout_that_was_a_rollback_is_one_in_every_line() -> None:
    end = told(Act.CANCELLED, at=AT + 500, rollout_id="4131", version="1.0.0")
    begin = told(Act.ROLLBACK, rollout_id="4131", is_rollback=True)
    assert sentence_of(merged([end, begin])[0]) == "rollback 4131 v1.0.0 cancelled"


def test_the_events_of_a_model_by_its_id_or_its_name() -> None:
    events = [told(model_id="m-1"), told(model="phi"), told(model="other"), told()]
    assert about(events, "m-1", "phi") == tuple(events[:2])
    assert about(events, "m-1") == tuple(events[:1])


def test_a_log_says_how_much_of_it_was_left_out() -> None:
    log = ServiceLog(
        audit=(told(),), incidents=(told(Act.CROSSED),), histories={"1": (told(),)}, audit_total=41
    )
    assert (len(log.events), log.left_out) == (3, 40)
    assert (ServiceLog().events, ServiceLog(audit_total=9).left_out) == ((), 0)


SENTENCES = [
    (told(rollout_id="4127", version="2.0.0", share=0.2), "rollout 4127 v2.0.0 started at 20%"),
    (told(Act.CREATED, rollout_id="4127", share=0.2), "rollout 4127 ? created"),
    (
        told(Act.ADVANCED, rollout_id="1", version="2.0.0", share=0.4, former_share=0.2, group="eu"),
        "rollout 1 v2.0.0 of eu advanced 20% -> 40%",
    ),
    (told(Act.ADVANCED, rollout_id="1", version="2.0.0", share=0.4), "rollout 1 v2.0.0 advanced to 40%"),
    (told(Act.ADVANCED, version="2.0.0"), "rollout v2.0.0 advanced"),
    (
        told(Act.PAUSED, rollout_id="1", version="2.0.0", share=0.25, reason="labels"),
        "rollout 1 v2.0.0 paused at 25%: labels",
    ),
    (
        told(Act.ROLLBACK, rollout_id="2", version="1.0.0", from_version="2.0.0", is_rollback=True),
        "rollback 2 v2.0.0 -> v1.0.0 began",
    ),
    (
        told(Act.ROLLBACK, version="1.0.0", breach=Breach(metric="error_rate_percent", value=6.1, limit=5.0)),
        "rollback v1.0.0 began: error rate 6.1% over 5%",
    ),
    (told(Act.COMPLETED, rollout_id="2", version="1", share=1.0, is_rollback=True), "rollback 2 v1 completed"),
    (told(Act.REGISTERED, version="2.1.0"), "v2.1.0 registered"),
    (told(Act.HELD, version="2.0.0", reason="INC-1"), "v2.0.0 held: INC-1"),
    (
        told(Act.CROSSED, version="2.0.0", breach=Breach(metric="error_rate", value=6.1), is_armed=True),
        "v2.0.0: error rate 6.1, auto-rollback on",
    ),
    (told(Act.CROSSED, is_armed=False,
          breach=Breach(metric="latency_p95_ms", value=412.0, limit=300.0, window_minutes=5)),
     "latency p95 412 ms over 300 ms, auto-rollback OFF"),
    (told(Act.CROSSED), "a limit was crossed"),
    (told(Act.RESOLVED, version="2.0.0", breach=Breach(metric="crash_rate_pct"), reason="fixed"),
     "v2.0.0: crash rate, incident resolved, fixed"),
    (told(Act.RESOLVED), "incident resolved"),
    (told(Act.OTHER, word="settings.updated", subject="org"), "settings updated org"),
    (told(Act.OTHER, version="1.0.0"), "other v1.0.0"),
    (told(Act.MEMO, text="told \x1b[2J support"), "told \\x1b[2J support"),
    (told(Act.CONFIRMED, text="confirmed", reason="INC-1"), "confirmed; INC-1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "said"), SENTENCES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_event_is_a_sentence(event: TimelineEvent, said: str) -> None:
    assert sentence_of(event) == said


def test_who_did_it() -> None:
    assert actor_of(told(Act.CROSSED, by="auto")) == "policy"
    assert actor_of(told(by="Service")) == "auto"
    assert actor_of(told(by="ops@acme.example")) == "ops"
    assert actor_of(told(by="@odd")) == "@odd"
    assert actor_of(told()) == "?"
    assert actor_of(told(Act.DONE, Teller.CONSOLE)) == "console"


def test_units_are_those_that_the_name_states() -> None:
    assert metric_words("error_rate") == ("error rate", "")
    assert metric_words("peak_memory_mb") == ("peak memory", " MB")
    assert metric_words("latency_p95_ms_max") == ("latency p95", " ms")
    assert Breach(metric="error_rate").words == "error rate"
    assert (
        Breach(rule="crash_rate", value=1.4, limit=1.1, metric="crash_rate_percent").words
        == "crash rate 1.4% over 1.1%"
    )


def test_rollouts_tell_of_themselves() -> None:
    ended = Rollout("1", "2.0.0", RolloutState.CANCELLED, "cancelled", share=0.4, created_at=AT, by="ops",
                    cancelled_at=AT + 5, cancelled_by="2")  # fmt: skip
    back = Rollout("2", "1.0.0", RolloutState.COMPLETED, "completed", kind="rollback", started_at=AT + 5,
                   completed_at=AT + 9, reason="errors")  # fmt: skip
    waits = Rollout("3", "3.0.0", RolloutState.PENDING, "pending", created_at=AT)
    silent = Rollout("4", "3.0.0", RolloutState.CANCELLED, "cancelled", cancelled_at=AT + 1)
    found = merged(of_rollouts([ended, back, waits, silent], "m-1", "phi"))
    assert [sentence_of(event) for event in found] == [
        "rollback 2 v1.0.0 completed",
        "rollback 2 v1.0.0 began: errors",
        "rollout 1 v2.0.0 cancelled at 40%: displaced by 2",
        "rollout 4 v3.0.0 cancelled",
        "rollout 1 v2.0.0 started",
    ]


def test_what_was_confirmed_in_words() -> None:
    assert (
        confirmed_words("f960", Scope(), 124)
        == "confirmed plan f960 at this console: the whole fleet, 124 devices"
    )
    assert confirmed_words("", Scope("g", "staging"), None) == "confirmed at this console: group staging"
    assert confirmed_words("", None, 3) == "confirmed at this console"


def test_a_rollback_that_is_not_watched_tells_that_it_was_confirmed() -> None:
    order = RollbackOrder("1.0.0", "errors")
    mine = Rollback("m-1", order, Phase.SENDING, key="k", sent_at=AT, scope_size=3)
    (event,) = of_rollback(mine, "phi")
    assert (event.act, event.intent_id, event.reason) == (Act.CONFIRMED, "k", "errors")
    assert not list(of_rollback(replace(mine, key=None, rollout_id="4131"), "phi"))
    assert not list(of_rollback(replace(mine, sent_at=None), "phi"))


def test_what_the_timeline_can_be_asked() -> None:
    event = told(
        Act.ROLLBACK, at=AT - 120, rollout_id="4131", version="1.0.0", model="phi", by="ops@a.example"
    )

    def passes(text: str, now: float | None = AT) -> bool:
        return parse(text, TIMELINE_KEYS).test(TIMELINE_KEYS)(timeline_subject(event, now))

    for text in (
        "kind:rollback",
        "by:ops ver:v1.0.0",
        "id:4131",
        "model:phi",
        "began",
        "seen:<5m",
        "told:audit",
    ):
        assert passes(text), text
    for text in ("kind:memo", "by:ana", "ver:v2*", "id:4127", "seen:>5m", "paused"):
        assert not passes(text), text
    assert passes("seen:?", None)


def test_what_a_console_saw_of_a_rollback() -> None:
    rollback = begun(plan_of(device("a", TARGET_BAD), device("b", GOOD)))
    assert rollback.watch is not None
    bounce = Bounce("a", "a", AT + 40, 30.0, TARGET_BAD, Cause.UNKNOWN)
    seen = replace(rollback.watch, first_verified=("a", AT + 20), bounces=(bounce,))
    story = replace(rollback, key="k", sent_at=AT, watch=seen, ended_at=AT + 300)
    found = {event.act: event for event in of_rollback(story, "phi")}
    assert found[Act.VERIFIED].text == f"first device verified on v{GOOD}: a"
    assert found[Act.BOUNCED].text == bounce.sentence
    assert found[Act.DONE].text == f"DONE: every reachable device settled on v{GOOD}, 0 of 1"
    assert {event.intent_id for event in found.values()} == {"k"}
    assert "confirmed plan" in (found[Act.CONFIRMED].text or "")
    assert [event.text for event in log_events(replace(story, log=(LogLine(AT, "POST"),)))] == ["POST"]
    by_word = replace(story, by_server_word=True, watch=rollback.watch)
    assert [event.text for event in of_rollback(by_word, "phi")][
        -1
    ] == f"DONE: every reachable device settled on v{GOOD}"
    still = begun(plan_of(device("b", GOOD)))
    done = replace(still, ended_at=AT, key=None)
    assert (list(of_rollback(done, "phi"))[-1].text or "").endswith("1 of 1")
    assert not [event for event in of_rollback(replace(done, ended_at=None), "phi") if event.act is Act.DONE]
