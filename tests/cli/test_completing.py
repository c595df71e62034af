"""What a shell is told when somebody presses TAB."""

from __future__ import annotations

import argparse
import json
import stat
from pathlib import Path

import pytest

from octomil_tui.cli import completing
from octomil_tui.cli.completion import kind_of, script
from octomil_tui.cli.main import main
from octomil_tui.cli.name_cache import FRESH, NameCache, Named, usual_directory
from octomil_tui.cli.parser import build_parser
from octomil_tui.cli.typed import typed_so_far
from tests.cli.conftest import Console
from tests.cli.drill import Drill


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # A busy machine is no reason to know nothing; that the time ends is tested by itself.
    monkeypatch.setattr(completing, "HARD_DEADLINE", 30.0)


def ask(console: Console, drill: Drill, *arguments: str) -> list[str]:
    answer = console("__complete", *arguments, env=drill.env)
    assert (answer.code, answer.err) == (0, "")
    return answer.lines


def test_each_kind_of_name(console: Console, quiet: Drill) -> None:
    words = ("octomil-console", "rollout", "pause", "phi-4-mini", "--rollout", "")

    assert ask(console, quiet, "zsh", "models", *words) == ["phi-4-mini"]
    assert "eu-kiosks\t40 devices" in ask(console, quiet, "fish", "groups", *words)
    assert ask(console, quiet, "zsh", "versions", *words) == ["2.1.0", "2.0.0", "1.0.0", "0.9.0"]
    assert "4127\tto v2.0.0, active" in ask(console, quiet, "fish", "rollouts", *words)
    assert ask(console, quiet, "zsh", "runs", *words) == ["4127", "phi-4-mini"]


def test_bash_gets_what_continues_its_line(console: Console, quiet: Drill) -> None:
    line = "cd x; octomil-console hold phi-4-mini v0"

    assert ask(console, quiet, "bash", "versions", " :=", line) == ["v0.9.0"]


def test_the_service_is_asked_once_in_a_minute_and_never_written_to(console: Console, brief: Drill) -> None:
    for _ in range(3):
        ask(console, brief, "zsh", "groups", "octomil-console", "")

    assert [one["path"] for one in brief.log] == ["/v1/device-groups"]
    assert brief.writes == []


def test_what_is_kept_is_private_and_has_no_key_in_it(console: Console, quiet: Drill) -> None:
    ask(console, quiet, "zsh", "models", "octomil-console", "")

    (kept,) = usual_directory().iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert quiet.running.api_key not in kept.read_text() + kept.name
    assert json.loads(kept.read_text())["names"] == [["phi-4-mini", "mdl_phi4mini", ""]]


def test_profiles_need_neither_a_service_nor_a_key(console: Console, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("[profiles.staging]\n[profiles.prod]\n")
    settings.chmod(0o600)

    answer = console("__complete", "zsh", "profiles", "octomil-console", "--config", str(settings), "")
    assert answer.lines == ["staging", "prod"]
    assert console("__complete", "zsh", "profiles", "octomil-console", "").lines == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bash",),
        ("zsh", "models", "octomil-console", ""),
        ("zsh", "versions", "octomil-console", "--profile", "nobody", ""),
        ("fish", "models", "octomil-console", "--base-url", "nonsense", ""),
    ],
)
def test_what_goes_wrong_is_no_word_in_the_middle_of_a_line(
    console: Console, arguments: tuple[str, ...]
) -> None:
    answer = console("__complete", *arguments)

    assert (answer.code, answer.out, answer.err) == (1, "", "")


def test_a_service_that_says_nothing_costs_no_more_than_the_deadline(
    console: Console, brief: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "HARD_DEADLINE", 1.5)
    brief.faults({"fault": "latency", "seconds": 30})

    answer = console("__complete", "zsh", "models", "octomil-console", "", env=brief.env)
    assert (answer.code, answer.out, answer.err) == (1, "", "")


def test_the_cache_forgets_and_is_each_places_own(tmp_path: Path) -> None:
    here = NameCache(("https://a/v1", "org", "key"), tmp_path / "names")
    there = NameCache(("https://a/v1", "other", "key"), tmp_path / "names")
    names = (Named("phi", "m-1", "a word"),)
    here.put("models", names, 1_000.0)

    assert here.get("models", 1_000.0 + FRESH - 1) == names
    assert here.get("models", 1_000.0 + FRESH) is None
    assert here.get("models", 999.0) is None
    assert here.get("groups", 1_000.0) is None
    assert there.get("models", 1_000.0) is None


def test_the_cache_stays_small_and_survives_what_it_cannot_read(tmp_path: Path) -> None:
    directory = tmp_path / "names"
    cache = NameCache(("a",), directory)
    for number in range(250):
        cache.put(f"versions {number}", (), 1.0)
    assert len(list(directory.iterdir())) <= 200

    for kept in directory.iterdir():
        kept.write_text("[1, 2]")
    assert cache.get("versions 249", 1.0) is None
    cache.put("models", [Named("x" * (1 << 20))], 1.0)
    assert cache.get("models", 1.0) is None
    NameCache(("a",), Path("/proc/nowhere")).put("models", (), 1.0)


def test_a_name_that_cannot_be_typed_gives_way_to_its_id(console: Console, quiet: Drill) -> None:
    key = quiet.running.api_key
    ask(console, quiet, "zsh", "models", "octomil-console", "")
    (kept,) = usual_directory().iterdir()
    content = json.loads(kept.read_text())
    content["names"] = [["a\nb", "mdl_1", ""], ["--yes", "-x", ""], ["fine", "mdl_2", ""]]
    kept.write_text(json.dumps(content))

    assert key not in kept.read_text()
    assert ask(console, quiet, "zsh", "models", "octomil-console", "") == ["mdl_1", "fine"]


def test_what_a_line_says_so_far() -> None:
    parser = build_parser()
    line = ["--profile", "prod", "rollback", "phi", "--group=eu", "--watch", "--to-version"]

    assert typed_so_far(parser, line) == {"profile": "prod", "model": "phi", "group": "eu"}
    assert typed_so_far(parser, ["nonsense", "x"]) == {}
    assert typed_so_far(parser, ["models", "compare", "phi", "1", "2", "3"]) == {
        "model": "phi",
        "left": "1",
        "right": "2",
    }


def test_what_confirms_is_typed_by_a_person() -> None:
    parser = argparse.ArgumentParser()

    assert kind_of(parser.add_argument("--yes", metavar="WORD")) is None
    assert kind_of(parser.add_argument("model", metavar="MODEL")) == "models"
    assert kind_of(parser.add_argument("--group", metavar="NAME")) == "groups"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_comes_out_as_it_was_made(
    console: Console, shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del capsys
    answer = console("completion", shell)

    assert answer.code == 0
    assert answer.out.rstrip("\n") == script(shell).rstrip("\n")
    assert "__complete" in answer.out
    assert "api-key " not in answer.out


def test_a_shell_that_is_not_known_is_a_mistake_of_usage() -> None:
    assert main(["completion", "tcsh"]) == 2
