"""Figures and limits in words, from plain values: two lines for a limit that was crossed, memory by class, both histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Model, Rollout, RolloutState
from octomil_tui.domain.incident import Breach, Check, Incident
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.policy import Policy
from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Part, Point, Unit, VersionHealth
from octomil_tui.domain.signal_judge import findings
from octomil_tui.ui.present.compare import Pair, figure_lines
from octomil_tui.ui.present.fleet_signal import crossed_lines, is_about, model_signal
from octomil_tui.ui.present.policy import incident_lines, rule_lines
from octomil_tui.ui.present.signal import trend_line
from octomil_tui.ui.present.signal_pane import version_lines
from octomil_tui.ui.spans import Line, Token, shown, width
from octomil_tui.ui.theme import ASCII
from tests.domain.fleets import MODEL, fleet

NOW = 1_781_665_961.0
GOOD = {
    Metric.ERRORS: Measure(0.7, Unit.PERCENT),
    Metric.P95: Measure(180.0, Unit.MS),
    Metric.MEMORY: Measure(2700.0, Unit.MB),
}
BAD = {
    Metric.ERRORS: Measure(6.1, Unit.PERCENT),
    Metric.P95: Measure(412.0, Unit.MS),
    Metric.MEMORY: Measure(3900.0, Unit.MB),
}
TABLET = Part("Galaxy Tab Active5", {Metric.MEMORY: Measure(3900.0, Unit.MB)}, 13, 4000.0, 3500.0)
PHONE = Part("Pixel 8", {Metric.MEMORY: Measure(3100.0, Unit.MB)}, None, 8000.0, 4600.0)
ROLLOUT = Rollout("4127", "2.0.0", RolloutState.ACTIVE, "active", model_id=MODEL.id, share=0.4)


def points(metric: Metric, *values: float, unit: Unit = Unit.PERCENT) -> tuple[Point, ...]:
    begin = NOW - 60 * (len(values) - 1)
    return tuple(Point(begin + 60 * n, {metric: Measure(value, unit)}) for n, value in enumerate(values))


def health(*classes: Part) -> ModelHealth:
    history = points(Metric.ERRORS, *([0.7] * 20), *([6.1] * 20))
    bad = VersionHealth("2.0.0", BAD, 46, history=history, by_class=classes)
    good = VersionHealth("1.0.0", GOOD, 71, history=points(Metric.ERRORS, *([0.7] * 40)))
    return ModelHealth(MODEL.id, NOW, GOOD, "1.0.0", (bad, good))


def facts(found: ModelHealth, silent: int = 0) -> ModelFacts:
    return ModelFacts(
        Model(MODEL.id, "phi-4-mini"),
        "1.0.0",
        ROLLOUT,
        "2.0.0",
        50,
        124,
        {"2.0.0": 50, "1.0.0": 74},
        silent,
        None,
        found,
        findings(found, "2.0.0"),
    )


def incident(rule: str, metric: str, value: float, limit: float, **fields: object) -> Incident:
    breach = Breach(rule, metric, value, limit, window_minutes=5, devices=43)
    made = Incident(
        "inc-1", breach, status="open", model_id=MODEL.id, model_name="phi-4-mini", version="2.0.0"
    )
    return replace(made, is_auto_rollback=False, created_at=NOW - 200, **fields)  # type: ignore[arg-type]


ERRORS = incident("error_rate", "error_rate_percent", 6.1, 5.0)
CRASHES = incident("crash_rate", "crash_rate_percent", 1.17, 1.1)


def plain(lines: Iterable[Line]) -> list[str]:
    return ["".join(shown(span.text) for span in line).rstrip() for line in lines]


def test_the_limit_that_was_crossed_stands_beside_its_figure() -> None:
    assert plain(crossed_lines(facts(health(), 4), ERRORS, wide=False)) == [
        "!! phi-4-mini v2.0.0 at 40%: errors 6.1% (usual 0.7%), limit 5% crossed.",
        "   Auto-rollback is OFF: nothing was rolled back. On 50 of 124, 4 silent.",
    ]
    wide = plain(crossed_lines(facts(health()), ERRORS, wide=True))
    assert wide[0].endswith("errors 6.1% (usual 0.7%), limit 5% crossed, p95 412 ms (usual 180).")
    assert wide[1].endswith("nothing was rolled back. 50 of 124 devices run it.")


def test_a_limit_of_another_figure_than_the_worst_is_said_apart() -> None:
    said = plain(crossed_lines(facts(health(TABLET)), CRASHES, wide=False))
    assert said[0].endswith(
        "memory 3.9 GB on Galaxy Tab Active5, which has 3.5 GB for it. Crash rate 1.17% crossed its limit of 1.1%."
    )
    assert is_about(CRASHES, facts(health()))
    assert not is_about(replace(CRASHES, version="2.1.0"), facts(health()))
    assert not is_about(replace(CRASHES, model_id="m-2"), facts(health()))
    assert not is_about(CRASHES, replace(facts(health()), findings=()))


def test_the_reason_of_a_model_fits_its_column() -> None:
    def cell(found: ModelHealth, *, wide: bool) -> str:
        (said,) = plain([model_signal(facts(found), wide=wide)])
        return said

    assert cell(health(), wide=True) == "errors 6.1% / 0.7%"
    assert cell(health(TABLET), wide=True) == "memory 3.9 of 3.5 GB"
    assert cell(health(replace(TABLET, available_mb=900.0)), wide=True) == "memory 3.9 GB of 900 MB"
    assert cell(health(TABLET), wide=False) == "MEM 3.9 GB"
    bare = facts(health(TABLET))
    worst = replace(bare.findings[0], part=None)
    assert plain([model_signal(replace(bare, findings=(worst,)), wide=True)]) == ["memory 3.9 GB, too much"]


@pytest.mark.parametrize(
    ("values", "words", "token"),
    [
        ([0.7] * 4 + [6.1] * 10, "up since 03:02Z", Token.NOTICE),
        ([6.1] * 4 + [0.7] * 10, "down since 03:02Z", Token.FINE),
        ([0.7] * 14, "steady", Token.MUTED),
        ([0.7] * 10 + [2.0, 4.0], "rising", Token.NOTICE),
        ([6.1] * 10 + [4.0, 2.0], "falling", Token.FINE),
    ],
)
def test_where_a_figure_goes_or_since_when_it_is_there(values: list[float], words: str, token: Token) -> None:
    ((text, said),) = trend_line(Metric.ERRORS, points(Metric.ERRORS, *values))
    assert (text, said) == (words, token)
    assert trend_line(Metric.ERRORS, ()) == ()


def test_memory_is_told_by_class_against_what_the_class_has() -> None:
    def lines(most: int) -> list[str]:
        return plain(version_lines(health(PHONE, TABLET), "2.0.0", NOW, cells=76, glyphs=ASCII, most=most))

    assert lines(1) == ["memory     3.9 GB  has 3.5 GB       Galaxy Tab Active5  13 devices"]
    few = lines(4)
    assert few[0].startswith("memory     3.9 GB  usual 2.7 GB")
    assert few[1] == "           3.9 GB  has 3.5 GB       Galaxy Tab Active5  13 devices"
    assert few[2].startswith("errors")
    many = lines(13)
    assert many[2] == "           3.1 GB  has 4.6 GB       Pixel 8"
    assert "Pixel 8" not in "\n".join(few)


def test_both_histories_stand_side_by_side_where_there_is_room() -> None:
    pair = Pair("2.0.0", "1.0.0", health(), ())
    wide = plain(figure_lines(pair, ASCII, cells=154))
    assert wide[0].count("the last hour") == 2
    assert all(width(line) <= 154 for line in figure_lines(pair, ASCII, cells=154))
    errors = next(row for row in wide if row.startswith("errors"))
    assert "better" in errors
    assert len(errors) > 130
    for narrow in (figure_lines(pair, ASCII), figure_lines(pair, ASCII, cells=154, is_live=False)):
        assert "the last hour" not in "\n".join(plain(narrow))
    assert "state" not in "\n".join(plain(figure_lines(pair, ASCII, is_low=True)))
    assert plain(figure_lines(Pair("2.0.0", "1.0.0", None, ()), ASCII))[1].startswith("no data")


def test_figures_without_a_stated_unit_are_shown_so_and_not_judged() -> None:
    bare = {Metric.ERRORS: Measure(0.061, Unit.UNSTATED)}
    other = {Metric.ERRORS: Measure(0.007, Unit.UNSTATED)}
    found = ModelHealth(
        MODEL.id, NOW, {}, None, (VersionHealth("2.0.0", bare, 9), VersionHealth("1.0.0", other, 9))
    )
    row = plain(figure_lines(Pair("2.0.0", "1.0.0", found, ()), ASCII))[1]
    assert row.split() == ["errors", "0.061?", "0.007?", "?"]


def check(name: str, value: float, limit: float | None, devices: int | None, state: str = "ok") -> Check:
    baseline = 0.02 if name == "crash_rate" else None
    breach = Breach(name, f"{name}_percent", value, limit, baseline, 5, devices)
    return Check(breach, state)


def test_no_rule_is_cut_and_blank_lines_go_first() -> None:
    policy = Policy(False, {"error_threshold_percent": 5.0, "crash_threshold_percent": 1.0})
    checks = [check("error_rate", 6.09, 5.0, 46, "crossed"), check("crash_rate", 0.02, 1.02, 46)]
    rows = plain(rule_lines(policy, [(ROLLOUT, checks)], fleet(), most=20))
    assert "1.02% (usual 0.02% and 1%)" in rows[-1]
    assert rows[-1].endswith(" ok")
    assert rows[-3].endswith("rollout 4127, over 5 min, 46 devices report")
    assert "" in rows
    assert all(len(row) <= 76 for row in rows)
    assert "" not in plain(rule_lines(policy, [(ROLLOUT, checks)], fleet(), most=6))
    # Where the rules rest on different devices, each says how many.
    apart = [check("error_rate", 0.4, 5.0, 46), check("crash_rate", 0.02, 1.02, 30)]
    rows = plain(rule_lines(policy, [(ROLLOUT, apart)], fleet(), most=20))
    assert rows[-1].endswith("30 devices")
    assert "does not tell" in plain(rule_lines(policy, [(ROLLOUT, None)], fleet(), most=20))[-1]


def test_what_was_done_about_a_limit_stands_below_it_where_there_is_no_room_beside() -> None:
    narrow, wide = plain(incident_lines([ERRORS], NOW, 76)), plain(incident_lines([ERRORS], NOW, 154))
    assert narrow == [
        "open          3m ago   phi-4-mini v2.0.0",
        "              error rate 6.1%, limit 5% for 5 min, 43 devices",
        "              not rolled back: auto-rollback was OFF",
    ]
    assert wide[1].endswith("43 devices  not rolled back: auto-rollback was OFF")
    answered = replace(ERRORS, rollback_id="4131", is_auto_rollback=True)
    assert plain(incident_lines([answered], NOW, 76))[-1] == "              rolled back by 4131"
    untold = replace(ERRORS, is_auto_rollback=None, created_at=None)
    assert plain(incident_lines([untold], None, 0))[1].endswith("43 devices")
