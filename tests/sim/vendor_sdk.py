"""Try the vendor's unmodified SDK against the embedded control plane.

Not collected by pytest, since the SDK is no dependency of this project. Run it
from the top of the checkout, with an environment that has `octomil==4.17.42`
and the path of an interpreter that has this project:

    SIM_PYTHON=.venv/bin/python path/to/sdk-venv/bin/python tests/sim/vendor_sdk.py

It starts two servers per API prefix and prints one line per call; the exit
status is 0 only if every expectation held.
"""

# ruff: noqa: T201 - it is a script, and its lines are its result

import importlib
import json
import os
import subprocess
import sys
import tempfile
from itertools import product
from typing import Any

SCENARIO = ("--scenario", "night", "--start", "2026-06-17T03:12:41Z")


class Trial:
    """Counts what held and what did not, and prints both."""

    def __init__(self) -> None:
        self.failed = 0

    def expect(self, what: str, got: Any, wanted: Any) -> None:
        """Print one line, and remember whether `got` is `wanted`."""
        held = got == wanted
        self.failed += not held
        print(f"  {'ok  ' if held else 'FAIL'} {what}: {got!r}" + ("" if held else f", wanted {wanted!r}"))


def try_lists(trial: Trial, registry: Any) -> None:
    """Read models and versions."""
    listing = registry.list_models()
    trial.expect(
        "list_models",
        [model["name"] for model in listing["models"]],
        ["phi-4-mini", "sentiment-v1", "gemma3-1b", "whisper-sm"],
    )
    model_id = registry.resolve_model_id("phi-4-mini")
    trial.expect("resolve_model_id", model_id, "mdl_phi4mini")
    trial.expect("resolve_model_id of an unknown name", registry.resolve_model_id("nobody"), "nobody")
    versions = [v["version"] for v in registry.list_versions(model_id)["versions"]]
    trial.expect("list_versions", versions, ["2.1.0", "2.0.0", "1.1.0", "1.0.0", "0.9.0"])
    trial.expect("get_latest_version", registry.get_latest_version(model_id), "2.1.0")
    trial.expect("get_version", registry.get_version("phi-4-mini", "1.0.0")["size_bytes"], 2_200_000_000)


def try_rollouts(trial: Trial, rollouts: Any) -> None:
    """Take a rollout through its life, beside and in place of the one that runs."""
    model = "phi-4-mini"
    trial.expect("list_active", [r["id"] for r in rollouts.list_active(model)], [4127])
    trial.expect("list", [r["id"] for r in rollouts.list(model)], [4127, 3990, 3988, 3911, 3702])
    made = rollouts.create(model, "2.1.0", rollout_percentage=10.0, increment_step=30.0)
    rid = made["id"]
    trial.expect("create beside 4127", (rid, made["status"]), (4131, "pending"))
    trial.expect("4127 goes on", [r["id"] for r in rollouts.list_active(model)], [4127])
    trial.expect("list pending", [r["id"] for r in rollouts.list(model, status_filter="pending")], [rid])
    trial.expect("start", rollouts.start(model, rid)["status"], "active")
    trial.expect("start displaces 4127", rollouts.get(model, 4127)["cancelled_by_rollout_id"], rid)
    trial.expect("pause", rollouts.pause(model, rid)["status"], "paused")
    trial.expect("resume", rollouts.resume(model, rid)["status"], "active")
    trial.expect("advance", rollouts.advance(model, rid)["rollout_percentage"], 40.0)
    trial.expect("advance by 5", rollouts.advance(model, rid, 5.0)["rollout_percentage"], 45.0)
    changed = rollouts.update_percentage(model, rid, 10.0, reason="less")
    trial.expect(
        "update_percentage", (changed["rollout_percentage"], changed["affected_devices"]), (10.0, 12)
    )
    history = [line["status"] for line in rollouts.get_status_history(model, rid)]
    trial.expect("get_status_history", history[:4], ["pending", "active", "paused", "active"])
    trial.expect("get_affected_devices", rollouts.get_affected_devices(model, rid)["total"], 12)


def try_actions_of_the_console(trial: Trial, client: Any, ready: dict[str, str], base: str) -> None:
    """Pause, advance, set, cancel, hold and release with the console's commands, and read it back with the SDK."""
    model, rollouts = "phi-4-mini", client._registry.rollouts

    def console(*arguments: str) -> None:
        subprocess.run(  # noqa: S603 - this project's own command
            [os.environ.get("SIM_PYTHON", sys.executable), "-m", "octomil_tui", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["VENDOR_TRIAL_HOME"],
                "OCTOMIL_API_URL": base,
                "OCTOMIL_API_KEY": ready["api_key"],
                "OCTOMIL_ORG_ID": ready["org_id"],
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )

    def read() -> tuple[str, float]:
        found = rollouts.get(model, 4127)
        return found["status"], found["rollout_percentage"]

    def act(*arguments: str) -> None:
        console("rollout", *arguments, "--yes", model)

    before = {v["version"]: v["status"] for v in client._registry.list_versions("mdl_phi4mini")["versions"]}
    act("pause", model)
    trial.expect("it reads a pause", read(), ("paused", 40.0))
    act("resume", model)
    act("advance", model)
    trial.expect("it reads an advance", read(), ("active", 60.0))
    act("set", model, "30%", "--reason", "less")
    trial.expect("it reads a percentage", read(), ("active", 30.0))
    act("cancel", model, "--reason", "enough")
    trial.expect("it reads a cancel", (read(), rollouts.list_active(model)), (("cancelled", 30.0), []))
    console("hold", model, "2.0.0", "--yes", model, "--reason", "errors")
    held = {v["version"]: v["status"] for v in client._registry.list_versions("mdl_phi4mini")["versions"]}
    trial.expect("it reads a hold", held["2.0.0"], "deprecated")
    try:
        client.rollback(model, to_version="2.0.0")
    except Exception as error:  # noqa: BLE001 - whatever the SDK makes of it
        trial.expect("its rollback to a held version is refused", "version_held" in str(error), True)
    else:
        trial.expect("its rollback to a held version is refused", "accepted", "refused")
    console("release", model, "2.0.0", "--yes", model, "--reason", "mended")
    freed = {v["version"]: v["status"] for v in client._registry.list_versions("mdl_phi4mini")["versions"]}
    trial.expect("it reads a release", freed["2.0.0"], before["2.0.0"])


def try_groups_and_policy(trial: Trial, client: Any, ready: dict[str, str], base: str) -> None:
    """Deploy to one group, and read and set what the organization has set."""
    plan = client.deploy_prepare("phi-4-mini", version="0.9.0", group="staging")
    trial.expect("deploy_prepare of a group", len(plan.deployments), 12)
    done = client.deploy("phi-4-mini", version="0.9.0", group="staging", rollout=100)
    trial.expect("deploy to a group", (done.status, len(done.device_statuses)), ("started", 12))
    enterprise = importlib.import_module("octomil.enterprise").EnterpriseClient(ready["api_key"], base)
    org = ready["org_id"]
    trial.expect("list_members", [m["name"] for m in enterprise.list_members(org)], ["ops", "dev", "infra"])
    trial.expect("get_settings", enterprise.get_settings(org)["auto_rollback_enabled"], False)
    kept = enterprise.update_settings(org, auto_rollback_enabled=True)
    trial.expect("update_settings", (kept["auto_rollback_enabled"], kept["org_id"]), (True, org))


def try_device_and_rollback(trial: Trial, client: Any, control: Any) -> None:
    """Register a device, and see it follow what the SDK's own rollback chooses."""
    device = control.register("vendor-bench-1")
    trial.expect("register", device.id.startswith("dev_"), True)
    trial.expect("register again", control.register("vendor-bench-1").id, device.id)
    trial.expect("heartbeat", control.heartbeat().status, "ok")
    wanted = control.sync(active_versions=[{"modelId": "phi-4-mini", "version": "1.0.0"}])["models"]
    trial.expect("sync", [(m["modelId"], m["desiredVersion"]) for m in wanted], [("phi-4-mini", "1.0.0")])
    result = client.rollback("phi-4-mini", to_version="0.9.0")
    trial.expect("rollback", (result.to_version, result.status), ("0.9.0", "active"))
    wanted = control.sync(active_versions=[{"modelId": "phi-4-mini", "version": "1.0.0"}])["models"]
    trial.expect("sync after it", [m["desiredVersion"] for m in wanted], ["0.9.0"])
    desired = control.fetch_desired_state()["models"]
    trial.expect("fetch_desired_state", [m["desiredVersion"] for m in desired], ["0.9.0"])
    report = [{"modelId": "phi-4-mini", "activeVersion": "0.9.0", "status": "active"}]
    trial.expect("report_observed_state", control.report_observed_state(models=report)["ack"], True)
    trial.expect("refresh", control.refresh().updated, False)
    affected = client._registry.rollouts.get_affected_devices("phi-4-mini", int(result.rollout_id))
    mine = [d["active_model_version"] for d in affected["devices"] if d["id"] == device.id]
    trial.expect("the fleet of 125 knows it", (affected["total"], mine), (125, ["0.9.0"]))
    trial.expect(
        "delete, by force",
        client._registry.rollouts.delete("phi-4-mini", int(result.rollout_id), force=True),
        {},
    )


def try_prefix(trial: Trial, ready: dict[str, str], prefix: str, *, is_acting: bool) -> None:
    """Run everything under one API prefix: what the SDK does, or what it reads of what the console did."""
    base = ready["base_url"].removesuffix("/v1") + prefix
    os.environ["OCTOMIL_API_BASE"] = base
    # By name, since the type checker's environment has no such package.
    auth_type = importlib.import_module("octomil.auth").OrgApiKeyAuth
    auth = auth_type(api_key=ready["api_key"], org_id=ready["org_id"], api_base=base)
    client = importlib.import_module("octomil.client").OctomilClient(auth=auth)
    control = client.control
    try_lists(trial, client._registry)
    if is_acting:
        try_actions_of_the_console(trial, client, ready, base)
        return
    try_rollouts(trial, client._registry.rollouts)
    try_device_and_rollback(trial, client, control)
    try_groups_and_policy(trial, client, ready, base)


def main() -> int:
    """Try both prefixes, each on a fresh server."""
    trial = Trial()
    os.environ["VENDOR_TRIAL_HOME"] = tempfile.mkdtemp()
    command = [os.environ.get("SIM_PYTHON", sys.executable), "-m", "octomil_tui.sim", *SCENARIO]
    for prefix, is_acting in product(("/v1", "/api/v1"), (False, True)):
        print(prefix)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own server
            if server.stdout is None or server.stdin is None:
                return 1
            try_prefix(trial, json.loads(server.stdout.readline()), prefix, is_acting=is_acting)
            server.stdin.close()
            trial.expect("the server ends", server.wait(10) in {0, -15, 143}, True)
    print("all held" if not trial.failed else f"{trial.failed} failed")
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
