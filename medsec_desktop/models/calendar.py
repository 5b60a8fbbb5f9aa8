"""Appointments, planned and kept; encounters, what took place; what else stands on the grid."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.coverages import Authorization, Payer
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import AppointmentType, Organization, Provider, Room


class AppointmentSeries(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    rule = TextField()
    starts_at = TextField()
    duration_min = IntegerField()
    split_from = ForeignKeyField(
        "self", column_name="split_from_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class Appointment(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    provider = ForeignKeyField(Provider, column_name="provider_id", backref="+", lazy_load=False)
    room = ForeignKeyField(Room, column_name="room_id", backref="+", lazy_load=False, null=True)
    type = ForeignKeyField(
        AppointmentType, column_name="type_id", backref="+", lazy_load=False, null=True
    )
    starts_at = TextField()
    duration_min = IntegerField()
    status = TextField(default="scheduled")
    reason = TextField(default="")
    note = TextField(default="")
    cancelled_by = TextField(default="")
    cancel_reason = TextField(default="")
    override_reason = TextField(default="")
    rescheduled_from = ForeignKeyField(
        "self", column_name="rescheduled_from_id", backref="+", lazy_load=False, null=True
    )
    series = ForeignKeyField(
        AppointmentSeries, column_name="series_id", backref="+", lazy_load=False, null=True
    )
    series_original_at = TextField(null=True)
    authorization = ForeignKeyField(
        Authorization, column_name="authorization_id", backref="+", lazy_load=False, null=True
    )
    external_source = TextField(null=True)
    external_id = TextField(null=True)
    authorization_units = IntegerField(default=1)


class Encounter(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    organization = ForeignKeyField(
        Organization, column_name="organization_id", backref="+", lazy_load=False, null=True
    )
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False, null=True)
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    starts_at = TextField()
    duration_min = IntegerField(default=0)
    kind = TextField(default="")
    description = TextField(default="")
    external_source = TextField(null=True)
    external_id = TextField(null=True)


class SeriesException(Journalled):
    series = ForeignKeyField(
        AppointmentSeries, column_name="series_id", backref="+", lazy_load=False
    )
    original_at = TextField()
    why = TextField(default="")


class AppointmentEvent(Journalled):
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False
    )
    status = TextField()
    at = TextField()
    detail = TextField(default="")
    is_late = BooleanField(default=False)
    is_correction = BooleanField(default=False)


class Hold(Journalled):
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    room = ForeignKeyField(Room, column_name="room_id", backref="+", lazy_load=False, null=True)
    patient = ForeignKeyField(
        Patient, column_name="patient_id", backref="+", lazy_load=False, null=True
    )
    starts_at = TextField()
    duration_min = IntegerField()
    title = TextField()
    expires_at = TextField()


class GridNote(Journalled):
    day_on = TextField()
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    starts_min = IntegerField(null=True)
    text = TextField()
    colour = TextField(default="")


class CalendarView(Journalled):
    name = TextField()
    columns = TextField()
    position = IntegerField(default=0)
