"""Archived documents and the letters among them."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.patients import Patient


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


class Letter(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    document = ForeignKeyField(Document, column_name="document_id", backref="+", lazy_load=False)
    template = TextField()
    subject = TextField(default="")
    recipient = TextField(default="")
    status = TextField(default="filed")
    written_on = TextField()
