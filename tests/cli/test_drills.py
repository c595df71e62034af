"""The drills without a screen, as a runbook plays them: what is told, what ends them, and with which status."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Console
from tests.cli.drill import Drill, Result

PHI = "phi-4-mini"
BACK = ("rollback", PHI, "--to-version", "1.0.0", "--yes", PHI)


def play(drill: Drill, console: Console, begins: int, *, lasts: int = 1_800) -> tuple[Result, Result]:
    """Roll back at a moment of the drill, let it go on, and watch it to its end; return both results."""
    drill.at(begins)
    sent = console(*BACK, "--reason", "INC-1", env=drill.env)
    for seconds in range(begins + 60, begins + lasts + 1, 60):
        drill.at(seconds)
    return sent, console("watch", "4131", "--timeout", "5s", env=drill.env)


@pytest.mark.parametrize(
    ("scenario", "at", "better"),
    [
        ("latency-regression", 400, "p50, p95 and p99"),
        ("crash-spike", 480, "errors and crashes"),
        ("quality", 480, "quality"),
    ],
)
def test_a_version_that_is_bad_in_one_way(console: Console, scenario: str, at: int, better: str) -> None:
    with Drill(scenario) as drill:
        drill.at(at)
        compared = console("models", "compare", PHI, "2.0.0", "1.0.0", env=drill.env)
        assert compared.code == 0
        assert f"v1.0.0 is better than v2.0.0 in {better}" in compared.out + compared.err
        sent, end = play(drill, console, at)
        assert sent.code == 0
        assert end.code == 0
        assert "COMPLETE: 124 of 124 devices settled on v1.0.0, nobody is left." in end.out
        assert len(drill.writes) == 1


def test_quality_is_no_matter_of_the_policy(console: Console) -> None:
    with Drill("quality") as drill:
        drill.at(900)
        policy = console("team", "policy", env=drill.env)
        assert policy.lines[0] == "Auto-rollback: on"
        status = console("rollout", "status", PHI, env=drill.env)
        assert "Rollout 4127 to: v2.0.0" in status.lines, "nothing was rolled back"


def test_memory_leaves_devices_that_need_hands(console: Console) -> None:
    with Drill("memory") as drill:
        sent, end = play(drill, console, 270, lasts=3_000)
        assert sent.code == 0
        assert end.code == 6, "done, and some are offline"
        assert "DONE: " in end.err
        lost = int(end.err.partition(" offline.")[0].rpartition(" ")[2])
        assert 1 <= lost <= 8
        assert console("watch", "4131", "--offline-ok", str(lost), env=drill.env).code == 0
        listed = console("devices", "--filter", "state:offline ver:v2.0.0", "--json", env=drill.env)
        assert len(listed.objects[0]["devices"]) == lost


def test_the_services_own_rollback_is_found_under_way(console: Console) -> None:
    with Drill("auto-rollback") as drill:
        for seconds in range(60, 481, 60):
            drill.at(seconds)
        status = console("rollout", "status", PHI, env=drill.env)
        assert status.code == 0
        assert "rolling_back" in status.out
        told = console("rollout", "history", PHI, env=drill.env)
        assert "error rate 5." in told.out + told.err
        assert "over the limit of 5.0% for 5 min" in told.out
        for seconds in range(540, 1_801, 60):
            drill.at(seconds)
        end = console("watch", "4131", env=drill.env)
        assert end.code == 0
        assert "COMPLETE: 124 of 124" in end.out
        assert drill.writes == []
        # The policy took it back, and keeps nobody from rolling it out again: a hold does.
        held = console("hold", PHI, "2.0.0", "--yes", PHI, "--reason", "INC-1", env=drill.env)
        assert held.code == 0
        assert len(drill.writes) == 1


def test_a_site_without_a_network_is_no_failure(console: Console) -> None:
    with Drill("site-offline") as drill:
        console(*BACK, env=drill.env)
        for seconds in range(60, 2_041, 60):
            drill.at(seconds)
        away = console("watch", "4131", "--timeout", "2s", env=drill.env)
        assert away.code == 6
        assert "offline" in away.lines[-1]
        listed = console("devices", "--filter", "state:offline group:!eu-kiosks", "--json", env=drill.env)
        assert listed.objects[0]["devices"] == [], "only the one site is away"
        for seconds in range(2_100, 3_001, 60):
            drill.at(seconds)
        back = console("watch", "4131", env=drill.env)
        assert back.code == 0
        assert "COMPLETE: 124 of 124" in back.out
        assert len(drill.writes) == 1, "nothing was sent again"


def test_a_second_operator_is_a_conflict(console: Console) -> None:
    with Drill("second-operator") as drill:
        console(*BACK, env=drill.env)
        for seconds in range(50, 201, 50):
            drill.at(seconds)
        end = console("watch", "4131", env=drill.env)
        assert end.code == 7
        assert (
            "SUPERSEDED: rollback 4132 to v0.9.0 by ana took the place of rollback 4131 to v1.0.0" in end.err
        )
        told = console("rollout", "history", PHI, env=drill.env)
        assert "1.0.0 seems slow to me" in told.out + told.err
        assert len(drill.writes) == 1


def test_a_service_that_is_away_costs_the_picture_and_not_the_rollback(console: Console) -> None:
    with Drill("api-loss") as drill:
        console(*BACK, env=drill.env)
        drill.at(50)
        drill.at(120)
        gone = console("watch", "4131", "--timeout", "3s", env=drill.env)
        assert gone.code == 3
        # Whoever asks for another one now is told that it was not sent, or that nobody knows.
        again = console(*BACK, env=drill.env)
        assert again.code in (3, 4)
        for seconds in range(180, 1_201, 60):
            drill.at(seconds)
        back = console("watch", "4131", env=drill.env)
        assert back.code == 0
        assert "COMPLETE: 124 of 124" in back.out
