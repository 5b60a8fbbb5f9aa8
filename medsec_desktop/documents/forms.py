"""The registration form: what is on file of a patient, to be corrected, completed and signed.

What is on file is printed in its place, so that she only corrects it; what is not leaves a line. On each
page a barcode that says nothing about her files the page when it comes back through the scanner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from medsec_desktop.documents.form_sheet import FormCode, FormHead, FormSheet
from medsec_desktop.documents.form_words import WORDS, FormWords


@dataclass(frozen=True, slots=True)
class PersonOnForm:
    """Somebody around her."""

    name: str = ""
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CoverageOnForm:
    """A policy of hers."""

    payer: str = ""
    plan: str = ""
    member_id: str = ""
    group: str = ""
    subscriber: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """What is on file, as text; '' where nothing is, which leaves a line to write on."""

    head: FormHead
    code: FormCode
    date: str
    chart_number: str = ""
    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    preferred_name: str = ""
    former_name: str = ""
    birth: str = ""
    sex: str = ""  # F, M, other, or '' for none ticked
    marital_status: str = ""
    language: str = ""
    needs_interpreter: bool | None = None
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    phones: dict[str, str] = field(default_factory=dict)  # mobile, home, work
    email: str = ""
    contact: str = ""  # phone, text, email, mail
    employer: str = ""
    employer_phone: str = ""
    emergency: PersonOnForm = PersonOnForm()
    guarantor: PersonOnForm | None = None  # None: she owes herself
    coverages: tuple[CoverageOnForm, ...] = ()
    provider: str = ""
    is_fillable: bool = False


REGISTRATION_PAGES = 2


def registration_pdf(form: RegistrationForm) -> bytes:
    """Two pages: who she is and how to reach her; who pays, and her signature."""
    words = WORDS[form.head.language]
    name = " ".join(part for part in (form.given_name, form.middle_name, form.family_name) if part)
    whose = "  ·  ".join(
        part
        for part in (
            name,
            form.birth,
            f"{words.chart} {form.chart_number}" if form.chart_number else "",
        )
        if part
    )
    sheet = FormSheet(
        form.head,
        form.code,
        words.registration,
        words,
        form.date,
        whose,
        pages=REGISTRATION_PAGES,
        is_fillable=form.is_fillable,
    )
    sheet.begin(words.registration_asks if form.family_name else words.blank_asks)
    sheet.section(words.patient)
    sheet.row(
        (words.family_name, form.family_name, 4),
        (words.given_name, form.given_name, 4),
        (words.middle_name, form.middle_name, 4),
    )
    sheet.row(
        (words.preferred_name, form.preferred_name, 4),
        (words.former_name, form.former_name, 4),
        (words.birth, form.birth, 4),
    )
    sheet.ticks(words.sex, [(text, form.sex == key) for key, text in words.sexes], 6)
    sheet.ticks(
        words.interpreter,
        [
            (words.yes, form.needs_interpreter is True),
            (words.no, form.needs_interpreter is False),
        ],
        6,
        beside=True,
    )
    sheet.row(
        (words.marital, form.marital_status, 4),
        (words.language, form.language, 4),
        (words.provider, form.provider, 4),
    )
    sheet.section(words.contact)
    sheet.row((words.street, form.street, 12))
    sheet.row(
        (words.city, form.city, 6), (words.state, form.state, 3), (words.zip, form.postal_code, 3)
    )
    sheet.row(
        (words.mobile, form.phones.get("mobile", ""), 4),
        (words.home, form.phones.get("home", ""), 4),
        (words.work, form.phones.get("work", ""), 4),
    )
    sheet.row((words.email, form.email, 12))
    sheet.ticks(words.reach, [(text, form.contact == key) for key, text in words.ways], 12)
    sheet.ticks(words.messages, [(words.yes, False), (words.no, False)], 12)
    sheet.row((words.employer, form.employer, 8), (words.employer_phone, form.employer_phone, 4))
    sheet.section(words.emergency)
    _person(sheet, words, form.emergency)
    sheet.turn_over()
    sheet.section(words.guarantor)
    sheet.ticks(
        words.who_pays,
        [
            # On a blank form neither is known.
            (words.i_pay, form.guarantor is None and bool(form.family_name)),
            (words.other_pays, form.guarantor is not None),
        ],
        12,
    )
    _person(sheet, words, form.guarantor or PersonOnForm())
    sheet.row((words.their_address, "", 12))
    held = [*form.coverages[:2], CoverageOnForm(), CoverageOnForm()][:2]
    for title, coverage in zip((words.first_plan, words.second_plan), held, strict=True):
        sheet.section(title)
        sheet.row((words.payer, coverage.payer, 7), (words.plan, coverage.plan, 5))
        sheet.row((words.member, coverage.member_id, 7), (words.group, coverage.group, 5))
        sheet.row(
            (words.subscriber, coverage.subscriber, 5),
            (words.subscriber_birth, "", 3),
            (words.subscriber_relation, coverage.relation, 4),
        )
    sheet.section(words.more)
    sheet.row((words.pharmacy, "", 7), (words.other_doctor, "", 5))
    sheet.sign(words.true_words)
    return sheet.finished()


def _person(sheet: FormSheet, words: FormWords, person: PersonOnForm) -> None:
    sheet.row(
        (words.name, person.name, 5),
        (words.relation, person.relation, 3),
        (words.phone, person.phone, 4),
    )
