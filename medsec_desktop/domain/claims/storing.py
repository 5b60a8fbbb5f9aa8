"""A claim as text and back: what the practice keeps of each, for as long as it keeps anything.

JSON with a format of its own, so that a claim sent years ago is read by a program that has learned more
since. What is as it always begins is left out; a field that was not known yet is as it begins.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.problems import Unavailable

FORMAT = 1
_Coder = Callable[[Any], Any]


def stored(claim: Claim) -> str:
    """The claim as text."""
    return json.dumps(
        {"format": FORMAT, "claim": _out(claim)}, ensure_ascii=False, separators=(",", ":")
    )


def restored(text: str) -> Claim:
    """The claim that was stored. Raises Unavailable for one of a newer program, and what is no claim."""
    try:
        kept = json.loads(text)
        if kept["format"] > FORMAT:
            raise Unavailable(
                "This claim was written by a newer version of the program.",
                remedy="Install the newest version, then try again.",
            )
        return cast(Claim, _reader(Claim)(kept["claim"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unavailable(
            "The words of this claim cannot be read.",
            "Its record is damaged.",
            "Restore a backup, or look at the file it was sent in.",
        ) from error


def _out(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_out(one) for one in value]
    if is_dataclass(value):
        kind: Any = type(value)
        return {
            name: _out(found)
            for name, default in _defaults(kind)
            if (found := getattr(value, name)) != default
        }
    return value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a class with what each begins with; nothing equals MISSING."""
    return tuple(
        (
            one.name,
            one.default_factory() if one.default_factory is not MISSING else one.default,
        )
        for one in fields(kind)
    )


@cache
def _reader(kind: Any) -> _Coder:
    """What makes a value of that type from what JSON gives."""
    if kind in (str, int, bool):
        return _exactly(kind)
    if kind is date:
        return date.fromisoformat
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        reader = _reader(inner)
        return lambda value: None if value is None else reader(value)
    if get_origin(kind) is tuple:
        inside = get_args(kind)
        readers = [_reader(one) for one in inside if one is not Ellipsis]
        if Ellipsis in inside:
            return lambda values: tuple(map(readers[0], values))
        return lambda values: tuple(
            read(value) for read, value in zip(readers, values, strict=True)
        )
    hints = get_type_hints(kind)
    known = {one.name: _reader(hints[one.name]) for one in fields(kind)}
    return lambda values: kind(
        **{name: known[name](value) for name, value in values.items() if name in known}
    )


def _exactly(kind: type) -> _Coder:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    return read
