import copy
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import BearerAuth
from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import ApiKey, masked, parse_key, read_key_file
from tests.api.doubles import KEY, SECRET


def key_file(path: Path, content: bytes = SECRET.encode() + b"\n", mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_case_38_white_space_around_a_key_does_not_count() -> None:
    assert parse_key(f"  {SECRET}\r\n").reveal() == SECRET


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("edg_abc def123456", "whitespace"),
        ("edg_abc\ndef123456", "whitespace"),
        ("edg_abcdéf123456", "whitespace"),
        ("edg_abc\x00def123456", "whitespace"),
        ("edg_123", "7 characters"),
        ("e" * 513, "513 characters"),
        ("e" * 100_000, "100000 characters"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_case_38_what_is_no_key_is_refused_without_being_quoted(text: str, reason: str) -> None:
    with pytest.raises(KeyRefusedError, match=reason) as caught:
        parse_key(text, "OCTOMIL_API_KEY")
    assert "OCTOMIL_API_KEY" in str(caught.value)
    assert not text.strip() or text.strip() not in str(caught.value)


@given(st.text())
def test_parsing_is_total(text: str) -> None:
    said = ""
    try:
        key = parse_key(text)
    except KeyRefusedError as error:
        said = str(error)
    else:
        assert key.reveal() == text.strip()
    assert len(text.strip()) < 8 or text.strip() not in said


def test_a_key_is_shown_masked_only() -> None:
    assert masked(KEY) == "edg_…7f3a"
    assert masked(parse_key("abcdefgh")) == "…"
    assert masked(parse_key("0123456789" * 3)) == "…6789"
    assert masked(parse_key("averylongprefixwithoutend_abcdefghij")) == "…ghij"
    for shown in (repr(KEY), str(KEY), f"{KEY}", repr([KEY])):
        assert SECRET not in shown
        assert "7f3a" in shown


def test_a_key_cannot_be_pickled_or_copied() -> None:
    auth = BearerAuth(KEY, parse_address("https://h.test"))
    for thing in (KEY, auth):
        with pytest.raises(TypeError, match="never pickled"):
            pickle.dumps(thing)
        with pytest.raises(TypeError, match="never pickled"):
            copy.copy(thing)
        with pytest.raises(TypeError, match="never pickled"):
            copy.deepcopy(thing)


def test_keys_compare_by_value_and_have_a_fingerprint() -> None:
    assert ApiKey(SECRET) == KEY
    assert hash(ApiKey(SECRET)) == hash(KEY)
    assert parse_key("edg_another_key") != KEY
    assert SECRET != KEY
    assert len(KEY.fingerprint) == 8
    assert KEY.fingerprint not in SECRET


def test_the_bearer_goes_to_the_configured_origin_only() -> None:
    auth = BearerAuth(KEY, parse_address("https://api.test/v1"))
    headers = {"Authorization": "left over"}
    auth.attach(("https", "api.test.evil", 443), headers)
    assert headers == {}
    auth.attach(("https", "api.test", 443), headers)
    assert headers == {"Authorization": f"Bearer {SECRET}"}
    assert SECRET not in repr(auth) + str(auth)


def test_a_private_file_gives_its_key(tmp_path: Path) -> None:
    assert read_key_file(key_file(tmp_path / "key")) == KEY


def test_case_39_a_file_that_others_can_read_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    path = key_file(tmp_path / "key", mode=0o644)
    with pytest.raises(KeyRefusedError, match=f"chmod 600 {path}"):
        read_key_file(path)


def test_case_39_the_command_that_helps_can_be_pasted(tmp_path: Path) -> None:
    path = key_file(tmp_path / "my key; rm", mode=0o660)
    with pytest.raises(KeyRefusedError) as caught:
        read_key_file(path)
    assert str(caught.value).endswith(f"run: chmod 600 '{path}'")


def test_case_39_odd_files_are_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(key_file(tmp_path / "key"))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo, 0o600)
    folder = tmp_path / "folder"
    folder.mkdir(0o700)
    cases = {
        link: "symbolic link",
        fifo: "not a regular file",
        folder: "not a regular file",
        tmp_path / "missing": "does not exist",
        key_file(tmp_path / "large", b"e" * 4097): "larger than 4096",
        key_file(tmp_path / "binary", b"\xff\xfe" * 8): "not text",
        key_file(tmp_path / "empty", b"\n"): "is empty",
        tmp_path / "key" / "below": "Not a directory",
        Path("nul\x00in/path"): "not a path",
    }
    for path, reason in cases.items():
        with pytest.raises(KeyRefusedError, match=reason):
            read_key_file(path)


def test_case_39_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = key_file(tmp_path / "key")
    monkeypatch.setattr("os.geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(KeyRefusedError, match="another user"):
        read_key_file(path)
