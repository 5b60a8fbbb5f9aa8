"""vCard files card by card: lines unfolded and decoded, grouped lines with their labels."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from medsec_desktop.exchange.lines import ContentLine, unfolded
from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.exchange.text import open_text

# Of the names Python knows, those of characters: others unpack, escape or say Invalid in their own way.
_CHARSET = re.compile(
    r"(utf|iso|latin|windows|cp|us-?ascii|shift|euc|gb|big5|koi8|mac)[\w.:-]*",
    re.IGNORECASE | re.ASCII,
)
_APPLE_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")


@dataclass(slots=True)
class Property:
    """One line of a card, decoded."""

    name: str
    types: frozenset[str]
    value: str  # as written, decoded but not yet taken apart
    number: int
    group: str = ""
    label: str = ""  # Apple's own word for it


@dataclass(slots=True)
class Card:
    """The lines of one card."""

    begun: int
    properties: list[Property] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)

    def all(self, *names: str) -> list[Property]:
        return [one for one in self.properties if one.name in names and one.value.strip(" ;,")]

    def first(self, *names: str) -> str:
        found = self.all(*names)
        return plain(found[0].value) if found else ""


def cards_of(path: Path, encoding: str) -> Iterator[Card | Quarantined]:
    """Every card of a file in order; what is begun and not ended comes as Quarantined."""
    card: Card | None = None
    depth = 0
    with open_text(path, encoding) as file:
        for line in unfolded(file):
            word = line.value.strip().upper()
            if line.name == "BEGIN" and word == "VCARD":
                if card is not None and depth == 0 and not _is_agent(card):
                    yield _broken(path, card.begun)
                    card = None
                if card is None:
                    card = Card(line.number)
                else:
                    depth += 1  # somebody's assistant, as a card inside the card
            elif line.name == "END" and word == "VCARD":
                if depth:
                    depth -= 1
                elif card is not None:
                    yield card
                    card = None
                else:
                    yield Quarantined(
                        Origin(path.name, line.number), "A card ends here that was not begun."
                    )
            elif card is not None and not depth:
                _add(card, line)
    if card is not None:
        yield _broken(path, card.begun)


def _broken(path: Path, begun: int) -> Quarantined:
    return Quarantined(
        Origin(path.name, begun),
        "The card is begun and not ended: the file is broken or cut short here.",
    )


def _add(card: Card, line: ContentLine) -> None:
    if not line.name:
        if "=" not in line.value[-1:]:
            card.oddities.append(f"Line {line.number} was not understood and is left aside.")
        return
    one = _decoded(line)
    if one.name == "X-ABLABEL":
        for other in card.properties:
            if other.group and other.group == one.group:
                other.label = _APPLE_LABEL.sub(r"\1", plain(one.value)).casefold()
        return
    card.properties.append(one)


def _is_agent(card: Card) -> bool:
    """Whether the card stands at an AGENT line, which a whole card may follow (vCard 2.1)."""
    return bool(card.properties) and card.properties[-1].name == "AGENT"


def _decoded(line: ContentLine) -> Property:
    types: set[str] = set()
    charset = ""
    is_quoted = False
    for part in re.findall(r'(?:"[^"]*"|[^;])+', line.parameters):
        name, equals, value = part.partition("=")
        word = name.strip().upper()
        if not equals:
            is_quoted = is_quoted or word == "QUOTED-PRINTABLE"
            types.add(name.strip().casefold())
        elif word == "TYPE":
            types.update(one.strip().casefold() for one in value.strip('"').split(","))
        elif word == "CHARSET":
            charset = value.strip('"')
        elif word == "ENCODING":
            is_quoted = value.upper() == "QUOTED-PRINTABLE"
    value = _unquoted(line.value, charset) if is_quoted else line.value
    return Property(line.name, frozenset(types), value, line.number, line.group)


def _unquoted(text: str, charset: str) -> str:
    """Quoted-printable made plain; of an unknown or wrong character set as UTF-8 or Latin-1."""
    raw = quopri.decodestring(text.encode("utf-8", "surrogateescape"))
    for name in (charset if _CHARSET.fullmatch(charset) else "utf-8", "utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("latin-1")


def plain(value: str) -> str:
    """A text without its escapes, and no blanks around."""
    return (
        re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
        .replace("\r\n", "\n")
        .strip()
    )
