"""The one exception of the service's rules: an answer that refuses."""

from collections.abc import Mapping
from typing import Any

__all__ = ["RefusedError"]


class RefusedError(Exception):
    """The service refuses a request, having changed nothing.

    Args:
        status_code: The HTTP status of the answer.
        code: The machine's word for the reason.
        message: A sentence for people.
        operation: What is in the way, where something is.
    """

    def __init__(
        self, status_code: int, code: str, message: str, operation: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.code = code
        self.message = message
        self.operation = operation

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        more = {} if self.operation is None else {"operation": dict(self.operation)}
        return {"error": self.code, "message": self.message, "status_code": self.status_code, **more}
