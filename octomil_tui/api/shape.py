"""What a row of the service is read into.

A shape is an ordinary class whose instance holds the fields that were given,
and whose class holds None for all others: a row of the service has few of what
it might have, and models of pydantic, which fill in the rest, take twice the time.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self, get_origin, get_type_hints

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreConfig, CoreSchema
from pydantic_core.core_schema import (
    TypedDictField,
    no_info_after_validator_function,
    typed_dict_field,
    typed_dict_schema,
)

_RULES = CoreConfig(strict=True, allow_inf_nan=False)


class Names(NamedTuple):
    """What services call a field; the first name that is there counts."""

    first: str
    second: str | None = None
    third: str | None = None

    @property
    def choices(self) -> list[list[str | int]]:
        """The names as paths."""
        return [[name] for name in self if name is not None]


class Shape:
    """The rules of every shape of `api/wire.py`; see there, and the module.

    Args:
        fields: What was given, by name; it belongs to the shape from now on.
    """

    ESSENTIAL: ClassVar[frozenset[str]] = frozenset()
    """Fields without which a row would say something false, if they are there and do not fit."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__ = fields

    @classmethod
    def read(cls, data: object) -> Self:
        """Return parsed JSON as this shape.

        Raises:
            pydantic.ValidationError: A field that is there does not fit, or one that has to be is not.
        """
        adapter = _adapters.get(cls)
        if adapter is None:
            adapter = _adapters[cls] = TypeAdapter(cls)
        found: Self = adapter.validate_python(data)
        return found

    @classmethod
    def kinds(cls) -> dict[str, Any]:
        """Return the fields that there may be, each with what fits into it."""
        kinds = get_type_hints(cls, include_extras=True)
        return {name: kind for name, kind in kinds.items() if get_origin(kind) is not ClassVar}

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = {
            name: _field(handler.generate_schema(kind), kind, is_needed=not hasattr(cls, name))
            for name, kind in cls.kinds().items()
        }
        return no_info_after_validator_function(cls, typed_dict_schema(fields, config=_RULES))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given that is understood."""
        return all(value is None for value in self.__dict__.values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__})"


def _field(schema: CoreSchema, kind: Any, *, is_needed: bool) -> TypedDictField:
    names = next((one for one in getattr(kind, "__metadata__", ()) if isinstance(one, Names)), None)
    return typed_dict_field(schema, required=is_needed, validation_alias=names and names.choices)


_adapters: dict[type[Shape], TypeAdapter[Any]] = {}
