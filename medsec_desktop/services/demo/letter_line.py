"""Letters of the demo clinic at every state of the line, some sent, one late, one with a copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import Document, Paragraph, Text
from medsec_desktop.models import Letter, LetterStep
from medsec_desktop.services.letters.faxing import FaxDraft, MadeSure, Result
from medsec_desktop.services.letters.handling import CopyTo, Enclosure
from medsec_desktop.services.letters.line import DictationDraft
from medsec_desktop.services.office import Office

_S = LetterStatus
_PATH = (_S.DICTATED, _S.TYPED, _S.CHECKED, _S.SIGNED, _S.SENT)


@dataclass(frozen=True, slots=True)
class _Wanted:
    subject: str
    note: str
    status: LetterStatus
    days_ago: int
    wanted_in: int | None = None
    how: SentHow = SentHow.MAILED
    to_doctor: bool = False
    words: str = ""  # what stands in it once it is typed


_LETTERS = (
    _Wanted(
        "Work absence, Monday to Wednesday",
        "Seen Monday. May go back on Thursday.",
        _S.DICTATED,
        0,
        1,
    ),
    _Wanted(
        "Report to the cardiologist",
        "Dictated on tape 3, side A",
        _S.DICTATED,
        1,
        3,
        to_doctor=True,
    ),
    _Wanted("Answer to the school nurse", "May take part in sports again.", _S.DICTATED, 4, -1),
    _Wanted(
        "Fit for travel",
        "Six weeks abroad, no limits.",
        _S.TYPED,
        2,
        2,
        words="Nothing in my examination of today speaks against a journey of six weeks.",
    ),
    _Wanted(
        "Appeal of a denied visit",
        "See their letter of last week.",
        _S.TYPED,
        3,
        5,
        words="I ask you to look again at the visit you did not pay for. It could not have waited.",
    ),
    _Wanted(
        "Thanks for the referral",
        "Seen, treated, back in a year.",
        _S.CHECKED,
        3,
        0,
        to_doctor=True,
        words="Thank you for sending your patient. All is well; I suggest to look again in a year.",
    ),
    _Wanted(
        "Return to work with limits",
        "No lifting for two weeks.",
        _S.SIGNED,
        2,
        0,
        words="Work is possible again from Monday; for two weeks nothing that asks for lifting.",
    ),
    _Wanted(
        "Report after the visit",
        "Copy to the patient.",
        _S.SIGNED,
        5,
        1,
        to_doctor=True,
        words="Your patient came last week. All is as it was in spring; nothing has to be changed.",
    ),
    _Wanted(
        "Report to the surgeon",
        "Before the operation.",
        _S.SENT,
        6,
        None,
        SentHow.FAXED,
        True,
        words="Before the operation I found nothing that speaks against it. The results are enclosed.",
    ),
    _Wanted(
        "School absence",
        "Two days.",
        _S.SENT,
        3,
        None,
        SentHow.HANDED,
        words="Please excuse the absence of the last two days. School is possible again from tomorrow.",
    ),
    _Wanted(
        "Letter for the disability office",
        "With the last results.",
        _S.SENT,
        7,
        None,
        words="You asked for a report about the last year. The results you need are enclosed.",
    ),
)


def write(office: Office) -> None:
    """Put them on the line, each with the steps it took and when."""
    db, line, today = office.session.db, office.letter_line, office.clock.today()
    people = [
        int(row[0])
        for row in db.rows(
            "SELECT id FROM patient WHERE status = 'active' AND preferred_name = ''"
            " AND language NOT LIKE 'es%'"
            " AND EXISTS (SELECT 1 FROM patient_address a WHERE a.patient_id = patient.id)"
            " ORDER BY id LIMIT ?",
            (len(_LETTERS),),
        )
    ]
    signer = int(
        db.value("SELECT id FROM provider WHERE is_bookable AND is_active ORDER BY position, id")
    )
    doctor = next(
        (
            choice
            for row in office.directory.find(kind="physician")
            if not row.is_ours
            and (choice := office.recipients.one("provider", row.id)) is not None
            and choice.has_address
        ),
        None,
    )
    with office.session.change(
        "Put the demo clinic’s letters on the line", Permission.WRITE_LETTERS, sealed=True
    ):
        for patient_id, wanted in zip(people, _LETTERS, strict=False):
            number = line.dictate(
                DictationDraft(
                    patient_id,
                    subject=wanted.subject,
                    note=wanted.note,
                    signer_provider_id=signer,
                )
            )
            steps = _PATH[1 : _PATH.index(wanted.status) + 1]
            if _S.TYPED in steps:
                draft = line.draft(number)
                handling = draft.handling
                if wanted.to_doctor and doctor is not None:
                    handling = replace(
                        handling,
                        recipient_kind=doctor.kind,
                        recipient_id=doctor.id,
                        copies=(CopyTo(draft.recipient, "patient"),),
                        enclosures=(Enclosure("Results of the last visit"),),
                    )
                    draft = office.letters.recomposed(
                        replace(draft, recipient=doctor.lines, handling=handling),
                        draft.template,
                        draft.language,
                    )
                body = _with_words(draft.body, wanted.words)
                line.keep(replace(draft, handling=handling, body=body))
            for step in steps:
                if step in (_S.CHECKED, _S.SIGNED):
                    line.move([number], step)
                elif step is _S.SENT:
                    line.send([number], wanted.how)
            _date_back(number, today, wanted)
        _fax(office)


def _with_words(body: Document, words: str) -> Document:
    """The words in the place that a blank letter leaves for them."""
    blocks = list(body.blocks)
    at = blocks.index(Paragraph())
    blocks[at] = Paragraph((Text(words),))
    return replace(body, blocks=tuple(blocks))


def _date_back(number: int, today: date, wanted: _Wanted) -> None:
    """As if it had been begun days ago, a step a day."""
    begun = datetime.combine(today - timedelta(days=wanted.days_ago), time(8, 40))
    fields: dict[str, str] = {"written_on": begun.date().isoformat()}
    if wanted.wanted_in is not None:
        fields["wanted_on"] = (today + timedelta(days=wanted.wanted_in)).isoformat()
    Letter.update(**fields).where(Letter.id == number).execute()
    latest = datetime.combine(today, time(8, 40))
    for place, step in enumerate(
        LetterStep.select().where(LetterStep.letter == number).order_by(LetterStep.id)
    ):
        at = min(begun + timedelta(days=place, minutes=47 * place), latest)
        LetterStep.update(at=at.strftime("%Y-%m-%dT%H:%M")).where(
            LetterStep.id == step.id
        ).execute()


def _fax(office: Office) -> None:
    """One that went through, one that was busy, one that waits at the machine."""
    faxes = office.faxes
    number = "(617) 555-0176"
    faxes.confirm(number, "", MadeSure.READ_BACK, "Quillport Imaging and Laboratory")
    tries = ((Result.SENT,), (Result.BUSY, Result.NO_ANSWER), ())
    rows = office.session.db.rows(
        "SELECT id, patient_id FROM letter WHERE status IN ('filed', 'signed') ORDER BY id LIMIT 3"
    )
    for (letter_id, patient_id), results in zip(rows, tries, strict=False):
        row = faxes.make(
            FaxDraft(
                patient_id,
                "Quillport Imaging and Laboratory",
                number,
                "Letter",
                letter_id=letter_id,
            )
        )
        for result in results:
            faxes.tried(row.id, result)
