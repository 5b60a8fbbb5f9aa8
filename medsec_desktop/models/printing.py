"""Pages kept to be printed again, and the practice's own sheets of labels."""

from __future__ import annotations

from peewee import BooleanField, IntegerField, TextField

from medsec_desktop.models.base import Journalled, Table


class KeptPrint(Table):
    kind = TextField()
    title = TextField()
    printer = TextField(default="")
    tray = TextField(default="")
    sides = TextField(default="")
    copies = IntegerField(default=1)
    is_exact = BooleanField(default=True)
    why = TextField(default="")
    about = TextField(default="")
    patient_id = IntegerField(null=True)
    sha256 = TextField()
    user_name = TextField(default="")
    kept_utc = TextField()


class PaperStock(Journalled):
    kind = TextField()
    name = TextField()
    sheet_width_um = IntegerField()
    sheet_height_um = IntegerField()
    columns = IntegerField(default=1)
    rows = IntegerField(default=1)
    width_um = IntegerField()
    height_um = IntegerField()
    left_um = IntegerField(default=0)
    top_um = IntegerField(default=0)
    across_um = IntegerField(default=0)
    down_um = IntegerField(default=0)
