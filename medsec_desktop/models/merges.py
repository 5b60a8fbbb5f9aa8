"""One person, one file: files made one, what that moved, and pairs that are two people."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.patients import Patient


class NotDuplicate(Journalled):
    one = ForeignKeyField(Patient, column_name="one_id", backref="+", lazy_load=False)
    other = ForeignKeyField(Patient, column_name="other_id", backref="+", lazy_load=False)
    note = TextField(default="")


class PatientMerge(Journalled):
    survivor = ForeignKeyField(Patient, column_name="survivor_id", backref="+", lazy_load=False)
    absorbed = ForeignKeyField(Patient, column_name="absorbed_id", backref="+", lazy_load=False)
    merged_at = TextField()
    unmerged_at = TextField(null=True)
    note = TextField(default="")


class PatientMergeRow(Journalled):
    merge = ForeignKeyField(PatientMerge, column_name="merge_id", backref="+", lazy_load=False)
    table_name = TextField()
    row_id = IntegerField()
    before = TextField()
    after = TextField(null=True)
