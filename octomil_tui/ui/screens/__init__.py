"""The places, the wizard and the watch: each screen composes widgets and fills them from the state.

A screen named here is loaded when it is first asked for, so that the first
picture does not wait for those that nobody has opened yet.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from textual.screen import Screen

if TYPE_CHECKING:
    from octomil_tui.ui.screens.action import ActionScreen
    from octomil_tui.ui.screens.base import BaseScreen
    from octomil_tui.ui.screens.chooser import Chooser, Option
    from octomil_tui.ui.screens.command_line import CommandLine
    from octomil_tui.ui.screens.compare import CompareScreen
    from octomil_tui.ui.screens.errors import ErrorsScreen
    from octomil_tui.ui.screens.filtered import FilteredScreen
    from octomil_tui.ui.screens.fleet import FleetScreen
    from octomil_tui.ui.screens.group import GroupScreen
    from octomil_tui.ui.screens.help import HelpScreen
    from octomil_tui.ui.screens.json import JsonScreen
    from octomil_tui.ui.screens.leave import LeaveDialog
    from octomil_tui.ui.screens.lists import GroupsScreen, ModelsScreen, RolloutsScreen
    from octomil_tui.ui.screens.memo import MemoDialog
    from octomil_tui.ui.screens.model import ModelScreen
    from octomil_tui.ui.screens.palette import Palette
    from octomil_tui.ui.screens.policy import PolicyScreen
    from octomil_tui.ui.screens.requests import RequestsScreen
    from octomil_tui.ui.screens.rollout import RolloutScreen
    from octomil_tui.ui.screens.stragglers import StragglersScreen
    from octomil_tui.ui.screens.timeline import TimelineScreen
    from octomil_tui.ui.screens.watch import WatchScreen
    from octomil_tui.ui.screens.wizard import WizardScreen

__all__ = [
    "ActionScreen",
    "BaseScreen",
    "Chooser",
    "CommandLine",
    "CompareScreen",
    "ErrorsScreen",
    "FilteredScreen",
    "FleetScreen",
    "GroupScreen",
    "GroupsScreen",
    "HelpScreen",
    "JsonScreen",
    "LeaveDialog",
    "MemoDialog",
    "ModelScreen",
    "ModelsScreen",
    "Option",
    "Palette",
    "PolicyScreen",
    "RequestsScreen",
    "RolloutScreen",
    "RolloutsScreen",
    "StragglersScreen",
    "TimelineScreen",
    "WatchScreen",
    "WizardScreen",
]

_WHERE: Final = {
    "BaseScreen": "base",
    "Chooser": "chooser",
    "CommandLine": "command_line",
    "CompareScreen": "compare",
    "ErrorsScreen": "errors",
    "FilteredScreen": "filtered",
    "FleetScreen": "fleet",
    "GroupScreen": "group",
    "GroupsScreen": "lists",
    "HelpScreen": "help",
    "JsonScreen": "json",
    "LeaveDialog": "leave",
    "MemoDialog": "memo",
    "ModelScreen": "model",
    "ModelsScreen": "lists",
    "Option": "chooser",
    "Palette": "palette",
    "RequestsScreen": "requests",
    "RolloutsScreen": "lists",
    "RolloutScreen": "rollout",
    "StragglersScreen": "stragglers",
    "TimelineScreen": "timeline",
    "WatchScreen": "watch",
    "WizardScreen": "wizard",
    "ActionScreen": "action",
    "PolicyScreen": "policy",
}
"""The module of each, the ones that are drawn first before the others."""


def __getattr__(name: str) -> object:
    """Load the module of a screen when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def later(name: str) -> Callable[[], Screen[Any]]:
    """Return what makes the screen of this name, which takes no arguments, and loads it only then."""

    def make() -> Screen[Any]:
        made: Screen[Any] = getattr(sys.modules[__name__], name)()
        return made

    return make


def load_all() -> None:
    """Load them all, so that none of them is waited for when it is opened."""
    for module in dict.fromkeys(_WHERE.values()):
        import_module(f"{__name__}.{module}")
