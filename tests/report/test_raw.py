"""Any value of the domain as JSON."""

from __future__ import annotations

import json

from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.report.raw import raw_fields


def test_every_field_is_told_also_what_is_not_known() -> None:
    one = Device("d", "dev", connectivity=Connectivity.STALE, installations={"m": Installation("1.0.0")})
    told = raw_fields(one)

    assert told["connectivity"] == "stale"
    assert told["last_contact_at"] is None
    assert told["installations"]["m"]["version"] == "1.0.0"
    assert json.loads(json.dumps(told)) == told


def test_sets_are_in_order_and_long_lists_end() -> None:
    assert raw_fields({"b", "a"}) == ["a", "b"]
    told = raw_fields(tuple(range(1_005)))
    assert (len(told), told[-1]) == (1_001, "and 5 more")
    assert raw_fields(b"x") == "b'x'"
