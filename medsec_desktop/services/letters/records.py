"""What screens hand in and are shown of letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.writing.document import Block, Document
from medsec_desktop.domain.writing.plain import Parts, box_of, document_of, with_subject
from medsec_desktop.domain.writing.storing import document_from, stored
from medsec_desktop.domain.writing.template import Topic
from medsec_desktop.services.letters.handling import PLAIN, Handling
from medsec_desktop.services.letters.known import About


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as the panel shows it and hands it in.

    `recipient` are the lines in the window, `body` the words, merged: nothing in it is left to fill in.
    `about` is what it was composed from, and `details` the box of the visit as it went in, so that both
    can be had anew. `remarks` are sentences about the visit and the file, found when it was composed;
    `Letters.warnings` adds what may be wrong with the paper. `handling` is what is around the words.
    """

    patient_id: int
    patient_name: str
    template: str
    language: str
    written_on: date
    recipient: tuple[str, ...]
    body: Document
    about: About
    details: tuple[Block, ...] = ()
    remarks: tuple[str, ...] = ()
    handling: Handling = PLAIN
    has_letterhead: bool = True  # a form to sign has its own head, and no address

    @property
    def appointment_id(self) -> int | None:
        """The visit it is about."""
        return self.about.appointment_id

    @property
    def subject(self) -> str:
        """The words of its subject line."""
        return self.body.subject

    def with_subject(self, subject: str) -> LetterDraft:
        """The draft with another subject line."""
        return replace(self, body=with_subject(self.body, subject))

    def state(self) -> dict[str, Any]:
        """The draft as plain data, to be parked."""
        return {
            "patient_id": self.patient_id,
            "patient_name": self.patient_name,
            "template": self.template,
            "language": self.language,
            "written_on": self.written_on.isoformat(),
            "recipient": list(self.recipient),
            "body": stored(self.body),
            "about": asdict(self.about),
            "details": stored(Document(self.details, self.language)),
            "remarks": list(self.remarks),
            "handling": self.handling.state(),
            "has_letterhead": self.has_letterhead,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> LetterDraft:
        """The draft from what `state` gave, also after a trip through JSON, and from earlier versions."""
        if "body" not in state:
            state = _from_parts(state)
        about = state["about"]
        return cls(
            patient_id=state["patient_id"],
            patient_name=state["patient_name"],
            template=state["template"],
            language=state["language"],
            written_on=date.fromisoformat(state["written_on"]),
            recipient=tuple(state["recipient"]),
            body=document_from(state["body"]),
            about=About(**{**about, "recipient": tuple(about["recipient"])}),
            details=document_from(state["details"]).blocks,
            remarks=tuple(state["remarks"]),
            handling=Handling.from_state(state.get("handling", {})),
            has_letterhead=state.get("has_letterhead", True),
        )


def _from_parts(state: Mapping[str, Any]) -> dict[str, Any]:
    """What earlier programs parked: the words in fixed parts, all of them plain text."""
    language = state["language"]
    box = tuple((label, value) for label, value in state["box"])
    parts = Parts(
        subject=state["subject"],
        opening=tuple(state["opening"]),
        box=box,
        paragraphs=tuple(state["paragraphs"]),
        closing=state["closing"],
        signature=tuple(state["signature"]),
    )
    about = About(state["patient_id"], state["appointment_id"])
    kept = ("patient_id", "patient_name", "template", "language", "written_on", "recipient")
    return {
        **{name: state[name] for name in kept},
        "body": stored(document_of(parts, language)),
        "about": asdict(about),
        "details": stored(Document((box_of(box),) if box else (), language)),
        "remarks": state.get("remarks", ()),
        "handling": state.get("handling", {}),
    }


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
    """A kind of letter in one language, and what a letter of it must be about."""

    key: str
    language: str
    language_name: str
    title: str
    about: Topic = "patient"

    @property
    def is_about_visit(self) -> bool:
        return self.about == "visit"

    def suits(self, draft: LetterDraft) -> bool:
        """Whether a letter that is about the same as this draft can be of this kind."""
        needed = {
            "visit": draft.about.appointment_id,
            "recall": draft.about.recall_id,
            "referral": draft.handling.referral_id,
            "request": draft.handling.records_request_id,
        }
        return self.about not in needed or needed[self.about] is not None


@dataclass(frozen=True, slots=True)
class VisitToWrite:
    """A coming visit a letter may be written for."""

    appointment_id: int
    patient_name: str
    starts_at: datetime
    type_name: str
    provider: str
    has_letter: bool
