"""The vendor's own command line against the embedded control plane, where it is there.

`python -m tests.bench.peers` fetches it. Without it, the tests below that speak its
requests themselves hold the same shapes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import Running, spawn
from tests.bench.peers import found
from tests.sim.rig import PHI, Rig

VENDOR = found().vendor
WRAPPER = Path(__file__).parents[1] / "bench" / "apps" / "vendor.py"


@pytest.fixture
def service() -> Iterator[Running]:
    with spawn(SimOptions("night")) as running:
        yield running


@pytest.mark.skipif(VENDOR is None, reason="the vendor's command line is not there")
def test_the_vendors_commands_run(service: Running, tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "OCTOMIL_API_BASE": service.base_url,
        "OCTOMIL_API_KEY": service.api_key,
        "OCTOMIL_ORG_ID": service.org_id,
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - the vendor's command line
            [str(VENDOR), str(WRAPPER), *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "v2.0.0  40.0%  active" in run("status", "phi-4-mini")
    assert "Auto Rollback Enabled: True" in run("team", "set-policy", "--auto-rollback")
    assert "Auto rollback:       True" in run("org")
    assert "Total: 3 member(s)" in run("team", "list")
    assert "→ 1.0.0" in run("rollback", "phi-4-mini", "--to-version", "1.0.0")


@pytest.mark.skipif(VENDOR is None, reason="the vendor's package is not there")
def test_the_vendors_client_works_and_reads_what_the_console_did() -> None:
    done = subprocess.run(  # noqa: S603 - the vendor's client on this project's trial of it
        [str(VENDOR), str(Path(__file__).with_name("vendor_sdk.py"))],
        env={**os.environ, "SIM_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["all held"]), done.stdout + done.stderr


@pytest.mark.anyio
async def test_deploys_to_a_group_as_the_vendors_client_sends_them(night: Rig) -> None:
    body = {"model_id": "mdl_phi4mini", "model_name": "phi-4-mini", "version": "1.0.0", "group": "staging"}
    plan = (await night.post("/v1/deploy/prepare", body)).json()
    assert (plan["ok"], plan["target_count"], len(plan["deployments"])) == (True, 12, 12)
    assert {"device_id", "format", "executor", "quantization"} <= plan["deployments"][0].keys()
    assert (await night.rollout(4127))["status"] == "active", "nothing was moved"
    sent = {**body, "rollout_percentage": 100, "strategy": "canary"}
    done = (await night.post("/v1/deploy/execute", sent)).json()
    assert (done["id"], done["status"], done["target_count"], len(done["device_statuses"])) == (
        4131,
        "started",
        12,
        12,
    )
    night.to("03:40:00")
    assert await night.versions("staging") == {"1.0.0": 12}
    assert (await night.versions("eu-kiosks"))["2.0.0"] == 32, "the other groups stay where they were"


@pytest.mark.anyio
async def test_what_the_vendors_client_reads_of_what_the_console_did(night: Rig) -> None:
    await night.post(f"{PHI}/rollouts/4127/pause")
    (active,) = await night.get(f"{PHI}/rollouts/active")
    assert (active["id"], active["version"], active["status"]) == (4127, "2.0.0", "paused")
    await night.post(f"{PHI}/rollouts/4127/cancel")
    assert await night.get(f"{PHI}/rollouts/active") == []
    await night.post("/v1/models/model-versions/ver_phi4mini_2_0_0/deprecate")
    versions = (await night.get(f"{PHI}/versions", limit=100, offset=0))["versions"]
    assert next(v["status"] for v in versions if v["version"] == "2.0.0") == "deprecated"
