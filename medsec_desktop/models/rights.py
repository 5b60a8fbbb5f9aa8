"""Consents, requests for records, and what was given to whom."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient


class ConsentKind(Journalled):
    name = TextField()
    valid_months = IntegerField(null=True)
    is_required = BooleanField(default=False)
    is_privacy_notice = BooleanField(default=False)
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)


class Consent(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    kind = ForeignKeyField(ConsentKind, column_name="kind_id", backref="+", lazy_load=False)
    answer = TextField(default="given")
    signed_on = TextField()
    expires_on = TextField(null=True)
    signed_by = TextField(default="")
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class RecordsRequest(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    status = TextField(default="open")
    requester = TextField()
    requester_kind = TextField(default="patient")
    deliver_to = TextField(default="")
    deliver_how = TextField(default="paper")
    received_on = TextField()
    due_on = TextField()
    extended_on = TextField(null=True)
    extension_reason = TextField(default="")
    purpose = TextField(default="")
    wanted = TextField(default="")
    from_on = TextField(null=True)
    to_on = TextField(null=True)
    fee_cents = IntegerField(default=0)
    fee_paid_on = TextField(null=True)
    closed_on = TextField(null=True)
    refusal_reason = TextField(default="")
    signed_document = ForeignKeyField(
        Document, column_name="signed_document_id", backref="+", lazy_load=False, null=True
    )
    package_document = ForeignKeyField(
        Document, column_name="package_document_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")


class RecordsRequestItem(Journalled):
    request = ForeignKeyField(
        RecordsRequest, column_name="request_id", backref="+", lazy_load=False
    )
    kind = TextField()
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    position = IntegerField(default=0)


class Disclosure(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    disclosed_at = TextField()
    recipient = TextField()
    recipient_address = TextField(default="")
    what = TextField()
    purpose = TextField(default="")
    how = TextField(default="")
    is_accountable = BooleanField(default=True)
    disclosed_by = TextField(default="")
    request = ForeignKeyField(
        RecordsRequest, column_name="request_id", backref="+", lazy_load=False, null=True
    )
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
