"""What is said of a terminal, of tmux, of a certificate and of a key: rules, without any of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from octomil_tui.api.address import parse_address
from octomil_tui.api.errors import NotFoundError
from octomil_tui.api.examine import Examined
from octomil_tui.api.key import parse_key
from octomil_tui.api.probe import Certificate
from octomil_tui.cli.checkup.finding import Finding, Mark
from octomil_tui.cli.checkup.machine import state_findings
from octomil_tui.cli.checkup.network import certificate_finding
from octomil_tui.cli.checkup.service import access_finding, clock_finding, may_write
from octomil_tui.cli.checkup.terminal import TerminalFacts, look_at_terminal, terminal_findings
from octomil_tui.cli.checkup.tmux import Tmux, read_options, tmux_findings
from octomil_tui.domain.access import Access
from octomil_tui.settings import Level, Setting, Settings

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "de_DE.UTF-8"}
DAY = 86_400


def of(findings: list[Finding], topic: str) -> Finding:
    return next(one for one in findings if one.topic == topic)


def said(facts: TerminalFacts) -> list[Finding]:
    return list(terminal_findings(facts))


def test_a_good_terminal_is_all_right() -> None:
    found = said(TerminalFacts(GOOD))
    assert {one.mark for one in found} == {Mark.OK}
    assert of(found, "terminal").line == "ok  terminal    xterm-256color"
    assert of(found, "characters").text == "UTF-8 (LANG=de_DE.UTF-8)"


@pytest.mark.parametrize(
    ("facts", "topic", "line"),
    [
        (
            TerminalFacts({"TERM": "dumb"}),
            "terminal",
            "!!  terminal    TERM is dumb: text cannot be placed; set TERM",
        ),
        (TerminalFacts({}), "terminal", "!!  terminal    TERM is not set"),
        (TerminalFacts(GOOD, is_terminal=False), "terminal", "??  terminal    not a terminal here"),
        (TerminalFacts(GOOD, size=(59, 24)), "size", "!!  size        59x24; make it 60x12 or larger"),
        (TerminalFacts(GOOD, size=(80, 11)), "size", "!!  size        80x11"),
        (TerminalFacts(GOOD, takes_output=False), "output", "!!  output      nobody reads what is written"),
        (TerminalFacts({**GOOD, "NO_COLOR": "1"}), "colours", "ok  colours     none, since NO_COLOR is set"),
        (TerminalFacts({"TERM": "xterm-256color"}), "colours", "ok  colours     256; COLORTERM=truecolor"),
        (
            TerminalFacts({"TERM": "linux"}),
            "colours",
            "??  colours     16, as far as TERM tells; --theme ansi",
        ),
        (
            TerminalFacts({**GOOD, "LC_ALL": "C"}, encoding="ascii"),
            "characters",
            "??  characters  ascii (LC_ALL=C): boxes are drawn in ASCII; LANG=C.UTF-8",
        ),
        (TerminalFacts({"TERM": "xterm"}), "characters", "ok  characters  UTF-8 (no locale is set)"),
        (
            TerminalFacts({**GOOD, "SSH_CONNECTION": "203.0.113.7 5 10.0.0.1 22"}),
            "ssh",
            "ok  ssh         from 203.0.113.7; c and y copy",
        ),
        (TerminalFacts(GOOD, tmux=Tmux()), "tmux", "??  tmux        some version; it did not say"),
    ],
)
def test_what_is_said_of_a_terminal(facts: TerminalFacts, topic: str, line: str) -> None:
    assert of(said(facts), topic).line.startswith(line)


def test_a_long_line_goes_on_indented_in_a_terminal() -> None:
    finding = Finding("clock", Mark.WRONG, "the service's is 6m ahead", "set this machine's")
    assert finding.lines(None) == ["!!  clock       the service's is 6m ahead; set this machine's"]
    assert finding.lines(50) == [
        "!!  clock       the service's is 6m ahead; set",
        "                this machine's",
    ]


OPTIONS = """\
set-clipboard on
default-terminal "tmux-256color"
focus-events on
allow-passthrough on
status-left "[#{session_name}] it's
"""


def tmux_lines(term: str = "tmux-256color", version: str = "3.4", **options: str) -> list[str]:
    changed = {name.replace("_", "-"): value for name, value in options.items()}
    return [one.line for one in tmux_findings(Tmux(version, {**read_options(OPTIONS), **changed}), term)]


def test_a_good_tmux_is_all_right() -> None:
    assert read_options(OPTIONS)["default-terminal"] == "tmux-256color"
    assert tmux_lines() == [
        "ok  tmux        3.4",
        "ok  tmux        set-clipboard is on: c and y reach your terminal, if it takes OSC 52",
    ]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (
            tmux_lines(set_clipboard="external"),
            "??  tmux        set-clipboard is external: c and y copy nowhere",
        ),
        (
            tmux_lines(set_clipboard="off"),
            "??  tmux        set-clipboard is off: c and y copy nowhere; tmux set -s",
        ),
        (
            tmux_lines("screen", default_terminal="screen"),
            "??  tmux        default-terminal is screen: few colours",
        ),
        (tmux_lines("xterm-256color"), "??  tmux        TERM is xterm-256color inside of it"),
        (tmux_lines(focus_events="off"), "??  tmux        focus-events is off"),
        (tmux_lines(allow_passthrough="off"), "??  tmux        allow-passthrough is off"),
    ],
)
def test_what_is_said_of_a_tmux(lines: list[str], line: str) -> None:
    assert any(one.startswith(line) for one in lines)


def test_an_old_tmux_is_not_told_of_what_it_does_not_have() -> None:
    assert not any("passthrough" in line for line in tmux_lines(version="3.2a", allow_passthrough="off"))


def test_this_process_s_terminal_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    assert look_at_terminal().tmux is None


@pytest.mark.parametrize(
    ("certificate", "mark", "text"),
    [
        (None, Mark.UNKNOWN, "trusted; it does not say when it ends"),
        (Certificate(None, "A", "TLSv1.3"), Mark.UNKNOWN, "trusted; it does not say when it ends"),
        (Certificate(100 * DAY, "A", "TLSv1.3"), Mark.OK, "trusted by A, TLSv1.3, ends in 90 days"),
        (Certificate(11.5 * DAY, "", "TLSv1.2"), Mark.UNKNOWN, "trusted, TLSv1.2, ends in 1 day"),
    ],
)
def test_what_is_said_of_a_certificate(certificate: Certificate | None, mark: Mark, text: str) -> None:
    found = certificate_finding(certificate, 10 * DAY)
    assert (found.mark, found.text) == (mark, text)


def test_a_real_service_s_clock_that_is_off_is_wrong() -> None:
    address = parse_address("https://api.example.test")
    # Answered halfway between 998 and 1000.
    assert clock_finding(Examined(2.0, None, 200, 1059.0), address, 1000.0).mark is Mark.OK
    found = clock_finding(Examined(2.0, None, 200, 1359.0), address, 1000.0)
    assert (found.mark, found.text) == (Mark.WRONG, "the service's is 6m ahead")


def settings(org: str | None = None) -> Settings:
    return Settings(
        base_url=Setting("https://h", "default"),
        org_id=Setting(org, "--org"),
        api_key=Setting(parse_key("edg_0123456789abcdefghij"), "OCTOMIL_API_KEY"),
        read_only=Setting(value=False, origin="default"),
        level=Level.PROD,
    )


@pytest.mark.parametrize(
    ("access", "mark", "text", "advice"),
    [
        (Access("me", "o", "admin"), Mark.OK, "accepted: role admin, of o, as me", ""),
        (Access(), Mark.OK, "accepted: nothing more is told", ""),
        (Access(scopes=("models:read", "rollouts:write")), Mark.OK, "; may models:read, rollouts:write", ""),
        (Access(scopes=tuple(f"s{n}:write" for n in range(9))), Mark.OK, "s5:write and 3 more", ""),
        (Access(scopes=()), Mark.UNKNOWN, "; may nothing", "by that it may look, and not roll back"),
        (Access(role="Viewer"), Mark.UNKNOWN, "role Viewer", "by that it may look, and not roll back"),
        (Access(org_id="other"), Mark.UNKNOWN, "of other", "the settings name o (--org)"),
        (NotFoundError("no"), Mark.UNKNOWN, "the service does not tell what it may do", ""),
    ],
)
def test_what_is_said_of_a_key(access: Access | NotFoundError, mark: Mark, text: str, advice: str) -> None:
    found = access_finding(access, settings("o"))
    assert (found.mark, found.advice) == (mark, advice)
    assert text in found.text
    assert found.text.startswith("affe6da3 from OCTOMIL_API_KEY, accepted")


def test_who_may_write() -> None:
    assert may_write(Access(scopes=("*",)))
    assert may_write(Access(scopes=("rollouts:*",)))
    assert may_write(Access(role="viewer", scopes=("rollouts:write",)))
    assert not may_write(Access(role="admin", scopes=("models:read",)))


def test_a_place_to_write_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octomil_tui.cli.checkup.machine.os.access", lambda *_: False)
    [found] = state_findings(tmp_path / "state")
    assert "cannot be made by" in found.text
    (tmp_path / "state").mkdir(mode=0o700)
    [found] = state_findings(tmp_path / "state")
    assert "cannot be written to by" in found.text
    (tmp_path / "link").symlink_to(tmp_path)
    [found] = state_findings(tmp_path / "link")
    assert "is a symbolic link" in found.text


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SimpleNamespace(free=3 * 1024 * 1024)
    monkeypatch.setattr("octomil_tui.cli.checkup.machine.shutil.disk_usage", lambda _: disk)
    [_, found] = state_findings(tmp_path)
    assert (found.mark, found.text) == (Mark.WRONG, "3 MiB are free for records")

    def fails(_: Path) -> None:
        raise OSError

    monkeypatch.setattr("octomil_tui.cli.checkup.machine.shutil.disk_usage", fails)
    [_, found] = state_findings(tmp_path)
    assert found.mark is Mark.UNKNOWN
