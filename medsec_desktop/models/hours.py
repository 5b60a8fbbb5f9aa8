"""When rooms are open, what differs from the week, and time that is kept free."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.practice import AppointmentType, Provider, Room


class RoomHours(Journalled):
    room = ForeignKeyField(Room, column_name="room_id", backref="+", lazy_load=False)
    weekday = IntegerField()
    starts_min = IntegerField()
    ends_min = IntegerField()
    valid_from_on = TextField(null=True)
    valid_to_on = TextField(null=True)


class HoursException(Journalled):
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    room = ForeignKeyField(Room, column_name="room_id", backref="+", lazy_load=False, null=True)
    first_on = TextField()
    last_on = TextField()
    spans = TextField(default="")
    note = TextField(default="")


class PublicHoliday(Journalled):
    held_on = TextField()
    name = TextField()
    region = TextField(default="")
    is_worked = BooleanField(default=False)


class BlockOut(Journalled):
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    room = ForeignKeyField(Room, column_name="room_id", backref="+", lazy_load=False, null=True)
    kind = TextField(default="blocked")
    title = TextField()
    starts_on = TextField()
    starts_min = IntegerField()
    ends_min = IntegerField()
    rule = TextField(default="")
    last_on = TextField(null=True)
    note = TextField(default="")


class BlockOutType(Journalled):
    block_out = ForeignKeyField(BlockOut, column_name="block_out_id", backref="+", lazy_load=False)
    type = ForeignKeyField(AppointmentType, column_name="type_id", backref="+", lazy_load=False)


class BlockOutException(Journalled):
    block_out = ForeignKeyField(BlockOut, column_name="block_out_id", backref="+", lazy_load=False)
    day_on = TextField()
