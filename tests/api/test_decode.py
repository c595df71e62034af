import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from octomil_tui.api import convert, convert_device, wire
from octomil_tui.api.decode import RowsDecoder, decode_one, parse, repaired
from octomil_tui.api.errors import UnreadableError
from tests.api.doubles import SERVED_AT

DEVICES = RowsDecoder(wire.Device, "devices")
ROLLOUTS = RowsDecoder(wire.Rollout, "rollouts")
MODELS = RowsDecoder(wire.Model, "models")
VERSIONS = RowsDecoder(wire.ModelVersion, "versions")
GROUPS = RowsDecoder(wire.Group, "groups")

ROW = {"id": 1, "name": "a"}


def encoded(data: Any) -> bytes:
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    "data",
    [
        [ROW],
        {"models": [ROW]},
        {"items": [ROW]},
        {"data": [ROW]},
        {"models": [ROW], "total": 1, "limit": 20, "offset": 0},
        {"models": [ROW], "total": "many", "has_more": "no", "next_cursor": {}},
    ],
)
def test_every_envelope(data: Any) -> None:
    page = MODELS.decode(encoded(data))
    assert [(row.id, row.name) for row in page.rows] == [(1, "a")]
    assert page.unreadable == 0


def test_what_stands_beside_the_rows() -> None:
    page = MODELS.decode(encoded({"models": [], "total": 7, "has_more": True, "next_cursor": 12}))
    assert (page.total, page.has_more, page.next_cursor, page.count) == (7, True, "12", 0)
    page = MODELS.decode(encoded({"models": [0, ROW], "total": 7, "has_more": True, "next_cursor": "x"}))
    assert (page.total, page.has_more, page.next_cursor, page.count) == (7, True, "x", 2)


def test_a_list_of_which_no_row_can_be_read_is_no_list() -> None:
    with pytest.raises(UnreadableError, match="none of its 2 rows"):
        MODELS.decode(encoded({"models": [0, {}]}))


def test_an_empty_list_may_be_null() -> None:
    assert MODELS.decode(b'{"models": null, "total": 0}').count == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"nope",
        b"<html>",
        b"null",
        b"17",
        b'"models"',
        b"{}",
        b'{"models": {}}',
        b'{"models": "none"}',
        b'{"model": []}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"models":' * 5_000,
        b"[" + b"9" * 5_000 + b"]",
        b'["\\ud800"' + b"[" * 100_000,
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        MODELS.decode(body)


def test_one_bad_row_never_loses_the_list() -> None:
    rows: list[Any] = [{"id": n, "name": f"m{n}"} for n in range(500)]
    rows[100], rows[200], rows[300] = {"name": None}, "not a row", {"id": True}
    page = MODELS.decode(encoded(rows))
    assert (len(page.rows), page.unreadable, page.count) == (497, 3, 500)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rollout_percentage", "40"),
        ("rollout_percentage", True),
        ("rollout_percentage", [40]),
        ("affected_devices", -5),
        ("affected_devices", True),
        ("affected_devices", "12"),
        ("affected_devices", 1.5),
        ("affected_devices", [{"id": 1}]),
        ("reason", 17),
        ("created_by", 17),
        ("created_by", {"email": 5}),
        ("created_at", {"$date": 1}),
        ("status", None),
        ("group", []),
        ("from_version", ""),
        ("from_version", 1.5),
    ],
)
def test_a_field_that_does_not_fit_counts_as_not_given(field: str, value: Any) -> None:
    page = ROLLOUTS.decode(encoded([{"id": 1, "version": "2.0.0", "model_id": "m", field: value}]))
    assert page.unreadable == 0
    row = page.rows[0]
    assert (row.id, row.version, row.model_id) == (1, "2.0.0", "m")
    assert not getattr(row, field) or field == "created_by"


def test_not_a_number_is_no_number() -> None:
    body = b'[{"id": 1, "version": "2", "rollout_percentage": NaN, "percentage": 1e999, "current_percentage": 30}]'
    row = ROLLOUTS.decode(body).rows[0]
    assert (row.rollout_percentage, row.percentage, row.current_percentage) == (None, None, 30)


def test_an_empty_field_does_not_hide_its_other_name() -> None:
    page = ROLLOUTS.decode(encoded([{"id": None, "rollout_id": "rol_1", "version": "2.0.0"}]))
    assert page.rows[0].id == "rol_1"


def test_nested_fields_go_alone() -> None:
    entry = {"model_id": "m", "active_model_version": "1", "status_since": [], "on_disk": ["1", {}]}
    row = DEVICES.decode(encoded([{"id": "d", "models": [entry], "groups": ["g", 1.5]}])).rows[0]
    assert row.models is not None
    assert isinstance(row.models[0], wire.InstalledModel)
    assert row.models[0].active_model_version == "1"
    assert (row.models[0].status_since, row.models[0].on_disk, row.groups) == (None, None, None)


@pytest.mark.parametrize("models", [[{}], [None], "m", {"m": {}}, [{"model_id": "m"}, {"active": 1}]])
def test_a_device_whose_models_are_unreadable_is_unreadable(models: Any) -> None:
    # Left out of the row they would say that the device does not have the model, and so that all is well.
    page = DEVICES.decode(encoded({"devices": [{"id": "d", "models": models}, {"id": "e"}]}))
    assert ([row.id for row in page.rows], page.unreadable) == (["e"], 1)


def test_models_may_be_named_only() -> None:
    row = DEVICES.decode(encoded([{"id": "d", "models": ["m", 7]}])).rows[0]
    assert row.models == ["m", 7]


def test_a_lone_surrogate_hides_neither_the_row_nor_the_list() -> None:
    body = (
        b'{"devices": [{"id": "a", "name": "x\\ud800y"}, {"id": "\\udfff", "tags": [1, null]}, {"id": "c"}]}'
    )
    page = DEVICES.decode(body)
    assert [row.id for row in page.rows] == ["a", "\\udfff", "c"]
    assert page.rows[0].name == "x\\ud800y"


def test_shown_text_is_made_safe_and_identities_stay_raw() -> None:
    hostile = "\x1b]52;c;eA==\x07\u202e[@click=app.quit]x[/]"
    row = DEVICES.decode(encoded([{"id": hostile, "name": hostile, "platform": "\x9b2J"}])).rows[0]
    assert row.id == hostile
    assert row.name == "\\x1b]52;c;eA==\\x07\\u202e[@click=app.quit]x[/]"
    assert row.platform == "\\x9b2J"
    assert len(DEVICES.decode(encoded([{"id": 1, "name": "n" * 10_000}])).rows[0].name or "") == 121


def test_one_object_bare_or_wrapped() -> None:
    row = {"id": 1, "version": "2.0.0"}
    for data in (row, {"rollout": row}, {"data": row}, {"rollout": row, "id": 9}):
        assert decode_one(encoded(data), wire.Rollout, "rollout").id == 1
    for body in (b"[]", b"7", b'{"rollout": {}}', b"{}", b"", b'{"id": {}, "version": "1"}'):
        with pytest.raises(UnreadableError):
            decode_one(body, wire.Rollout, "rollout")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *wire.Device.kinds(),
                    *wire.Rollout.kinds(),
                    *wire.InstalledModel.kinds(),
                    "devices",
                    "rollouts",
                    "items",
                    "data",
                    "model",
                    "email",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(JSON)
@example({"devices": [{"id": "a", "models": [{"model_id": "m", "history": [{"version": "1", "from": []}]}]}]})
def test_any_json_is_read_or_refused(data: Any) -> None:
    body = json.dumps(data).encode()
    for decoder in (DEVICES, ROLLOUTS, MODELS, VERSIONS, GROUPS):
        try:
            page: Any = decoder.decode(body)
        except UnreadableError:
            continue
        for row in page.rows:
            assert str(row.id if hasattr(row, "id") else row.version)
    for shape in (wire.RollbackReply, wire.Rollout, wire.AffectedSummary, wire.ModelDetail, wire.Device):
        try:
            decode_one(body, shape, "rollout")
        except UnreadableError:
            continue


@given(JSON)
def test_any_row_becomes_a_value(data: Any) -> None:
    device = repaired(wire.Device, data)
    if device is not None:
        value = convert_device.device(device, ["m"], SERVED_AT)
        assert value.id
        assert value.name.isprintable() or max(value.name) >= "\u0300"
        assert all(
            install.progress is None or 0 <= install.progress <= 1 for install in value.installations.values()
        )
    rollout = repaired(wire.Rollout, data)
    if rollout is not None:
        share = convert.rollout(rollout).share
        assert share is None or 0 <= share <= 1


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        parse(body)
    except UnreadableError:
        return


def test_what_was_not_given_is_none_and_costs_nothing() -> None:
    row = DEVICES.decode(encoded([{"id": "d", "platform": None}])).rows[0]
    assert (row.platform, row.models, row.hardware) == (None, None, None)
    assert vars(row) == {"id": "d", "platform": None}
    assert repr(row) == "Device({'id': 'd', 'platform': None})"
    told: list[dict[str, object]] = [{}, {"status": None}, {"id": "r"}]
    assert [wire.RollbackReply.read(data).is_empty for data in told] == [True, True, False]


def test_a_shape_is_told_what_does_not_fit() -> None:
    odd: tuple[object, ...] = ({}, [], "d", {"id": True}, {"id": ""}, {"id": "d", "storage_free_bytes": "5"})
    for data in odd:
        with pytest.raises(ValidationError):
            wire.Device.read(data)
