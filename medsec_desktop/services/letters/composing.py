"""Writing letters: which kinds there are, their words filled in, the page as it will print.

Nothing here changes anything; `Letters` files and prints what was composed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.letter_words import carried
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.domain.writing.document import Question
from medsec_desktop.domain.writing.plain import with_details
from medsec_desktop.domain.writing.template import Template
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.known import About, provider_named
from medsec_desktop.services.letters.records import (
    LetterDraft,
    TemplateRow,
    VisitToWrite,
)
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.services.letters.spots import spot_of
from medsec_desktop.services.letters.template_files import TemplateFiles
from medsec_desktop.services.letters.templates import Templates
from medsec_desktop.services.page_images import (
    PageImage,
    PageImages,
    page_text,
)

if TYPE_CHECKING:
    from medsec_desktop.domain.writing.around import Said
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

CONFIRMATION = "appointment_confirmation"
ABSENCE = "absence_note"
_NAMED_IN = 80  # characters: something long pasted as an address is not told whole
# Who is here, or was, asks at the desk for a note to take along.
_FITTING = {
    VisitStatus.CANCELLED: "appointment_cancellation",
    VisitStatus.NO_SHOW: "missed_visit",
    VisitStatus.LEFT: "missed_visit",
    VisitStatus.ARRIVED: ABSENCE,
    VisitStatus.IN_ROOM: ABSENCE,
    VisitStatus.DONE: ABSENCE,
}


class Composing:
    """Composes the letters of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._contents = Contents(session, practice)
        self._images = PageImages()

    @property
    def library(self) -> Templates:
        """The templates of the practice: to be read, changed and restored."""
        return self._contents.templates

    @property
    def template_files(self) -> TemplateFiles:
        """Templates as files, given to other practices and taken from them."""
        return TemplateFiles(self._session, self.library)

    def templates(self) -> tuple[TemplateRow, ...]:
        """The kinds of letter that are offered, by what they are about, title and language."""
        return tuple(
            TemplateRow(
                one.template.key,
                one.template.language,
                one.language_name,
                one.template.title,
                one.template.about,
            )
            for one in self.library.all()
        )

    def questions(self, template: str, language: str = "en") -> tuple[Question, ...]:
        """What is asked before such a letter is composed. Raises Invalid for no such template."""
        return self.library.fitting(template, language).document.questions

    def fitting(self, appointment_id: int) -> str:
        """The letter this visit wants, by how it stands: cancelled, missed, here or done, or still ahead.

        Of a visit ahead: that it was moved, or what its type says, else the confirmation. Of one that
        nobody has answered yet, though its time is over, nothing is known: a blank letter.
        """
        row = self._db.one(
            "SELECT a.status, a.starts_at, a.rescheduled_from_id, coalesce(t.letter, '')"
            " FROM appointment a LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id = ?",
            (appointment_id,),
        )
        if row is None:
            return CONFIRMATION
        status, moved_from, letter = VisitStatus(row[0]), row[2], str(row[3])
        if status in _FITTING:
            return _FITTING[status]
        if datetime.fromisoformat(row[1]) < self._session.clock.now():
            return BLANK
        if moved_from is not None:
            return "appointment_reschedule"
        if letter and any(row.key == letter and row.is_about_visit for row in self.templates()):
            return letter
        return CONFIRMATION

    def begun(self, appointment_id: int) -> LetterDraft:
        """The letter that fits a visit, composed; days it asks for are the visit's. Raises as `compose`."""
        key = self.fitting(appointment_id)
        day = self._db.value("SELECT starts_at FROM appointment WHERE id = ?", (appointment_id,))
        answers = {}
        if key == ABSENCE and day is not None:
            answers = {
                question.key: str(day)[:10]
                for question in self.questions(key)
                if question.key in ("first", "last") and question.kind == "date"
            }
        return self.composed(About(appointment_id=appointment_id, answers=answers), key)

    def coming_visits(self, query: str = "", limit: int = 50) -> tuple[VisitToWrite, ...]:
        """The visits from today on that may want a letter, the nearest first, by words of the name."""
        words = fold(query).split()
        clauses = "".join(" AND instr(s.names || ' ' || s.numbers, ?)" for _ in words)
        return tuple(
            VisitToWrite(
                appointment_id=row[0],
                patient_name=PersonName(*row[1:7]).listed,
                starts_at=datetime.fromisoformat(row[7]),
                type_name=row[8] or "",
                provider=provider_named(*row[9:12]),
                has_letter=bool(row[12]),
            )
            for row in self._db.rows(
                "SELECT a.id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
                " p.name_suffix, p.preferred_name, a.starts_at, t.name,"
                " v.given_name, v.family_name, v.credential,"
                " EXISTS (SELECT 1 FROM letter l WHERE l.appointment_id = a.id"
                "   AND l.status <> 'void')"
                " FROM appointment a JOIN patient p ON p.id = a.patient_id"
                " JOIN patient_search s ON s.patient_id = a.patient_id"
                " JOIN provider v ON v.id = a.provider_id"
                " LEFT JOIN appointment_type t ON t.id = a.type_id"
                " WHERE a.starts_at >= ? AND a.status IN ('scheduled', 'confirmed')"
                f"{clauses} ORDER BY a.starts_at, a.id LIMIT ?",
                (self._session.clock.now().strftime("%Y-%m-%dT%H:%M"), *words, limit),
            )
        )

    def compose(
        self, appointment_id: int, template: str = CONFIRMATION, language: str = ""
    ) -> LetterDraft:
        """The letter for a visit with every field filled in, in her language unless told otherwise.

        Raises Conflict when there is no such visit and Invalid when there is no such template.
        """
        return self.composed(About(appointment_id=appointment_id), template, language)

    def compose_for(
        self,
        patient_id: int,
        template: str,
        facts: Mapping[str, str] | None = None,
        language: str = "",
    ) -> LetterDraft:
        """A letter to a patient about no visit.

        `facts` are merge fields only the caller knows, as they shall print. Raises as `compose`.
        """
        return self.composed(About(patient_id, facts=facts or {}), template, language)

    def composed(self, about: About, template: str, language: str = "") -> LetterDraft:
        """The letter about a patient, visit, recall, referral or request. Raises as `compose`."""
        return self.composed_many((about,), template, language)[0]

    def composed_many(
        self, abouts: Sequence[About], template: str, language: str = ""
    ) -> tuple[LetterDraft, ...]:
        """The same letter for many; as few queries for a thousand as for one. Raises as `compose`."""
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.drafts(abouts, template, language)

    def sample(self, template: Template, about: About | None = None) -> LetterDraft:
        """A letter from a template that is still being written, with a real patient or an invented one.

        Nothing of it is kept. Raises Invalid for an unknown field, and Conflict.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.tried(template, about)[0]

    def recomposed(
        self,
        draft: LetterDraft,
        template: str,
        language: str,
        answers: Mapping[str, str] | None = None,
    ) -> LetterDraft:
        """The draft in the words of another template or language, or by other answers.

        What is around it stays, and so do the answers given, but for those in `answers`. Another kind of
        letter goes to whom it usually goes, unless somebody else was chosen. Raises as `compose`.
        """
        handling = draft.handling
        about = replace(
            draft.about,
            answers={**self.answers_for(draft, template, language), **(answers or {})},
            referral_id=handling.referral_id,
            request_id=handling.records_request_id,
            signer_id=handling.signer_provider_id,
            recipient=draft.recipient,
            recipient_kind=handling.recipient_kind,
            recipient_id=handling.recipient_id,
        )
        if template != draft.template:
            usual = replace(about, recipient=(), recipient_kind="", recipient_id=None, answers={})
            if self.composed(usual, draft.template, draft.language).recipient == draft.recipient:
                about = replace(usual, answers=about.answers)
        now = self.composed(about, template, language)
        to = now.handling
        handling = replace(handling, recipient_kind=to.recipient_kind, recipient_id=to.recipient_id)
        return replace(now, handling=handling)

    def answers_for(self, draft: LetterDraft, template: str, language: str) -> dict[str, str]:
        """The draft's answers, for the questions of another template or language. Raises Invalid."""
        now = self.library.fitting(template, language).document
        try:
            before = self.library.fitting(draft.template, draft.language).document
        except Invalid:  # removed meanwhile
            return {}
        return carried(draft.about.answers, before, now)

    def questions_of(self, draft: LetterDraft) -> tuple[Question, ...]:
        """What the draft's template asks; nothing where that was removed meanwhile."""
        try:
            return self.questions(draft.template, draft.language)
        except Invalid:
            return ()

    def renewed(self, draft: LetterDraft) -> LetterDraft:
        """The draft with the visit as it stands now: its box and remarks anew, every typed word kept.

        For a letter taken up again, or open while somebody moves the visit.
        """
        try:
            now = self.recomposed(draft, draft.template, draft.language)
        except (Conflict, Invalid) as gone:  # the visit, or the template
            return replace(draft, remarks=(gone.what,))
        if now.details == draft.details:
            return replace(draft, remarks=now.remarks)
        moved = "The visit was changed since this letter was begun: check the subject and the text."
        blocks = with_details(draft.body.blocks, draft.details, now.details)
        return replace(
            draft,
            body=replace(draft.body, blocks=blocks),
            details=now.details,
            remarks=(moved, *now.remarks),
        )

    def warnings(self, draft: LetterDraft) -> tuple[str, ...]:
        """What may be wrong with a letter: its remarks, no address, no room, what cannot be printed."""
        from medsec_desktop.documents.writing import lay_out
        from medsec_desktop.documents.writing.surroundings import lines_beyond_window
        from medsec_desktop.documents.writing.unprintable import unprintable

        paper = self._contents.paper(draft)
        found = list(draft.remarks)
        if not self._practice.profile().phone:
            found.append("The practice has no phone number in Settings, so the letter gives none.")
        written = [line for line in draft.recipient if line.strip()]
        if draft.has_letterhead and len(written) < 2:
            whom = draft.patient_name
            if draft.handling.recipient_kind != "patient" and written:
                whom = written[0]
            whom = whom if len(whom) <= _NAMED_IN else f"{whom[: _NAMED_IN - 1]}…"
            found.append(f"{whom} has no mailing address that is valid today.")
        beyond = lines_beyond_window(paper)
        if beyond:
            found.append(
                f"The address is {counted(beyond, 'line')} too tall for the envelope’s window."
            )
        for place, characters in unprintable(paper):
            listed = ", ".join(f"“{character}”" for character in characters[:10])
            found.append(f"No font here can print {listed} in the {place}; a box □ is printed.")
        return (*found, *lay_out(paper).warnings)

    def first_page(self, language: str, recipient: Sequence[str], date: str) -> tuple[Said, ...]:
        """The letterhead, address and date of a first page: each line, where and how large it prints."""
        return self._contents.first_page(language, tuple(recipient), date)

    def preview(self, draft: LetterDraft) -> bytes:
        """The PDF this draft would be filed as: the letter, and a copy for each who gets one."""
        from medsec_desktop.documents.writing import pdf_of
        from medsec_desktop.exchange.documents.making import joined

        original = pdf_of(self._contents.paper(draft))
        copies = [
            pdf_of(self._contents.paper(replace(draft, recipient=copy.lines)))
            for copy in draft.handling.copies
        ]
        return joined([original, *copies]) if copies else original

    def spot(self, draft: LetterDraft, at: tuple[int, float]) -> tuple[int, float] | None:
        """Where a place of the words, a block and how far in it, is printed: the page and how far down."""
        sheet = self._contents.paper(draft)
        return spot_of(sheet, range(len(draft.body.blocks)), at)

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread, and quick the second time."""
        return self._images.of(pdf, dpi)

    def text(self, pdf: bytes) -> str:
        """The words of a PDF, for those who hear the screen."""
        return page_text(pdf)
