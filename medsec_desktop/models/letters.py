"""Letters written; each is an archived document."""

from __future__ import annotations

from peewee import ForeignKeyField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient


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
