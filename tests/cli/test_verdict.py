from __future__ import annotations

import io

import pytest

from octomil_tui.api import errors
from octomil_tui.cli.exits import Exit, exit_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import UsageError, build_parser
from octomil_tui.cli.sending import Sending
from octomil_tui.cli.verdict import ANY_OFFLINE, Until, has_ended, is_verified, verdict
from octomil_tui.cli.waiting import waiting_of
from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.rollback import Phase
from tests.report.test_sentences import rollback_of

SETTLED = (PlanClass.CHANGE, Stage.SETTLED, 3)
VERIFIED = (PlanClass.CHANGE, Stage.VERIFIED, 3)
OFFLINE = (PlanClass.CHANGE, Stage.OFFLINE, 2)


@pytest.mark.parametrize(
    ("phase", "code", "word"),
    [
        (Phase.COMPLETE, 0, "complete"),
        (Phase.DONE, 6, "done"),
        (Phase.ROLLING_BACK, 4, "running"),
        (Phase.REGRESSED, 1, "regressed"),
        (Phase.FAILED, 1, "failed"),
        (Phase.SUPERSEDED, 7, "superseded"),
        (Phase.WIDER, 7, "wider"),
        (Phase.NOT_SENT, 3, "not_sent"),
        (Phase.REJECTED, 5, "rejected"),
        (Phase.NOT_FOUND, 4, "unknown"),
        (Phase.UNCONFIRMED, 4, "unknown"),
        (Phase.SENDING, 4, "unknown"),
    ],
)
def test_every_phase_has_its_status(phase: Phase, code: int, word: str) -> None:
    ended = verdict(rollback_of(phase, SETTLED, OFFLINE))
    assert (ended.exit, ended.word) == (code, word)
    assert ended.sentence or phase is Phase.REJECTED


def test_offline_devices_may_be_allowed() -> None:
    done = rollback_of(Phase.DONE, SETTLED, OFFLINE)
    assert verdict(done, offline_ok=1).exit == 6
    assert verdict(done, offline_ok=2).exit == 0
    assert verdict(done, offline_ok=ANY_OFFLINE).exit == 0
    verified = rollback_of(Phase.ROLLING_BACK, VERIFIED, OFFLINE)
    assert verdict(verified, until=Until.VERIFIED).exit == 6
    assert verdict(verified, until=Until.VERIFIED, offline_ok=2).exit == 0


def test_what_is_waited_for() -> None:
    done, verified = rollback_of(Phase.DONE, SETTLED), rollback_of(Phase.ROLLING_BACK, VERIFIED)
    assert [has_ended(done, until) for until in Until] == [True, True, False]
    assert [has_ended(verified, until) for until in Until] == [True, False, False]
    assert not is_verified(rollback_of(Phase.ROLLING_BACK, VERIFIED, (PlanClass.UP, Stage.WAITING, 1)))
    assert not is_verified(rollback_of(Phase.ROLLING_BACK))
    for phase in (Phase.WIDER, Phase.SUPERSEDED, Phase.FAILED, Phase.REGRESSED, Phase.COMPLETE):
        assert all(has_ended(rollback_of(phase, SETTLED), until) for until in Until)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.AddressError("x"), 2),
        (errors.KeyRefusedError("x"), 2),
        (errors.ReadOnlyError("x"), 5),
        (errors.UnreachableError("x"), 3),
        (errors.UntrustedError("x"), 3),
        (errors.TimedOutError("x"), 3),
        (errors.NotTheApiError("x"), 3),
        (errors.UnauthorizedError("x", status=401), 8),
        (errors.ForbiddenError("x", status=403), 8),
        (errors.NotFoundError("x", status=404), 2),
        (errors.RateLimitedError("x", status=429), 3),
        (errors.ServerError("x", status=500), 3),
        (errors.NotSentError("x"), 3),
        (errors.RejectedError("x", status=409), 7),
        (errors.RejectedError("x"), 5),
        (errors.UnknownOutcomeError("x"), 4),
    ],
)
def test_every_error_has_its_status(error: errors.OctomilError, code: int) -> None:
    assert exit_of(error) == code


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (None, "nothing was sent"),
        (Phase.REJECTED, "had refused it"),
        (Phase.SENDING, "may have begun"),
        (Phase.UNCONFIRMED, "may have begun"),
        (Phase.ROLLING_BACK, "the rollback goes on"),
    ],
)
def test_an_interrupt_tells_what_is_known(phase: Phase | None, said: str) -> None:
    class At(Sending):
        def __init__(self) -> None:
            self._rollback = rollback_of(phase) if phase is not None else None

        @property
        def model_name(self) -> str:
            return "phi-4-mini"

    ended = At().interrupted()
    assert ended.exit is Exit.INTERRUPTED
    assert said in ended.sentence


@pytest.mark.parametrize(
    ("arguments", "seconds", "offline_ok"),
    [
        (["watch"], None, 0),
        (["watch", "--timeout", "30m", "--offline-ok=5"], 1800.0, 5),
        (["watch", "4131", "--timeout", "2h", "--offline-ok"], 7200.0, ANY_OFFLINE),
        (["watch", "--timeout", "1.5"], 1.5, 0),
    ],
)
def test_how_long_to_wait(arguments: list[str], seconds: float | None, offline_ok: int) -> None:
    waiting = waiting_of(build_parser(with_sim=False).parse_args(arguments))
    assert (waiting.timeout, waiting.offline_ok, waiting.until) == (seconds, offline_ok, Until.SETTLED)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "--org", "a", "models", "list"],
        ["models", "--json", "--org", "a", "list"],
        ["models", "list", "--json", "--org", "a"],
    ],
)
def test_flags_are_taken_everywhere(arguments: list[str]) -> None:
    found = build_parser(with_sim=False).parse_args(arguments)
    assert (found.json, found.org, found.command) == (True, "a", "models_list")


def test_abbreviations_mean_nothing() -> None:
    with pytest.raises(UsageError):
        build_parser(with_sim=False).parse_args(["models", "list", "--api-key-f", "x"])


class Broken(io.StringIO):
    """A stream that cannot be written, for one reason or another."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def write(self, _text: str) -> int:
        raise self._error


def test_lines_are_made_safe() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = Output(is_json=False, out=out, err=err)
    output.lines(["a\x1b[2J\x9b\u202eb\nc"])
    output.note("\x07d")
    output.question("e\x1b")
    output.data({"event": "x"})
    assert out.getvalue() == "a\\x1b[2J\\x9b\\u202eb\\x0ac\n"
    assert err.getvalue() == "\\x07d\ne\\x1b "


def test_a_full_disk_is_said_once_and_a_broken_pipe_never() -> None:
    err = io.StringIO()
    output = Output(is_json=False, out=Broken(OSError(28, "full")), err=err)
    output.lines(["a", "b"])
    assert not output.is_heard
    assert err.getvalue() == "the output cannot be written: No space left on device\n"
    err = io.StringIO()
    output = Output(is_json=True, out=Broken(BrokenPipeError(32, "gone")), err=err)
    output.data({"event": "x"})
    assert (err.getvalue(), output.is_heard) == ("", False)
    deaf = Output(is_json=False, out=Broken(ValueError("closed")), err=Broken(ValueError("closed")))
    deaf.lines(["a"])
    deaf.note("b")
    deaf.note("c")
    assert not deaf.is_heard
