"""The organization: who is in it, and the SDK's deploy calls."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import DeployBody
from octomil_tui.sim.catalog import Model
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.query import Query
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.service import RolloutOrder
from octomil_tui.sim.world import World

__all__ = ["router"]

router = APIRouter()
MOST_NAMED = 1000
"""How many devices a deploy is answered with one by one."""


@router.get("/auth/me")
async def me(world: WorldDep) -> JSONResponse:
    """Return whom the key belongs to."""
    return answer(
        {"user_id": world.user, "name": world.user, "org_id": world.catalog.org_id, "role": "admin"}
    )


@router.get("/status")
async def status(world: WorldDep) -> JSONResponse:
    """Return that the service works."""
    return answer({"status": "ok", "org_id": world.catalog.org_id})


@router.get("/orgs/{org_id}/members")
async def members(world: WorldDep, org_id: str) -> JSONResponse:
    """Return the people of the organization, as a bare array."""
    return answer(
        [
            {"user_id": name, "name": name, "email": f"{name}@{org_id}.example", "role": "admin"}
            for name in world.members
        ]
    )


@router.post("/deploy/prepare")
async def prepare_deploy(world: WorldDep, body: DeployBody) -> JSONResponse:
    """Say which devices a deploy would move, without moving any."""
    model, version = _deploy(world, body)
    known = model.version(version)
    group = None if body.group is None else world.catalog.group(body.group).name
    found = world.population.list(Query(model_id=model.id, group=group), MOST_NAMED, 0)
    left_out = found.total - len(found.devices)
    return answer(
        {
            "ok": True,
            "target_count": found.total,
            "resolved_targets": [device.id for device in found.devices],
            "warnings": [f"{left_out} more targets are not listed."] if left_out else [],
            "deployments": [
                {
                    "device_id": device.id,
                    "format": known.format,
                    "executor": "llamacpp",
                    "quantization": "q4_k_m",
                    "download_url": None,
                    "conversion_needed": False,
                }
                for device in found.devices
            ],
        }
    )


@router.post("/deploy/execute")
async def execute_deploy(world: WorldDep, body: DeployBody) -> JSONResponse:
    """Deploy a version to the fleet or to one group."""
    model, version = _deploy(world, body)
    rollout = world.service.create(
        model.id,
        RolloutOrder(version, body.rollout_percentage, start_immediately=True, group=body.group),
    )
    return answer(
        {
            "id": rollout.id,
            "deployment_id": rollout.id,
            "status": "started",
            "target_count": rollout.affected,
            "activated_count": rollout.settled(),
            "device_statuses": [
                {"device_id": e.device.id, "status": "queued" if e.settled_at is None else "done"}
                for e in rollout.page(MOST_NAMED, 0)
            ],
        },
        201,
    )


def _deploy(world: World, body: DeployBody) -> tuple[Model, str]:
    reference, version = body.model_id or body.model_name, body.version or body.model_version
    if reference is None or version is None:
        raise RefusedError(422, "validation_error", "A deploy names a model and a version.")
    if body.devices:
        raise RefusedError(422, "unsupported_scope", "A deploy goes to the fleet or to one group.")
    model = world.catalog.model(reference)
    model.version(version)
    return model, version
