"""The schema for editors says what the reader says: both follow one table."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import octomil_tui.config
from octomil_tui.config.key import FILE_KEYS, PROFILE_KEYS
from octomil_tui.config.reader import understand
from octomil_tui.config.schema import FILE_NAME, make_schema
from octomil_tui.profile import Config, Profile
from tests.cli.conftest import Console

VALIDATOR = jsonschema.Draft202012Validator(make_schema())
PLACE = Path("/nowhere/config.toml")


def is_read(found: dict[str, Any]) -> bool:
    return not understand(found, PLACE).problems


def is_valid(found: dict[str, Any]) -> bool:
    return bool(VALIDATOR.is_valid(found))


def in_profile(key: str, *values: str) -> list[str]:
    return [f"[profiles.p]\n{key} = {value}" for value in values]


VALID = [
    "",
    "read_only = true\ntheme = 'light'\nascii = false\ncalm = true\nkeymap = 'k.toml'",
    "default_profile = 'a b'\n[profiles.'a b']",
    "[profiles.'']",
    *in_profile(
        "base_url",
        "'https://h'",
        "'https://h.test:8443/v1'",
        "'https://h.test./a/b-c_d~e/'",
        "'HTTPS://H.TEST'",
        "'http://localhost:1/v1'",
        "'http://127.0.0.1'",
        "'http://[::1]:80/v1'",
        "'https://[2001:db8::1]'",
        "'https://10.0.0.1/api'",
        "' https://h '",
    ),
    *in_profile("org_id", "'o'", "'a b'", "'Größe'", "'数'", "'edg_x'"),
    *in_profile("org_name", "'Acme, Inc.'"),
    *in_profile("level", "'production'", "'staging'", "'development'"),
    *in_profile("api_key_command", "['a']", "['a', '']", "['a', 'b c', '--d=e']"),
    *in_profile("api_key_file", "'k'", "'/a/k'", "'~/k'"),
    *in_profile("ca_file", "'ca.pem'"),
    *in_profile("proxy", "'none'", "'http://p:1'", "'https://u:p@h:1'", "'p.test:3128'", "'HTTP://p'"),
    *in_profile("on_event", "['a', '-']"),
    *in_profile("read_only", "true", "false"),
    *in_profile("theme", *(f"'{name}'" for name in ("default", "contrast", "light", "mono", "ansi"))),
    *in_profile("ascii", "true"),
    *in_profile("calm", "false"),
    *in_profile("keymap", "'k.toml'"),
]

INVALID = [
    "x = 1",
    "api_key = 'k'",
    "Read_Only = true",
    "read_only = 1",
    "read_only = 'true'",
    "default_profile = 1",
    "default_profile = ''",
    "profiles = 1",
    "profiles = []",
    "[profiles]\np = 1",
    "[[profiles]]\na = 1",
    "theme = 'night'",
    "theme = 1",
    "calm = 'no'",
    "keymap = ''",
    "keymap = []",
    "base_url = 'https://h'",
    *in_profile("api_key", "'k'"),
    *in_profile("token", "'k'"),
    *in_profile("default_profile", "'p'"),
    *in_profile("x", "1"),
    *in_profile(
        "base_url",
        "1",
        "''",
        "'h'",
        "'ftp://h'",
        "'https://'",
        "'http://h.test'",
        "'https://u:p@h'",
        "'https://h/?a'",
        "'https://h/#a'",
        "'https://h h'",
        '"https://h\\n"',
        '"https://h\\u00a0"',
        "'https://h:port'",
    ),
    *in_profile("org_id", "1", "''", '"a\\tb"', '"a\\n"', '"\\u200b"', '"a\\u202eb"', "['a']"),
    *in_profile("level", "'PROD'", "'prod'", "''", "true"),
    *in_profile(
        "api_key_command", "'a'", "[]", "['']", "['a', 1]", '["a\\u0000"]', '["a", "b\\u0000"]', "[[]]"
    ),
    *in_profile("api_key_file", "1", "''", '"a\\u0000"'),
    *in_profile("proxy", "1", "''", "'socks5://p'", "'http://'", "'ftp://p'"),
    *in_profile("read_only", "'yes'", "0"),
    *in_profile("on_event", "'a'"),
    *in_profile("theme", "'Light'"),
    *in_profile("calm", "1"),
    *in_profile("keymap", "false"),
]


@pytest.mark.parametrize("text", VALID)
def test_both_take_what_is_right(text: str) -> None:
    found = tomllib.loads(text)
    assert is_read(found)
    assert is_valid(found)


@pytest.mark.parametrize("text", INVALID)
def test_both_refuse_what_is_wrong(text: str) -> None:
    found = tomllib.loads(text)
    assert not is_read(found)
    assert not is_valid(found)


@pytest.mark.parametrize(
    "text",
    [
        "default_profile = 'q'",  # another key's name
        *in_profile("ca_file", "'~nobody-has-this-name/ca'"),  # this machine's homes
        *in_profile("base_url", "'https://1.2.3.999'", "'https://h:70000'", "'https://h/../v1'"),
    ],
)
def test_what_only_the_reader_can_know(text: str) -> None:
    found = tomllib.loads(text)
    assert is_valid(found)
    assert not is_read(found)


WORDS = st.sampled_from(
    [
        "",
        "none",
        "light",
        "staging",
        "https://h.test/v1",
        "http://h",
        "http://localhost",
        "p:1",
        "a\nb",
        "~/k",
        "x",
    ]
)
VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    WORDS,
    st.text(max_size=12),
    st.lists(st.one_of(WORDS, st.integers()), max_size=3),
)
HOSTS = st.from_regex(r"(https?|ftp)://[a-z0-9.:@\[\]_-]{0,16}(/[a-z.~?#]{0,6}){0,2}", fullmatch=True)
PROFILE = st.dictionaries(
    st.sampled_from([key.name for key in PROFILE_KEYS]), st.one_of(VALUES, HOSTS), max_size=4
)
FILE = st.dictionaries(st.sampled_from([key.name for key in FILE_KEYS]), VALUES, max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILE, PROFILE)
def test_the_schema_refuses_nothing_that_the_reader_takes(
    top: dict[str, Any], profile: dict[str, Any]
) -> None:
    found = {**top, "profiles": {"p": profile}}
    if is_read(found):
        assert is_valid(found)


def test_the_table_the_profile_and_the_file_have_the_same_keys() -> None:
    assert {one.name for one in fields(Profile)} == {"name", *(key.name for key in PROFILE_KEYS)}
    assert {one.name for one in fields(Config)} == {"path", "profiles", *(key.name for key in FILE_KEYS)}
    properties = make_schema()["$defs"]["profile"]["properties"]
    assert all(properties[key.name]["description"] == key.about for key in PROFILE_KEYS)
    for key in (*PROFILE_KEYS, *FILE_KEYS):
        if key.default is not None:
            assert key.kind.read(key.default, Path("/")) is not None


def test_the_file_in_the_wheel_and_what_is_printed_are_the_schema(console: Console) -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema())
    shipped = (Path(octomil_tui.config.__path__[0]) / FILE_NAME).read_text()
    printed = console("config", "schema")
    assert (printed.code, printed.out) == (0, shipped)
    assert json.loads(shipped) == make_schema()
    assert console("config", "schema", "--json").objects[0]["config_schema"] == make_schema()


def test_an_editor_is_told_where_a_key_belongs() -> None:
    [error] = VALIDATOR.iter_errors({"profiles": {"p": {"api_key": "edg_x"}}})
    assert "api_key_file" in error.schema["description"]


def test_the_document_names_every_key_as_the_table_has_it() -> None:
    document = (Path(__file__).parents[2] / "docs" / "CONFIG.md").read_text()
    for key in (*PROFILE_KEYS, *FILE_KEYS):
        assert f"| `{key.name}` |" in document
