"""Figures of versions: what is worse than usual, where it goes, whether a rollback helps, and the words for it."""

from __future__ import annotations

import pytest

from octomil_tui.domain.signal import (
    NO_SIGNALS,
    Measure,
    Metric,
    ModelHealth,
    Part,
    Point,
    RolloutHealth,
    Served,
    Signals,
    Unit,
    VersionHealth,
)
from octomil_tui.domain.signal_compare import compare, compare_parts, compared_sentence, period
from octomil_tui.domain.signal_effect import Effect, Help, effect
from octomil_tui.domain.signal_judge import (
    Change,
    Trend,
    change,
    findings,
    metrics_of,
    times_over_memory,
    times_worse,
    trend,
    worst_part,
)
from octomil_tui.domain.signal_words import (
    bare,
    effect_words,
    finding_words,
    help_words,
    memory_words,
    served_words,
    span_words,
    told,
)

DAY = 86_400.0


def percent(value: float) -> Measure:
    return Measure(value, Unit.PERCENT)


def ms(value: float) -> Measure:
    return Measure(value, Unit.MS)


def mb(value: float) -> Measure:
    return Measure(value, Unit.MB)


def bare_number(value: float) -> Measure:
    return Measure(value, Unit.UNSTATED)


USUAL = {
    Metric.ERRORS: percent(0.7),
    Metric.CRASHES: percent(0.1),
    Metric.P50: ms(71),
    Metric.P95: ms(180),
    Metric.P99: ms(262),
    Metric.QUALITY: percent(91.4),
    Metric.MEMORY: mb(2700),
}
BAD = {**USUAL, Metric.ERRORS: percent(6.1), Metric.P95: ms(412), Metric.P50: ms(96), Metric.P99: ms(930)}


def health(*versions: VersionHealth) -> ModelHealth:
    return ModelHealth("m", at=1000.0, usual=USUAL, usual_version="1.0.0", versions=versions)


@pytest.mark.parametrize(
    ("metric", "now", "usual", "is_bad"),
    [
        (Metric.ERRORS, percent(6.1), percent(0.7), True),
        (Metric.ERRORS, percent(1.3), percent(0.7), False),
        (Metric.ERRORS, percent(0.4), percent(0.1), False),
        (Metric.ERRORS, percent(0.6), percent(0.0), True),
        (Metric.ERRORS, bare_number(0.06), bare_number(0.007), False),
        (Metric.ERRORS, percent(6.1), bare_number(0.7), False),
        (Metric.ERRORS, percent(6.1), None, False),
        (Metric.CRASHES, percent(4.0), percent(0.1), True),
        (Metric.P95, ms(640), ms(180), True),
        (Metric.P95, ms(12), ms(6), False),
        (Metric.QUALITY, percent(78.5), percent(91.4), True),
        (Metric.QUALITY, percent(90.8), percent(91.4), False),
        (Metric.QUALITY, percent(99.0), percent(91.4), False),
        (Metric.QUALITY, mb(1), mb(9), False),
        (Metric.MEMORY, mb(9000), mb(2700), False),
    ],
)
def test_what_needs_somebody(metric: Metric, now: Measure, usual: Measure | None, is_bad: bool) -> None:
    assert (times_worse(metric, now, usual) is not None) is is_bad


def test_findings_are_ordered_by_how_bad_they_are() -> None:
    bad = VersionHealth("2.0.0", now={**BAD, Metric.QUALITY: percent(78.5)}, devices=43)
    found = findings(health(bad, VersionHealth("1.0.0", now=USUAL, devices=65)), "2.0.0", "1.0.0", None)
    assert [one.metric for one in found] == [Metric.ERRORS, Metric.QUALITY, Metric.P95]
    assert all(one.version == "2.0.0" for one in found), "p50 and p99 say what p95 says"
    assert finding_words(found[0]) == "errors 6.1% (usual 0.7%)"
    assert finding_words(found[2]) == "p95 412 ms (usual 180)"


def test_a_delay_that_only_the_middle_has_is_said() -> None:
    one = VersionHealth("2.0.0", now={Metric.P50: ms(140)}, devices=None)
    assert [f.metric for f in findings(health(one), "2.0.0")] == [Metric.P50]


def test_two_devices_say_nothing_of_a_version() -> None:
    assert findings(health(VersionHealth("2.0.0", now=BAD, devices=2)), "2.0.0", "9.9") == ()


def test_memory_is_held_against_what_a_class_has() -> None:
    tablet = Part("Tab", {Metric.MEMORY: mb(3900)}, 9, 6144, 3584)
    phone = Part("Phone", {Metric.MEMORY: mb(3100)}, 9, 8192, 4096)
    unknown = Part("Odd", {Metric.MEMORY: mb(9999)}, 9)
    silent = Part("None", {}, 9, 8192, 4096)
    unstated = Part("Bare", {Metric.MEMORY: bare_number(9e9)}, 9, 8192, 4096)
    one = VersionHealth("2.0.0", now=USUAL, devices=30, by_class=(phone, tablet, unknown, silent, unstated))
    (found,) = findings(health(one), "2.0.0")
    assert (found.metric, found.part, found.usual) == (Metric.MEMORY, tablet, None)
    assert finding_words(found) == "memory 3.9 GB on Tab, which has 3.5 GB for it"
    assert [times_over_memory(part) is not None for part in one.by_class] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert memory_words("T", mb(3590), 3584.0) == "memory 3,590 MB on T, which has 3,584 MB for it"


def test_a_change_that_is_worth_a_word() -> None:
    assert change(Metric.ERRORS, percent(0.72), percent(0.7)) is Change.SAME
    assert change(Metric.ERRORS, percent(0.9), percent(0.7)) is Change.WORSE
    assert change(Metric.QUALITY, percent(91.9), percent(90.8)) is Change.BETTER
    assert change(Metric.QUALITY, percent(90.0), percent(90.8)) is Change.WORSE
    assert change(Metric.MEMORY, mb(2700), mb(3100)) is Change.BETTER
    assert change(Metric.ERRORS, None, percent(0.7)) is Change.UNKNOWN
    assert change(Metric.ERRORS, bare_number(1), bare_number(2)) is Change.UNKNOWN
    assert change(Metric.ERRORS, percent(1), None) is Change.UNKNOWN


def points(*values: float, metric: Metric = Metric.ERRORS, unit: Unit = Unit.PERCENT) -> tuple[Point, ...]:
    return tuple(Point(60.0 * place, {metric: Measure(value, unit)}) for place, value in enumerate(values))


def test_where_a_figure_goes() -> None:
    assert trend(points(6.0, 5.0, 3.0), Metric.ERRORS) is Trend.FALLING
    assert trend(points(1.0, 3.0), Metric.ERRORS) is Trend.RISING
    assert trend(points(9.0, *([3.0] * 7)), Metric.ERRORS) is Trend.STEADY, "only the last minutes count"
    assert trend(points(9.0), Metric.ERRORS) is Trend.UNKNOWN
    assert trend((), Metric.ERRORS) is Trend.UNKNOWN
    assert trend(points(1.0, 3.0, unit=Unit.UNSTATED), Metric.ERRORS) is Trend.UNKNOWN


def test_where_it_comes_from() -> None:
    def part(name: str, value: float, metric: Metric = Metric.CRASHES) -> Part:
        return Part(name, {metric: percent(value)})

    apart = (part("a", 0.3), part("tablet", 13.5), part("b", 0.3))
    assert worst_part(apart, Metric.CRASHES) == apart[1]
    assert worst_part((part("a", 6.1), part("b", 6.0)), Metric.CRASHES) is None
    assert worst_part(apart[:1], Metric.CRASHES) is None
    quality = (part("a", 91.0, Metric.QUALITY), part("b", 78.0, Metric.QUALITY))
    assert worst_part(quality, Metric.QUALITY) == quality[1]
    memory = (Part("a", {Metric.MEMORY: mb(100)}), Part("b", {Metric.MEMORY: mb(300)}))
    assert worst_part(memory, Metric.MEMORY) == memory[1]


def test_a_newer_short_answer_brings_the_long_one_up_to_date() -> None:
    full = health(
        VersionHealth("2.0.0", now=USUAL, devices=5, history=points(1.0)),
        VersionHealth("1.0.0", now=USUAL, devices=9),
    )
    short = ModelHealth(
        "m", at=1060.0, versions=(VersionHealth("2.0.0", now=BAD, devices=8), VersionHealth("3"))
    )
    known = Signals(overview={"m": short}, models={"m": full})
    found = known.of("m")
    assert found is not None
    assert found.at == 1060.0
    assert found.usual == USUAL
    bad, gone = found.version("2.0.0"), found.version("1.0.0")
    assert bad is not None
    assert (bad.now, bad.devices, len(bad.history)) == (BAD, 8, 1)
    assert gone is not None
    assert (dict(gone.now), gone.devices) == ({}, None), "nobody reports it any more"
    assert found.version("3") is not None
    assert found.version("4") is None
    assert Signals(overview={"m": ModelHealth("m", at=900.0)}, models={"m": full}).of("m") is full
    assert Signals(models={"m": full}).of("m") is full
    assert Signals(overview={"m": short}).of("m") is short
    assert NO_SIGNALS.of("m") is None
    assert NO_SIGNALS.of_rollout(None) is None
    effect_of = RolloutHealth("7")
    assert Signals(rollouts={"7": effect_of}).of_rollout("7") is effect_of


def cohort(*errors: float, usual: float | None = 0.7, **last: Measure) -> RolloutHealth:
    history = points(*errors)
    now = {**history[-1].figures, **{Metric(name): measure for name, measure in last.items()}}
    return RolloutHealth(
        "4131",
        figures=now,
        usual={Metric.ERRORS: percent(usual), Metric.CRASHES: percent(0.1)} if usual is not None else {},
        history=history,
    )


@pytest.mark.parametrize(
    ("errors", "help_", "words"),
    [
        ((6.1, 6.0, 4.1), Help.BETTER, "it helps: errors 6.1% to 4.1%, falling, usual 0.7%"),
        ((6.1, 3.0, 0.8), Help.USUAL, "it helped: errors 6.1% to 0.8%, usual 0.7%"),
        ((6.1, 6.1, 6.1), Help.NOT_YET, "no better yet: errors 6.1% to 6.1%, usual 0.7%"),
        ((6.1, 7.0, 8.2), Help.WORSE, "it gets worse: errors 6.1% to 8.2%, rising, usual 0.7%"),
        ((0.7, 0.7, 0.7), Help.NOTHING_WRONG, "nothing was worse than usual when it began"),
        ((0.7, 2.0, 5.0), Help.WORSE, "it gets worse: errors 0.7% to 5.0%, rising, usual 0.7%"),
    ],
)
def test_whether_a_rollback_helps(errors: tuple[float, ...], help_: Help, words: str) -> None:
    found = effect(cohort(*errors), started_at=10.0)
    assert found.help is help_
    assert effect_words(found) == words


def test_the_figure_that_was_the_worst_tells() -> None:
    crashing = RolloutHealth(
        "4131",
        figures={Metric.ERRORS: percent(1.4), Metric.CRASHES: percent(0.1)},
        usual={Metric.ERRORS: percent(0.7), Metric.CRASHES: percent(0.1)},
        history=(Point(0.0, {Metric.ERRORS: percent(1.4), Metric.CRASHES: percent(4.0)}),),
    )
    found = effect(crashing, 5.0)
    assert (found.metric, found.help) == (Metric.CRASHES, Help.USUAL)


def test_without_figures_nothing_is_claimed() -> None:
    late = cohort(6.1, 4.1)
    unknown = "no figures of before and now: whether it helps is not known"
    for told_of, began in ((None, 0.0), (late, -5.0), (cohort(6.1, 4.1, usual=None), 5.0)):
        assert effect_words(effect(told_of, began)) == unknown
    assert effect(RolloutHealth("1", usual=USUAL), 0.0).help is Help.UNKNOWN


def test_figures_as_words() -> None:
    assert [told(percent(value)) for value in (0.0, 0.04, 0.7, 6.13)] == ["0.0%", "0.04%", "0.7%", "6.1%"]
    assert [told(ms(value)) for value in (9.2, 412.4)] == ["9.2 ms", "412 ms"]
    assert [told(mb(value)) for value in (410, 3584, 3900)] == ["410 MB", "3.5 GB", "3.9 GB"]
    assert told(bare_number(0.061)) == "0.061?"
    assert told(None) == "no data"
    assert bare(ms(180)) == "180"
    assert bare(percent(1)) == "1.0%"
    assert [span_words(s) for s in (14.1 * DAY, 7200.0, 2470.0)] == ["14 days", "2 hours", "41 minutes"]


def test_what_a_version_did_as_words() -> None:
    served = Served(USUAL, from_at=0.0, to_at=14 * DAY, devices=71)
    assert served_words(served, None) == "0.7% errors, p95 180 ms over 14 days on 71 devices"
    assert served_words(Served(USUAL, from_at=0.0), 2470.0).endswith("over 41 minutes")
    assert served_words(Served(USUAL, days=2.0), None, Metric.QUALITY) == "quality 91.4% over 2 days"
    assert served_words(Served(USUAL, from_at=5.0), None) == "0.7% errors, p95 180 ms"
    assert served_words(Served({}), None) == ""
    assert served_words(None, None) == ""


def test_two_versions_side_by_side() -> None:
    two = health(
        VersionHealth("2.0.0", now={**BAD, Metric.QUALITY: percent(93.0)}),
        VersionHealth("1.0.0", served=Served(USUAL)),
        VersionHealth("3.0.0"),
    )
    rows = {row.metric: row for row in compare(two, "2.0.0", "1.0.0")}
    assert (rows[Metric.ERRORS].change, rows[Metric.QUALITY].change) == (Change.BETTER, Change.WORSE)
    assert compared_sentence(tuple(rows.values()), "2.0.0", "1.0.0") == (
        "v1.0.0 is better than v2.0.0 in errors, p50, p95 and p99, and worse in quality"
    )
    assert [period(two.version(v)) for v in ("2.0.0", "1.0.0", "3.0.0", "9")] == [
        "now",
        "while it served",
        "no data",
        "no data",
    ]
    assert all(row.change is Change.UNKNOWN for row in compare(two, "2.0.0", "3.0.0"))
    assert compare(two, "3.0.0", "9") == ()
    assert metrics_of() == ()


def test_the_sentence_about_two_versions() -> None:
    def said(left: dict[Metric, Measure], right: dict[Metric, Measure]) -> str:
        two = health(VersionHealth("2.0.0", now=left), VersionHealth("1.0.0", now=right))
        return compared_sentence(compare(two, "2.0.0", "1.0.0"), "2.0.0", "1.0.0")

    one = {Metric.ERRORS: percent(6.1), Metric.P95: ms(412)}
    better = {Metric.ERRORS: percent(0.7), Metric.P95: ms(180)}
    assert said(one, better) == "v1.0.0 is better than v2.0.0 in all that is measured"
    assert said(one, {**one, Metric.ERRORS: percent(0.7)}) == "v1.0.0 is better than v2.0.0 in errors"
    assert said(better, one) == "v1.0.0 is worse than v2.0.0 in errors and p95"
    assert said(one, one) == "v1.0.0 does as v2.0.0 does"
    assert said({}, one) == "v1.0.0 and v2.0.0: no figures that could be held against each other"


def test_two_versions_by_class() -> None:
    left = (Part("Tab", {Metric.ERRORS: percent(6)}), Part("Phone", {Metric.ERRORS: percent(5)}))
    right = (Part("Tab", {Metric.ERRORS: percent(1)}, 3, 6144, 3584), Part("Orin", {}))
    rows = compare_parts(left, right, Metric.ERRORS)
    assert [(row.name, row.left, row.right) for row in rows] == [
        ("Orin", None, None),
        ("Phone", percent(5), None),
        ("Tab", percent(6), percent(1)),
    ]


def test_whether_it_helps_is_said_in_two_words_or_not_at_all() -> None:
    said = [help_words(Effect(one)) for one in (Help.BETTER, Help.WORSE, Help.NOTHING_WRONG, Help.UNKNOWN)]
    assert said == ["it helps", "it gets worse", "", ""]
