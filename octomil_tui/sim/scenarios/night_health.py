"""How the versions of the `night` scenario do: data, no rules.

Version 2.0.0 does well on the devices that get it first, and turns bad half an
hour later. As its devices leave it, it comes to rest a little.
"""

from octomil_tui.sim.health.figures import Figures
from octomil_tui.sim.incident import Incident
from octomil_tui.sim.scenarios.blueprint import Calendar
from octomil_tui.sim.scenarios.health_rows import BAD, GOOD, PILOT, VersionHealth, like
from octomil_tui.sim.scenarios.night_catalog import GEMMA, PHI, SENTIMENT, WHISPER

__all__ = ["ROWS", "crossed"]

ROWS = (
    VersionHealth(
        PHI,
        "2.0.0",
        BAD,
        ("02:31:05", None, 50),
        start=like(GOOD, error_rate_percent=0.8, accuracy_percent=91.6, peak_memory_mb=3100.0),
        turns=(("02:58:00", 360.0, BAD),),
        eases_to=like(BAD, error_rate_percent=4.16, latency_p50_ms=88.0, latency_p95_ms=377.0),
    ),
    VersionHealth(PHI, "1.0.0", GOOD, ("2026-06-03T01:30:00Z", None, 121)),
    VersionHealth(
        PHI,
        "1.1.0",
        Figures(4.9, 0.2, 90.0, 390.0, 720.0, 91.0, 2700.0),
        ("2026-06-12T09:12:00Z", "2026-06-13T09:40:00Z", 12),
    ),
    VersionHealth(PHI, "0.9.0", PILOT, ("2026-03-02T01:00:00Z", "2026-06-03T07:30:00Z", 124)),
    VersionHealth(SENTIMENT, "5.0.2", Figures(0.4, 0.02, 9.0, 22.0, 31.0, None, 410.0)),
    VersionHealth(SENTIMENT, "5.0.1", Figures(0.4, 0.02, 9.0, 22.0, 31.0, None, 410.0)),
    VersionHealth(SENTIMENT, "5.0.0", Figures(0.5, 0.02, 9.0, 23.0, 33.0, None, 405.0)),
    VersionHealth(
        GEMMA,
        "1.4.2",
        Figures(0.9, 0.05, 104.0, 255.0, 390.0, 84.2, 1250.0),
        start=Figures(0.9, 0.05, 106.0, 260.0, 400.0, 84.2, 1250.0),
    ),
    VersionHealth(
        WHISPER,
        "3.1.0",
        Figures(0.3, 0.04, 52.0, 128.0, 190.0, 95.1, 620.0),
        start=Figures(0.2, 0.04, 53.0, 131.0, 195.0, 95.1, 620.0),
    ),
)


def crossed(calendar: Calendar) -> Incident:
    """Return what the service noticed before the scenario starts: auto-rollback was off."""
    incident = Incident(
        id="inc_1",
        rule="error_rate",
        metric="error_rate_percent",
        value=6.1,
        limit=5.0,
        baseline=None,
        window_minutes=5,
        devices=43,
        model_id=PHI,
        model_name="phi-4-mini",
        version="2.0.0",
        rollout_id=4127,
        title="phi-4-mini 2.0.0: error rate 6.1% over 5.0%",
        created_at=calendar.at("03:09:12"),
    )
    incident.become("open", incident.created_at, "auto")
    return incident
