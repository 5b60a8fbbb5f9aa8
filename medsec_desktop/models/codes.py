"""Code lists taken in, the practice's own procedures, favourites, and fee schedules."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.coverages import Payer
from medsec_desktop.models.practice import Provider


class CodeList(Journalled):
    kind = TextField()
    name = TextField(default="")
    file_name = TextField(default="")
    valid_from_on = TextField(null=True)
    codes = IntegerField(default=0)
    taken_in_at = TextField()
    taken_in_by = TextField(default="")
    note = TextField(default="")


class ListedCode(Journalled):
    kind = TextField()
    code = TextField()
    words = TextField(default="")
    short_words = TextField(default="")
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    coverage = TextField(default="")
    is_own = BooleanField(default=False)
    is_active = BooleanField(default=True)
    code_list = ForeignKeyField(
        CodeList, column_name="code_list_id", backref="+", lazy_load=False, null=True
    )


class Procedure(Journalled):
    code = TextField()
    modifiers = TextField(default="")
    words = TextField(default="")
    section = TextField(default="")
    position = IntegerField(default=0)
    charge_cents = IntegerField(null=True)
    units = TextField(default="1")
    unit = TextField(default="UN")
    place = TextField(default="")
    description = TextField(default="")
    is_unlisted = BooleanField(default=False)
    ndc = TextField(default="")
    ndc_quantity = TextField(default="")
    ndc_unit = TextField(default="")
    units_at_most = IntegerField(null=True)
    is_spanning = BooleanField(default=False)
    needs_referrer = BooleanField(default=False)
    needs_authorization = BooleanField(default=False)
    needs_clia = BooleanField(default=False)
    needs_drug = BooleanField(default=False)
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    note = TextField(default="")
    is_active = BooleanField(default=True)


class CodeFavourite(Journalled):
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    kind = TextField()
    code = TextField()
    modifiers = TextField(default="")
    words = TextField(default="")
    section = TextField(default="")
    position = IntegerField(default=0)


class FeeSchedule(Journalled):
    name = TextField()
    kind = TextField(default="charge")
    payer = ForeignKeyField(Payer, column_name="payer_id", backref="+", lazy_load=False, null=True)
    valid_from_on = TextField()
    valid_to_on = TextField(null=True)
    note = TextField(default="")


class Fee(Journalled):
    fee_schedule = ForeignKeyField(
        FeeSchedule, column_name="fee_schedule_id", backref="+", lazy_load=False
    )
    code = TextField()
    modifiers = TextField(default="")
    amount_cents = IntegerField()
