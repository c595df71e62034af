import asyncio
import gc
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

import octomil_tui
from octomil_tui.api.errors import (
    AddressError,
    ConfigurationError,
    KeyRefusedError,
    NotSentError,
    ReadOnlyError,
    RejectedError,
)
from octomil_tui.api.exchange import Limits
from octomil_tui.api.sync_client import OctomilClient
from tests.api.doubles import SECRET, Handler, Service, answer

MODELS = {"models": [{"id": "mdl_1", "name": "phi-4-mini"}, {"id": "phi", "name": "mdl_1"}]}
ACCEPTED = {
    "affected_devices": 124,
    "from_version": "2.0.0",
    "to_version": "1.0.0",
    "status": "rolling_back",
    "rollout_id": 4131,
    "cancelled_rollout_id": 4127,
}


def client_of(routes: Mapping[str, Any] | Handler | Service, **options: Any) -> OctomilClient:
    service = routes if isinstance(routes, Service) else Service(routes)
    options = {"limits": Limits(), "environment": {}, **options}
    return OctomilClient(api_key=SECRET, transport=httpx.MockTransport(service), **options)


def test_the_brief_call_for_call(capsys: pytest.CaptureFixture[str]) -> None:
    service = Service({"/models": MODELS, "/models/mdl_1/rollback": ACCEPTED})
    client = client_of(service)
    rollback = client.rollouts.rollback(
        model_id="phi-4-mini",
        to_version="1.0.0",
        reason="Latency regression detected",
    )
    print(f"Rolling back {rollback.affected_devices} devices")  # noqa: T201 - as the brief does
    assert capsys.readouterr().out == "Rolling back 124 devices\n"
    assert (rollback.from_version, rollback.to_version, rollback.status) == ("2.0.0", "1.0.0", "rolling_back")
    assert (rollback.rollout_id, rollback.cancelled_rollout_id) == ("4131", "4127")
    post = service.requests[-1]
    assert str(post.url) == "https://api.octomil.com/v1/models/mdl_1/rollback"
    assert json.loads(post.content) == {"to_version": "1.0.0", "reason": "Latency regression detected"}
    assert post.headers["idempotency-key"] == rollback.idempotency_key
    assert len(rollback.idempotency_key) == 36
    client.close()
    client.close()


def test_the_package_names_it() -> None:
    assert octomil_tui.OctomilClient is OctomilClient


def test_a_group_and_a_key_of_ones_own() -> None:
    service = Service({"/models": MODELS, "/models/phi/rollback": {}})
    with client_of(service) as client:
        rollback = client.rollouts.rollback("phi", "1.0.0", group="staging", idempotency_key="mine")
    assert (rollback.idempotency_key, rollback.affected_devices) == ("mine", None)
    assert json.loads(service.requests[-1].content) == {"to_version": "1.0.0", "group": "staging"}


@pytest.mark.parametrize(
    ("routes", "path"),
    [
        ({"/models": MODELS}, "/v1/models/other/rollback"),
        ({}, "/v1/models/other/rollback"),
        ({"/models": answer({"message": "no"}, 403)}, "/v1/models/other/rollback"),
    ],
)
def test_without_a_list_the_name_itself_is_sent(routes: dict[str, Any], path: str) -> None:
    service = Service(routes)
    with client_of(service) as client, pytest.raises(RejectedError):
        client.rollouts.rollback("other", "1.0.0")
    assert service.requests[-1].url.path == path


def test_an_id_counts_before_a_name() -> None:
    service = Service({"/models": MODELS, "/models/mdl_1/versions": [{"version": "1"}]})
    with client_of(service) as client:
        assert [version.version for version in client.models.versions("mdl_1")] == ["1"]


def test_a_list_that_fails_means_that_nothing_was_sent() -> None:
    service = Service({"/models": answer({}, 500)})
    with client_of(service) as client, pytest.raises(NotSentError, match="nothing was sent") as caught:
        client.rollouts.rollback("phi-4-mini", "1.0.0")
    assert caught.value.status == 500
    assert [request.method for request in service.requests] == ["GET"]


def test_reads() -> None:
    routes = {
        "/models": MODELS,
        "/models/mdl_1/rollouts": [{"id": 1, "version": "1"}],
        "/rollouts/active": {"rollouts": [{"id": 2, "version": "1"}]},
        "/device-groups": {"groups": [{"id": "g"}]},
        "/devices": {"devices": [{"id": "d"}]},
    }
    with client_of(routes) as client:
        assert [model.name for model in client.models.list()] == ["phi-4-mini", "mdl_1"]
        assert [rollout.id for rollout in client.rollouts.list("phi-4-mini")] == ["1"]
        assert [rollout.id for rollout in client.rollouts.active()] == ["2"]
        assert [group.id for group in client.groups.list()] == ["g"]
        assert [device.id for device in client.devices.list()] == ["d"]
        assert list(client.devices.list(["m"])[0].installations) == ["m"]
        assert SECRET not in repr(client)
        assert repr(client) == "OctomilClient(https://api.octomil.com/v1)"


@pytest.mark.parametrize(
    ("environment", "options", "target"),
    [
        ({}, {}, "https://api.octomil.com/v1/models"),
        ({"OCTOMIL_API_URL": "https://a.test/v1"}, {}, "https://a.test/v1/models"),
        ({"OCTOMIL_API_BASE": "https://b.test"}, {}, "https://b.test/models"),
        (
            {"OCTOMIL_API_URL": "https://a.test", "OCTOMIL_API_BASE": "https://b.test"},
            {},
            "https://a.test/models",
        ),
        ({"OCTOMIL_API_URL": "https://a.test"}, {"base_url": "https://c.test"}, "https://c.test/models"),
    ],
)
def test_addresses(environment: dict[str, str], options: dict[str, Any], target: str) -> None:
    service = Service(lambda _: answer([]))
    with client_of(service, environment=environment, **options) as client:
        client.models.list()
    assert str(service.requests[0].url.copy_with(query=None)) == target


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOMIL_API_KEY", f"{SECRET}\n")
    monkeypatch.setenv("OCTOMIL_ORG_ID", "org_env")
    service = Service(lambda _: answer([]))
    with OctomilClient(transport=httpx.MockTransport(service)) as client:
        client.models.list()
    with OctomilClient(transport=httpx.MockTransport(service), org_id="org_arg") as client:
        client.models.list()
    assert [request.url.params["org_id"] for request in service.requests] == ["org_env", "org_arg"]
    assert service.requests[0].headers["authorization"] == f"Bearer {SECRET}"


def test_no_key_and_bad_settings() -> None:
    with pytest.raises(KeyRefusedError, match="OCTOMIL_API_KEY is empty"):
        OctomilClient(environment={})
    with pytest.raises(KeyRefusedError, match="api_key"):
        OctomilClient(api_key="", environment={"OCTOMIL_API_KEY": SECRET})
    with pytest.raises(AddressError):
        OctomilClient(api_key=SECRET, base_url="http://remote.test", environment={})


@pytest.mark.parametrize(
    ("value", "read_only"),
    [
        *((value, True) for value in ("1", "true", "yes", "2", "nope")),
        *((value, False) for value in ("0", "False", "no", "OFF", "", " ")),
    ],
)
def test_read_only_of_the_environment(value: str, read_only: bool) -> None:
    service = Service({"/models": MODELS, "/models/m/rollback": ACCEPTED})
    with client_of(service, environment={"OCTOMIL_READ_ONLY": value}) as client:
        if read_only:
            with pytest.raises(ReadOnlyError):
                client.rollouts.rollback("m", "1.0.0")
            assert service.requests == []
        else:
            assert client.rollouts.rollback("m", "1.0.0").affected_devices == 124


def test_the_environment_cannot_undo_read_only() -> None:
    client = client_of({}, read_only=True, environment={"OCTOMIL_READ_ONLY": "0"})
    with client, pytest.raises(ReadOnlyError):
        client.rollouts.rollback("m", "1.0.0")


def test_inside_an_event_loop_it_says_what_to_use() -> None:
    client = client_of({"/models": MODELS})

    async def inside() -> None:
        with pytest.raises(ConfigurationError, match="AsyncOctomilClient"):
            client.models.list()

    with asyncio.Runner() as runner:
        runner.run(inside())
    assert len(client.models.list()) == 2
    client.close()


def test_after_closing_nothing_is_asked() -> None:
    client = client_of({"/models": MODELS})
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.models.list()


def test_calls_outlive_the_client_and_everything_is_let_go() -> None:
    calls = client_of({"/models": MODELS}).models
    gc.collect()
    assert len(calls.list()) == 2
    loop = calls._loop
    close = loop.close
    del calls, loop
    gc.collect()
    assert not close.alive


def test_dropped_inside_an_event_loop() -> None:
    client = client_of({"/models": MODELS})
    client.models.list()

    async def inside() -> None:
        client.close()

    with asyncio.Runner() as runner:
        runner.run(inside())
    with pytest.raises(ConfigurationError, match="closed"):
        client.models.list()
