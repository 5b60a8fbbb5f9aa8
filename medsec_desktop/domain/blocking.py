"""Which files are worth comparing at all: those that share one of a few keys.

Among a million files nobody can compare each with each. Every key is made of two or three facts that
a file typed twice seldom has all wrong, and that few strangers share.
"""

from __future__ import annotations

from collections.abc import Iterator

_NAME_BEGUN, _STREET_BEGUN = 3, 5


def keys_of(
    family: str, given: str, birth: str, number: str, street: str, more: str, postal: str
) -> Iterator[tuple[str, ...]]:
    """The keys of a file: folded names, an ISO date of birth, and the parts of one address.

    Names come in either order, so that a pair typed into each other's box still meets.
    """
    words = [name.split()[0] for name in (family, given) if name]
    begun = tuple(sorted(word[:_NAME_BEGUN] for word in words))
    is_day = len(birth) == len("1984-03-14")
    if is_day:
        for name in begun:
            yield "birth name", birth, name
        for part in (number, street[:_STREET_BEGUN], postal):
            if part:
                yield "birth place", birth, part
    if len(begun) == 2:
        if is_day:
            yield "names day", *begun, birth[5:]
        if birth:
            yield "names year", *begun, birth[:4]
        if number:
            yield "names number", *begun, number
        for line in (street, more):  # the two are often filled in the other way round
            if len(line) >= _STREET_BEGUN:
                yield "names street", *begun, line[:_STREET_BEGUN]
    if number and street:
        for name in begun:
            yield "name place", name, number, street[:_STREET_BEGUN]
