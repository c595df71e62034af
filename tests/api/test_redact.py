"""Secrets are taken out of texts, in every form that they are written in."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api.errors import OctomilError
from octomil_tui.api.key import parse_key
from octomil_tui.api.redact import _Register, hide, hide_known

SECRET = "s3cr3t/with+odd\\\"'%characters~7f3a"  # noqa: S105 - a key that opens nothing


@pytest.fixture
def register() -> _Register:
    made = _Register()
    made.add(SECRET)
    return made


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        json.dumps(SECRET)[1:-1],
        repr(SECRET)[1:-1],
        repr(SECRET.encode())[2:-1],
    ],
    ids=["as it is", "in a URL", "in JSON", "in repr", "in repr of bytes"],
)
def test_case_37_forms_of_a_secret(register: _Register, form: str) -> None:
    assert register.hide(f"Bearer {form}, again {form}") == "Bearer [hidden], again [hidden]"


@given(st.binary(max_size=12), st.binary(max_size=12), st.booleans())
def test_case_37_a_secret_in_base64_whatever_is_around_it(before: bytes, after: bytes, is_url: bool) -> None:
    register = _Register()
    register.add(SECRET)
    encode = base64.urlsafe_b64encode if is_url else base64.b64encode
    text = register.hide(encode(before + SECRET.encode() + after).decode())
    assert "[hidden]" in text
    left = text.replace("[hidden]", "")
    # What is left are the characters of the neighbours, and of the two bytes shared with them.
    assert len(left) <= len(encode(before)) + len(encode(after)) + 6


def test_what_looks_like_a_key_is_one() -> None:
    assert hide("a edg_x-1_Y, 'edg_z'") == "a edg_[hidden], 'edg_[hidden]'"
    assert hide(hide("edg_x")) == hide("edg_x")


def test_a_result_keeps_names_that_only_look_like_keys() -> None:
    parse_key("edg_that_is_known")
    assert hide_known("edg_device and edg_that_is_known") == "edg_device and edg_[hidden]"


def test_a_key_with_more_characters_than_usual_is_hidden_whole() -> None:
    parse_key("edg_odd.key:with/more")
    assert hide("no edg_odd.key:with/more here") == "no edg_[hidden] here"


def test_every_key_that_is_made_is_hidden_in_errors() -> None:
    parse_key("another-kind-of-key-0815")
    error = OctomilError(
        "refused: another-kind-of-key-0815", code="another-kind-of-key-0815", request_id="edg_x1"
    )
    assert (str(error), error.code, error.request_id) == ("refused: [hidden]", "[hidden]", "edg_[hidden]")
    # Also where the sentence would be cut in the middle of it.
    cut = OctomilError("x" * 290 + "another-kind-of-key-0815")
    assert "another" not in str(cut)


def test_short_texts_are_words_and_no_secrets(register: _Register) -> None:
    register.add("the")
    assert register.hide("the fleet") == "the fleet"


def test_the_newest_secrets_are_remembered() -> None:
    register = _Register()
    for number in range(100):
        register.add(f"secret-number-{number:03}")
        register.add(f"secret-number-{number:03}")
    assert repr(register) == "64 secrets"
    assert "secret-number" not in register.hide("secret-number-099 secret-number-036")
    assert register.hide("secret-number-035") == "secret-number-035"
