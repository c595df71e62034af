import json
from typing import Any

import pytest

from octomil_tui.api import wire
from octomil_tui.api.answer import Answer
from octomil_tui.api.error_body import ErrorBody, read_error_body, status_error
from octomil_tui.api.errors import (
    ForbiddenError,
    NotFoundError,
    NotSentError,
    NotTheApiError,
    RateLimitedError,
    RedirectedError,
    RejectedError,
    ServerError,
    StatusError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from octomil_tui.api.fault import Fault
from octomil_tui.api.outcome import lost, settle

HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json", "x-request-id": "req_1"}
ERROR = {"error": "conflict", "message": "Another rollback is running", "status_code": 409}


def is_empty(reply: object) -> bool:
    return isinstance(reply, wire.RollbackReply) and reply.is_empty


def said(status: int, data: Any, **headers: str) -> Answer:
    return Answer(status, {**JSON, **headers}, json.dumps(data).encode())


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_accepted(status: int) -> None:
    reply = settle(said(status, {"affected_devices": 124}), "h")
    assert isinstance(reply, wire.RollbackReply)
    assert reply.affected_devices == 124


@pytest.mark.parametrize("wrapper", ["rollback", "rollout", "data"])
def test_success_may_be_wrapped(wrapper: str) -> None:
    reply = settle(said(200, {wrapper: {"affected_devices": 12, "id": "r"}}), "h")
    assert isinstance(reply, wire.RollbackReply)
    assert (reply.affected_devices, reply.rollout_id) == (12, "r")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"17", b"{}", b'{"affected_devices": -3}', b'{"ok": true}']
)
def test_success_without_readable_details_is_accepted(body: bytes) -> None:
    assert is_empty(settle(Answer(202, JSON, body), "h"))
    assert is_empty(settle(Answer(204, {}, body), "h"))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 410, 422, 429])
def test_a_refusal_in_the_services_words_is_a_rejection(status: int) -> None:
    error = settle(said(status, ERROR), "h")
    assert isinstance(error, RejectedError)
    assert (error.status, error.code, error.request_id) == (status, "conflict", "req_1")
    assert "Another rollback is running" in str(error)


def test_a_rejection_says_how_long_to_wait() -> None:
    error = settle(said(429, {"code": "rate_limited"}, **{"retry-after": "7"}), "h")
    assert isinstance(error, RejectedError)
    assert (error.retry_after, str(error)) == (7.0, "rate limited (429): rate_limited")


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(status, JSON, json.dumps(ERROR).encode()) for status in (100, 301, 302, 303, 307, 308)),
        *(Answer(status, JSON, json.dumps(ERROR).encode()) for status in (408, 425, 500, 501, 502, 503, 504)),
        *(Answer(status, HTML, b"<html>") for status in (200, 202, 400, 403, 404, 409, 422, 429, 502)),
        Answer(200, {"content-type": "text/plain"}, b'{"affected_devices": 1}'),
        Answer(404, JSON, b"not json"),
        Answer(409, JSON, b"[]"),
        Answer(422, JSON, b"{}"),
        Answer(403, {}, b""),
        said(200, {"error": {"code": "conflict", "message": "no"}}),
        said(200, {"detail": "no"}),
    ],
)
def test_everything_else_is_unknown(answer: Answer) -> None:
    error = settle(answer, "api.test")
    assert isinstance(error, UnknownOutcomeError)
    assert error.status == answer.status
    assert "may or may not have begun" in str(error)


def test_what_became_of_a_lost_answer() -> None:
    for fault in Fault:
        error = lost(fault, "api.test")
        assert isinstance(error, NotSentError if fault.was_not_sent else UnknownOutcomeError)
        assert "api.test" in str(error)
    not_sent = {fault for fault in Fault if fault.was_not_sent}
    assert not_sent == {
        Fault.REFUSED,
        Fault.UNRESOLVED,
        Fault.UNREACHABLE,
        Fault.CONNECT_TIMEOUT,
        Fault.NO_TLS,
        Fault.UNTRUSTED,
        Fault.WRONG_NAME,
        Fault.EXPIRED,
        Fault.PROXY,
        Fault.BUSY,
        Fault.LOCAL,
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"error": "conflict", "message": "no", "status_code": 409}, ErrorBody("conflict", "no")),
        ({"error": {"code": "c", "message": "m", "request_id": "r"}}, ErrorBody("c", "m", "r")),
        ({"error": {"code": "c", "message": "m"}, "request_id": "r"}, ErrorBody("c", "m", "r")),
        ({"code": "c", "message": "m", "request_id": "r", "retryable": False}, ErrorBody("c", "m", "r")),
        ({"detail": "Not Found"}, ErrorBody(None, "Not Found")),
        ({"detail": {"code": "c", "message": "m"}}, ErrorBody("c", "m")),
        (
            {"detail": [{"loc": ["body", "to_version"], "msg": "missing", "type": "x"}]},
            ErrorBody(None, "body.to_version: missing"),
        ),
        ({"detail": [{"msg": "a"}, "b", {"loc": "x"}, "d"]}, ErrorBody(None, "a; b; ")),
        ({"detail": []}, ErrorBody(None, None)),
        ({"message": "Forbidden"}, ErrorBody(None, "Forbidden")),
        ({"message": "\x1b[2J" + "x" * 400}, ErrorBody(None, "\\x1b[2J" + "x" * 293 + "…")),
        ({"message": 17, "code": [], "error": None}, None),
        ({}, None),
        ([], None),
        ("no", None),
    ],
)
def test_error_bodies(data: Any, expected: ErrorBody | None) -> None:
    assert read_error_body(json.dumps(data).encode()) == expected


def test_an_error_body_that_is_not_json() -> None:
    assert read_error_body(b"<html>") is None


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (401, UnauthorizedError, "the key was rejected (401): no"),
        (403, ForbiddenError, "the key lacks a permission (403): no"),
        (404, NotFoundError, "not found (404): no"),
        (405, NotFoundError, "not offered by this service (405): no"),
        (429, RateLimitedError, "rate limited (429): no"),
        (409, StatusError, "refused with status 409: no"),
        (500, ServerError, "server error 500: no"),
        (503, ServerError, "server error 503: no"),
    ],
)
def test_what_a_refused_read_raises(status: int, kind: type[StatusError], sentence: str) -> None:
    error = status_error(said(status, {"message": "no", "code": "c"}, **{"retry-after": "3"}), "h")
    assert type(error) is kind
    assert (str(error), error.status, error.code) == (sentence, status, "c")
    assert (error.request_id, error.retry_after) == ("req_1", 3.0)
    assert str(status_error(Answer(status), "h")) == sentence.removesuffix(": no")


def test_another_content_type_is_not_the_api() -> None:
    error = status_error(Answer(502, {**HTML, "retry-after": "9"}, b"<html>"), "api.test")
    assert isinstance(error, NotTheApiError)
    assert (str(error), error.retry_after) == ("not the API: text/html from api.test (status 502)", 9.0)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://evil.test/login?next=1", " to evil.test"),
        ("https://u:p@evil.test", " to evil.test"),
        ("//other.test:8443/x", " to other.test:8443"),
        ("/login", ""),
        ("", ""),
        ("https://\x1b[2J/", " to \\x1b[2J"),
    ],
)
def test_a_redirect_names_the_host_only(location: str, place: str) -> None:
    error = status_error(Answer(302, {**JSON, "location": location}), "api.test")
    assert isinstance(error, RedirectedError)
    assert str(error) == f"unexpected redirect{place} from api.test (status 302); not followed"
