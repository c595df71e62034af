"""Keys that can be read again, and commands that write them."""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import BearerAuth, KeyHolder
from octomil_tui.api.credentials import read_credentials
from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import ApiKey, parse_key
from octomil_tui.api.key_command import run_key_command
from octomil_tui.api.key_source import (
    CredentialsFile,
    GivenKey,
    KeyCommand,
    KeyFile,
    Reread,
    read_key_stdin,
)
from tests.api.doubles import KEY, PRACTICE_KEY, SECRET

REMOTE = parse_address("https://h.test")
GENEROUS = 60.0
"""Seconds that a command gets here, where other processes load the machine."""


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def run(*arguments: str, within: float = GENEROUS, **environment: str) -> ApiKey:
    return run_key_command(
        arguments, {"PATH": os.environ["PATH"], **environment}, "profile p: api_key_command", within=within
    )


def refusal(*arguments: str, within: float = GENEROUS) -> str:
    with pytest.raises(KeyRefusedError) as caught:
        run(*arguments, within=within)
    assert "profile p: api_key_command" in str(caught.value)
    return str(caught.value)


def private(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def test_a_command_writes_the_key() -> None:
    assert run("echo", SECRET) == KEY
    code = (
        "import os, sys; print(sys.argv[1] if sys.stdin.read() == '' and 'OCTOMIL' not in os.environ else 0)"
    )
    assert run(*python(code), SECRET) == KEY


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    assert "contains whitespace" in refusal("echo", f"$HOME; touch {tmp_path}/made")
    assert list(tmp_path.iterdir()) == []


def test_a_command_has_no_terminal() -> None:
    code = (
        "import os\ntry:\n os.open('/dev/tty', os.O_RDWR)\nexcept OSError:\n print('edg_without_a_terminal')"
    )
    assert run(*python(code)).reveal() == "edg_without_a_terminal"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('edg_0123456789'); sys.exit(3)", "ended with 3"),
        (
            "import sys; sys.stderr.write('first\\nlocked \\x1b[2J store\\n'); sys.exit(1)",
            r": locked \\x1b\[2J",
        ),
        (f"import sys; sys.exit('bad {SECRET}')", r": bad edg_\[hidden\]"),
        ("import sys; print('hunter2hunter2'); sys.exit('no hunter2hunter2')", r": no \[hidden\]"),
        ("import os; os.kill(os.getpid(), 9)", "was killed"),
        ("", "is empty"),
        ("print('two words')", "contains whitespace"),
        ("import sys; sys.stdout.buffer.write(b'\\xff' * 20)", "non-ASCII"),
        ("print('e' * 5000)", "more than 4096 bytes"),
        ("while True: print('e' * 5000)", "more than 4096 bytes"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_command_that_gives_no_key(code: str, said: str) -> None:
    sentence = refusal(*python(code))
    assert SECRET not in sentence
    assert "\x1b" not in sentence
    with pytest.raises(KeyRefusedError, match=said):
        run(*python(code))


def test_a_command_that_cannot_be_run(tmp_path: Path) -> None:
    assert "cannot be run: No such file" in refusal(str(tmp_path / "missing"))
    assert "cannot be run: Permission denied" in refusal(str(private(tmp_path / "plain", "#!/bin/sh\n")))


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(600)",
        "import os, time; os.close(1); os.close(2); time.sleep(600)",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])",
    ],
    ids=["silent", "its pipes closed", "a child"],
)
def test_a_command_that_never_ends_is_ended(code: str) -> None:
    begun = time.monotonic()
    assert "was not done within 1 seconds" in refusal(*python(code), within=1.0)
    assert time.monotonic() - begun < GENEROUS


def test_what_a_command_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """An agent that holds the pipe open for ever must not hold up the console."""
    noted = tmp_path / "pid"
    code = (
        "import os, sys, time\n"
        f"print({SECRET!r}, flush=True)\n"
        "if os.fork() == 0:\n"
        f" open({str(noted)!r}, 'w').write(str(os.getpid()))\n"
        " time.sleep(600)\n"
        f"while not os.path.exists({str(noted)!r}) or not os.path.getsize({str(noted)!r}): time.sleep(0.01)\n"
        "os._exit(0)"
    )
    begun = time.monotonic()
    try:
        assert run(*python(code), within=600.0) == KEY
        assert time.monotonic() - begun < GENEROUS
    finally:
        with suppress(OSError, ValueError):
            os.kill(int(noted.read_text()), signal.SIGKILL)


def test_a_command_never_shows_its_arguments() -> None:
    source = KeyCommand(("vault", "hunter2"), (("TOKEN", "hunter2"),), "profile p")
    assert "hunter2" not in repr(source)
    assert KeyCommand(("echo", SECRET), (("PATH", os.environ["PATH"]),), "p").read() == KEY


def test_the_login_of_the_services_own_command_line(tmp_path: Path) -> None:
    whole = {"api_key": SECRET, "org_id": "o", "org_name": "O", "more": [1]}
    found = read_credentials(private(tmp_path / "a", json.dumps(whole)))
    assert (found.key, found.org_id, found.org_name) == (KEY, "o", "O")
    odd = read_credentials(
        private(tmp_path / "b", json.dumps({"api_key": SECRET, "org_id": 3, "org_name": ""}))
    )
    assert (odd.org_id, odd.org_name) == (None, None)
    assert CredentialsFile(tmp_path / "a").read() == KEY


@pytest.mark.parametrize(
    "content", ["", SECRET, "[]", "{}", '{"api_key": 3}', '{"api_key": "two words"}', "[" * 4_000]
)
def test_a_login_that_cannot_be_used_is_not_quoted(tmp_path: Path, content: str) -> None:
    with pytest.raises(KeyRefusedError, match="credentials") as caught:
        read_credentials(private(tmp_path / "credentials", content))
    assert SECRET not in str(caught.value)
    assert "two words" not in str(caught.value)


def test_case_39_the_login_is_held_to_the_rules_of_key_files(tmp_path: Path) -> None:
    path = private(tmp_path / "credentials", json.dumps({"api_key": SECRET}), 0o604)
    with pytest.raises(KeyRefusedError, match=f"chmod 600 {path}"):
        read_credentials(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"two words", "whitespace"),
        (b"\xff" * 9, "not text"),
        (b"e" * 5000, "larger than"),
    ],
)
def test_standard_input_without_a_key(content: bytes, said: str) -> None:
    with pytest.raises(KeyRefusedError, match=said):
        _piped(content)


def _piped(content: bytes) -> ApiKey:
    read, write = os.pipe()
    try:
        os.write(write, content)
        os.close(write)
        return read_key_stdin(read)
    finally:
        os.close(read)


def test_standard_input_with_a_key() -> None:
    assert _piped(SECRET.encode() + b"\n") == KEY
    with pytest.raises(KeyRefusedError, match="cannot be read: Bad file descriptor"):
        read_key_stdin(1_000_000)
    master, slave = os.openpty()
    try:
        with pytest.raises(KeyRefusedError, match="standard input is a terminal"):
            read_key_stdin(slave)
    finally:
        os.close(master)
        os.close(slave)


def test_case_28_a_rotated_key_is_used_from_the_next_request_on(tmp_path: Path) -> None:
    path = private(tmp_path / "key", SECRET)
    source = KeyFile(str(path))
    holder = KeyHolder(source.read(), source)
    auth = BearerAuth(holder, REMOTE)
    holder.is_refused = True
    assert holder.reread(REMOTE) is Reread.SAME
    assert holder.is_refused

    path.write_text("edg_live_the_next_one")
    assert holder.reread(REMOTE) is Reread.CHANGED
    assert not holder.is_refused
    headers: dict[str, str] = {}
    auth.attach(REMOTE.origin, headers)
    assert headers == {"Authorization": "Bearer edg_live_the_next_one"}
    assert "next_one" not in repr(holder) + repr(auth) + repr(source)


def test_case_28_a_key_that_cannot_be_used_leaves_the_old_one(tmp_path: Path) -> None:
    path = private(tmp_path / "key", SECRET)
    holder = KeyHolder(KEY, KeyFile(str(path)))
    path.chmod(0o644)
    with pytest.raises(KeyRefusedError, match="chmod 600"):
        holder.reread(REMOTE)
    path.chmod(0o600)
    path.write_text(PRACTICE_KEY.reveal())
    with pytest.raises(KeyRefusedError, match="embedded control plane"):
        holder.reread(REMOTE)
    path.unlink()
    with pytest.raises(KeyRefusedError, match="does not exist"):
        holder.reread(REMOTE)
    assert holder.key == KEY


def test_a_key_that_was_given_once_stays() -> None:
    for holder in (KeyHolder(KEY), KeyHolder(KEY, GivenKey(KEY))):
        assert holder.reread(REMOTE) is Reread.FIXED
        assert holder.key == KEY
    assert GivenKey(KEY).read() == KEY


def test_a_practice_key_is_for_this_machine_only() -> None:
    for text in ("https://h.test", "https://10.0.0.7", "https://[2001:db8::1]", "https://localhost.test"):
        with pytest.raises(KeyRefusedError, match="is not on this machine"):
            BearerAuth(PRACTICE_KEY, parse_address(text))
    for text in ("http://127.0.0.1", "http://[::1]:8", "https://localhost"):
        assert "no key" not in repr(BearerAuth(PRACTICE_KEY, parse_address(text)))
    assert "no key" in repr(BearerAuth(None, REMOTE))
    assert parse_key("edg_simulator").is_for_practice is False
