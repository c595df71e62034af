"""Commands by name, without a screen: what is understood, what is proposed, and who is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import DeviceGroup, FleetSnapshot, Model
from octomil_tui.domain.text import clean
from octomil_tui.ui.candidate import Candidate, beginning, candidates, model_of_rollout, pick
from octomil_tui.ui.command import Asked, Takes, command, commands, read_command
from octomil_tui.ui.intents import INTENTS
from octomil_tui.ui.suggestion import Offer, completed, ranked, suggestions
from tests.engine.fakes import device, rollout
from tests.ui.hostile import ATTACKS, raw

OFFERED = [Offer(one) for one in commands()]


def read(text: str) -> tuple[str, str]:
    asked = read_command(text)
    assert isinstance(asked, Asked), asked
    return asked.command.name, asked.argument


def test_every_intent_is_reached_by_its_name() -> None:
    assert [read(f":{one.name}")[0] for one in INTENTS] == [one.name for one in INTENTS]


def test_every_intent_is_reached_by_the_words_of_its_key() -> None:
    said = {one.word: one for one in INTENTS if " " in one.word}
    assert {word: read(word)[0] for word in said} == {word: one.name for word, one in said.items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fl", ("fleet", "")),
        (":model  phi-4-mini ", ("model", "phi-4-mini")),
        ("roll back phi-4-mini", ("rollback", "phi-4-mini")),
        ("Q", ("quit", "")),
        ("h held", ("help", "held")),
        ("filter ver:v2* state:!online", ("filter", "ver:v2* state:!online")),
        ("ctx staging", ("ctx", "staging")),
    ],
)
def test_what_is_typed_is_understood(text: str, found: tuple[str, str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rolbak", "rolbak: there is no such command; the nearest is rollback"),
        ("xyzzy", "xyzzy: there is no such command; tab shows those there are"),
        ("re", "re: "),
        ("model", "model wants NAME behind it"),
        ("fleet now", "fleet takes nothing behind it"),
        ("\x1b[2J", r"\x1b[2J: there is no such command"),
    ],
)
def test_what_is_not_understood_is_said(text: str, said: str) -> None:
    found = read_command(text)
    assert isinstance(found, str)
    assert found.startswith(said)


def test_usage_and_keys() -> None:
    by_name = {one.name: one for one in commands()}
    assert by_name["model"].usage == "model NAME"
    assert by_name["watch"].usage == "watch [ID|MODEL]"
    assert (by_name["watch"].key, by_name["model"].key) == ("w", "")
    assert command("exit") is by_name["quit"]


SNAPSHOT = FleetSnapshot(
    models=(Model("m1", "phi-4-mini"), Model("m2", "phi-5"), Model("m3", "Gemma")),
    groups=(DeviceGroup("g1", "eu", device_count=1), DeviceGroup("g2", "eu", device_count=3)),
    devices=(device("d1", "1.0.0", "g1"),),
    rollouts={"m1": (rollout("41", "1.0.0"), replace(rollout("42", "2.0.0"), kind="rollback"))},
)


def test_names_that_are_the_same_are_told_apart_by_their_ids() -> None:
    assert [one.text for one in candidates(SNAPSHOT, Takes.GROUP)] == ["g1", "g2"]
    assert [one.note for one in candidates(SNAPSHOT, Takes.GROUP)] == ["1 device", "3 devices"]


def test_what_can_stand_behind_a_command() -> None:
    assert [one.text for one in candidates(SNAPSHOT, Takes.ROLLOUT)] == ["41", "42"]
    assert [one.key for one in candidates(SNAPSHOT, Takes.DEVICE)] == ["d1"]
    assert candidates(SNAPSHOT, Takes.THEME) == ()
    assert {"m1", "m2"} <= {one.key for one in candidates(SNAPSHOT, Takes.ROLLBACK)}
    assert model_of_rollout(SNAPSHOT, "42") == "m1"
    assert model_of_rollout(SNAPSHOT, "77") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [("m2", "m2"), ("phi-4-mini", "m1"), ("PHI-5", "m2"), ("gem", "m3"), ("4-m", "m1")],
)
def test_who_is_meant(typed: str, found: str) -> None:
    one = pick(candidates(SNAPSHOT, Takes.MODEL), typed, "model")
    assert isinstance(one, Candidate)
    assert one.key == found


def test_who_is_not_known_is_said() -> None:
    models = candidates(SNAPSHOT, Takes.MODEL)
    assert pick(models, "phi", "model") == "phi: which model? phi-4-mini, phi-5"
    assert (
        pick(models, "phi-4-mine", "model") == "phi-4-mine: there is no such model; the nearest is phi-4-mini"
    )
    assert pick((), "x", "model") == "x: no model is known yet"
    many = [Candidate(f"a{n}", str(n)) for n in range(9)]
    assert pick(many, "a", "device") == "a: which device? a0, a1, a2 and 6 more"


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_names_are_completed_as_they_are_shown_and_mean_the_raw_one(attack: str) -> None:
    text = ATTACKS[attack]
    snapshot = FleetSnapshot(
        models=(Model(f"m{text}", text), Model(f"n{text}", text), Model("o", f"o{text}"))
    )
    found = candidates(snapshot, Takes.MODEL)

    assert not raw([one.text for one in found])
    assert len({one.text for one in found}) == len(found)
    for one in found:
        assert one.text.split(" #")[0] == clean(one.text.split(" #")[0])
        assert pick(found, one.text, "model") == one


def test_suggestions_are_commands_first_then_what_stands_behind_one() -> None:
    found = suggestions("mod", OFFERED, lambda _: ())
    assert [one.text for one in found[:2]] == ["models", "model "]
    behind = suggestions("model ph", OFFERED, lambda takes: candidates(SNAPSHOT, takes))
    assert [one.text for one in behind] == ["model phi-4-mini", "model phi-5"]
    assert suggestions("zz top", OFFERED, lambda _: ()) == []


def test_a_line_is_completed_as_far_as_all_agree() -> None:
    behind = suggestions("model ph", OFFERED, lambda takes: candidates(SNAPSHOT, takes))
    assert completed("model ph", behind) == "model phi-"
    assert completed("rollb", suggestions("rollb", OFFERED, lambda _: ())) == "rollback"
    assert completed("zzz", []) == "zzz"


def test_what_resembles_comes_after_what_begins_so() -> None:
    assert ranked("", OFFERED) == OFFERED
    assert [one.command.name for one in ranked("q", OFFERED)] == ["quit"]
    assert ranked("rlbk", OFFERED)[0].command.name == "rollback"
    assert ranked("clipboard", OFFERED)[0].command.name in ("copy", "copy-row", "copy-status")


def test_what_begins_so_comes_before_what_has_it_inside() -> None:
    found = [Candidate("a-eu", "1"), Candidate("eu", "2"), Candidate("x", "eu9")]
    assert [one.key for one in beginning(found, "eu")] == ["2", "1", "eu9"]
