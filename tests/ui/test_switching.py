"""Switching the profile, as far as the screens go with it: what is said, and when the run ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

import pytest

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.ui.switching import KnownProfile
from tests.ui.conftest import On
from tests.ui.consoles import PLACE
from tests.ui.forms import form
from tests.ui.sims import PHI_ID, Sim

HERE = replace(PLACE, profile="prod")

pytestmark = pytest.mark.anyio


class Profiles:
    """Two profiles; opening one fails, or waits, as a test wants it."""

    def __init__(self) -> None:
        self.fails = ""
        self.may_open = Event()
        self.may_open.set()
        self.gone: list[str] = []

    def known(self) -> Sequence[KnownProfile]:
        return [KnownProfile("prod", "STAG", "h.test"), KnownProfile("stg", "STAG", "s.test")]

    def open(self, name: str) -> Callable[[], None]:
        assert self.may_open.wait(10)
        if self.fails:
            raise ConfigurationError(self.fails)
        return lambda: self.gone.append(name)


async def test_a_switch_ends_the_run_in_good_order(on: On, night: Sim) -> None:
    profiles = Profiles()
    async with on(night, place=HERE, profiles=profiles) as hands:
        hands.app.switch_profile("stg")
        await hands.app.workers.wait_for_complete(
            [worker for worker in hands.app.workers if worker.group == "switch"]
        )
        assert profiles.gone == ["stg"]
        assert hands.app.return_code == 0
    assert night.writes == []


async def test_what_cannot_be_opened_is_said_and_everything_stays(on: On, night: Sim) -> None:
    profiles = Profiles()
    profiles.fails = "the key file k does not exist"
    async with on(night, place=HERE, profiles=profiles) as hands:
        hands.app.switch_profile("stg")
        await hands.until(lambda: "the key file k does not exist" in hands.said, "sentence")
        assert profiles.gone == []
        await hands.press("2")
        await hands.on("ModelsScreen")


async def test_the_profiles_are_known_and_the_present_one_is_as_line_1_has_it(on: On, night: Sim) -> None:
    async with on(night, place=HERE, profiles=Profiles()) as hands:
        # Flags and variables may have made another place of the profile.
        assert list(hands.app.profiles_known()) == [
            ("prod", "PROD", "api.test"),
            ("stg", "STAG", "s.test"),
        ]
        hands.app.switch_profile("prod")
        await hands.until(lambda: hands.said == ["this is profile prod already"], "sentence")


async def test_where_there_are_no_profiles_that_is_said(on: On, night: Sim) -> None:
    async with on(night) as hands:
        assert not hands.app.profiles_known()
        hands.app.switch_profile("stg")
        await hands.until(lambda: hands.said == ["there is no other profile here"], "sentence")


async def test_nothing_is_left_while_a_rollback_is_being_sent(on: On, night: Sim) -> None:
    profiles = Profiles()
    profiles.may_open.clear()
    night.loses_answers = night.keeps_records_back = True
    async with on(night, place=HERE, profiles=profiles) as hands:
        hands.app.switch_profile("stg")
        await form(hands)
        await hands.confirm()
        await hands.press("enter")
        await hands.until(lambda: PHI_ID in hands.known.rollbacks, "rollback")
        profiles.may_open.set()
        said = "a request that changes something is on its way: switch when its answer is there"
        await hands.until(lambda: said in hands.said, "refusal")
        assert profiles.gone == []
        assert hands.app.is_running
