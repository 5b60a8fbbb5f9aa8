"""Archived documents, their categories, and the forms of ours that are to come back."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.patients import Patient


class DocumentCategory(Journalled):
    name = TextField()
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)


class Document(Journalled):
    patient = ForeignKeyField(
        Patient, column_name="patient_id", backref="+", lazy_load=False, null=True
    )
    kind = TextField()
    title = TextField()
    media_type = TextField(default="application/pdf")
    sha256 = TextField()
    size_bytes = IntegerField()
    pages = IntegerField(default=1)
    filed_at = TextField()
    category = ForeignKeyField(
        DocumentCategory, column_name="category_id", backref="+", lazy_load=False, null=True
    )
    dated_on = TextField(null=True)
    status = TextField(default="filed")
    source = TextField(default="")
    original_name = TextField(default="")
    made_from = ForeignKeyField(
        "self", column_name="made_from_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class PrintedForm(Journalled):
    code = TextField()
    kind = TextField()
    patient = ForeignKeyField(
        Patient, column_name="patient_id", backref="+", lazy_load=False, null=True
    )
    appointment_id = IntegerField(
        null=True
    )  # of Appointment, which knows who pays and thereby Document
    category = ForeignKeyField(
        DocumentCategory, column_name="category_id", backref="+", lazy_load=False, null=True
    )
    title = TextField(default="")
    pages = IntegerField(default=1)
    made_at = TextField()
    printed_at = TextField(null=True)
    printed_document = ForeignKeyField(
        Document, column_name="printed_document_id", backref="+", lazy_load=False, null=True
    )
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
