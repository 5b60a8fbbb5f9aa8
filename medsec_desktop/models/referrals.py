"""Referrals, to us and by us, with each step they took."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.coverages import Authorization
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import Organization, Provider


class Referral(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    direction = TextField()
    status = TextField(default="ready")
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    other_provider = ForeignKeyField(
        Provider, column_name="other_provider_id", backref="+", lazy_load=False, null=True
    )
    other_organization = ForeignKeyField(
        Organization, column_name="other_organization_id", backref="+", lazy_load=False, null=True
    )
    specialty = TextField(default="")
    reason = TextField(default="")
    is_urgent = BooleanField(default=False)
    number = TextField(default="")
    authorization = ForeignKeyField(
        Authorization, column_name="authorization_id", backref="+", lazy_load=False, null=True
    )
    appointment = ForeignKeyField(
        Appointment, column_name="appointment_id", backref="+", lazy_load=False, null=True
    )
    their_visit_on = TextField(null=True)
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    begun_on = TextField()
    expires_on = TextField(null=True)
    chase_on = TextField(null=True)
    note = TextField(default="")


class ReferralEvent(Journalled):
    referral = ForeignKeyField(Referral, column_name="referral_id", backref="+", lazy_load=False)
    at = TextField()
    status = TextField(default="")
    note = TextField(default="")
