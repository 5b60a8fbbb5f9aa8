"""Claims, what payers and clearing houses want of them, and the files and forms that left."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.charges import ChargeLine, ChargeSheet
from medsec_desktop.models.coverages import Coverage, Payer
from medsec_desktop.models.documents import Document
from medsec_desktop.models.patients import Patient
from medsec_desktop.models.practice import Organization, Provider, UserAccount


class BillingNumber(Journalled):
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    organization = ForeignKeyField(
        Organization, column_name="organization_id", backref="+", lazy_load=False, null=True
    )
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False, null=True)
    kind = TextField()
    number = TextField()


class ClearingHouse(Journalled):
    name = TextField()
    sender_kind = TextField(default="ZZ")
    sender_id = TextField(default="")
    receiver_kind = TextField(default="ZZ")
    receiver_id = TextField(default="")
    group_sender = TextField(default="")
    group_receiver = TextField(default="")
    submitter_name = TextField(default="")
    submitter_id = TextField(default="")
    contact_name = TextField(default="")
    contact_phone = TextField(default="")
    contact_email = TextField(default="")
    receiver_name = TextField(default="")
    receiver_number = TextField(default="")
    is_test = BooleanField(default=True)
    wants_acknowledgement = BooleanField(default=False)
    claims_at_most = IntegerField(default=5000)
    out_folder = TextField(default="")
    in_folder = TextField(default="")
    file_pattern = TextField(default="")
    note = TextField(default="")
    is_active = BooleanField(default=True)


class PayerRule(Journalled):
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False)
    filing = TextField(default="")
    way = TextField(default="paper")
    clearing_house = ForeignKeyField(
        ClearingHouse, column_name="clearing_house_id", backref="+", lazy_load=False, null=True
    )
    number_kind = TextField(default="PI")
    member_pattern = TextField(default="")
    member_words = TextField(default="")
    filing_days = IntegerField(null=True)
    corrected_days = IntegerField(null=True)
    appeal_days = IntegerField(null=True)
    filing_source = TextField(default="")
    silent_days = IntegerField(null=True)
    totals = TextField(default="each sheet")
    lines_at_most = IntegerField(default=50)
    assignment = TextField(default="A")
    telehealth_modifiers = TextField(default="95 GT 93 FQ")
    needs_referrer = BooleanField(default=False)
    needs_authorization = BooleanField(default=False)
    needs_rendering_taxonomy = BooleanField(default=False)
    is_crossing_over = BooleanField(default=False)
    note = TextField(default="")


class Claim(Journalled):
    number = TextField()
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    charge_sheet = ForeignKeyField(
        ChargeSheet, column_name="charge_sheet_id", backref="+", lazy_load=False, null=True
    )
    coverage = ForeignKeyField(
        Coverage, column_name="coverage_id", backref="+", lazy_load=False, null=True
    )
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False)
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    rank = TextField(default="P")
    status = TextField(default="draft")
    frequency = TextField(default="1")
    replaces_claim = ForeignKeyField(
        "self", column_name="replaces_claim_id", backref="+", lazy_load=False, null=True
    )
    follows_claim = ForeignKeyField(
        "self", column_name="follows_claim_id", backref="+", lazy_load=False, null=True
    )
    payer_claim_number = TextField(default="")
    way = TextField(default="file")
    total_cents = IntegerField()
    first_on = TextField()
    last_on = TextField()
    file_until_on = TextField(null=True)
    appeal_until_on = TextField(null=True)
    errors = IntegerField(default=0)
    warnings = IntegerField(default=0)
    checked_at = TextField(null=True)
    made_at = TextField()
    sent_at = TextField(null=True)
    answered_on = TextField(null=True)
    owner_user = ForeignKeyField(
        UserAccount, column_name="owner_user_id", backref="+", lazy_load=False, null=True
    )
    next_action = TextField(default="")
    next_on = TextField(null=True)
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    content = TextField()


class ClaimLine(Journalled):
    claim = ForeignKeyField(Claim, column_name="claim_id", backref="+", lazy_load=False)
    position = IntegerField()
    control = TextField()
    charge_line = ForeignKeyField(
        ChargeLine, column_name="charge_line_id", backref="+", lazy_load=False, null=True
    )
    code = TextField()
    modifiers = TextField(default="")
    from_on = TextField()
    to_on = TextField()
    units = TextField(default="1")
    charge_cents = IntegerField()
    provider_npi = TextField(default="")


class ClaimBatch(Journalled):
    way = TextField()
    clearing_house = ForeignKeyField(
        ClearingHouse, column_name="clearing_house_id", backref="+", lazy_load=False, null=True
    )
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False, null=True)
    status = TextField(default="numbered")
    interchange_number = IntegerField(null=True)
    group_number = IntegerField(null=True)
    set_number = IntegerField(null=True)
    reference = TextField()
    claims = IntegerField(default=0)
    total_cents = IntegerField(default=0)
    is_test = BooleanField(default=False)
    document = ForeignKeyField(
        Document, column_name="document_id", backref="+", lazy_load=False, null=True
    )
    file_name = TextField(default="")
    folder = TextField(default="")
    made_at = TextField()
    made_by = TextField(default="")
    note = TextField(default="")


class ClaimBatchItem(Journalled):
    claim_batch = ForeignKeyField(
        ClaimBatch, column_name="claim_batch_id", backref="+", lazy_load=False
    )
    claim = ForeignKeyField(Claim, column_name="claim_id", backref="+", lazy_load=False)
    position = IntegerField(default=0)


class ClaimEvent(Journalled):
    claim = ForeignKeyField(Claim, column_name="claim_id", backref="+", lazy_load=False)
    at = TextField()
    by = TextField(default="")
    kind = TextField()
    status = TextField(default="")
    note = TextField(default="")
    claim_batch = ForeignKeyField(
        ClaimBatch, column_name="claim_batch_id", backref="+", lazy_load=False, null=True
    )


class NumberSequence(Journalled):
    name = TextField()
    last = IntegerField()
