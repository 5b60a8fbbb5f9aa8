"""What is around the words of a letter: to whom, with copies to whom, what goes with it, what it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

_ENCLOSED = {"en": ("Enclosure", "Enclosures"), "es": ("Anexo", "Anexos")}
_COPY = {"en": "cc", "es": "c. c."}


@dataclass(frozen=True, slots=True)
class CopyTo:
    """Somebody who gets a copy: name and address lines as they print."""

    lines: tuple[str, ...]
    kind: str = "free"
    id: int | None = None

    @property
    def name(self) -> str:
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What goes with a letter: a document of the file, or something named only."""

    title: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What is around the words; `letter_id` and `version` are of the row it has on the letter line."""

    recipient_kind: str = "patient"
    recipient_id: int | None = None
    copies: tuple[CopyTo, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    referral_id: int | None = None
    records_request_id: int | None = None
    signer_provider_id: int | None = None
    wanted_on: date | None = None
    note: str = ""
    letter_id: int | None = None
    version: int = 0
    replaces_letter_id: int | None = None
    replaces_reason: str = ""

    def state(self) -> dict[str, Any]:
        """As plain data, to be parked."""
        wanted = self.wanted_on.isoformat() if self.wanted_on else None
        return asdict(self) | {"wanted_on": wanted}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Handling:
        """From what `state` gave, also after a trip through JSON; from nothing, the plain one."""
        wanted = state.get("wanted_on")
        return cls(
            **{
                **state,
                "copies": tuple(
                    CopyTo(tuple(one["lines"]), one["kind"], one["id"])
                    for one in state.get("copies", ())
                ),
                "enclosures": tuple(Enclosure(**one) for one in state.get("enclosures", ())),
                "wanted_on": date.fromisoformat(wanted) if wanted else None,
            }
        )

    def columns(self) -> dict[str, Any]:
        """Its columns of a letter's row."""
        return {
            "recipient_kind": self.recipient_kind,
            "recipient_id": self.recipient_id,
            "copies": json.dumps([asdict(one) for one in self.copies], ensure_ascii=False),
            "enclosures": json.dumps([asdict(one) for one in self.enclosures], ensure_ascii=False),
            "referral_id": self.referral_id,
            "records_request_id": self.records_request_id,
            "signer_provider_id": self.signer_provider_id,
            "wanted_on": self.wanted_on.isoformat() if self.wanted_on else None,
            "replaces_letter_id": self.replaces_letter_id,
            "note": self.note.strip(),
        }

    def foot_lines(self, language: str) -> tuple[str, ...]:
        """What stands below the signature: the enclosures, and who gets a copy."""
        one, several = _ENCLOSED.get(language, _ENCLOSED["en"])
        titles = [enclosure.title for enclosure in self.enclosures]
        found = []
        if titles:
            found.append(f"{one if len(titles) == 1 else several}: {'; '.join(titles)}")
        if self.copies:
            names = "; ".join(copy.name for copy in self.copies)
            found.append(f"{_COPY.get(language, 'cc')}: {names}")
        return tuple(found)


PLAIN = Handling()
