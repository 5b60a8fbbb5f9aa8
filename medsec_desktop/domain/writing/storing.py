"""A document as JSON and back: format 1.

    {"format": 1, "language": "en", "questions": [...], "blocks": [...]}

Each block and inline is an object whose `is` names its class in small letters; what has its usual value is
left out. Reading is strict: an unknown `is`, name or value is refused with the path to it, so that nothing
of a file is dropped without a word. A file of a later format is refused as such.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from medsec_desktop.domain.writing import document as parts
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.problems import Invalid

FORMAT = 1

_NAMED: dict[str, type] = {
    kind.__name__.lower(): kind
    for kind in (
        parts.Text,
        parts.Field,
        parts.Stretch,
        parts.Paragraph,
        parts.Table,
        parts.Picture,
        parts.PageBreak,
        parts.Insert,
    )
}
_NAMES = {kind: name for name, kind in _NAMED.items()}


def stored(document: Document) -> dict[str, Any]:
    """The document as plain data for JSON."""
    content: dict[str, Any] = {"format": FORMAT, "language": document.language}
    content.update(_stored(document))
    content.setdefault("blocks", [])
    return content


def document_from(content: Any) -> Document:
    """The document that `stored` gave. Raises Invalid with the place and the fault."""
    if not isinstance(content, Mapping):
        raise _bad("file", "it is not a document")
    written = content.get("format")
    if written != FORMAT:
        raise Invalid(
            "This document was written for another version of the program.",
            f"It has format {written!r}; this version reads {FORMAT}.",
            "Use the version it was written with, or a newer one.",
            field="format",
        )
    rest = {name: value for name, value in content.items() if name != "format"}
    document: Document = _read(Document, rest, "document")
    return document


def _stored(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_stored(part) for part in value]
    if not dataclasses.is_dataclass(value):
        return value
    kind = type(value)
    found: dict[str, Any] = {"is": _NAMES[kind]} if kind in _NAMES else {}
    for field in dataclasses.fields(value):
        part = getattr(value, field.name)
        if part != field.default:
            found[field.name] = _stored(part)
    return found


def _read(kind: Any, value: Any, at: str) -> Any:
    origin = get_origin(kind)
    if origin is tuple:
        return _read_list(get_args(kind), value, at)
    if origin is Literal:
        if value not in get_args(kind):
            raise _bad(at, f"“{value}” is not one of {', '.join(map(str, get_args(kind)))}")
        return value
    if origin in (Union, types.UnionType):
        return _read_one_of(get_args(kind), value, at)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if value not in [str(one) for one in kind]:
            raise _bad(at, f"“{value}” is not one of {', '.join(kind)}")
        return kind(value)
    if dataclasses.is_dataclass(kind):
        return _read_part(kind, value, at)
    return _read_plain(kind, value, at)


def _read_list(kinds: tuple[Any, ...], value: Any, at: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _bad(at, "it must be a list")
    return tuple(_read(kinds[0], one, f"{at}[{place}]") for place, one in enumerate(value))


def _read_one_of(kinds: tuple[Any, ...], value: Any, at: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    if len(kinds) == 1:
        return _read(kinds[0], value, at)
    name = value.get("is") if isinstance(value, Mapping) else None
    kind = _NAMED.get(name) if isinstance(name, str) else None
    if kind not in kinds:
        raise _bad(at, f"there is nothing called {name!r} that may stand here")
    rest = {key: part for key, part in value.items() if key != "is"}
    return _read_part(kind, rest, at)


def _read_part(kind: Any, value: Any, at: str) -> Any:
    if not isinstance(value, Mapping):
        raise _bad(at, "it must be an object")
    hints = _hints(kind)
    rest = {name: part for name, part in value.items() if name != "is" or kind not in _NAMES}
    for name in rest:
        if name not in hints:
            raise _bad(f"{at}.{name}", "this version knows no such thing")
    for field in dataclasses.fields(kind):
        if field.name not in rest and field.default is dataclasses.MISSING:
            raise _bad(f"{at}.{field.name}", "it is missing")
    return kind(**{name: _read(hints[name], part, f"{at}.{name}") for name, part in rest.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a part's fields; to work them out takes longer than to read the part."""
    return get_type_hints(kind)


def _read_plain(kind: type, value: Any, at: str) -> Any:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise _bad(at, "it must be a number")
        return float(value)
    if type(value) is not kind:
        words = {str: "text", int: "a whole number", bool: "true or false", float: "a number"}
        raise _bad(at, f"it must be {words[kind]}")
    return value


def _bad(at: str, why: str) -> Invalid:
    return Invalid(
        f"This document cannot be read: at {at}, {why}.",
        remedy="Correct the file, or export it again from where it came.",
        field=at,
    )
