"""`health` and `models compare` against a control plane, and where there are no figures."""

from __future__ import annotations

import asyncio

import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import NotFoundError
from octomil_tui.domain.order import Reading
from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Unit
from tests.cli.conftest import Console
from tests.cli.drill import Drill


def test_health_of_the_night(night: Drill, console: Console) -> None:
    result = console("health", "phi-4-mini", env=night.env)
    assert (result.code, result.err) == (0, "")
    assert result.lines[0].split() == [
        "VERSION",
        "DEVICES",
        "ERR",
        "CRASH",
        "P50",
        "P95",
        "P99",
        "QUAL",
        "MEM",
        "SERVED",
    ]
    by_version = {line.split()[0]: line for line in result.lines if line}
    assert by_version["v2.0.0"].split()[1:6] == ["43", "6.1%", "0.4%", "96", "ms"]
    assert by_version["v1.0.0"].endswith("0.7% errors, p95 180 ms over 14 days on 121 devices")
    assert by_version["v2.1.0"].split()[1:] == ["0", *"--------"], "no data is no zero"
    assert by_version["usual"].endswith("of v1.0.0")
    assert result.lines[-2:] == [
        "!!  v2.0.0: errors 6.1% (usual 0.7%)",
        "!!  v2.0.0: p95 412 ms (usual 180)",
    ]

    (found,) = console("health", "phi-4-mini", "--json", env=night.env).objects
    assert (found["event"], found["schema"], found["usual_version"]) == ("health", 1, "1.0.0")
    bad = next(one for one in found["versions"] if one["version"] == "2.0.0")
    assert bad["now"]["errors"] == {"value": 6.1, "unit": "percent"}
    assert bad["by_device_class"][0]["memory_available_mb"]
    assert bad["history"][-1]["p95"]["unit"] == "ms"
    never = next(one for one in found["versions"] if one["version"] == "2.1.0")
    assert set(never["now"].values()) == {None}
    assert never["served"] is None
    assert [one["metric"] for one in found["findings"]] == ["errors", "p95"]

    compared = console("models", "compare", "phi-4-mini", "v2.0.0", "1.0.0", env=night.env)
    assert compared.code == 0
    assert compared.lines[2].split() == ["errors", "6.1%", "0.7%", "better"]
    assert compared.lines[-1] == "v1.0.0 is better than v2.0.0 in all that is measured"
    (pair,) = console("models", "compare", "phi-4-mini", "2.0.0", "1.1.0", "--json", env=night.env).objects
    assert (pair["left"], pair["right"]) == ("2.0.0", "1.1.0")
    assert pair["figures"]["errors"]["change"] == "better"
    unknown = console("models", "compare", "phi-4-mini", "2.0.0", "9.9", env=night.env)
    assert unknown.code == 2
    assert "has no version v9.9; it has v2.1.0, v2.0.0" in unknown.err

    calm = console("health", "gemma3-1b", env=night.env)
    assert calm.lines[-1] == "nothing is far worse than usual on the versions in service"


def test_a_plan_and_the_versions_say_how_the_versions_did(night: Drill, console: Console) -> None:
    planned = console("plan", "phi-4-mini", "--to-version", "1.0.0", env=night.env)
    assert planned.code == 0
    first = planned.lines.index("ok  v1.0.0: 0.7% errors, p95 180 ms over 14 days on 121 devices")
    assert planned.lines[first - 1].startswith("ok  v1.0.0: it was fully deployed")
    assert planned.lines[first + 1] == (
        "ok  v2.0.0 is what is bad: errors 6.1% (usual 0.7%) and p95 412 ms (usual 180)"
    )
    (plan,) = console("plan", "phi-4-mini", "--to-version", "1.0.0", "--json", env=night.env).objects
    assert f"ok  {plan['checks'][1]['text']}" == planned.lines[first]
    listed = console("models", "versions", "phi-4-mini", env=night.env)
    by_version = {line.split()[0]: line for line in listed.lines}
    assert by_version["VERSION"].endswith("DID")
    assert by_version["v2.0.0"].endswith("6.1% errors, p95 412 ms over 41 minutes on 50 devices")
    assert by_version["v2.1.0"].endswith("NEVER DEPLOYED"), "no data is no zero"
    (found,) = console("models", "versions", "phi-4-mini", "--json", env=night.env).objects
    did = {one["version"]: one["did"] for one in found["versions"]}
    assert did["2.1.0"] is None
    assert did["1.1.0"] == "4.9% errors, p95 390 ms over 1 day on 12 devices"


def test_figures_that_nobody_tells_keep_no_plan_waiting(
    night: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_self: AsyncOctomilClient, _model: str) -> Reading[ModelHealth]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(AsyncOctomilClient, "health", never)
    monkeypatch.setattr("octomil_tui.cli.figures.WITHIN", 0.01)
    planned = console("plan", "phi-4-mini", "--to-version", "1.0.0", env=night.env)
    assert (planned.code, "p95" in planned.out) == (0, False)
    listed = console("models", "versions", "phi-4-mini", env=night.env)
    assert (listed.code, listed.lines[0].endswith("VERDICT")) == (0, True)


def test_a_service_without_versions_of_figures(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {Metric.ERRORS: Measure(0.02, Unit.UNSTATED)}

    async def together(_client: AsyncOctomilClient, model_id: str) -> Reading[ModelHealth]:
        return Reading(ModelHealth(model_id, whole=whole))

    monkeypatch.setattr(AsyncOctomilClient, "health", together)
    assert console("health", "phi-4-mini", env=quiet.env).lines == [
        "                ERR",
        "all versions  0.02?",
    ]
    whole.clear()
    assert console("health", "phi-4-mini", env=quiet.env).lines == ["no data"]

    async def missing(_client: AsyncOctomilClient, _model_id: str) -> Reading[ModelHealth]:
        raise NotFoundError("not found")

    monkeypatch.setattr(AsyncOctomilClient, "health", missing)
    result = console("health", "phi-4-mini", env=quiet.env)
    assert result.code == 3
    assert "no data: this service does not say how the versions of phi-4-mini do" in result.err
