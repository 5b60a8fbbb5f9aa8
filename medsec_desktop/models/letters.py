"""Letters on their way and archived, each step of them, the practice's own templates, and faxes."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import Provider
from medsec_desktop.models.referrals import Referral
from medsec_desktop.models.rights import Disclosure, RecordsRequest


class LetterTemplate(Journalled):
    key = TextField()
    language = TextField()
    title = TextField()
    about = TextField(default="patient")
    content = TextField()
    shipped_version = IntegerField(null=True)
    is_active = BooleanField(default=True)


class LetterBatch(Journalled):
    title = TextField()
    template = TextField()
    made_at = TextField()
    made_by = TextField(default="")


class Letter(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    template = TextField()
    subject = TextField(default="")
    recipient = TextField(default="")
    status = TextField(default="filed")
    written_on = TextField()
    language = TextField(default="en")
    content = TextField(default="")
    recipient_kind = TextField(default="patient")
    recipient_id = IntegerField(null=True)
    copies = TextField(default="[]")
    enclosures = TextField(default="[]")
    referral = ForeignKeyField(
        Referral, column_name="referral_id", backref="+", lazy_load=False, null=True
    )
    records_request = ForeignKeyField(
        RecordsRequest, column_name="records_request_id", backref="+", lazy_load=False, null=True
    )
    signer_provider = ForeignKeyField(
        Provider, column_name="signer_provider_id", backref="+", lazy_load=False, null=True
    )
    wanted_on = TextField(null=True)
    sent_how = TextField(default="")
    replaces_letter = ForeignKeyField(
        "self", column_name="replaces_letter_id", backref="+", lazy_load=False, null=True
    )
    batch = ForeignKeyField(
        LetterBatch, column_name="batch_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class LetterStep(Journalled):
    letter = ForeignKeyField(Letter, column_name="letter_id", backref="+", lazy_load=False)
    status = TextField()
    at = TextField()
    by = TextField(default="")
    note = TextField(default="")


class FaxNumber(Journalled):
    number = TextField()
    name = TextField(default="")
    confirmed_at = TextField()
    confirmed_by = TextField(default="")
    how = TextField()


class Fax(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    letter = ForeignKeyField(
        Letter, column_name="letter_id", backref="+", lazy_load=False, null=True
    )
    document = ForeignKeyField(Document, column_name="document_id", backref="+", lazy_load=False)
    disclosure = ForeignKeyField(
        Disclosure, column_name="disclosure_id", backref="+", lazy_load=False, null=True
    )
    recipient = TextField()
    number = TextField()
    pages = IntegerField()
    about = TextField(default="")
    is_to_patient = BooleanField(default=False)
    made_at = TextField()


class FaxAttempt(Journalled):
    fax = ForeignKeyField(Fax, column_name="fax_id", backref="+", lazy_load=False)
    at = TextField()
    result = TextField()
    by = TextField(default="")
    note = TextField(default="")
