"""The command line, the palette and a keymap at the installed console, in a real terminal."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.hands import CONSOLE, type_text
from tests.terminal.pty import Terminal


def test_commands_and_keys_of_ones_own_in_a_terminal(tmp_path: Path) -> None:
    keymap = tmp_path / "keymap.toml"
    keymap.write_text('[keys]\nrollback = "X"\n')
    with Terminal(
        [CONSOLE, "demo", "--read-only"], cwd=tmp_path, env={"OCTOMIL_KEYMAP": str(keymap)}
    ) as terminal:
        terminal.wait_for("X roll back")
        terminal.wait_for("4 silent")
        terminal.press(":")
        terminal.wait_for("tab complete")
        type_text(terminal, "model gem")
        terminal.press("tab")
        terminal.wait_for("model gemma3-1b")
        terminal.press("enter")
        terminal.wait_for("Fleet > gemma3-1b")
        terminal.press("ctrl+p")
        terminal.wait_for("what do you want?")
        type_text(terminal, "rollback")
        terminal.wait_for("read-only: shows it")
        terminal.press("enter")
        terminal.wait_for("ROLL BACK gemma3-1b")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit() == 130
        assert terminal.left_on == set()


def test_a_keymap_that_is_wrong_is_refused_in_one_sentence(tmp_path: Path) -> None:
    keymap = tmp_path / "keymap.toml"
    keymap.write_text('[keys]\nrollback = "x"\n')
    with Terminal([CONSOLE, "demo"], cwd=tmp_path, env={"OCTOMIL_KEYMAP": str(keymap)}) as terminal:
        assert terminal.wait_exit() == 2
        assert b"rollback leads to a write, and x is hit by a slip of a finger" in terminal.raw
