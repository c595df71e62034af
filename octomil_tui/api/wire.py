"""The JSON shapes of the service, read tolerantly.

Every field but a row's identity is optional, unknown fields are ignored, and
numbers are strict: no booleans for integers, no digits in quotes, no NaN. A
field that does not fit is dropped by `decode`, not the row.

Text that is only shown has the type `SafeText`, which is the one door for the
terminal-safety rule of `domain.text`. Text that is compared or sent back is a
`RawId` and is made safe where it is shown.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from octomil_tui.api.shape import Names, Shape
from octomil_tui.domain.text import NAME_LIMIT, clean

_FirstThatFits = Field(union_mode="left_to_right")
"""The branches of every union here exclude each other, and trying them all for the best costs half the time."""

_Plain = Annotated[str, StringConstraints(max_length=NAME_LIMIT, pattern=r"^[ -~]*$")]
_Cleaned = Annotated[str, AfterValidator(clean)]

SafeText = Annotated[_Plain | _Cleaned, _FirstThatFits]
"""Text that is only shown, made safe. The first branch is `clean`'s own fast path without a Python call."""

RawId = Annotated[Annotated[str, Field(min_length=1)] | int, _FirstThatFits]
"""An identifier or a version as it came; a number stands for its digits, a boolean for nothing."""

Count = Annotated[int, Field(ge=0)]
"""A number of devices, rows or bytes."""

Moment = Annotated[str | int | float, _FirstThatFits]
"""A time: RFC 3339 text, or epoch seconds or milliseconds; read by `moment.epoch_seconds`."""

Percent = float
"""0 to 100; what is outside is dropped by `convert.share`."""


class Person(Shape):
    """Who did something, where it is an object rather than a name."""

    email: SafeText | None = None
    name: SafeText | None = None
    id: RawId | None = None


Who = Annotated[SafeText | Person, _FirstThatFits]
"""Who did something."""


class GroupRef(Shape):
    """A device group named inside another row."""

    id: Annotated[RawId | None, Names("id", "group_id")] = None
    name: RawId | None = None


GroupKey = Annotated[RawId | GroupRef, _FirstThatFits]
"""A device group by its id, by its name, or as an object."""


class Model(Shape):
    """A row of `GET /models`."""

    id: Annotated[RawId, Names("id", "model_id", "name")]
    name: RawId | None = None
    device_count: Count | None = None
    updated_at: Moment | None = None
    created_at: Moment | None = None


class Hold(Shape):
    """Where a version is held back."""

    at: Moment | None = None
    by: Who | None = None
    reason: SafeText | None = None


class ModelVersion(Shape):
    """A row of `GET /models/{id}/versions`; older services call some fields otherwise."""

    version: RawId
    lifecycle_status: SafeText | None = None
    status: SafeText | None = None
    size_bytes: Annotated[Count | None, Names("size_bytes", "model_size_bytes")] = None
    created_at: Annotated[Moment | None, Names("created_at", "uploaded_at")] = None
    published_by: Annotated[Who | None, Names("published_by", "created_by")] = None
    id: Annotated[RawId | None, Names("id", "version_id")] = None
    held: Hold | None = None


class ModelDetail(Shape):
    """`GET /models/{id}` of services that have no list of versions of its own."""

    versions: list[ModelVersion]


class Rollout(Shape):
    """A rollout, alone or in a list."""

    id: Annotated[RawId, Names("id", "rollout_id", "rollback_id")]
    version: Annotated[RawId, Names("version", "to_version", "target_version")]
    status: Annotated[SafeText | None, Names("status", "state")] = None
    model_id: RawId | None = None
    model_name: RawId | None = None
    rollback_id: RawId | None = None
    kind: SafeText | None = None
    type: SafeText | None = None
    strategy: SafeText | None = None
    rollout_percentage: Percent | None = None
    percentage: Percent | None = None
    current_percentage: Percent | None = None
    target_percentage: Percent | None = None
    from_version: RawId | None = None
    group: GroupKey | None = None
    group_name: RawId | None = None
    group_id: Annotated[RawId | None, Names("group_id", "device_group_id")] = None
    reason: SafeText | None = None
    created_by: Annotated[Who | None, Names("created_by", "started_by", "actor")] = None
    affected_devices: Count | None = None
    on_version: Annotated[Count | None, Names("on_version", "devices_on_version")] = None
    created_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    cancelled_at: Annotated[Moment | None, Names("cancelled_at", "canceled_at")] = None
    cancelled_by_rollout_id: RawId | None = None
    cancelled_by: RawId | None = None
    next_step_at: Moment | None = None
    updated_at: Moment | None = None
    increment_step: Annotated[Percent | None, Names("increment_step", "step_percentage")] = None
    trigger: dict[str, object] | None = None
    """Read by `convert_policy`."""


class Group(Shape):
    """A row of `GET /device-groups`."""

    id: Annotated[RawId, Names("id", "group_id", "name")]
    name: RawId | None = None
    device_count: Annotated[Count | None, Names("device_count", "member_count")] = None
    description: SafeText | None = None


class Assignment(Shape):
    """What the service decided that a device runs."""

    model_id: RawId | None = None
    version: Annotated[RawId | None, Names("version", "desired_version")] = None


class Stretch(Shape):
    """A time in which a device ran one version."""

    version: RawId
    from_at: Annotated[Moment | None, Names("from", "from_at", "since")] = None
    to_at: Annotated[Moment | None, Names("to", "to_at", "until")] = None


class InstalledModel(Shape):
    """One model of a device."""

    model_id: Annotated[RawId, Names("model_id", "id", "name")]
    active_model_version: Annotated[RawId | None, Names("active_model_version", "active_version")] = None
    desired_version: Annotated[RawId | None, Names("desired_version", "desired_model_version")] = None
    version: RawId | None = None
    model_status: Annotated[SafeText | None, Names("model_status", "status")] = None
    artifact_status: SafeText | None = None
    download_percent: Percent | None = None
    active_since: Moment | None = None
    status_since: Moment | None = None
    previous_version: RawId | None = None
    on_disk: list[RawId] | None = None
    activation_policy: SafeText | None = None
    history: list[Stretch] | None = None


ListedModel = Annotated[InstalledModel | RawId, _FirstThatFits]
"""One model of a device, or only its id."""


class Device(Shape):
    """A row of `GET /devices`; its `model` is the hardware, never what it runs."""

    # Without the unreadable entry it would seem that the device does not have that model.
    ESSENTIAL = frozenset({"models"})

    id: Annotated[RawId, Names("id", "device_id")]
    device_identifier: SafeText | None = None
    name: SafeText | None = None
    platform: SafeText | None = None
    architecture: Annotated[SafeText | None, Names("architecture", "cpu_architecture")] = None
    hardware: Annotated[SafeText | None, Names("model")] = None
    status: SafeText | None = None
    connectivity_status: SafeText | None = None
    last_heartbeat: Annotated[Moment | None, Names("last_heartbeat", "last_heartbeat_at")] = None
    last_sync_at: Moment | None = None
    last_seen_at: Moment | None = None
    heartbeat_interval_seconds: float | None = None
    sync_interval_seconds: float | None = None
    sdk_version: SafeText | None = None
    runtime_version: SafeText | None = None
    storage_free_bytes: Count | None = None
    network_type: SafeText | None = None
    groups: list[GroupKey] | None = None
    group: GroupKey | None = None
    group_id: Annotated[RawId | None, Names("group_id", "device_group_id")] = None
    group_ids: list[RawId] | None = None
    models: list[ListedModel] | None = None
    model_id: RawId | None = None
    active_model_version: RawId | None = None
    desired_model_version: Annotated[RawId | None, Names("desired_model_version", "desired_version")] = None
    model_status: SafeText | None = None
    assignment: Assignment | None = None
    assignments: list[Assignment] | None = None


class AffectedDevice(Shape):
    """A device of `GET /models/{m}/rollouts/{r}/affected-devices`."""

    id: Annotated[RawId, Names("id", "device_id")]
    device_identifier: SafeText | None = None
    name: SafeText | None = None
    groups: list[GroupKey] | None = None
    from_version: RawId | None = None
    active_model_version: Annotated[RawId | None, Names("active_model_version", "version")] = None
    desired_version: RawId | None = None
    model_status: Annotated[SafeText | None, Names("model_status", "status")] = None
    verified_at: Moment | None = None
    settled_at: Moment | None = None
    bounced: bool | Count | None = None


class AffectedSummary(Shape):
    """What stands beside the devices of an affected-devices answer."""

    rollout_id: RawId | None = None
    version: RawId | None = None
    total: Count | None = None
    on_version: Count | None = None
    settled: Count | None = None
    by_version: dict[str, Count] | None = None


class RollbackReply(Shape):
    """The answer to `POST /models/{id}/rollback`; only `affected_devices` is documented."""

    rollback_id: RawId | None = None
    rollout_id: Annotated[RawId | None, Names("rollout_id", "id")] = None
    status: SafeText | None = None
    affected_devices: Count | None = None
    from_version: RawId | None = None
    to_version: Annotated[RawId | None, Names("to_version", "version")] = None
    group: GroupKey | None = None
    cancelled_rollout_id: RawId | None = None
