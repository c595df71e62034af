"""`--filter` on the commands that list things, and the CSV of devices."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.conftest import Console
from tests.cli.drill import Drill


def test_devices_that_pass(quiet: Drill, console: Console) -> None:
    result = console("devices", "--filter", "ver:v2* group:eu*", "--json", env=quiet.env)
    (listed,) = result.objects
    assert listed["total"] == 124
    assert {device["models"][0]["version"] for device in listed["devices"]} == {"2.0.0"}
    assert {group for device in listed["devices"] for group in device["groups"]} == {"eu-kiosks"}
    nobody = console("devices", "--filter", "state:offline model:nope", env=quiet.env)
    assert (nobody.code, len(nobody.lines)) == (0, 1)


def test_a_limit_counts_those_that_pass(quiet: Drill, console: Console) -> None:
    result = console("devices", "--filter", "group:eu*", "--limit", "3", env=quiet.env)
    assert len(result.lines) == 4
    assert result.err == "3 of 40 devices are shown\n"


def test_devices_as_csv(quiet: Drill, console: Console) -> None:
    result = console("devices", "--csv", "--filter", "group:eu* ver:v1*", env=quiet.env)
    lines = list(csv.DictReader(io.StringIO(result.out)))
    assert lines
    assert {(one["groups"], one["model"], one["version"]) for one in lines} == {
        ("eu-kiosks", "phi-4-mini", "1.0.0")
    }


def test_groups_and_models_that_pass(quiet: Drill, console: Console) -> None:
    groups = console("groups", "--filter", "kiosk state:online", env=quiet.env)
    assert [line.split()[0] for line in groups.lines[1:]] == ["eu-kiosks", "us-kiosks"]
    assert len(console("groups", "--filter", "ver:v9*", env=quiet.env).lines) == 1
    models = console("models", "list", "--filter", "state:in-progress ver:v2*", "--json", env=quiet.env)
    assert [model["name"] for model in models.objects[0]["models"]] == ["phi-4-mini"]
    assert console("models", "list", "--filter", "!phi", "--json", env=quiet.env).objects[0]["models"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("devices", "--filter", "seen:1h"), "seen: wants a time such as >1h"),
        (
            ("devices", "--filter", "state:verified"),
            'state: there is no "verified"; there are online, stale,',
        ),
        (("groups", "--filter", "seen:>1h"), "seen: is no key of this list; there are name, ver, state"),
        (("models", "list", "--filter", '"phi'), "the quote at 1 has no end"),
        (("devices", "--csv", "--json"), "--csv and --json are two ways to write the same; give one of them"),
    ],
)
def test_a_mistake_ends_in_2_before_anything_is_asked(
    console: Console, arguments: tuple[str, ...], sentence: str
) -> None:
    # Nobody listens there.
    nowhere = {"OCTOMIL_API_URL": "http://127.0.0.1:9/v1", "OCTOMIL_API_KEY": "edg_test_key"}
    result = console(*arguments, env=nowhere)
    assert result.code == 2
    assert sentence in result.err + result.out
