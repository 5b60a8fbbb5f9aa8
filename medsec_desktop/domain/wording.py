"""Words that sentences all over the program are made of."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """1 letter, 1,200 letters, 0 letters; 1 contact person, 2 contact people."""
    if number != 1:
        is_person = noun.endswith("person")
        noun = f"{noun.removesuffix('person')}people" if is_person else f"{noun}s"
    return f"{number:,} {noun}"
