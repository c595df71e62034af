import pytest
from hypothesis import settings

settings.register_profile("engine", deadline=None, max_examples=100, derandomize=True, database=None)
settings.load_profile("engine")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
