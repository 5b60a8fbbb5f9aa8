"""What a visit is charged: the sheet, its diagnoses and its lines."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.calendar import Encounter
from medsec_desktop.models.codes import Procedure
from medsec_desktop.models.coverages import Authorization, Coverage
from medsec_desktop.models.practice import Organization, Provider
from medsec_desktop.models.referrals import Referral


class ChargeSheet(Journalled):
    encounter = ForeignKeyField(Encounter, column_name="encounter_id", backref="+", lazy_load=False)
    status = TextField(default="open")
    no_charge_reason = TextField(default="")
    is_self_pay = BooleanField(default=False)
    coverage = ForeignKeyField(
        Coverage, column_name="coverage_id", backref="+", lazy_load=False, null=True
    )
    place = TextField(default="11")
    facility = ForeignKeyField(
        Organization, column_name="facility_id", backref="+", lazy_load=False, null=True
    )
    referring_provider = ForeignKeyField(
        Provider, column_name="referring_provider_id", backref="+", lazy_load=False, null=True
    )
    supervising_provider = ForeignKeyField(
        Provider, column_name="supervising_provider_id", backref="+", lazy_load=False, null=True
    )
    authorization = ForeignKeyField(
        Authorization, column_name="authorization_id", backref="+", lazy_load=False, null=True
    )
    referral = ForeignKeyField(
        Referral, column_name="referral_id", backref="+", lazy_load=False, null=True
    )
    causes = TextField(default="")
    accident_on = TextField(null=True)
    accident_state = TextField(default="")
    casualty_number = TextField(default="")
    onset_on = TextField(null=True)
    last_period_on = TextField(null=True)
    first_treated_on = TextField(null=True)
    last_seen_on = TextField(null=True)
    admitted_on = TextField(null=True)
    discharged_on = TextField(null=True)
    unable_from_on = TextField(null=True)
    unable_to_on = TextField(null=True)
    patient_paid_cents = IntegerField(null=True)
    note = TextField(default="")
    decided_at = TextField(null=True)
    decided_by = TextField(default="")


class ChargeDiagnosis(Journalled):
    charge_sheet = ForeignKeyField(
        ChargeSheet, column_name="charge_sheet_id", backref="+", lazy_load=False
    )
    position = IntegerField()
    code = TextField()


class ChargeLine(Journalled):
    charge_sheet = ForeignKeyField(
        ChargeSheet, column_name="charge_sheet_id", backref="+", lazy_load=False
    )
    position = IntegerField(default=0)
    procedure = ForeignKeyField(
        Procedure, column_name="procedure_id", backref="+", lazy_load=False, null=True
    )
    code = TextField()
    modifiers = TextField(default="")
    words = TextField(default="")
    description = TextField(default="")
    pointers = TextField(default="A")
    units = TextField(default="1")
    unit = TextField(default="UN")
    charge_cents = IntegerField()
    from_on = TextField(null=True)
    to_on = TextField(null=True)
    place = TextField(default="")
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    ordering_provider = ForeignKeyField(
        Provider, column_name="ordering_provider_id", backref="+", lazy_load=False, null=True
    )
    ndc = TextField(default="")
    ndc_quantity = TextField(default="")
    ndc_unit = TextField(default="")
    prescription = TextField(default="")
    note = TextField(default="")
    is_emergency = BooleanField(default=False)
    is_epsdt = BooleanField(default=False)
    is_family_planning = BooleanField(default=False)
    is_kept_from_payer = BooleanField(default=False)
