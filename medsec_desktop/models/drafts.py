"""Unfinished work, kept outside the journal."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Table
from medsec_desktop.models.practice import UserAccount


class Draft(Table):
    user = ForeignKeyField(UserAccount, column_name="user_id", backref="+", lazy_load=False)
    kind = TextField()
    title = TextField()
    patient_id = IntegerField(null=True)
    state = TextField()
    is_parked = BooleanField(default=False)
    touched_utc = TextField()
