"""Models, versions and past rollouts of the `night` scenario: data, no rules."""

from octomil_tui.sim.rollout import Kind, Status
from octomil_tui.sim.scenarios.blueprint import ModelRow, Past, VersionRow

__all__ = ["GEMMA", "MODELS", "PAST", "PHI", "SENTIMENT", "WHISPER"]

PHI = "mdl_phi4mini"
SENTIMENT = "mdl_sentimentv1"
GEMMA = "mdl_gemma3_1b"
WHISPER = "mdl_whispersm"

MODELS: tuple[ModelRow, ...] = (
    ModelRow(
        PHI,
        "phi-4-mini",
        "chat",
        "Answers customers at the kiosk",
        "1.0.0",
        (
            VersionRow("2.1.0", "preview", 2.4, "2026-06-16T16:20:00Z", "dev", "Candidate, never deployed"),
            VersionRow("2.0.0", "active", 2.4, "2026-06-16T14:05:00Z", "dev", "New instruction tuning"),
            VersionRow("1.1.0", "retired", 2.2, "2026-06-11T15:40:00Z", "dev", "Shorter answers"),
            VersionRow("1.0.0", "active", 2.2, "2026-06-02T10:30:00Z", "dev", "First full release"),
            VersionRow("0.9.0", "deprecated", 2.0, "2026-03-01T17:10:00Z", "infra", "Pilot"),
        ),
    ),
    ModelRow(
        SENTIMENT,
        "sentiment-v1",
        "classification",
        "Mood of a customer's message",
        "5.0.1",
        (
            VersionRow("5.0.2", "active", 0.3, "2026-06-12T09:00:00Z", "infra", "Retrained on June labels"),
            VersionRow("5.0.1", "active", 0.3, "2026-05-04T09:00:00Z", "infra", "Retrained on May labels"),
            VersionRow(
                "5.0.0", "deprecated", 0.3, "2026-03-01T12:00:00Z", "infra", "First of the fifth line"
            ),
        ),
    ),
    ModelRow(
        GEMMA,
        "gemma3-1b",
        "chat",
        "Fallback when the kiosk is short of memory",
        "1.4.2",
        (
            VersionRow("1.5.0", "preview", 1.0, "2026-06-15T11:00:00Z", "dev", "Candidate, never deployed"),
            VersionRow("1.4.2", "active", 1.0, "2026-06-07T11:00:00Z", "dev", "Fixes a tokenizer slip"),
            VersionRow("1.4.1", "deprecated", 1.0, "2026-03-01T11:00:00Z", "dev", "Winter release"),
        ),
    ),
    ModelRow(
        WHISPER,
        "whisper-sm",
        "speech",
        "Speech to text at the kiosk",
        "3.1.0",
        (
            VersionRow("3.1.0", "active", 0.5, "2026-05-15T13:00:00Z", "dev", "Less sensitive to noise"),
            VersionRow("3.0.2", "deprecated", 0.5, "2026-03-01T13:00:00Z", "dev", "Winter release"),
        ),
    ),
)

ACTIVE, PAUSED, DONE, CANCELLED = Status.ACTIVE, Status.PAUSED, Status.COMPLETED, Status.CANCELLED
STEPS, ALL, BACK = Kind.PROGRESSIVE, Kind.INSTANT, Kind.ROLLBACK

FIRST = (("2026-03-02T01:00:00Z", ACTIVE, 100.0, "infra"), ("2026-03-02T01:20:00Z", DONE, 100.0, "auto"))

PAST: tuple[Past, ...] = (
    Past(3703, SENTIMENT, "5.0.0", None, ALL, "infra", FIRST),
    Past(3704, GEMMA, "1.4.1", None, ALL, "infra", FIRST),
    Past(3705, WHISPER, "3.0.2", None, ALL, "infra", FIRST),
    Past(3702, PHI, "0.9.0", None, ALL, "infra", FIRST),
    Past(
        3911,
        PHI,
        "1.0.0",
        "0.9.0",
        STEPS,
        "dev",
        (
            ("2026-06-03T01:30:00Z", ACTIVE, 25.0, "dev"),
            ("2026-06-03T03:00:00Z", ACTIVE, 50.0, "auto"),
            ("2026-06-03T04:30:00Z", ACTIVE, 75.0, "auto"),
            ("2026-06-03T06:00:00Z", ACTIVE, 100.0, "auto"),
            ("2026-06-03T07:30:00Z", DONE, 100.0, "auto"),
        ),
        increment_step=25.0,
        step_minutes=90,
    ),
    Past(
        3988,
        PHI,
        "1.1.0",
        "1.0.0",
        STEPS,
        "dev",
        (("2026-06-12T09:12:00Z", ACTIVE, 10.0, "dev"), ("2026-06-13T09:40:00Z", CANCELLED, 10.0, "auto")),
        increment_step=10.0,
        step_minutes=60,
        cancelled_by=3990,
    ),
    Past(
        3990,
        PHI,
        "1.0.0",
        "1.1.0",
        BACK,
        "dev",
        (
            ("2026-06-13T09:40:00Z", Status.ROLLING_BACK, 100.0, "dev"),
            ("2026-06-13T09:49:00Z", DONE, 100.0, "auto"),
        ),
        reason="latency",
    ),
    Past(
        4127,
        PHI,
        "2.0.0",
        "1.0.0",
        STEPS,
        "ops",
        (("02:31:05", ACTIVE, 20.0, "ops"), ("02:54:40", ACTIVE, 40.0, "ops")),
        increment_step=20.0,
        step_minutes=24,
        next_step="03:18:40",
    ),
    Past(
        3921,
        SENTIMENT,
        "5.0.1",
        "5.0.0",
        ALL,
        "infra",
        (("2026-05-05T09:00:00Z", ACTIVE, 100.0, "infra"), ("2026-05-05T09:25:00Z", DONE, 100.0, "auto")),
    ),
    Past(
        4102,
        SENTIMENT,
        "5.0.2",
        "5.0.1",
        STEPS,
        "infra",
        (("2026-06-14T10:00:00Z", ACTIVE, 25.0, "infra"), ("2026-06-15T02:10:00Z", PAUSED, 25.0, "infra")),
        reason="waiting for labels",
        increment_step=25.0,
    ),
    Past(
        4088,
        GEMMA,
        "1.4.2",
        "1.4.1",
        STEPS,
        "dev",
        (("2026-06-07T13:00:00Z", ACTIVE, 50.0, "dev"), ("2026-06-08T02:30:00Z", DONE, 100.0, "auto")),
        increment_step=50.0,
        step_minutes=360,
    ),
    Past(
        3874,
        WHISPER,
        "3.1.0",
        "3.0.2",
        STEPS,
        "dev",
        (("2026-05-16T08:00:00Z", ACTIVE, 50.0, "dev"), ("2026-05-17T02:00:00Z", DONE, 100.0, "auto")),
        increment_step=50.0,
        step_minutes=360,
    ),
)
