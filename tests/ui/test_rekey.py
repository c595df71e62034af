"""What is said of a key that was read again."""

from __future__ import annotations

import pytest

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key_source import Reread
from octomil_tui.engine.source import Rekeying
from octomil_tui.ui.rekey import read_key_again
from tests.ui.sims import Sim


class Client:
    is_key_refused = True

    def __init__(self, outcome: Reread | KeyRefusedError) -> None:
        self._outcome = outcome

    async def reread_key(self) -> Reread:
        if isinstance(self._outcome, KeyRefusedError):
            raise self._outcome
        return self._outcome


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Reread.CHANGED, "another key was read"),
        (Reread.SAME, "is the one that the service does not accept"),
        (Reread.FIXED, "cannot be read again"),
        (KeyRefusedError("the key file x is not text"), "the key file x is not text; the old key stays"),
    ],
)
async def test_what_came_of_it_is_said(outcome: Reread | KeyRefusedError, said: str) -> None:
    assert said in await read_key_again(Client(outcome))


@pytest.mark.anyio
async def test_the_client_can_do_it() -> None:
    client = Sim("brief").client()
    assert isinstance(client, Rekeying)
    assert not client.is_key_refused
    assert await client.reread_key() is Reread.FIXED
