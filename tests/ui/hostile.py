"""A fleet whose every name is an attack on the terminal or on the markup of the framework."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.fleet import DeviceGroup, Installation, Model, ModelVersion, RolloutState
from tests.engine.fakes import T0, FakeService, device, rollout

ATTACKS = {
    "escapes": "\x1b[2J\x1b]0;owned\x07\x9b2J\x90\x9c\x00\x7f",
    "markup": "[@click=app.leave]click[/] x[/]y [/foo] [link=https://evil]z[/link] $primary [red",
    "bidi": "a\u202eb\u2066c\u200bd\ufeff\u2028e\U000e0041\u00ad",
    "long": "L" * 10_000 + "界" * 100 + "e" + "\u0301" * 500,
    "lines": "one\ntwo\r\nthree\x0b\x0cfour\x85five\ttab",
    "surrogate": "\ud800\udfff😀\u200d😀",
}


def hostile(text: str) -> FakeService:
    """Return a service that gives `text` wherever it gives text."""
    model, other = Model(f"m{text}", text, device_count=2), Model("m-2", f"{text}2")
    group, second = DeviceGroup(f"g{text}", text, device_count=1), DeviceGroup("g-2", f"{text}b")
    good, bad = f"1{text}", f"2{text}"
    versions = tuple(ModelVersion(v, word=text, published_by=text) for v in (bad, good, f"0{text}"))
    old = rollout(f"1{text}", good, created_at=T0 - 90_000)
    new = rollout(f"2{text}", bad, RolloutState.ACTIVE, share=0.4, created_at=T0 - 3_000)
    worded = [replace(r, model_id=model.id, word=text, by=text, reason=text, kind=text) for r in (new, old)]
    devices = []
    for key, version in (("a", bad), ("b", good), ("c", bad)):
        made = device(f"{key}{text}", version, group.id)
        installed = Installation(version, wanted=text, on_disk=(good, text), progress=0.5)
        odd = {"hardware": text, "runtime": text, "network": text}
        devices.append(
            replace(made, name=f"{key}{text}", platform=text, installations={model.id: installed}, **odd)  # type: ignore[arg-type]
        )
    return FakeService(
        model_list=(model, other),
        version_list=versions,
        rollout_list=tuple(worded),
        active=(worded[0],),
        group_list=(group, second),
        device_list=tuple(devices),
        members={group.id: tuple(devices)},
        receipt=OctomilError(text),
    )


def raw(texts: list[str]) -> list[str]:
    """Return the pieces that hold something that a terminal obeys, or that reorders what people read."""
    bad = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
    return [text for text in texts if any(unicodedata.category(letter) in bad for letter in text)]
