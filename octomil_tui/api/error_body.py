"""The service's error bodies: five shapes, of which any answer may have one."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.api.answer import Answer
from octomil_tui.api.decode import parse
from octomil_tui.api.errors import (
    AnswerError,
    ForbiddenError,
    NotFoundError,
    OctomilError,
    RateLimitedError,
    RedirectedError,
    ServerError,
    StatusError,
    UnauthorizedError,
)
from octomil_tui.api.fault import not_the_api
from octomil_tui.api.retry import retry_after_seconds
from octomil_tui.domain.text import MESSAGE_LIMIT, clean

_DETAILS_SHOWN = 3
_SERVER_ERROR = 500

_MEANINGS: dict[int, tuple[type[StatusError], str]] = {
    401: (UnauthorizedError, "the key was rejected (401)"),
    403: (ForbiddenError, "the key lacks a permission (403)"),
    404: (NotFoundError, "not found (404)"),
    405: (NotFoundError, "not offered by this service (405)"),
    429: (RateLimitedError, "rate limited (429)"),
}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What the service said went wrong; all of it safe to show."""

    code: str | None = None
    message: str | None = None
    request_id: str | None = None


def read_error_body(body: bytes) -> ErrorBody | None:
    """Return what an error body says, or None where it is none of the known shapes.

    Known: `{error: code, message}`, `{error: {code, message}}`,
    `{code, message}`, `{detail: text}` and `{detail: [{loc, msg}]}`, the last
    two as well with an object of code and message as `detail`.
    """
    try:
        data = parse(body)
    except AnswerError:
        return None
    if not isinstance(data, dict):
        return None
    outer = _of_object(data)
    for key in ("error", "detail"):
        inner = data.get(key)
        if isinstance(inner, dict):
            found = _of_object(inner)
            return ErrorBody(found.code, found.message, found.request_id or outer.request_id)
    if isinstance(data.get("detail"), list):
        return ErrorBody(outer.code, _of_list(data["detail"]), outer.request_id)
    return outer if outer.code or outer.message else None


def _of_object(data: dict[str, object]) -> ErrorBody:
    code = _text(data.get("code")) or _text(data.get("error"))
    message = _text(data.get("message"), MESSAGE_LIMIT) or _text(data.get("detail"), MESSAGE_LIMIT)
    return ErrorBody(code, message, _text(data.get("request_id")))


def _of_list(details: list[object]) -> str | None:
    parts = []
    for detail in details[:_DETAILS_SHOWN]:
        if isinstance(detail, dict):
            where = detail.get("loc")
            place = ".".join(str(step) for step in where[-2:]) if isinstance(where, list) else ""
            parts.append(f"{place}: {detail.get('msg', '')}" if place else str(detail.get("msg", "")))
        else:
            parts.append(str(detail))
    return clean("; ".join(parts), MESSAGE_LIMIT) or None


def _text(value: object, limit: int = 120) -> str | None:
    return clean(value, limit) if isinstance(value, str) and value else None


def status_error(answer: Answer, host: str) -> OctomilError:
    """Return the error for a read that was answered with anything but 2xx JSON."""
    if answer.is_redirect:
        return redirected(answer, host)
    wait = retry_after_seconds(answer.headers.get("retry-after"), answer.served_at)
    if not answer.may_be_json:
        return not_the_api(clean(answer.content_type), host, answer.status, wait)
    body = read_error_body(answer.body) or ErrorBody()
    kind, meaning = _MEANINGS.get(answer.status, (StatusError, f"refused with status {answer.status}"))
    if answer.status >= _SERVER_ERROR:
        kind, meaning = ServerError, f"server error {answer.status}"
    said = body.message or body.code
    return kind(
        f"{meaning}: {said}" if said else meaning,
        status=answer.status,
        code=body.code,
        request_id=answer.request_id or body.request_id,
        retry_after=wait,
    )


def redirected(answer: Answer, host: str) -> RedirectedError:
    """Return the error for a redirect; of the place it names only the host is shown."""
    target = answer.headers.get("location", "")
    place = target.partition("//")[2].partition("/")[0].rpartition("@")[2] if "//" in target else ""
    where = f" to {clean(place)}" if place else ""
    return RedirectedError(
        f"unexpected redirect{where} from {host} (status {answer.status}); not followed",
        status=answer.status,
    )
