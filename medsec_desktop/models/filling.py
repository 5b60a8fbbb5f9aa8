"""Who waits for an earlier visit, who should come back, and the calls made about it."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import AppointmentType, Provider


class WaitingEntry(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    type = ForeignKeyField(
        AppointmentType, column_name="type_id", backref="+", lazy_load=False, null=True
    )
    duration_min = IntegerField()
    is_urgent = BooleanField(default=False)
    earliest_on = TextField(null=True)
    latest_on = TextField(null=True)
    availability = TextField(default="")
    notice_min = IntegerField(default=0)
    interim_appointment = ForeignKeyField(
        Appointment, column_name="interim_appointment_id", backref="+", lazy_load=False, null=True
    )
    keeps_interim = BooleanField(default=False)
    note = TextField(default="")
    added_at = TextField()
    status = TextField(default="open")
    booked_appointment = ForeignKeyField(
        Appointment, column_name="booked_appointment_id", backref="+", lazy_load=False, null=True
    )


class RecallType(Journalled):
    name = TextField()
    interval_months = IntegerField()
    type = ForeignKeyField(
        AppointmentType, column_name="type_id", backref="+", lazy_load=False, null=True
    )
    round_days = TextField(default="-30,0,30")
    is_active = BooleanField(default=True)
    position = IntegerField(default=0)


class Recall(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    recall_type = ForeignKeyField(
        RecallType, column_name="recall_type_id", backref="+", lazy_load=False
    )
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    due_on = TextField()
    status = TextField(default="open")
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class RecallRound(Journalled):
    recall = ForeignKeyField(Recall, column_name="recall_id", backref="+", lazy_load=False)
    round = IntegerField()
    how = TextField()
    sent_on = TextField()


class CallAttempt(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    waiting_entry = ForeignKeyField(
        WaitingEntry, column_name="waiting_entry_id", backref="+", lazy_load=False, null=True
    )
    recall = ForeignKeyField(
        Recall, column_name="recall_id", backref="+", lazy_load=False, null=True
    )
    outcome = TextField()
    at = TextField()
    note = TextField(default="")
