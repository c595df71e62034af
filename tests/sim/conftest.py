from collections.abc import AsyncIterator

import pytest

from tests.sim.rig import Rig


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def night() -> AsyncIterator[Rig]:
    async with Rig("night") as rig:
        yield rig


@pytest.fixture
async def brief() -> AsyncIterator[Rig]:
    async with Rig("brief") as rig:
        yield rig
