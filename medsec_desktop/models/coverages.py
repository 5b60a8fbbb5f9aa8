"""Who pays: payers and the coverages patients hold with them."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.patients import Patient


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
