from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.version import is_older, named, registry_order, semantic_key

OLDEST_FIRST = (
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
    "10.0.0",
)


@pytest.mark.parametrize(("older", "newer"), itertools.pairwise(OLDEST_FIRST))
def test_semantic_precedence_follows_semver_section_11(older: str, newer: str) -> None:
    assert is_older(older, newer, {}) is True
    assert is_older(newer, older, {}) is False


def test_build_metadata_does_not_count() -> None:
    assert is_older("1.0.0+a", "1.0.0+b", {}) is False
    assert is_older("1.0.0+b", "1.0.0+a", {}) is False


def test_a_leading_v_does_not_count() -> None:
    assert semantic_key("v1.2.3") == semantic_key("1.2.3")


def test_the_registry_decides_before_semantic_versions_do() -> None:
    order = registry_order(("1.0.0", "2.0.0"))
    assert order == {"2.0.0": 0, "1.0.0": 1}
    assert is_older("2.0.0", "1.0.0", order) is True


def test_a_version_that_the_registry_does_not_know_is_compared_semantically() -> None:
    assert is_older("0.9.0", "1.0.0", registry_order(("2.0.0", "1.0.0"))) is True
    assert is_older("1.0.0", "0.9.0", registry_order(("2.0.0", "1.0.0"))) is False


@pytest.mark.parametrize(("left", "right"), [("nightly", "1.0.0"), ("1.0.0", "nightly"), ("a", "b")])
def test_what_cannot_be_compared_is_said_to_be_neither(left: str, right: str) -> None:
    assert is_older(left, right, {}) is None


def test_a_version_with_more_digits_than_a_number_may_have_is_not_semantic() -> None:
    assert semantic_key("1." + "9" * 5_000 + ".0") is None


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.0.0.0", "1.0.x", "\u0661.0.0", "1.0.0-", " 1.0.0", "1.0.0\n"]
)
def test_other_text_is_not_a_semantic_version(text: str) -> None:
    assert semantic_key(text) is None


@given(
    st.lists(
        st.text("0123456789.-+arcv", max_size=12) | st.sampled_from(OLDEST_FIRST), min_size=2, max_size=2
    )
)
def test_at_most_one_of_two_versions_is_older(pair: list[str]) -> None:
    left, right = pair
    forth, back = is_older(left, right, {}), is_older(right, left, {})
    assert (forth is None) == (back is None)
    assert not (forth and back)


def test_a_version_may_be_named_as_it_is_shown() -> None:
    assert named("v1.0.0", {"1.0.0", "2.0.0"}) == "1.0.0"
    assert named("1.0.0", {"1.0.0"}) == "1.0.0"


def test_a_version_that_the_registry_writes_with_a_v_keeps_it() -> None:
    assert named("v1.0.0", {"v1.0.0", "1.0.0"}) == "v1.0.0"


def test_a_version_that_nobody_knows_stays_as_it_was_typed() -> None:
    assert named("v7.0.0", {"1.0.0"}) == "v7.0.0"
    assert named("nightly", {"1.0.0"}) == "nightly"
    assert named("", {""}) == ""
