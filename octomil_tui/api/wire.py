"""The JSON shapes of the service, read tolerantly.

Every field but a row's identity is optional, unknown fields are ignored, and
numbers are strict: no booleans for integers, no digits in quotes, no NaN. A
field that does not fit is dropped by `decode`, not the row.

Text that is only shown has the type `SafeText`, which is the one door for the
terminal-safety rule of `domain.text`. Text that is compared or sent back is a
`RawId` and is made safe where it is shown.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StringConstraints

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


class Shape(BaseModel):
    """The rules of every shape; see the module."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)

    ESSENTIAL: ClassVar[frozenset[str]] = frozenset()
    """Fields without which a row would say something false, if they are there and do not fit."""


class Person(Shape):
    """Who did something, where it is an object rather than a name."""

    email: SafeText | None = None
    name: SafeText | None = None
    id: RawId | None = None


Who = Annotated[SafeText | Person, _FirstThatFits]
"""Who did something."""


class GroupRef(Shape):
    """A device group named inside another row."""

    id: RawId | None = Field(None, validation_alias=AliasChoices("id", "group_id"))
    name: RawId | None = None


GroupKey = Annotated[RawId | GroupRef, _FirstThatFits]
"""A device group by its id, by its name, or as an object."""


class Model(Shape):
    """A row of `GET /models`."""

    id: RawId = Field(validation_alias=AliasChoices("id", "model_id", "name"))
    name: RawId | None = None
    device_count: Count | None = None
    updated_at: Moment | None = None
    created_at: Moment | None = None


class ModelVersion(Shape):
    """A row of `GET /models/{id}/versions`; older services call some fields otherwise."""

    version: RawId
    lifecycle_status: SafeText | None = None
    status: SafeText | None = None
    size_bytes: Count | None = Field(None, validation_alias=AliasChoices("size_bytes", "model_size_bytes"))
    created_at: Moment | None = Field(None, validation_alias=AliasChoices("created_at", "uploaded_at"))
    published_by: Who | None = Field(None, validation_alias=AliasChoices("published_by", "created_by"))


class ModelDetail(Shape):
    """`GET /models/{id}` of services that have no list of versions of its own."""

    versions: list[ModelVersion]


class Rollout(Shape):
    """A rollout, alone or in a list."""

    id: RawId = Field(validation_alias=AliasChoices("id", "rollout_id", "rollback_id"))
    version: RawId = Field(validation_alias=AliasChoices("version", "to_version", "target_version"))
    status: SafeText | None = Field(None, validation_alias=AliasChoices("status", "state"))
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
    group_id: RawId | None = Field(None, validation_alias=AliasChoices("group_id", "device_group_id"))
    reason: SafeText | None = None
    created_by: Who | None = Field(None, validation_alias=AliasChoices("created_by", "started_by", "actor"))
    affected_devices: Count | None = None
    on_version: Count | None = Field(None, validation_alias=AliasChoices("on_version", "devices_on_version"))
    created_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    cancelled_at: Moment | None = Field(None, validation_alias=AliasChoices("cancelled_at", "canceled_at"))
    cancelled_by_rollout_id: RawId | None = None
    cancelled_by: RawId | None = None
    next_step_at: Moment | None = None
    updated_at: Moment | None = None


class Group(Shape):
    """A row of `GET /device-groups`."""

    id: RawId = Field(validation_alias=AliasChoices("id", "group_id", "name"))
    name: RawId | None = None
    device_count: Count | None = Field(None, validation_alias=AliasChoices("device_count", "member_count"))
    description: SafeText | None = None


class Assignment(Shape):
    """What the service decided that a device runs."""

    model_id: RawId | None = None
    version: RawId | None = Field(None, validation_alias=AliasChoices("version", "desired_version"))


class Stretch(Shape):
    """A time in which a device ran one version."""

    version: RawId
    from_at: Moment | None = Field(None, validation_alias=AliasChoices("from", "from_at", "since"))
    to_at: Moment | None = Field(None, validation_alias=AliasChoices("to", "to_at", "until"))


class InstalledModel(Shape):
    """One model of a device."""

    model_id: RawId = Field(validation_alias=AliasChoices("model_id", "id", "name"))
    active_model_version: RawId | None = Field(
        None, validation_alias=AliasChoices("active_model_version", "active_version")
    )
    desired_version: RawId | None = Field(
        None, validation_alias=AliasChoices("desired_version", "desired_model_version")
    )
    version: RawId | None = None
    model_status: SafeText | None = Field(None, validation_alias=AliasChoices("model_status", "status"))
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

    id: RawId = Field(validation_alias=AliasChoices("id", "device_id"))
    device_identifier: SafeText | None = None
    name: SafeText | None = None
    platform: SafeText | None = None
    architecture: SafeText | None = Field(
        None, validation_alias=AliasChoices("architecture", "cpu_architecture")
    )
    hardware: SafeText | None = Field(None, validation_alias="model")
    status: SafeText | None = None
    connectivity_status: SafeText | None = None
    last_heartbeat: Moment | None = Field(
        None, validation_alias=AliasChoices("last_heartbeat", "last_heartbeat_at")
    )
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
    group_id: RawId | None = Field(None, validation_alias=AliasChoices("group_id", "device_group_id"))
    group_ids: list[RawId] | None = None
    models: list[ListedModel] | None = None
    model_id: RawId | None = None
    active_model_version: RawId | None = None
    desired_model_version: RawId | None = Field(
        None, validation_alias=AliasChoices("desired_model_version", "desired_version")
    )
    model_status: SafeText | None = None
    assignment: Assignment | None = None
    assignments: list[Assignment] | None = None


class AffectedDevice(Shape):
    """A device of `GET /models/{m}/rollouts/{r}/affected-devices`."""

    id: RawId = Field(validation_alias=AliasChoices("id", "device_id"))
    device_identifier: SafeText | None = None
    name: SafeText | None = None
    groups: list[GroupKey] | None = None
    from_version: RawId | None = None
    active_model_version: RawId | None = Field(
        None, validation_alias=AliasChoices("active_model_version", "version")
    )
    desired_version: RawId | None = None
    model_status: SafeText | None = Field(None, validation_alias=AliasChoices("model_status", "status"))
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
    rollout_id: RawId | None = Field(None, validation_alias=AliasChoices("rollout_id", "id"))
    status: SafeText | None = None
    affected_devices: Count | None = None
    from_version: RawId | None = None
    to_version: RawId | None = Field(None, validation_alias=AliasChoices("to_version", "version"))
    group: GroupKey | None = None
    cancelled_rollout_id: RawId | None = None
