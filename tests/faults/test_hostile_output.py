"""Hostile names in what the commands print: JSON for programs, lines for people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from octomil_tui.cli.main import main
from tests.cli.drill import run_process
from tests.faults.odd_names import OddNames

ESCAPES = "\x1b]52;c;cm0gLXJm\x07\x1b]0;owned\x1b\\\x1bc\x9b2J\x00\x7f"
LAYOUT = "\u0301\u0301\u0301\u0301界a\u202eb\u200b\ufeff\u2028\u2029e\U000e0041\n\r\t\x85"
HALF = "\ud800é😀\udfff"
MARKUP = "[@click=app.leave]x[/] [/foo] [link=https://evil.test]z[/link]"
ATTACKS = (ESCAPES, LAYOUT, HALF, MARKUP)

MODEL, GOOD, GROUP = "phi-4-mini", "1.0.0", "staging"


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def service() -> Iterator[OddNames]:
    with OddNames(*ATTACKS) as running:
        yield running


def run(
    service: OddNames, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, *words: str
) -> Said:
    """Run a command in this process and return the bytes it wrote, as the UTF-8 that they have to be."""
    for name, value in service.env.items():
        monkeypatch.setenv(name, value)
    code = main(list(words))
    out, err = capfdbinary.readouterr()
    return Said(code, out.decode(), err.decode())


def bad(text: str) -> list[str]:
    """Return the characters that a terminal obeys or that move others."""
    hidden = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    return [ascii(letter) for letter in text if letter != "\n" and unicodedata.category(letter) in hidden]


READS = {
    "models": ("models", "list"),
    "versions": ("models", "versions", MODEL),
    "status": ("rollout", "status", MODEL),
    "groups": ("groups",),
    "devices": ("devices",),
    "plan": ("plan", MODEL, "--to-version", GOOD),
    "group plan": ("plan", MODEL, "--to-version", GOOD, "--group", GROUP),
    "no such version": ("plan", MODEL, "--to-version", "7.7.7"),
    "not confirmed": ("rollback", MODEL, "--to-version", GOOD, "--yes", "wrong"),
    "nothing to watch": ("watch", MODEL),
}


def named(service: OddNames, words: tuple[str, ...]) -> list[str]:
    """Return the words with the names that the console gives: half a character is named by its escape."""
    odd = {
        word: service.odd(word).encode(errors="backslashreplace").decode() for word in (MODEL, GOOD, GROUP)
    }
    return [odd.get(word, word) for word in words]


@pytest.mark.parametrize("command", READS)
def test_case_07_json_is_ascii_that_programs_can_read(
    service: OddNames,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    said = run(service, capfdbinary, monkeypatch, *named(service, READS[command]), "--json")
    assert said.out.isascii()
    assert bad(said.out + said.err) == []
    lines = said.out.splitlines()
    assert [type(json.loads(line)) for line in lines] == [dict] * len(lines)
    assert lines or said.err


@pytest.mark.parametrize("command", READS)
def test_case_07_lines_have_no_controls(
    service: OddNames,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    said = run(service, capfdbinary, monkeypatch, *named(service, READS[command]))
    assert bad(said.out + said.err) == []
    assert said.out or said.err


def test_case_07_the_whole_rollback(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with OddNames(*ATTACKS) as service:
        order = named(service, ("rollback", MODEL, "--to-version", GOOD, "--yes", MODEL))
        service.refuses_writes = True
        refused = run(service, capfdbinary, monkeypatch, *order, "--reason", ESCAPES)
        assert (refused.code, bad(refused.out + refused.err)) == (7, []), refused
        service.refuses_writes = False
        sent = run(service, capfdbinary, monkeypatch, *order, "--reason", LAYOUT, "--json")
        assert (sent.code, bad(sent.out + sent.err), sent.out.isascii()) == (0, [], True)
        for flags in ((), ("--json",)):
            watched = run(
                service,
                capfdbinary,
                monkeypatch,
                "watch",
                *named(service, (MODEL,)),
                "--timeout",
                "1",
                *flags,
            )
            assert (watched.code, bad(watched.out + watched.err)) == (4, [])
        service.is_broken = True
        broken = run(service, capfdbinary, monkeypatch, "groups")
        assert (broken.code, bad(broken.out + broken.err)) == (3, [])


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["lines", "json"])
def test_case_07_in_a_process_whose_locale_knows_ascii_only(
    service: OddNames, flags: tuple[str, ...]
) -> None:
    env = {**service.env, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    said = run_process(env, "devices", "--limit", "20", *flags)
    assert (said.code, said.out.isascii(), bad(said.out)) == (0, True, [])
    assert said.out.count("\\\\") >= 20, "escapes"
