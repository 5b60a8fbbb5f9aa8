"""The practice itself: settings, people who log in, providers, rooms, hours, closures."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled


class Setting(Journalled):
    name = TextField()
    value = TextField()


class UserAccount(Journalled):
    login = TextField()
    display_name = TextField()
    role = TextField()
    is_active = BooleanField(default=True)


class Organization(Journalled):
    name = TextField()
    kind = TextField(default="practice")
    npi = TextField(default="")
    line1 = TextField(default="")
    line2 = TextField(default="")
    city = TextField(default="")
    state = TextField(default="")
    postal_code = TextField(default="")
    phone = TextField(default="")
    fax = TextField(default="")
    external_source = TextField(null=True)
    external_id = TextField(null=True)
    email = TextField(default="")
    portal = TextField(default="")
    note = TextField(default="")
    is_active = BooleanField(default=True)
    merged_into = ForeignKeyField(
        "self", column_name="merged_into_id", backref="+", lazy_load=False, null=True
    )


class Provider(Journalled):
    family_name = TextField()
    given_name = TextField(default="")
    credential = TextField(default="")
    specialty = TextField(default="")
    npi = TextField(default="")
    organization = ForeignKeyField(
        Organization, column_name="organization_id", backref="+", lazy_load=False, null=True
    )
    colour = TextField(default="")
    is_bookable = BooleanField(default=False)
    visits_at_once = IntegerField(default=1)
    position = IntegerField(default=0)
    external_source = TextField(null=True)
    external_id = TextField(null=True)
    taxonomy = TextField(default="")
    line1 = TextField(default="")
    line2 = TextField(default="")
    city = TextField(default="")
    state = TextField(default="")
    postal_code = TextField(default="")
    phone = TextField(default="")
    fax = TextField(default="")
    email = TextField(default="")
    portal = TextField(default="")
    note = TextField(default="")
    is_active = BooleanField(default=True)
    merged_into = ForeignKeyField(
        "self", column_name="merged_into_id", backref="+", lazy_load=False, null=True
    )


class Room(Journalled):
    name = TextField()
    kind = TextField(default="")
    is_active = BooleanField(default=True)
    position = IntegerField(default=0)


class AppointmentType(Journalled):
    name = TextField()
    duration_min = IntegerField()
    colour = TextField(default="")
    buffer_before_min = IntegerField(default=0)
    buffer_after_min = IntegerField(default=0)
    preparation = TextField(default="")
    room_kind = TextField(default="")
    wait_limit_min = IntegerField(default=15)
    letter = TextField(default="")
    is_active = BooleanField(default=True)
    position = IntegerField(default=0)


class WorkingHours(Journalled):
    provider = ForeignKeyField(Provider, column_name="provider_id", backref="+", lazy_load=False)
    weekday = IntegerField()
    starts_min = IntegerField()
    ends_min = IntegerField()
    valid_from_on = TextField(null=True)
    valid_to_on = TextField(null=True)


class Closure(Journalled):
    name = TextField()
    provider = ForeignKeyField(
        Provider, column_name="provider_id", backref="+", lazy_load=False, null=True
    )
    first_on = TextField()
    last_on = TextField()
    starts_min = IntegerField(null=True)
    ends_min = IntegerField(null=True)


class QuickText(Journalled):
    abbreviation = TextField()
    text = TextField()


class CopyFormat(Journalled):
    name = TextField()
    text = TextField()
    position = IntegerField(default=0)
