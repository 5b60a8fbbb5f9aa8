"""Text as claims carry it: capitals, ASCII, single blanks; files and forms say the same by it.

A file cannot carry the signs it separates with either; the form can.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# What NFKD leaves whole.
_LETTERS = str.maketrans(
    {
        "ß": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O", "Ł": "L", "ł": "L",
        "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH", "ı": "I", "Ħ": "H", "ħ": "H",
        "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...",
        "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
    }
)  # fmt: skip

_SEPARATORS = str.maketrans({"*": " ", "~": " ", ":": " ", "^": " "})


@lru_cache(8_192)  # the same names and streets stand on claim after claim
def safe(text: str) -> str:
    """`text` in the letters of X12: capitals, ASCII, none of the signs that separate, single blanks."""
    if text.isascii() and text.isalnum():  # as codes and numbers are
        return text.upper()
    return " ".join(plain(text).translate(_SEPARATORS).split())


def plain(text: str) -> str:
    """`text` in capitals and ASCII; a letter that has no likeness there becomes “?”."""
    if not (text.isascii() and text.isprintable()):
        composed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(
            character if " " <= character <= "~" else " " if character.isspace() else "?"
            for character in composed
            if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
        )
    return " ".join(text.upper().split())
