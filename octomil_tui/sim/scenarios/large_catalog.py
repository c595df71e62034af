"""Groups, models and rollouts of the large scenarios: data, no rules."""

from typing import NamedTuple

from octomil_tui.sim.rollout import Kind, Status
from octomil_tui.sim.scenarios import brief
from octomil_tui.sim.scenarios.blueprint import ModelRow, Past, VersionRow

__all__ = ["GROUPS", "MODELS", "PAST", "PHI", "RUNNING", "SERVED", "GroupRow", "Opening"]

PHI = brief.PHI


class GroupRow(NamedTuple):
    """One device group."""

    name: str
    text: str
    prefix: str
    """How its devices' names begin."""
    sizes: tuple[int, int]
    """How many devices it has, of 100,000 and of a million."""
    platforms: tuple[int, int, int]
    """How many of 256 devices are ios, android and linux."""
    models: tuple[tuple[str, ...], ...]
    """What its devices have beside phi-4-mini; several sets go to equal parts of it."""
    is_first: bool = False
    """Whether rollouts come to it before all others."""


GROUPS: tuple[GroupRow, ...] = (
    GroupRow(
        "canary",
        "First to get every version",
        "can-",
        (200, 200),
        (90, 90, 76),
        (("sentiment-v1",),),
        is_first=True,
    ),
    GroupRow(
        "staging",
        "Test benches and testers' phones",
        "stg-",
        (800, 2_000),
        (100, 100, 56),
        (("sentiment-v1",),),
        is_first=True,
    ),
    GroupRow(
        "lab",
        "Devices of the hardware lab",
        "lab-",
        (2_000, 7_301),
        (64, 64, 128),
        (("sentiment-v1", "tts-small"), ("sentiment-v1", "wakeword")),
    ),
    GroupRow(
        "eu-kiosks",
        "Shop kiosks in Europe",
        "kiosk-eu-",
        (20_000, 200_000),
        (0, 80, 176),
        (("sentiment-v1",), ("ocr-receipts",), ("summarize-s",), ("vision-detect",)),
    ),
    GroupRow(
        "us-kiosks",
        "Shop kiosks in the United States",
        "kiosk-us-",
        (32_000, 320_000),
        (0, 64, 192),
        (("gemma3-1b",), ("barcode-net",), ("recsys-home",), ("face-blur",)),
    ),
    GroupRow(
        "vehicles",
        "Delivery vans",
        "van-",
        (12_000, 120_000),
        (0, 26, 230),
        (("lane-watch",), ("driver-drowsy",), ("plate-read",), ("route-eta",)),
    ),
    GroupRow(
        "handhelds",
        "What shop staff carry",
        "hand-",
        (25_000, 275_000),
        (102, 154, 0),
        (("whisper-sm",), ("stock-shelf",), ("translate-xs",), ("intent-router",)),
    ),
    GroupRow("gateways", "Store gateways", "gw-", (7_501, 75_000), (0, 0, 256), (("anomaly-temp",),)),
    GroupRow(
        "outposts", "Sites behind satellite links", "post-", (499, 499), (0, 0, 256), (("anomaly-temp",),)
    ),
)

FIRST, SECOND = "2026-03-01T12:00:00Z", "2026-05-04T09:00:00Z"


def _model(name: str, use_case: str, text: str, gigabytes: float, versions: tuple[str, ...]) -> ModelRow:
    """Return a model with two versions that were deployed, the second one active, and perhaps a newer one."""
    created = ("2026-06-12T09:00:00Z", SECOND, FIRST)[-len(versions) :]
    words = ("Newest", "Retrained on spring data", "First of its line")[-len(versions) :]
    lifecycles = ("active", "active", "deprecated")[-len(versions) :]
    rows = tuple(
        VersionRow(number, lifecycle, gigabytes, at, "infra", word)
        for number, lifecycle, at, word in zip(versions, lifecycles, created, words, strict=True)
    )
    return ModelRow(f"mdl_{name.replace('-', '_')}", name, use_case, text, versions[-2], rows)


MODELS: tuple[ModelRow, ...] = (
    brief.MODEL._replace(description="Answers customers and staff"),
    _model("sentiment-v1", "classification", "Mood of a message", 0.3, ("5.0.2", "5.0.1", "5.0.0")),
    _model("gemma3-1b", "chat", "Fallback when memory is short", 1.0, ("1.4.2", "1.4.1")),
    _model("whisper-sm", "speech", "Speech to text", 0.5, ("3.1.0", "3.0.2")),
    _model("stock-shelf", "vision", "Gaps on a shelf", 0.4, ("2.4.0", "2.3.1", "2.3.0")),
    _model("ocr-receipts", "vision", "Reads receipts", 0.2, ("1.8.0", "1.7.4")),
    _model("summarize-s", "chat", "Shortens notes", 0.8, ("0.6.1", "0.6.0")),
    _model("vision-detect", "vision", "Finds goods in a picture", 0.4, ("4.2.0", "4.1.0")),
    _model("barcode-net", "vision", "Codes that are torn or bent", 0.1, ("2.0.3", "2.0.2")),
    _model("recsys-home", "ranking", "What to show next", 0.3, ("7.1.0", "7.0.0")),
    _model("face-blur", "vision", "Hides faces in pictures", 0.2, ("1.1.0", "1.0.4")),
    _model("translate-xs", "text", "Eight languages", 0.6, ("3.0.0", "2.9.0")),
    _model("intent-router", "classification", "Whom a request is for", 0.2, ("2.2.0", "2.1.0")),
    _model("lane-watch", "vision", "Keeps a van in its lane", 0.5, ("6.0.1", "6.0.0")),
    _model("driver-drowsy", "vision", "Notices tired drivers", 0.3, ("1.3.0", "1.2.0")),
    _model("plate-read", "vision", "Reads number plates", 0.2, ("2.5.0", "2.4.1")),
    _model("route-eta", "regression", "When a van arrives", 0.1, ("1.9.0", "1.8.2")),
    _model("anomaly-temp", "regression", "Freezers that grow warm", 0.1, ("1.0.6", "1.0.5")),
    _model("tts-small", "speech", "Reads aloud", 0.4, ("0.9.2", "0.9.1")),
    _model("wakeword", "speech", "Listens for its name", 0.1, ("1.5.0", "1.4.0")),
)

SERVED = {"0.9.0": "2026-03-02T01:05:00Z", "1.0.0": "2026-06-03T02:15:00Z"}
"""Since when a device runs a version of phi-4-mini that came before the scenario."""
ACTIVE, PAUSED, DONE = Status.ACTIVE, Status.PAUSED, Status.COMPLETED
SPRING = (("2026-05-05T09:00:00Z", ACTIVE, 100.0, "infra"), ("2026-05-05T09:40:00Z", DONE, 100.0, "auto"))


def _past() -> tuple[Past, ...]:
    """Return what brought each model to the version that was active before the scenario."""
    full = (("2026-06-03T01:30:00Z", ACTIVE, 50.0, "dev"), ("2026-06-03T07:30:00Z", DONE, 100.0, "auto"))
    pilot = (("2026-03-02T01:00:00Z", ACTIVE, 100.0, "infra"), ("2026-03-02T01:20:00Z", DONE, 100.0, "auto"))
    others = (
        Past(3801 + number, row.id, row.active, row.versions[-1].number, Kind.INSTANT, "infra", SPRING)
        for number, row in enumerate(MODELS[1:])
    )
    return (
        Past(3702, PHI, "0.9.0", None, Kind.INSTANT, "infra", pilot),
        *others,
        Past(3911, PHI, "1.0.0", "0.9.0", Kind.PROGRESSIVE, "dev", full, increment_step=50.0),
    )


PAST = _past()


class Opening(NamedTuple):
    """A rollout that runs when the scenario starts."""

    past: Past
    opened: tuple[tuple[str, float], ...]
    """When it was opened to how many percent."""


RUNNING: tuple[Opening, ...] = (
    Opening(
        Past(
            4102,
            "mdl_sentiment_v1",
            "5.0.2",
            "5.0.1",
            Kind.PROGRESSIVE,
            "infra",
            (
                ("2026-06-14T10:00:00Z", ACTIVE, 25.0, "infra"),
                ("2026-06-15T02:10:00Z", PAUSED, 25.0, "infra"),
            ),
            reason="waiting for labels",
            increment_step=25.0,
        ),
        (("2026-06-14T10:00:00Z", 25.0),),
    ),
    Opening(
        Past(
            4119,
            "mdl_stock_shelf",
            "2.4.0",
            "2.3.1",
            Kind.PROGRESSIVE,
            "dev",
            (("2026-06-16T09:00:00Z", ACTIVE, 50.0, "dev"),),
            increment_step=25.0,
            step_minutes=1440,
            next_step="03:31:00",
        ),
        (("2026-06-16T09:00:00Z", 50.0),),
    ),
    Opening(
        Past(
            4127,
            PHI,
            "2.0.0",
            "1.0.0",
            Kind.PROGRESSIVE,
            "ops",
            (("02:31:05", ACTIVE, 20.0, "ops"), ("02:54:40", ACTIVE, 40.0, "ops")),
            increment_step=20.0,
        ),
        (("02:31:05", 20.0), ("02:54:40", 40.0)),
    ),
)
"""In the order in which they began."""
