"""What a list of devices can be asked in the filter language, and which part of it the service can answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from octomil_tui.domain.convergence import Stage, Track
from octomil_tui.domain.filter_term import PLAIN, Filter, Key, Keys, Kind, Pattern, Term
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.reason import reason
from octomil_tui.domain.text import version_label

A_NAME = "a name such as kiosk or eu*17"
A_VERSION = "a version such as v2*"
A_STATE = "a word such as offline"
A_GROUP = "a group such as eu*"
A_PLATFORM = "a platform such as android"
A_TIME = "a time such as >1h"
A_REASON = "a part of the reason such as silent"
UNKNOWN = "?"
"""How a version is written that nobody knows."""


def version_ways(version: str) -> tuple[str, ...]:
    """Return the ways to write a version: as the registry has it, and as it is shown."""
    return (version, version_label(version))


def stage_words(stage: Stage) -> tuple[str, ...]:
    """Return the words for a device at this stage of a rollback; a settled one is verified too."""
    word = stage.replace("_", "-")
    match stage:
        case Stage.SETTLED:
            return (word, Stage.VERIFIED.value)
        case Stage.ON_THE_WAY:
            return ("on-way", word)
        case _:
            return (word,)


CONNECTIVITY_WORDS = tuple(kind.value for kind in Connectivity)
WATCHED_WORDS = tuple(
    dict.fromkeys((*CONNECTIVITY_WORDS, *(word for stage in Stage for word in stage_words(stage))))
)
STAGE_WORDS = {stage: stage_words(stage) for stage in Stage}


class Followed(Protocol):
    """What is asked of a watch; `domain.watch.Watch` fits it."""

    def track(self, device_id: str) -> Track | None:
        """Return what is known of a device."""

    def stage_of(self, device_id: str) -> Stage | None:
        """Return where a device stands."""


@dataclass(frozen=True, slots=True)
class About:
    """What devices are asked about."""

    models: Mapping[str, str] = field(default_factory=dict)
    """Names of the models that count, by id; of a list about one model that one."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Raw names of the groups, by id."""
    followed: Followed | None = None
    """The watch of a rollback, which knows how far each device is; None where none is watched."""
    now: float | None = None
    """The service's clock."""
    is_of_one: bool = True
    """Whether the list is about one model, and has no use for the key `model`."""


def device_keys(about: About) -> Keys[Device]:
    """Return what devices can be asked."""
    words = CONNECTIVITY_WORDS if about.followed is None else WATCHED_WORDS
    keys: dict[str, Key[Device]] = {
        PLAIN: Key(Kind.PART, A_NAME, _device_names),
        "ver": Key(Kind.WHOLE, A_VERSION, _versions(about), spelled=version_ways),
        "wants": Key(Kind.WHOLE, A_VERSION, _wanted(about), spelled=version_ways),
        "state": Key(Kind.WORD, A_STATE, _states(about), words),
        "group": Key(Kind.WHOLE, A_GROUP, lambda device: device.groups, spelled=_named(about.groups)),
        "platform": Key(Kind.WHOLE, A_PLATFORM, _platforms),
        "seen": Key(Kind.AGE, A_TIME, _silence(about.now)),
        "name": Key(Kind.PART, A_NAME, lambda device: (device.name,)),
        "why": Key(Kind.PART, A_REASON, _reasons(about)),
    }
    if not about.is_of_one:
        keys["model"] = Key(
            Kind.WHOLE,
            "a model such as phi*",
            lambda device: tuple(device.installations),
            spelled=_named(about.models),
        )
    return keys


def narrowed(about: About, filter_: Filter) -> About:
    """Return what devices are asked about, only with the models that the filter names.

    `model:phi* ver:v2*` means version 2 of that model, not of any.
    """
    named = Filter(tuple(term for term in filter_.terms if term.key == "model" and not term.negated))
    if not named:
        return about
    key: Key[tuple[str, ...]] = Key(Kind.WHOLE, "", lambda one: one, spelled=_named(about.models))
    holds = named.test({"model": key})
    return replace(about, models={id_: name for id_, name in about.models.items() if holds((id_,))})


def _device_names(device: Device) -> tuple[str, ...]:
    return (device.name,) if device.name == device.id else (device.name, device.id)


def _platforms(device: Device) -> tuple[str, ...]:
    return (device.platform, device.platform_label, device.architecture or device.platform)


def _named(names: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    def ways(key: str) -> tuple[str, ...]:
        return (key, names.get(key, key))

    return ways


def _versions(about: About) -> Callable[[Device], tuple[str, ...]]:
    return _of_installations(about, lambda one: one.version or UNKNOWN)


def _wanted(about: About) -> Callable[[Device], tuple[str, ...]]:
    return _of_installations(about, lambda one: one.wanted or UNKNOWN)


def _of_installations(
    about: About, text: Callable[[Installation], str]
) -> Callable[[Device], tuple[str, ...]]:
    if len(about.models) == 1:
        (only,) = about.models

        def text_of_one(device: Device) -> tuple[str, ...]:
            one = device.installations.get(only)
            return () if one is None else (text(one),)

        return text_of_one

    def texts(device: Device) -> tuple[str, ...]:
        return tuple(text(one) for id_, one in device.installations.items() if id_ in about.models)

    return texts


def _states(about: About) -> Callable[[Device], tuple[str, ...]]:
    followed = about.followed

    def states(device: Device) -> tuple[str, ...]:
        stage = followed.stage_of(device.id) if followed is not None else None
        word: str = device.connectivity.value
        return (word,) if stage is None else (word, *STAGE_WORDS[stage])

    return states


def _silence(now: float | None) -> Callable[[Device], float | None]:
    def silence(device: Device) -> float | None:
        at = device.last_contact_at
        return None if at is None or now is None else now - at

    return silence


def _reasons(about: About) -> Callable[[Device], tuple[str, ...]]:
    def reasons(device: Device) -> tuple[str, ...]:
        track = about.followed.track(device.id) if about.followed is not None else None
        return tuple(reason(device, id_, track, about.now) for id_ in about.models)

    return reasons


class ServerQuery(NamedTuple):
    """A filter in two halves, for a fleet that is too large to be read whole."""

    parameters: Mapping[str, str]
    """Of `GET /devices`: `search`, `status`, `platform`."""
    rest: Filter
    """What has to be looked at here, among what the service answers."""
    served: Mapping[str, Filter]
    """The term behind each parameter: what the rows of an answer have to pass if the service heeded it."""


def server_query(filter_: Filter, platforms: Collection[str] | None = None) -> ServerQuery:
    """Return what the service can look for, and what stays here.

    It takes one word of each kind, without `!`, `*` and alternatives. What it
    means by a search is its own business, so that the word is looked at here
    too, among fewer devices.

    Args:
        filter_: What was typed.
        platforms: The platforms that are known, as the service writes them;
            another word stays here. None takes every word as it was typed.
    """
    parameters: dict[str, str] = {}
    served: dict[str, Filter] = {}
    rest = []
    for term in filter_.terms:
        name = _PARAMETERS.get(term.key)
        word = _only_word(term)
        if name == "platform" and word is not None and platforms is not None:
            word = next((one for one in platforms if one.casefold() == word.casefold()), None)
        if name is None or word is None or name in parameters or not _is_served(term.key, word):
            rest.append(term)
            continue
        parameters[name], served[name] = word, Filter((term,))
        if name == "search":
            rest.append(term)
    return ServerQuery(parameters, Filter(tuple(rest)), served)


_PARAMETERS = {PLAIN: "search", "name": "search", "state": "status", "platform": "platform"}


def _only_word(term: Term) -> str | None:
    value = term.values[0]
    if term.negated or len(term.values) > 1 or not isinstance(value, Pattern) or len(value.pieces) > 1:
        return None
    return value.pieces[0]


def _is_served(key: str, word: str) -> bool:
    if key == "state":
        return word in CONNECTIVITY_WORDS and word != Connectivity.UNKNOWN
    # `linux arm64` is a label of this console, no platform of the service.
    return key != "platform" or " " not in word
