"""What a fault rule may say: which requests it is for, and what becomes of them.

A rule is one JSON object. `fault` names its kind; every other field is either
one of `Rule`, or one that this kind has. Anything else is refused.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

__all__ = [
    "RULES",
    "AnyRule",
    "Drip",
    "DropAfter",
    "DropBefore",
    "Empty",
    "Forbid",
    "Garbage",
    "Html",
    "IgnoreGroup",
    "Latency",
    "NoReceipt",
    "NoRollbackRoute",
    "PlainSettings",
    "Redirect",
    "RefuseRollback",
    "RejectKey",
    "Replacing",
    "Reset",
    "Rule",
    "Silent",
    "Skew",
    "Status",
    "Switch",
    "TooLarge",
    "Truncate",
]

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Header = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{0,200}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[\x21-\x7e]{1,400}$")]
ROLLBACK_PATH = "/models/*/rollback"
MOST_RULES = 100


class Rule(BaseModel):
    """Which requests a fault is for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    method: Method | None = None
    path: Pattern = "*"
    """A pattern as the shell has them, for the path as it is or without the API's prefix."""
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """How often it happens at most."""
    chance: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    lasts: Seconds | None = None
    """Real seconds after which it is over."""


class Latency(Rule):
    """The request is carried out at once and answered late, so that a later one may be answered before it."""

    fault: Literal["latency"]
    seconds: Seconds


class Skew(Rule):
    """The `Date` of the answer is off."""

    fault: Literal["skew"]
    seconds: Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]


class Switch(Rule):
    """The service itself does something else, mostly about a rollback; the route looks at it."""

    method: Method | None = "POST"
    path: Pattern = ROLLBACK_PATH


class IgnoreGroup(Switch):
    """The field `group` of a rollback is not known."""

    fault: Literal["ignore_group"]


class RefuseRollback(Switch):
    """Every rollback is refused with 409, naming what is in the way."""

    fault: Literal["refuse_rollback"]
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "release-bot"
    """Who is in the way where no rollout runs."""


class PlainSettings(Switch):
    """Of the policy only `auto_rollback_enabled` is kept; its limits are neither stored nor told."""

    fault: Literal["plain_settings"]
    method: Method | None = None
    path: Pattern = "/settings*"


class NoReceipt(Switch):
    """A rollback is answered with 202 and no body, or with one that counts nothing."""

    fault: Literal["no_receipt"]
    bare: bool = False
    """An object without `affected_devices`, instead of no body."""


class Truncate(Rule):
    """Half of the body that was announced, and the connection is closed."""

    fault: Literal["truncate"]


class Drip(Rule):
    """The body comes byte by byte."""

    fault: Literal["drip"]
    seconds: Seconds = 0.5
    """Between two bytes."""


class DropAfter(Rule):
    """The request is carried out, and the connection closed without an answer."""

    fault: Literal["drop_after"]


class DropBefore(Rule):
    """The connection is closed, and the request not carried out."""

    fault: Literal["drop_before"]


class NoRollbackRoute(Rule):
    """There is no way to roll back."""

    fault: Literal["no_rollback_route"]
    method: Method | None = "POST"
    path: Pattern = ROLLBACK_PATH
    code: Literal[404, 405] = 404


class Forbid(Rule):
    """The key lacks the scope: 403."""

    fault: Literal["forbid"]


class RejectKey(Rule):
    """The key is not accepted: 401."""

    fault: Literal["reject_key"]


class Replacing(Rule):
    """Something else is answered than the service would."""

    processed: bool = False
    """Whether the request is carried out first all the same."""


class Reset(Replacing):
    """The connection is reset."""

    fault: Literal["reset"]


class Silent(Replacing):
    """Nothing is ever answered."""

    fault: Literal["silent"]


class Status(Replacing):
    """An error, of the service or, with `html`, of a proxy before it."""

    fault: Literal["status"]
    code: Annotated[int, Field(ge=200, le=599)]
    retry_after: Header | None = None
    """The header's value, whatever it is."""
    html: bool = False
    message: Annotated[str, StringConstraints(max_length=10_000)] = "The service failed on purpose."


class Html(Replacing):
    """200 with a web page, as a captive portal does."""

    fault: Literal["html"]


class Garbage(Replacing):
    """200 with `application/json` that is none."""

    fault: Literal["garbage"]


class Empty(Replacing):
    """200 without a body."""

    fault: Literal["empty"]


class TooLarge(Replacing):
    """JSON of many megabytes; with `gzip`, a few kilobytes that grow to them."""

    fault: Literal["too_large"]
    megabytes: Annotated[int, Field(ge=1, le=512)] = 64
    gzip: bool = True


class Redirect(Replacing):
    """The answer is somewhere else."""

    fault: Literal["redirect"]
    location: Address
    code: Literal[301, 302, 303, 307, 308] = 307


AnyRule: TypeAlias = (
    Latency
    | Skew
    | IgnoreGroup
    | RefuseRollback
    | NoReceipt
    | PlainSettings
    | NoRollbackRoute
    | Forbid
    | RejectKey
    | DropBefore
    | DropAfter
    | Reset
    | Silent
    | Status
    | Truncate
    | Drip
    | Html
    | Garbage
    | Empty
    | TooLarge
    | Redirect
)

RULES: TypeAdapter[list[AnyRule]] = TypeAdapter(
    Annotated[
        list[Annotated[AnyRule, Field(discriminator="fault")]],
        Field(max_length=MOST_RULES),
    ]
)
"""Reads a list of rules."""
