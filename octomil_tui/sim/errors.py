"""The one exception of the service's rules: an answer that refuses."""

__all__ = ["RefusedError"]


class RefusedError(Exception):
    """The service refuses a request, having changed nothing.

    Args:
        status_code: The HTTP status of the answer.
        code: The machine's word for the reason.
        message: A sentence for people.
    """

    def __init__(self, status_code: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.code = code
        self.message = message
