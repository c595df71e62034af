"""`keys`: a keymap is checked whole, listed as it is, and refused whole where the console begins with it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.cli.keymap_file import KEYMAP_VARIABLE, keymap_of, keymap_place
from octomil_tui.ui.keymap import check_keymap
from tests.cli.conftest import Console


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "keymap.toml"
    monkeypatch.setenv(KEYMAP_VARIABLE, str(found))
    return found


def test_every_problem_is_named_with_its_line_and_the_way_to_mend_it(console: Console, path: Path) -> None:
    path.write_text('# mine\n[keys]\nwatch = "W"\nrollback = "x"\nstragglers = "ctrl+s"\nwach = "f5"\n')
    result = console("keys", "check")

    assert result.code == 2
    lines = result.out.splitlines()
    assert lines[0] == (
        f"{path}, line 4: rollback leads to a write, and x is hit by a slip of a finger: "
        'a capital, such as "X", or ctrl with a letter'
    )
    assert lines[1].startswith(f"{path}, line 5: ctrl+s stops the output of a terminal")
    assert lines[2] == f"{path}, line 6: wach is no action: the nearest is watch"
    told = json.loads(console("keys", "check", str(path), "--json").out)
    assert [one["line"] for one in told["problems"]] == [4, 5, 6]
    assert told["is_usable"] is False


def test_a_keymap_that_can_be_used_is_said_with_what_to_know_of_it(console: Console, path: Path) -> None:
    path.write_text('[keys]\n"watch" = ["ctrl+b", "W"]\n')
    result = console("keys", "check")

    assert (result.code, result.out) == (0, f"{path}: 1 action with keys of their own\n")
    assert f"{path}, line 2: ctrl+b works, but tmux takes it first" in result.err
    listed = json.loads(console("keys", "list", "--json").out)["keys"]
    watch = next(one for one in listed if one["name"] == "watch")
    assert (watch["keys"], watch["is_changed"]) == (["ctrl+b", "W"], True)
    assert "ctrl+b, W" in console("keys", "list").out


def test_what_is_written_to_begin_with_changes_nothing(console: Console) -> None:
    text = console("keys", "list", "--toml").out
    assert tomllib.loads(text) == {"keys": {}}
    bare = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    found = check_keymap(tomllib.loads(bare))
    assert found.problems == ()
    assert len(found.keymap) > 30


def test_without_a_file_every_key_is_as_delivered(console: Console) -> None:
    result = console("keys", "check")
    assert (result.code, "every key is as it is delivered" in result.out) == (0, True)
    assert keymap_of() == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[keys]\nwatch = \n", "is not TOML (line 2, column 9)"),
        ("[keys]\nwach = 'W'\nfoo = 'f'\n", "line 2: wach is no action"),
        (None, "does not exist"),
    ],
)
def test_the_console_begins_with_no_part_of_a_file_that_is_wrong(
    path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        keymap_of()
    assert said in caught.value.message


def test_a_file_that_others_can_write_is_refused(console: Console, path: Path) -> None:
    path.write_text("[keys]\n")
    path.chmod(0o666)
    result = console("keys", "check")
    assert result.code == 2
    assert f"the keymap {path} can be written by others; run: chmod go-w" in result.err


def test_an_empty_variable_means_none(monkeypatch: pytest.MonkeyPatch, console: Console) -> None:
    monkeypatch.setenv(KEYMAP_VARIABLE, "")
    assert keymap_place().path is None
    assert "no keymap (nowhere)" in console("keys", "check").out


def test_the_usual_place_is_beside_the_settings_file() -> None:
    found = keymap_place()
    assert found.path is not None
    assert (found.path.name, found.is_named) == ("keymap.toml", False)
