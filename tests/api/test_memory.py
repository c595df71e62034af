"""What is remembered of answers, and within which bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api.answer import Answer
from octomil_tui.api.memory import Kept, Memory, condition, made, question_of

Q = question_of("/v1/models", {"limit": "100", "offset": "0"})


def answer(body: bytes, **headers: str) -> Answer:
    return Answer(200, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def test_a_question_is_a_path_and_its_query_in_any_order() -> None:
    assert question_of("/v1/models", {"offset": "0", "limit": "100"}) == Q
    assert question_of("/v1/models", {"offset": "100", "limit": "100"}) != Q
    assert question_of("/v1/devices", {"limit": "100", "offset": "0"}) != Q


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', '""', '"a,b;c"'])
def test_a_name_is_sent_back_as_it_came(etag: str) -> None:
    kept = Memory().remember(Q, answer(b"[]", etag=etag), None)
    assert condition(kept)["If-None-Match"] == etag


@pytest.mark.parametrize(
    "etag", ["abc", '"a b"', '"a"b"', '"\x7f"', '"é"', '"' + "a" * 255 + '"', '"a\r\nX: 1"', "*"]
)
def test_what_is_no_name_is_not_sent_back(etag: str) -> None:
    kept = Memory().remember(Q, answer(b"[]", etag=etag), None)
    assert kept is not None
    assert condition(kept) == {}
    assert condition(None) == {}


def test_the_same_bytes_are_the_same_answer_under_their_new_name() -> None:
    memory = Memory()
    first = memory.remember(Q, answer(b"[1]", etag='"a"'), None)
    again = memory.remember(Q, answer(b"[1]", etag='"b"'), memory.recall(Q))
    assert again is first
    assert condition(again)["If-None-Match"] == '"b"'
    other = memory.remember(Q, answer(b"[2]"), memory.recall(Q))
    assert other is not first
    assert memory.size == 3


def test_another_key_is_told_nothing() -> None:
    memory, one, other = Memory(), object(), object()
    memory.belongs_to(one)
    memory.remember(Q, answer(b"[1]", etag='"a"'), None)
    memory.belongs_to(one)
    assert memory.recall(Q) is not None
    memory.belongs_to(other)
    assert (memory.recall(Q), memory.size) == (None, 0)


def test_what_must_not_be_kept_is_not() -> None:
    memory = Memory()
    memory.remember(Q, answer(b"[1]"), None)
    assert memory.remember(Q, answer(b"[2]", cache_control="private, No-Store"), memory.recall(Q)) is None
    assert (memory.recall(Q), memory.size) == (None, 0)


def test_what_is_larger_than_all_of_it_is_not_kept() -> None:
    memory = Memory(limit=3)
    assert memory.remember(Q, answer(b"1234"), None) is None
    assert memory.size == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=60))
def test_it_never_holds_more_bytes_than_its_limit_and_forgets_the_oldest_first(
    steps: list[tuple[int, int]],
) -> None:
    memory = Memory(limit=100)
    last: dict[int, int] = {}
    for time, (name, size) in enumerate(steps):
        question = question_of(str(name), {})
        before = memory.recall(question)
        memory.remember(question, answer(bytes([time % 256]) * size), before)
        last[name] = time
        held = [n for n in last if memory.recall(question_of(str(n), {})) is not None]
        # Recalling moves them, so the order is set right again.
        for n in sorted(held, key=last.__getitem__):
            memory.recall(question_of(str(n), {}))
        assert memory.size <= 100
        gone = [n for n in last if n not in held]
        assert all(last[a] < last[b] for a in gone for b in held)


def test_what_is_made_of_an_answer_is_made_once_for_each_variant() -> None:
    kept, calls = Kept(b"[]", None), []

    def make() -> int:
        calls.append(1)
        return len(calls)

    assert [made(kept, "page", "a", make) for _ in range(3)] == [1, 1, 1]
    assert made(kept, "page", "b", make) == 2
    assert made(kept, "value", "b", make) == 3
    assert [made(None, "page", "a", make) for _ in range(2)] == [4, 5]
    kept.keep("page", "c", 9)
    assert kept.before("page") == ("c", 9)
