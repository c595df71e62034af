"""One question and one whole HTTP answer, as this package has them; free of the HTTP library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from octomil_tui.api.moment import http_date


@dataclass(frozen=True, slots=True)
class Asked:
    """What one `GET` asks for."""

    path: str
    """From the root, encoded."""
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    page: int = 0
    """Which page of a list it is, from 1; 0 where there is only one answer."""
    is_retry: bool = False
    """Whether the same was asked before, in vain."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the whole decoded body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    size: int = 0
    """Bytes of the body as they came, compressed or not."""

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status <= 299  # noqa: PLR2004 - the status classes of HTTP

    @property
    def is_redirect(self) -> bool:
        """Whether the status is one of 300 to 399."""
        return 300 <= self.status <= 399  # noqa: PLR2004 - the status classes of HTTP

    @property
    def is_unchanged(self) -> bool:
        """Whether the service answered that nothing changed since an answer that it named."""
        return self.status == 304  # noqa: PLR2004 - one status

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters; empty where none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def may_be_json(self) -> bool:
        """Whether the content type says JSON, or says nothing."""
        kind = self.content_type
        return not kind or kind == "application/json" or kind.endswith("+json")

    @property
    def served_at(self) -> float | None:
        """The service's clock when it answered, epoch seconds, from the `Date` header."""
        return http_date(self.headers.get("date"))

    @property
    def request_id(self) -> str | None:
        """The service's id of this exchange, raw; None where it gave none."""
        return self.headers.get("x-request-id") or None
