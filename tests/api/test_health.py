"""Figures from the wire: the unit is what the key states, nothing is zero, and odd answers cost themselves alone."""

from __future__ import annotations

from typing import Any

import pytest

from octomil_tui.api import convert_health as convert
from octomil_tui.api.errors import NotFoundError, OctomilError, UnreadableError
from octomil_tui.domain.signal import Measure, Metric, Unit
from tests.api.doubles import Service, answer, client_of

pytestmark = pytest.mark.anyio

ROW = {"version": "2.0.0", "error_rate_percent": 6.1, "latency_p95_ms": 412, "reporting_devices": 43}


def metric_of(row: dict[str, Any], metric: Metric) -> Measure | None:
    (version,) = convert.model_health({"versions": [{"version": "1", "now": row}]}, "m").versions  # type: ignore[union-attr]
    return version.now.get(metric)


@pytest.mark.parametrize(
    ("row", "metric", "value", "unit"),
    [
        ({"error_rate_percent": 6.1}, Metric.ERRORS, 6.1, Unit.PERCENT),
        ({"error_rate_pct": 6}, Metric.ERRORS, 6.0, Unit.PERCENT),
        ({"error_rate": 0.061}, Metric.ERRORS, 0.061, Unit.UNSTATED),
        ({"error_rate": 0.061, "error_percent": 6.1}, Metric.ERRORS, 6.1, Unit.PERCENT),
        ({"success_rate": 93.5}, Metric.ERRORS, 6.5, Unit.PERCENT),
        ({"crash_rate": 0.004}, Metric.CRASHES, 0.004, Unit.UNSTATED),
        ({"p95_ms": 412.0}, Metric.P95, 412.0, Unit.MS),
        ({"p95": 0.4}, Metric.P95, 0.4, Unit.UNSTATED),
        ({"accuracy_percent": 91.4}, Metric.QUALITY, 91.4, Unit.PERCENT),
        ({"accuracy": 0.914}, Metric.QUALITY, 0.914, Unit.UNSTATED),
        ({"peak_memory_mb": 3100}, Metric.MEMORY, 3100.0, Unit.MB),
        ({"peak_memory_bytes": 3_100_000_000}, Metric.MEMORY, 3100.0, Unit.MB),
        ({"peak_memory": 3100}, Metric.MEMORY, 3100.0, Unit.UNSTATED),
    ],
)
def test_the_unit_is_what_the_key_states(
    row: dict[str, Any], metric: Metric, value: float, unit: Unit
) -> None:
    found = metric_of(row, metric)
    assert found is not None
    assert (round(found.value, 6), found.unit) == (value, unit)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"error_rate_percent": None},
        {"error_rate_percent": -1},
        {"error_rate_percent": 610},
        {"error_rate_percent": "6.1"},
        {"error_rate_percent": True},
        {"success_rate": 101},
    ],
)
def test_what_nobody_measures_is_absent(row: dict[str, Any]) -> None:
    assert metric_of({**row, "latency_p95_ms": 1}, Metric.ERRORS) is None


def test_a_null_now_is_nobody_and_a_flat_row_is_now() -> None:
    data = {
        "versions": [{"version": "1.0.0", "now": None, "error_rate_percent": 1}, ROW, {"no": "version"}, 7]
    }
    health = convert.model_health(data, "m")
    assert health is not None
    silent, flat = health.versions
    assert (dict(silent.now), silent.devices) == ({}, 0)
    assert (flat.now[Metric.ERRORS].value, flat.devices) == (6.1, 43)


def test_histories_are_in_order_and_names_are_safe() -> None:
    data = {
        "timestamp": "2026-06-17T03:12:41Z",
        "usual": {"version": 1, "error_rate_percent": 0.7},
        "versions": [
            {
                "version": "2.0.0",
                "served": {
                    "from": "2026-06-17T02:31:05Z",
                    "to": None,
                    "days": 0.1,
                    "devices": 50,
                    "p95_ms": 9,
                },
                "history": [
                    {"at": "2026-06-17T03:12:00Z", "error_rate_percent": 6.1},
                    {"at": "2026-06-17T03:11:00Z", "error_rate_percent": 5.0},
                    {"at": "no time", "error_rate_percent": 9},
                ],
                "by_group": [{"group": "eu\x1b[31m", "p95_ms": 3}],
                "by_device_class": [
                    {"device_class": "Tab", "available_memory_mb": 3584, "total_memory_mb": 6144}
                ],
            }
        ],
    }
    health = convert.model_health(data, "m")
    assert health is not None
    assert health.usual_version == "1"
    assert health.at is not None
    (one,) = health.versions
    assert [point.figures[Metric.ERRORS].value for point in one.history] == [5.0, 6.1]
    assert one.by_group[0].name == "eu\\x1b[31m"
    assert (one.by_class[0].available_mb, one.by_class[0].total_mb, dict(one.by_class[0].figures)) == (
        3584,
        6144,
        {},
    )
    assert one.served is not None
    assert (one.served.to_at, one.served.days, one.served.devices) == (None, 0.1, 50)
    assert one.served.figures[Metric.P95] == Measure(9.0, Unit.MS)


def test_an_overview_of_all_models() -> None:
    models = [{"model_id": "m-1", "versions": [ROW]}, {"versions": []}, "odd"]
    found = convert.overview({"timestamp": "2026-06-17T03:12:41Z", "models": models})
    assert list(found) == ["m-1"]
    assert found["m-1"].at is not None
    assert convert.overview([]) == {}
    assert convert.overview({"models": None}) == {}


def test_no_object_is_no_health() -> None:
    assert convert.model_health([], "m") is None
    assert convert.model_health({"versions": []}) is None
    assert convert.rollout_health(3, "4131") is None
    assert convert.inference_metrics({}, "m") is None
    assert convert.inference_metrics(4, "m") is None


async def test_the_routes_and_what_they_bring_back() -> None:
    cohort = {"version": "1.0.0", "error_rate_percent": 1.9, "reporting_devices": 46, "versions": [ROW]}
    service = Service(
        {
            "/monitoring/overview": {"models": [{"model_id": "m 1", "versions": [ROW]}]},
            "/monitoring/models/m 1": {"versions": [ROW], "error_rate": 3},
            "/monitoring/deployments/4131": {**cohort, "history": [{"at": 1_781_665_900, "p95_ms": 9}]},
        }
    )
    async with client_of(service, org_id="o") as client:
        overview = (await client.health_overview()).value
        first = (await client.health("m 1")).value
        effect = (await client.rollout_health("4131")).value
        assert (await client.health("m 1")).value is first, "the same bytes are the same object"
    assert overview["m 1"].versions == first.versions
    assert first.whole[Metric.ERRORS] == Measure(3.0, Unit.UNSTATED)
    assert (effect.rollout_id, effect.devices, effect.figures[Metric.ERRORS].value) == ("4131", 46, 1.9)
    assert len(effect.history) == 1
    assert effect.versions[0].version == "2.0.0"
    assert service.asked[:2] == ["GET /v1/monitoring/overview?org_id=o", "GET /v1/monitoring/models/m%201"]


async def test_a_service_without_versions_is_asked_for_all_of_them_together() -> None:
    metrics = {"inference": {"success_rate": 98.0, "total_duration_ms": {"p95": 412.0}}}
    async with client_of({"/models/m/inference-metrics": metrics}) as client:
        found = (await client.health("m")).value
    assert found.versions == ()
    assert found.whole[Metric.ERRORS].value == 2.0
    assert found.whole[Metric.P95] == Measure(412.0, Unit.MS)
    async with client_of({"/models/m/inference-metrics": {"inference": {"success_rate": 98.0}}}) as client:
        assert list((await client.health("m")).value.whole) == [Metric.ERRORS]


async def test_a_service_that_measures_nothing_says_not_found() -> None:
    async with client_of({"/models/m/inference-metrics": lambda _: answer({}, 500)}) as client:
        with pytest.raises(NotFoundError):
            await client.health("m")
        for read in (client.health_overview(), client.rollout_health("1")):
            with pytest.raises(NotFoundError):
                await read


@pytest.mark.parametrize("body", [[], 7, "text"])
async def test_what_holds_no_figures_is_unreadable(body: Any) -> None:
    async with client_of({"/monitoring/deployments/1": lambda _: answer(body)}) as client:
        with pytest.raises(OctomilError) as raised:
            await client.rollout_health("1")
    assert isinstance(raised.value, UnreadableError)
