"""Templates tried out while they are written: with a real patient, nothing of it filed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.domain.writing.template import Template, Topic
from medsec_desktop.problems import Conflict
from medsec_desktop.services.documents.reader import Reader
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.known import About
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.letters.spots import spot_of

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

# What a template of each topic is tried with: the newest of the patient's, those still open first.
_NEWEST: dict[str, tuple[str, str]] = {
    "visit": (
        "appointment_id",
        "SELECT id FROM appointment WHERE patient_id = ? ORDER BY status IN ('scheduled', 'confirmed')"
        " DESC, abs(julianday(starts_at) - julianday(?)) LIMIT 1",
    ),
    "recall": (
        "recall_id",
        "SELECT id FROM recall WHERE patient_id = ? AND ? <> '' ORDER BY id DESC LIMIT 1",
    ),
    "referral": (
        "referral_id",
        "SELECT id FROM referral WHERE patient_id = ? AND ? <> '' ORDER BY id DESC LIMIT 1",
    ),
    "request": (
        "request_id",
        "SELECT id FROM records_request WHERE patient_id = ? AND ? <> '' ORDER BY id DESC LIMIT 1",
    ),
}


@dataclass(frozen=True, slots=True)
class TrialPages:
    """The pages a template makes for somebody, and what is to be said of them.

    `spot` is where the place asked for came to stand: the page, from 0, and how far down it, from 0 to 1.
    """

    pdf: bytes
    remarks: tuple[str, ...]
    spot: tuple[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Whom a template is tried with: a patient with something of hers, or somebody invented."""

    about: About | None
    whom: str
    topic: Topic


class Trials:
    """Tries templates out for one practice; `pdf` lays a draft out as it would be filed."""

    def __init__(self, session: Session, practice: Practice, pdf: Callable[[LetterDraft], bytes]):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._contents = Contents(session, practice)
        self._pdf = pdf

    def pages(
        self, trial: Trial, document: Document, at: tuple[int, float] | None = None
    ) -> TrialPages:
        """The letter that comes of it; questions get an invented answer, and nothing is kept.

        `at` is a place in the document: a block, and how far in its words, from 0 to 1. Raises Invalid for
        a name in it that nobody knows, Conflict, Unavailable for a missing picture.
        """
        template = Template("trial", document.language, trial.whom, document, trial.topic)
        draft, starts = self._contents.tried(template, trial.about)
        spot = None if at is None else spot_of(self._contents.paper(draft), starts, at)
        return TrialPages(self._pdf(draft), draft.remarks, spot)

    def test_pages(self, trial: Trial, document: Document) -> bytes:
        """The pages for a test print, TEST across each; that they were printed is recorded."""
        from medsec_desktop.documents.page import mark_sheet

        pages = self.pages(trial, document).pdf
        if trial.about is not None:
            self._session.viewed(trial.about.patient_id, "Printed a template as a test")
        return Reader().stamped(pages, mark_sheet(self._practice.profile().paper, "TEST"))

    def with_nobody(self, topic: Topic) -> Trial:
        """A trial with an invented patient who has everything."""
        return Trial(None, "an invented patient", topic)

    def with_patient(self, patient_id: int, topic: Topic) -> Trial:
        """A trial with this patient and the newest visit, recall, referral or request of hers.

        Raises Conflict where her file is no longer there.
        """
        self._session.require(Permission.VIEW_PATIENTS, "try a template with a patient")
        today = self._session.clock.today()
        name = self._db.one(
            "SELECT coalesce(nullif(preferred_name, ''), given_name) || ' ' || family_name"
            " FROM patient WHERE id = ?",
            (patient_id,),
        )
        if name is None:
            raise Conflict("This patient's file is no longer there.")
        found = None
        kind, query = _NEWEST.get(topic, ("", ""))
        if query:
            found = self._db.one(query, (patient_id, today.isoformat()))
        about = About(patient_id, **({kind: found[0]} if found is not None else {}))
        return Trial(about, str(name[0]).strip(), topic)
