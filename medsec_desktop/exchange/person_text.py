"""Small things about people as other programs write them: names, sex, marital status, language …"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from medsec_desktop.domain.people import fold
from medsec_desktop.exchange.records import Address
from medsec_desktop.exchange.us_places import STATES, state_code, whole_zip

# What stands for nothing in a cell, in lower case.
_NOTHING = {"null", "n/a", "na", "none", "nil", "undefined", "unknown", "not available", "\\n", "-", "--",
            "#n/a", "."}  # fmt: skip
_LONGEST_NOTHING = max(len(word) for word in _NOTHING)
_PREFIXES = {
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "rev",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "esq", "do", "dds", "rn"}
_PARTICLES = {"de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "du", "van", "von",
              "der", "den", "ter", "ten", "le", "bin", "ibn", "al", "el", "st", "san", "y"}  # fmt: skip
_SEXES = {
    "F": "f female woman w femenino mujer fem hembra",
    "M": "m male man masculino hombre masc varon",
    "U": "u unknown x other o undifferentiated ambiguous unspecified otro desconocido nonbinary"
    " decline declined",
}
_MARITAL = {
    "single": "s single never married unmarried soltero soltera u",
    "married": "m married casado casada",
    "partnered": "t p c partnered domestic partner common law life partner union libre pareja de hecho",
    "separated": "l separated legally separated separado separada",
    "divorced": "d a divorced annulled divorciado divorciada",
    "widowed": "w widowed widow widower viudo viuda v",
}
_LANGUAGES = {
    "en": "en eng english ingles", "es": "es spa spanish espanol castellano", "fr": "fr french fra frances",
    "de": "de german deutsch aleman ger", "pt": "pt portuguese portugues por", "zh": "zh chinese chino"
    " mandarin cantonese", "vi": "vi vietnamese vietnamita", "ko": "ko korean coreano", "ru": "ru russian"
    " ruso", "ar": "ar arabic arabe", "it": "it italian italiano", "ja": "ja japanese japones",
    "pl": "pl polish", "hi": "hi hindi", "ht": "ht haitian creole", "tl": "tl tagalog filipino",
    "fa": "fa persian farsi", "he": "he hebrew", "el": "el greek", "uk": "uk ukrainian",
    "so": "so somali", "hmn": "hmn hmong", "am": "am amharic", "bn": "bn bengali", "ur": "ur urdu",
    "pa": "pa punjabi", "gu": "gu gujarati", "ase": "ase asl american sign language",
}  # fmt: skip
_RELATIONS = {
    "self": "self same insured subscriber patient titular el mismo mismo 18",
    "spouse": "spouse husband wife partner conyuge esposo esposa common 01",
    "child": "child son daughter dependent hijo hija 19",
    "other": "other parent mother father sibling brother sister grandparent guardian injured otro otra"
    " padre madre g8",
}
_STATUSES = {
    "active": "active a yes y true 1 current activo activa si patient",
    "inactive": "inactive i no n false 0 inactivo inactiva nonpatient",
    "archived": "archived deleted archivado",
    "deceased": "deceased died dead d fallecido fallecida difunto",
}
_CONTACTS = {
    "phone": "phone call voice telephone telefono llamada home cell mobile",
    "text": "text sms text message mensaje", "email": "email e mail correo mail electronico",
    "mail": "mail letter post correo postal carta", "none": "none do not contact ninguno",
}  # fmt: skip
_COUNTRIES = {
    "US": "us usa u s united states united states of america america estados unidos eeuu ee uu",
    "CA": "ca can canada", "MX": "mx mex mexico", "PR": "pr puerto rico", "GB": "gb uk united kingdom"
    " great britain england", "ES": "es esp spain espana", "FR": "fr fra france", "DE": "de deu germany",
    "IT": "it ita italy", "CN": "cn china", "IN": "in ind india", "BR": "br brazil brasil",
}  # fmt: skip
# A number, a street, then the rest: “1 Elm St, Boston, MA 02101”.
_TAIL = re.compile(
    r"^(?P<street>.*?)[,\n]\s*(?P<city>[^,\n]+?)[,\s]+(?P<state>[A-Za-z]{2}|[A-Za-z][A-Za-z ]{3,20}?)"
    r"[,\s]+(?P<zip>\d{4,5}(?:-\d{4})?)\s*$",
    re.DOTALL | re.ASCII,
)
_PLACE = re.compile(
    r"^\s*(?P<city>[^,]+?)[,\s]+(?P<state>[A-Za-z]{2})[,\s]+(?P<zip>\d{4,5}(?:-\d{4})?)\s*$",
    re.ASCII,
)
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def _by_word(*tables: dict[str, str]) -> dict[str, str]:
    """Each spelling, also of several words, to its key; several words are told apart by length."""
    return {
        spelling: key
        for table in tables
        for key, words in table.items()
        for spelling in _spellings(words)
    }


def _spellings(words: str) -> Iterable[str]:
    parts = words.split()
    for length in (1, 2, 3, 4, 5):
        for at in range(len(parts) - length + 1):
            yield " ".join(parts[at : at + length])


_SEX_OF, _MARITAL_OF, _LANGUAGE_OF = _by_word(_SEXES), _by_word(_MARITAL), _by_word(_LANGUAGES)
_RELATION_OF, _STATUS_OF = _by_word(_RELATIONS), _by_word(_STATUSES)
_CONTACT_OF, _COUNTRY_OF = _by_word(_CONTACTS), _by_word(_COUNTRIES)


def blank_for_nothing(text: str) -> str:
    """`text`, or nothing where it is one of the words that stand for that: NULL, N/A, \\N."""
    return "" if len(text) <= _LONGEST_NOTHING and text.casefold() in _NOTHING else text


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart."""

    family: str
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""


def split_name(text: str) -> NameParts:
    """“Last, First Middle Jr.” or “Ms. First Middle de la Last Jr.” taken apart."""
    plain = " ".join(text.split())
    family, comma, rest = plain.partition(",")
    if comma and fold(rest.strip()) in _SUFFIXES:
        return _ordered(f"{family} {rest}")
    if not comma:
        return _ordered(plain)
    prefix, words = _prefix(rest.replace(",", " ").split())
    suffix, words = _suffix(words)
    own_suffix, family_words = _suffix(family.split())
    return NameParts(
        " ".join(family_words),
        words[0] if words else "",
        " ".join(words[1:]),
        prefix,
        suffix or own_suffix,
    )


def _ordered(text: str) -> NameParts:
    prefix, words = _prefix(text.replace(",", " ").split())
    suffix, words = _suffix(words)
    if len(words) <= 1:
        return NameParts(" ".join(words), prefix=prefix, suffix=suffix)
    at = len(words) - 1
    while at > 1 and fold(words[at - 1]) in _PARTICLES:
        at -= 1
    return NameParts(" ".join(words[at:]), words[0], " ".join(words[1:at]), prefix, suffix)


def _prefix(words: list[str]) -> tuple[str, list[str]]:
    if len(words) > 1 and fold(words[0]) in _PREFIXES:
        return words[0], words[1:]
    return "", words


def _suffix(words: list[str]) -> tuple[str, list[str]]:
    if len(words) > 1 and fold(words[-1]) in _SUFFIXES:
        return words[-1], words[:-1]
    return "", words


def split_address(text: str) -> Address:
    """An address in one text taken apart; where that fails, all of it is the street."""
    match = _TAIL.match(text.strip())
    if match is None or state_code(match["state"]) not in STATES.values():
        lines = [
            line.strip(" ,") for line in re.split(r"[\r\n]+", text.strip()) if line.strip(" ,")
        ]
        return Address(lines[0] if lines else "", ", ".join(lines[1:]))
    lines = [part.strip() for part in re.split(r"[\r\n]+|,", match["street"]) if part.strip()]
    state = state_code(match["state"])
    return Address(
        lines[0] if lines else "",
        ", ".join(lines[1:]),
        match["city"].strip(),
        state,
        whole_zip(match["zip"], state),
    )


def split_place(text: str) -> tuple[str, str, str]:
    """“Boston, MA 02101” as city, state and ZIP; where that fails, all of it is the city."""
    match = _PLACE.match(text)
    if match is None:
        return text.strip(), "", ""
    state = state_code(match["state"])
    return match["city"].strip(), state, whole_zip(match["zip"], state)


def sex_of(text: str) -> str | None:
    """F, M or U; None for a word nobody knows."""
    return _SEX_OF.get(fold(text)) if text else "U"


def marital_of(text: str) -> str | None:
    """A marital status as the file keeps it; None for a word nobody knows."""
    return _MARITAL_OF.get(_without_slash(text)) if text else ""


def language_of(text: str) -> str | None:
    """A language's tag (BCP 47); None for a word nobody knows."""
    if not text:
        return ""
    if re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}", text):
        return text
    return _LANGUAGE_OF.get(fold(text))


def relation_of(text: str) -> str | None:
    """What the patient is to the subscriber: self, spouse, child, other; None for a word unknown."""
    return _RELATION_OF.get(fold(text)) if text else ""


def status_of(text: str) -> str | None:
    """The status of a file; None for a word nobody knows."""
    return _STATUS_OF.get(fold(text)) if text else "active"


def contact_of(text: str) -> str | None:
    """How she likes to be reached; None for a word nobody knows."""
    return _CONTACT_OF.get(fold(text)) if text else ""


def country_of(text: str) -> str | None:
    """Two letters of a country; None for a name nobody knows."""
    if not text:
        return "US"
    known = _COUNTRY_OF.get(fold(text))
    if known is None and re.fullmatch(r"[A-Za-z]{2}", text):
        return text.upper()
    return known


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return fold(text) in {"y", "yes", "true", "1", "x", "si", "required", "needed"}


def phones_in(text: str) -> list[str]:
    """The numbers of a cell that may list several; what has fewer than three digits is none."""
    parts = re.split(r"\s*[;|\n]\s*|\s+(?:or|/)\s+|,\s+(?=[(+\d])", text)
    return [part for part in parts if sum(character.isdigit() for character in part) >= 3]


def _without_slash(text: str) -> str:
    """“Casado/a” is casado."""
    return fold(re.sub(r"\s*[/(].*", "", text))
