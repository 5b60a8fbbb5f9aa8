"""Who pays: payers and the coverages patients hold with them."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import Provider


class Payer(Journalled):
    name = TextField()
    payer_number = TextField(default="")
    line1 = TextField(default="")
    line2 = TextField(default="")
    city = TextField(default="")
    state = TextField(default="")
    postal_code = TextField(default="")
    phone = TextField(default="")
    external_source = TextField(null=True)
    external_id = TextField(null=True)
    fax = TextField(default="")
    email = TextField(default="")
    portal = TextField(default="")
    note = TextField(default="")
    is_active = BooleanField(default=True)
    merged_into = ForeignKeyField(
        "self", column_name="merged_into_id", backref="+", lazy_load=False, null=True
    )


class Coverage(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False)
    rank = TextField(default="primary")
    plan_name = TextField(default="")
    member_id = TextField(default="")
    group_number = TextField(default="")
    subscriber_relation = TextField(default="self")
    subscriber_name = TextField(default="")
    copay_cents = IntegerField(null=True)
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    verified_on = TextField(null=True)
    verified_note = TextField(default="")
    subscriber_patient = ForeignKeyField(
        Patient, column_name="subscriber_patient_id", backref="+", lazy_load=False, null=True
    )
    subscriber_birth_on = TextField(null=True)
    subscriber_sex = TextField(default="")
    subscriber_line1 = TextField(default="")
    subscriber_line2 = TextField(default="")
    subscriber_city = TextField(default="")
    subscriber_state = TextField(default="")
    subscriber_postal_code = TextField(default="")
    deductible_note = TextField(default="")
    note = TextField(default="")
    card_front_document = ForeignKeyField(
        Document, column_name="card_front_document_id", backref="+", lazy_load=False, null=True
    )
    card_back_document = ForeignKeyField(
        Document, column_name="card_back_document_id", backref="+", lazy_load=False, null=True
    )
    needs_authorization = BooleanField(default=False)
    needs_referral = BooleanField(default=False)


class CoverageVerification(Journalled):
    coverage = ForeignKeyField(Coverage, column_name="coverage_id", backref="+", lazy_load=False)
    verified_at = TextField()
    verified_by = TextField(default="")
    how = TextField(default="phone")
    reference = TextField(default="")
    result = TextField()
    copay_cents = IntegerField(null=True)
    note = TextField(default="")


class Authorization(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    coverage = ForeignKeyField(
        Coverage, column_name="coverage_id", backref="+", lazy_load=False, null=True
    )
    number = TextField()
    visits_allowed = IntegerField()
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    note = TextField(default="")
    counts = TextField(default="visits")
    codes = TextField(default="")
    used_elsewhere = IntegerField(default=0)
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
