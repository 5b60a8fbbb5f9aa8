"""What screens hand in and are shown of letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.letters.handling import PLAIN, Handling


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as the panel shows it and hands it in; every part is the plain text that prints.

    `recipient` and `signature` are lines; `opening` stands above the box of visit details,
    `paragraphs` below it. `remarks` are sentences about the visit and the file, found when it was
    composed; `Letters.warnings` adds what may be wrong with the paper. `handling` is what is around
    the words.
    """

    patient_id: int
    patient_name: str
    appointment_id: int | None
    template: str
    language: str
    written_on: date
    recipient: tuple[str, ...]
    subject: str
    opening: tuple[str, ...]
    box: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    closing: str
    signature: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    handling: Handling = PLAIN

    def state(self) -> dict[str, Any]:
        """The draft as plain data, to be parked."""
        return asdict(self) | {
            "written_on": self.written_on.isoformat(),
            "handling": self.handling.state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> LetterDraft:
        """The draft from what `state` gave, also after a trip through JSON."""
        lines = ("recipient", "opening", "paragraphs", "signature", "remarks")
        return cls(
            **{
                **state,
                **{name: tuple(state[name]) for name in lines},
                "box": tuple((label, value) for label, value in state["box"]),
                "written_on": date.fromisoformat(state["written_on"]),
                "handling": Handling.from_state(state.get("handling", {})),
            }
        )


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A filed letter as a list shows it; `written_by` and `filed_at` are who and when."""

    id: int
    version: int
    patient_id: int
    name: PersonName
    appointment_id: int | None
    document_id: int
    template: str
    subject: str
    recipient: tuple[str, ...]
    status: LetterStatus
    written_on: date
    filed_at: datetime
    written_by: str
    pages: int
    sha256: str
    sent_how: SentHow | None = None
    replaces_id: int | None = None  # a void one this stands for
    replaced_by_id: int | None = None
    enclosed_ids: tuple[int, ...] = ()  # documents of the file that go with it
    batch_id: int | None = None

    @property
    def patient_name(self) -> str:
        """As a list shows her: Testperson, Ada."""
        return self.name.listed


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A kind of letter in one language."""

    key: str
    language: str
    language_name: str
    title: str
    is_about_visit: bool = True  # False: about a recall, which only its list can write


@dataclass(frozen=True, slots=True)
class VisitToWrite:
    """A coming visit a letter may be written for."""

    appointment_id: int
    patient_name: str
    starts_at: datetime
    type_name: str
    provider: str
    has_letter: bool
