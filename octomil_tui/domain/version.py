"""Which of two versions is the older one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_SEMANTIC = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)

_LONGEST = 200
"""Characters of a semantic version; longer text is none, and Python refuses to read its numbers."""

_Identifier = tuple[int, int, str]
SemanticKey = tuple[int, int, int, int, tuple[_Identifier, ...]]


def semantic_key(version: str) -> SemanticKey | None:
    """Return the sort key of a semantic version, or None for anything else.

    Precedence as semver.org section 11 has it: a pre-release sorts before its
    release, numeric identifiers before words, build metadata does not count.
    """
    found = _SEMANTIC.fullmatch(version) if len(version) <= _LONGEST else None
    if found is None:
        return None
    major, minor, patch = (int(part) for part in found.group(1, 2, 3))
    pre = found.group(4)
    identifiers = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in (pre.split(".") if pre else ())
    )
    return (major, minor, patch, 0 if pre else 1, identifiers)


def registry_order(newest_first: Sequence[str]) -> dict[str, int]:
    """Return each version's age rank in the registry: 0 is the oldest."""
    return {version: rank for rank, version in enumerate(reversed(newest_first))}


def is_older(version: str, than: str, order: Mapping[str, int]) -> bool | None:
    """Say whether `version` came before `than`; None where they cannot be compared.

    The registry's own order decides where it knows both, else semantic
    versions are compared.
    """
    if version in order and than in order:
        return order[version] < order[than]
    left, right = semantic_key(version), semantic_key(than)
    if left is None or right is None:
        return None
    return left < right


def named(version: str, known: Collection[str]) -> str:
    """Return the version that a person means: what is shown as `v1.0.0` is `1.0.0` in the registry.

    A version that the registry has as it was typed stays as it is, and so does
    one that it does not have in either form.
    """
    bare = version[1:]
    return bare if version[:1] == "v" and version not in known and bare in known else version
