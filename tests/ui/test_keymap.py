"""Keys of one's own: what is allowed, what is refused with which words, and that every place shows them."""

from __future__ import annotations

import pytest

from octomil_tui.ui.intents import INTENTS
from octomil_tui.ui.key_name import is_bare, key_name, people_write
from octomil_tui.ui.key_table import EVERYWHERE, key_rows
from octomil_tui.ui.keymap import check_keymap, for_textual
from tests.ui.conftest import On
from tests.ui.sims import Sim


def wrong(**keys: object) -> list[str]:
    return [one.sentence for one in check_keymap({"keys": keys}).problems]


def test_the_keys_as_delivered_are_a_keymap_without_a_problem() -> None:
    own = {
        one.name: [people_write(key) for key in one.keys.split(",")]
        for one in INTENTS
        if one.change.value != "none"
    }
    found = check_keymap({"keys": own})

    assert found.problems == ()
    assert for_textual(found.keymap) == {one.name: one.keys for one in INTENTS if one.name in own}


@pytest.mark.parametrize("key", ["r", "x", "1", "space", "é", "ß"])
def test_nothing_that_leads_to_a_write_gets_a_key_that_a_slip_of_a_finger_hits(key: str) -> None:
    assert any("leads to a write" in said for said in wrong(rollback=key))
    assert any("leads to a write" in said for said in wrong(actions=key))


@pytest.mark.parametrize("key", ["X", "ctrl+x", "f5", "É"])
def test_a_key_that_has_to_be_meant_may_lead_to_a_write(key: str) -> None:
    assert wrong(rollback=key) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"watch": "R"}, "R would mean rollback and watch at once on"),
        ({"watch": "down"}, "down would mean down and watch at once on"),
        ({"watch": "1"}, "1 would mean fleet and watch at once on"),
        ({"watch": "q"}, "q is the way out (leave), and has to stay it"),
        ({"watch": "esc"}, "esc is the way out (back), and has to stay it"),
        ({"help": "q"}, "q is the way out"),
        ({"watch": "ctrl+s"}, "ctrl+s stops the output of a terminal"),
        ({"watch": "ctrl+\\"}, "ctrl+\\ ends whatever runs in a terminal"),
        ({"watch": "ctrl+m"}, "a terminal sends the same for ctrl+m and enter"),
        ({"watch": "hyper+x"}, "hyper+x is no key"),
        ({"watch": []}, "watch wants a key, or a list of keys"),
        ({"watch": 7}, "watch wants a key, or a list of keys"),
        ({"next": "x"}, "next cannot have another key than enter"),
        ({"wach": "W"}, "wach is no action"),
        ({"\x1b[2J": "W"}, "\\x1b[2J is no action"),
    ],
)
def test_what_is_refused_is_said(keys: dict[str, object], said: str) -> None:
    problems = wrong(**keys)
    assert len(problems) == 1
    assert problems[0].startswith(said)


def test_a_file_with_anything_else_in_it_is_refused() -> None:
    assert [one.name for one in check_keymap({"key": {}}).problems] == ["key"]
    assert [one.name for one in check_keymap({"keys": []}).problems] == ["keys"]
    assert check_keymap({}).problems == ()


def test_two_that_exchange_their_keys_are_no_collision() -> None:
    assert wrong(watch="L", stragglers="w") == []


def test_keys_of_other_programs_are_allowed_and_noted() -> None:
    found = check_keymap({"keys": {"watch": ["ctrl+b", "alt+w"]}})
    assert found.problems == ()
    assert [one.sentence for one in found.notes] == [
        "ctrl+b works, but tmux takes it first",
        "alt+w works, but it is slow, or lost, over ssh",
    ]


def test_a_way_out_keeps_its_own_keys() -> None:
    found = check_keymap({"keys": {"leave": "ctrl+x", "help": "f2"}})
    assert for_textual(found.keymap) == {"leave": "q,ctrl+x", "help": "question_mark,f1,f2"}


def test_keys_are_written_as_people_write_them() -> None:
    for written in ("?", "!", "/", "[", "esc", "ctrl+x", "R", "pgup", "f12", "space", ",", "ctrl+\\"):
        assert people_write(key_name(written) or "") == written
    assert key_name("Ctrl+X") == "ctrl+x"
    assert key_name("shift+r") == "R"
    assert key_name("shift+1") is None
    assert key_name("ctrl+ctrl+x") is None
    assert key_name("ctrl+") is None
    assert key_name("\u202e") is None
    assert not is_bare("R")
    assert is_bare("enter")


def test_every_intent_works_somewhere() -> None:
    rows = {row.intent.name: row.screens for row in key_rows()}
    assert all(rows.values())
    assert rows["help"] == (EVERYWHERE,)


@pytest.mark.anyio
async def test_other_keys_work_and_show_everywhere(on: On, night: Sim) -> None:
    keymap = check_keymap(
        {"keys": {"rollback": "X", "models": "f3", "leave": "ctrl+x", "down": "ctrl+n"}}
    ).keymap
    async with on(night, size=(160, 48), keymap=keymap) as hands:
        await hands.see("X roll back  w watch", "Press X on it", "f3 Models")
        await hands.press("R", "2")
        await hands.on("FleetScreen")
        await hands.press("ctrl+n")
        assert "sentiment-v1" in hands.cursor
        await hands.press("down")
        assert "gemma3-1b" in hands.cursor
        await hands.press("f3")
        await hands.on("ModelsScreen")
        await hands.press("ctrl+p")
        await hands.type("rollback")
        await hands.see("rollback [NAME]")
        assert any("rollback" in row and " X " in row for row in hands.rows)
        await hands.press("escape", "question_mark")
        await hands.see("X only ever opens a preview", "f3")
        await hands.press("escape", "X")
        await hands.on("WizardScreen")
        await hands.press("ctrl+x")
        await hands.on("ModelsScreen")
        await hands.press("q")
        await hands.see("Leave the console?")
    async with on(Sim("night"), size=(160, 48)) as hands:
        await hands.see("R roll back  w watch")
