"""What goes into a letter: the words of its template, filled in from the visit and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.domain.letter_words import answered, carried
from medsec_desktop.domain.letters import LANGUAGES, language_for, written_date
from medsec_desktop.domain.paper import paper_named
from medsec_desktop.domain.writing.checking import names_in
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.domain.writing.fields import meaning_of
from medsec_desktop.domain.writing.merging import Filling, merged
from medsec_desktop.domain.writing.plain import with_foot
from medsec_desktop.domain.writing.template import WITHOUT_LETTERHEAD, Template
from medsec_desktop.services.letters.addressing import addressed, home_of
from medsec_desktop.services.letters.facts import Facts
from medsec_desktop.services.letters.filling import (
    Desk,
    filling_of,
    practice_place,
)
from medsec_desktop.services.letters.handling import Handling
from medsec_desktop.services.letters.invented import invented, invented_answers
from medsec_desktop.services.letters.known import About, Known, VisitFacts
from medsec_desktop.services.letters.pictures import LetterPictures
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.letters.templates import Templates, in_language
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.documents.writing import Letterhead, Sheet
    from medsec_desktop.domain.writing.around import Said
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


class Contents:
    """Fills templates in for one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._facts = Facts(session)
        self._pictures = LetterPictures(session)
        self.templates = Templates(session, practice)

    def draft(self, about: About, template: str, language: str = "") -> LetterDraft:
        """One letter, in her language where none is named. Raises Conflict and Invalid."""
        return self.drafts((about,), template, language)[0]

    def drafts(
        self, abouts: Sequence[About], template: str, language: str = ""
    ) -> tuple[LetterDraft, ...]:
        """A letter for each, every field filled in; as few queries for a thousand as for one."""
        words = self.templates.in_each_language(template)
        names = frozenset().union(*map(_asked_for, words.values()))
        desk = self.desk()
        found = []
        for known in self._facts.known(abouts, names):
            chosen = in_language(words, language or language_for(known.person.language))
            found.append(self._draft(_answered_in(known, words, chosen), chosen, desk))
        return tuple(found)

    def tried(
        self, template: Template, about: About | None = None
    ) -> tuple[LetterDraft, tuple[int, ...]]:
        """What a letter from a template would be, as it stands in the editor: nothing of it is kept.

        And at which of its blocks begins what each block of the template became. With a real patient, or
        without one with an invented one who has everything. Questions without an answer get an invented
        one. Raises Invalid for an unknown field, and Conflict.
        """
        desk = self.desk()
        answers = invented_answers(template.document)
        if about is None:
            known = invented(desk.now, answers)
        else:
            about = replace(about, answers={**answers, **about.answers})
            (known,) = self._facts.known((about,), _asked_for(template))
        return self._draft_and_starts(known, template, desk)

    def address(self, patient_id: int) -> tuple[str, ...]:
        """Her name and address as on an envelope; the name alone where no address holds today."""
        return self.addresses([patient_id])[0]

    def addresses(self, patient_ids: Sequence[int]) -> tuple[tuple[str, ...], ...]:
        """The same for each; as few queries for a thousand as for one."""
        region = self._practice.profile().region
        known = self._facts.known([About(patient_id) for patient_id in patient_ids], ())
        return tuple(home_of(one, region) for one in known)

    def desk(self) -> Desk:
        """What is the same for all letters written now."""
        return Desk(
            self._practice.profile(),
            self._practice.formats,
            self._session.user.name,
            self._session.clock.now(),
        )

    def paper(self, draft: LetterDraft) -> Sheet:
        """The draft as it is laid out and printed."""
        return self.sheet(
            with_foot(draft.body, draft.handling.foot_lines(draft.language)),
            draft.recipient,
            draft.written_on,
            has_letterhead=draft.has_letterhead,
        )

    def sheet(
        self,
        document: Document,
        recipient: tuple[str, ...],
        written_on: date,
        *,
        has_letterhead: bool = True,
    ) -> Sheet:
        """A merged document on the practice's paper, with its pictures.

        In place of a picture that came from elsewhere and is not in the files, a box says so. Raises
        Unavailable for one that is damaged.
        """
        from medsec_desktop.documents.writing import Sheet

        profile, language = self._practice.profile(), LANGUAGES[document.language]
        head = self._letterhead(document.language)
        return Sheet(
            document,
            letterhead=head if has_letterhead else None,
            recipient=recipient if has_letterhead else (),
            date=written_date(written_on, document.language, self._practice.formats),
            paper=profile.paper,
            language=language.tag,
            page_words=language.page_words,
            mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            author=profile.name,
            pictures=self._pictures.of(document),
        )

    def first_page(self, language: str, recipient: tuple[str, ...], date: str) -> tuple[Said, ...]:
        """What stands around the words of a first page, each line where it prints."""
        from medsec_desktop.documents.writing.surroundings import first_page

        paper = paper_named(self._practice.profile().paper)
        return first_page(self._letterhead(language), recipient, date, paper)

    def _letterhead(self, language: str) -> Letterhead:
        from medsec_desktop.documents.writing import Letterhead

        profile = self._practice.profile()
        phone = "Teléfono" if language == "es" else "Phone"
        phones = ((phone, profile.phone), ("Fax", profile.fax))
        return Letterhead(
            name=profile.name,
            tagline=profile.tagline,
            contact=(
                *practice_place(profile).split("\n"),
                *(f"{word} {number}" for word, number in phones if number),
                *(text for text in (profile.email, profile.website) if text),
            ),
            footer=profile.footer,
        )

    def _filling(self, known: Known, template: Template, desk: Desk) -> Filling:
        filling = filling_of(known, desk, template.language)
        words, kept = answered(
            template.document, known.about.answers, desk.today, self._practice.formats
        )
        return replace(
            filling, fields={**filling.fields, **words}, subjects={**filling.subjects, **kept}
        )

    def _draft(self, known: Known, template: Template, desk: Desk) -> LetterDraft:
        return self._draft_and_starts(known, template, desk)[0]

    def _draft_and_starts(
        self, known: Known, template: Template, desk: Desk
    ) -> tuple[LetterDraft, tuple[int, ...]]:
        to = addressed(known, template.about, desk.profile.region)
        about = replace(
            known.about,
            patient_id=known.person.id,
            recipient=to.lines,
            recipient_kind=to.kind,
            recipient_id=to.id,
        )
        known = replace(known, about=about)
        filling = self._filling(known, template, desk)
        letter = merged(template.document, filling)
        person, visit = known.person, known.visit
        draft = LetterDraft(
            patient_id=person.id,
            patient_name=person.name.spoken,
            template=template.key,
            language=template.language,
            written_on=desk.today,
            recipient=to.lines,
            has_letterhead=template.about not in WITHOUT_LETTERHEAD,
            body=letter.document,
            about=about,
            details=filling.blocks.get("visit", ()),
            remarks=(
                *(_worries(visit, template, desk) if visit else ()),
                *_reluctance(known),
                *_missing(letter.empty, template),
                *(_untranslated(visit, template) if visit else ()),
            ),
            handling=Handling(
                recipient_kind=known.about.recipient_kind,
                recipient_id=known.about.recipient_id,
                referral_id=known.about.referral_id,
                records_request_id=known.about.request_id,
                signer_provider_id=known.about.signer_id,
            ),
        )
        return draft, letter.starts


def _answered_in(known: Known, words: Mapping[str, Template], template: Template) -> Known:
    """The same with its answers for the template's language, where they were given in another."""
    about = known.about
    asked = words.get(about.asked_in)
    if asked is None or asked.language == template.language:
        return known
    answers = carried(about.answers, asked.document, template.document)
    return replace(known, about=replace(about, answers=answers, asked_in=template.language))


def _asked_for(template: Template) -> frozenset[str]:
    """What has to be looked up: what its words ask for, and whom it goes to."""
    whom = {"account": "guarantor", "coverage": "coverage"}.get(template.about)
    return names_in(template.document) | ({whom} if whom else set())


# Letters that speak of a visit which did not take place, or will not.
_ABOUT_WHAT_WAS = ("appointment_cancellation", "missed_visit")


def _worries(visit: VisitFacts, template: Template, desk: Desk) -> tuple[str, ...]:
    """What about the visit speaks against sending this letter."""
    if template.about != "visit" or template.key in _ABOUT_WHAT_WAS:
        return ()
    if visit.status == "cancelled":
        return ("This visit is cancelled.",)
    return ("This visit lies in the past.",) if visit.starts_at < desk.now else ()


def _reluctance(known: Known) -> tuple[str, ...]:
    """What about the patient speaks against writing to her at all."""
    person, name, found = known.person, known.person.name.spoken, []
    if person.status == "deceased":
        found.append(f"{name} has died.")
    elif person.status == "archived":
        found.append(f"{name}’s file is archived.")
    if person.contact_preference == "none":
        found.append(f"{name} asked not to be contacted.")
    return tuple(found)


def _missing(names: Sequence[str], template: Template) -> tuple[str, ...]:
    """A sentence for what had nothing to put in, and one for the questions without an answer."""
    prompts = {f"ask.{question.key}": question.prompt for question in template.document.questions}
    words = [meaning_of(name) for name in names if name not in prompts]
    asked = [f"“{prompts[name]}”" for name in names if name in prompts]
    found = []
    if words:
        listed = "; ".join(word[0].lower() + word[1:] for word in words)
        found.append(f"Nothing is on file for: {listed}.")
    if asked:
        found.append(f"Not answered: {', '.join(asked)}.")
    return tuple(found)


def _untranslated(visit: VisitFacts, template: Template) -> tuple[str, ...]:
    """The practice types its preparations once, in its own language."""
    if template.language == "en" or not visit.preparation:
        return ()
    if "appointment.preparation" not in names_in(template.document):
        return ()
    language = LANGUAGES[template.language].name
    return (f"“How to prepare” is printed as typed in Settings: is it in {language}?",)
