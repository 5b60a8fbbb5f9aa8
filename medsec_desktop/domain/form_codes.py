"""What the barcode of a printed form says: a random number with a check, and which page it is.

It says nothing about the patient: only the practice's own records know whose form it is. The sixteen
characters carry 80 random bits, so that a code cannot be guessed; the last two check them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "MSD1:"  # a barcode that begins otherwise is not ours; the digit counts the formats
RANDOM_BYTES = 10
MOST_PAGES = 99

# Crockford's base 32: no I, L, O or U, which are misread or make words.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONG = 16
# A prime: each single wrong character and each two swapped ones change the remainder.
_MODULUS = 1021
_BARCODE = re.compile(rf"MSD1:([{_LETTERS}]{{18}}):([1-9][0-9]?)")


@dataclass(frozen=True, slots=True)
class FormMark:
    """What a barcode of ours was read as: the form's code, and the page counted from 1."""

    code: str
    page: int


def code_from(random: bytes) -> str:
    """A form's code from ten random bytes."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a code is made of {RANDOM_BYTES} bytes")
    number = int.from_bytes(random)
    return _written(number, _LONG) + _written(number % _MODULUS, 2)


def is_code(text: str) -> bool:
    """Whether the text is a code and its check holds."""
    if len(text) != _LONG + 2 or set(text) - set(_LETTERS):
        return False
    return _read(text[:_LONG]) % _MODULUS == _read(text[_LONG:])


def barcode_text(code: str, page: int) -> str:
    """What the barcode on a page of the form says; capitals and digits only, which keeps it small."""
    if not 1 <= page <= MOST_PAGES:
        raise ValueError(f"a form has up to {MOST_PAGES} pages")
    return f"{PREFIX}{code}:{page}"


def mark_of(text: str) -> FormMark | None:
    """The mark a barcode carries, or None where it is not ours or was misread."""
    found = _BARCODE.fullmatch(text)
    if found is None or not is_code(found[1]):
        return None
    return FormMark(found[1], int(found[2]))


def spoken(code: str) -> str:
    """The code in groups, as it stands under the barcode for the eye."""
    return "-".join(code[at : at + 6] for at in range(0, len(code), 6))


def _written(number: int, long: int) -> str:
    letters = []
    for _ in range(long):
        number, digit = divmod(number, 32)
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))


def _read(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 32 + _LETTERS.index(letter)
    return number
