"""Times on the wire: RFC 3339 in UTC, and the HTTP date."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

__all__ = ["format_time", "http_date", "parse_time"]


def format_time(at: float) -> str:
    """Return epoch seconds as RFC 3339 with `Z`; milliseconds only where there are any."""
    # Rounded first, since a float of this size is exact to a fraction of a microsecond only.
    return _format(round(at * 1000))


# Many devices make contact in the same second, and a page names each several times.
@lru_cache(maxsize=16_384)
def _format(thousandths: int) -> str:
    moment = datetime.fromtimestamp(thousandths // 1000, UTC)
    fraction = f".{thousandths % 1000:03d}" if thousandths % 1000 else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def parse_time(text: str) -> float:
    """Return the epoch seconds of an RFC 3339 time; one without a zone is UTC.

    Raises:
        ValueError: The text is not such a time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


def http_date(at: float) -> str:
    """Return epoch seconds as the value of a `Date` header."""
    return format_datetime(datetime.fromtimestamp(int(at), UTC), usegmt=True)
