"""Everything a template may ask of the file: merge fields in their groups, subjects of conditions, blocks.

The lists are closed. A name that is not on them is refused with its place, so that a template never
prints a hole nobody knew of; help page `merge-fields` is written from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from medsec_desktop.problems import Invalid

ASKED = "ask."  # what questions answer: ask.KEY


@dataclass(frozen=True, slots=True)
class MergeField:
    """A place in a template that the program fills in; `example` is what it may look like."""

    name: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Merge fields about one thing, under the name the tree shows."""

    key: str
    title: str
    fields: tuple[MergeField, ...]


def _group(key: str, title: str, *fields: tuple[str, str, str]) -> FieldGroup:
    return FieldGroup(
        key, title, tuple(MergeField(f"{key}.{name}", *rest) for name, *rest in fields)
    )


FIELD_GROUPS = (
    _group(
        "patient",
        "Patient",
        ("name", "The name as on an envelope", "Ms. Ada Testperson"),
        ("greeting", "The name as used in a greeting", "Ada Testperson"),
        ("given_name", "The first name, or the one the patient prefers", "Ada"),
        ("family_name", "The family name", "Testperson"),
        ("chart_number", "The chart number", "T00001"),
        ("birth_date", "The date of birth", "03/14/1984"),
        ("age", "The age in years on the day of the letter", "41"),
        ("sex", "The sex in a word; empty where it is not known", "female"),
        ("phone", "The phone number to reach the patient at", "(413) 555-0171"),
        ("email", "The e-mail address", "ada@testperson.example"),
        ("language", "The language the patient prefers", "Spanish"),
        ("employer", "The employer or school", "Springfield Library"),
    ),
    _group(
        "address",
        "Patient’s address",
        ("lines", "Street and place, in lines", "45 Elm Street\nSpringfield, MA 01104"),
        ("line", "Street and place in one line", "45 Elm Street, Springfield, MA 01104"),
        ("street", "The street, with apartment", "45 Elm Street"),
        ("city", "The city", "Springfield"),
        ("state", "The state", "MA"),
        ("zip", "The ZIP code", "01104"),
    ),
    _group(
        "guarantor",
        "Guarantor",
        ("name", "Who owes the balance; an adult patient where nobody else is named", "Ida Testperson"),
        ("relation", "What the guarantor is to the patient", "mother"),
        ("phone", "The guarantor’s phone number", "(413) 555-0172"),
        ("address", "The guarantor’s address, in lines", "45 Elm Street\nSpringfield, MA 01104"),
    ),
    _group(
        "contact",
        "Emergency contact",
        ("name", "Whom to call in an emergency", "Ida Testperson"),
        ("relation", "What that person is to the patient", "mother"),
        ("phone", "That person’s phone number", "(413) 555-0172"),
    ),
    _group(
        "appointment",
        "Visit",
        ("date", "The day of the visit", "Thursday, March 12, 2026"),
        ("time", "When it starts", "10:00 AM"),
        ("end_time", "When it ends", "10:30 AM"),
        ("duration", "How long it takes", "30 minutes"),
        ("provider", "Whom the visit is with", "Robin Chen, MD"),
        ("type", "What kind of visit it is", "Follow-up"),
        ("room", "The room", "Room 2"),
        ("place", "Where to come", "1200 Harbor Avenue"),
        ("preparation", "How to prepare for it", "Do not eat before the visit."),
        ("former_date", "The day before it was moved", "Monday, March 9, 2026"),
        ("former_time", "The time before it was moved", "2:00 PM"),
    ),
    _group(
        "recall",
        "Recall",
        ("name", "What the patient should come back for", "Yearly visit"),
        ("due", "When the patient should come back", "April 2026"),
        ("provider", "Whom the patient should see", "Robin Chen, MD"),
    ),
    _group(
        "referral",
        "Referral",
        ("to", "The doctor or practice referred to, or who sent the patient", "Sam Varga, MD"),
        ("greeting", "The same as one greets them", "Dr. Varga"),
        ("address", "Their name and address, in lines", "Sam Varga, MD\n9 Hill Road\nSpringfield, MA 01103"),
        ("phone", "Their phone number", "(413) 555-0188"),
        ("fax", "Their fax number", "(413) 555-0189"),
        ("specialty", "The specialty", "Cardiology"),
        ("reason", "Why the patient is referred", "Chest pain on exertion"),
        ("date", "The day the referral began", "March 11, 2026"),
        ("expires", "The last day it holds", "June 9, 2026"),
        ("number", "Its number with the payer", "R-20931"),
        ("provider", "Our doctor", "Robin Chen, MD"),
        ("their_visit", "The day of the visit there", "March 25, 2026"),
    ),
    _group(
        "request",
        "Records request",
        ("requester", "Who asks for records", "Ada Testperson"),
        ("deliver_to", "Where they are to go, in lines", "Sam Varga, MD\n9 Hill Road"),
        ("received", "The day it came", "March 2, 2026"),
        ("due", "The day it is due", "April 1, 2026"),
        ("wanted", "What is asked for", "Visit notes and laboratory results"),
        ("period", "Of what time", "January 1, 2024 to March 2, 2026"),
        ("purpose", "What for", "Continuing care"),
        ("fee", "What the copies cost", "$6.50"),
    ),
    _group(
        "coverage",
        "Insurance",
        ("payer", "The first payer", "Harbor Health Plan"),
        ("plan", "The plan", "Harbor Choice PPO"),
        ("member_id", "The member number", "HHP123456789"),
        ("group", "The group number", "G-4410"),
        ("copay", "What the patient pays at each visit", "$25.00"),
        ("subscriber", "Who holds the policy", "Ada Testperson"),
        ("relation", "What the patient is to the subscriber", "self"),
        ("payer_address", "The payer’s address, in lines", "PO Box 100\nHartford, CT 06101"),
        ("payer_phone", "The payer’s phone number", "(860) 555-0100"),
        ("payer_fax", "The payer’s fax number", "(860) 555-0101"),
        ("starts", "Since when it holds", "01/01/2026"),
        ("verified", "When it was last verified", "03/02/2026"),
        ("second_payer", "The second payer", "Lakes Mutual"),
        ("second_member_id", "The member number there", "LM88120"),
        ("second_group", "The group number there", "9001"),
    ),
    _group(
        "provider",
        "Doctors",
        ("primary", "The patient’s doctor here", "Robin Chen, MD"),
        ("primary_greeting", "The same as one greets them", "Dr. Chen"),
        ("referring", "Who referred the patient", "Sam Varga, MD"),
        ("referring_greeting", "The same as one greets them", "Dr. Varga"),
        ("referring_address", "Their name and address, in lines", "Sam Varga, MD\n9 Hill Road"),
        ("referring_phone", "Their phone number", "(413) 555-0188"),
        ("referring_fax", "Their fax number", "(413) 555-0189"),
    ),
    _group(
        "practice",
        "Practice",
        ("name", "The practice’s name", "Lakeside Family Medicine"),
        ("address", "Its address in one line", "1200 Harbor Avenue, Springfield"),
        ("phone", "The number patients call", "(413) 555-0142"),
        ("fax", "Its fax number", "(413) 555-0143"),
        ("email", "Its e-mail address", "desk@lakeside.example"),
        ("website", "Its website", "lakeside.example"),
        ("npi", "Its NPI", "1234567893"),
        ("tax_id", "Its tax number", "04-1234567"),
    ),
    _group(
        "letter",
        "Letter",
        ("date", "The day the letter is written", "March 11, 2026"),
        ("recipient", "The name it is addressed to", "Ms. Ada Testperson"),
        ("salutation", "How it greets whom it goes to", "Dear Ada Testperson"),
    ),
    _group(
        "writer",
        "Who writes it",
        ("name", "Who is logged in and writes it", "Olive Owner"),
    ),
    _group(
        "signer",
        "Who signs it",
        ("name", "The doctor who signs: the one chosen, of the visit, or the patient’s here", "Robin Chen, MD"),
        ("specialty", "The doctor’s specialty", "Family medicine"),
        ("npi", "The doctor’s NPI", "1234567893"),
    ),
)  # fmt: skip

MERGE_FIELDS = tuple(field for group in FIELD_GROUPS for field in group.fields)
_MEANINGS = {field.name: field.meaning for field in MERGE_FIELDS}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may ask about; a "choice" is one of `choices`, each a value with its words."""

    name: str
    meaning: str
    kind: Literal["choice", "number", "text"]
    choices: tuple[tuple[str, str], ...] = ()


_YES_NO = (("yes", "yes"), ("no", "no"))

SUBJECTS = (
    Subject(
        "patient.status",
        "The patient’s file is",
        "choice",
        (
            ("active", "active"),
            ("inactive", "inactive"),
            ("archived", "archived"),
            ("deceased", "of someone who died"),
        ),
    ),
    Subject("patient.age", "The patient’s age in years", "number"),
    Subject(
        "patient.sex", "The patient’s sex", "choice", (("F", "female"), ("M", "male"), ("U", "not known"))
    ),
    Subject("patient.language", "The patient’s language, as in “es”", "text"),
    Subject("coverage.has", "The patient is insured", "choice", _YES_NO),
    Subject("coverage.payer", "The first payer", "text"),
    Subject("coverage.second", "The patient is insured twice", "choice", _YES_NO),
    Subject(
        "appointment.status",
        "The visit is",
        "choice",
        (
            ("scheduled", "scheduled"),
            ("confirmed", "confirmed"),
            ("arrived", "arrived"),
            ("in-room", "in a room"),
            ("done", "done"),
            ("left", "left without being seen"),
            ("no-show", "missed"),
            ("cancelled", "cancelled"),
        ),
    ),
    Subject("appointment.type", "The kind of visit", "text"),
    Subject("appointment.when", "The visit lies", "choice", (("past", "in the past"), ("coming", "ahead"))),
    Subject("visits.has", "The patient has a visit to come", "choice", _YES_NO),
    Subject("appointment.moved", "The visit was moved", "choice", _YES_NO),
    Subject("referral.direction", "The referral goes", "choice", (("out", "out"), ("in", "to us"))),
    Subject("referral.urgent", "The referral is urgent", "choice", _YES_NO),
    Subject(
        "letter.to",
        "The letter goes to",
        "choice",
        (
            ("patient", "the patient"),
            ("guarantor", "the guarantor"),
            ("contact", "a contact of the patient"),
            ("provider", "a doctor"),
            ("payer", "a payer"),
            ("organization", "an organization"),
            ("free", "somebody else"),
        ),
    ),
)  # fmt: skip
_SUBJECTS = {subject.name: subject for subject in SUBJECTS}

INSERTS = {
    "address": "The patient’s name and address",
    "visit": "The details of the visit",
    "visits": "The visits to come",
    "coverage": "The patient’s insurance",
    "signature": "The name of who signs",
}


def meaning_of(name: str) -> str:
    """What a merge field or a block stands for, in words."""
    return _MEANINGS.get(name) or INSERTS.get(name) or name.removeprefix(ASKED)


def is_field(name: str) -> bool:
    """Whether it is one of the merge fields of the file; an answer (`ask.KEY`) is not."""
    return name in _MEANINGS


def subject_named(name: str) -> Subject | None:
    """The subject a condition may ask about, or None."""
    return _SUBJECTS.get(name)


def no_such_field(name: str, where: str = "", at: str = "") -> Invalid:
    """The refusal of a name that is not on the list; `where` says in words where it stands."""
    near = get_close_matches(name, list(_MEANINGS), 1, 0.75)
    return Invalid(
        f"There is no merge field “{{{name}}}”.",
        f"It stands in {where}." if where else "",
        f"Did you mean {{{near[0]}}}?" if near else "Choose one from the list of fields.",
        field=at or name,
    )
