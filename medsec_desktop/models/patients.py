"""Patient files: the person, how to reach her, the people around her, alerts."""

from __future__ import annotations

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from medsec_desktop.models.base import Journalled
from medsec_desktop.models.practice import Provider


class Patient(Journalled):
    chart_number = TextField()
    family_name = TextField()
    given_name = TextField(default="")
    middle_name = TextField(default="")
    name_prefix = TextField(default="")
    name_suffix = TextField(default="")
    preferred_name = TextField(default="")
    former_name = TextField(default="")
    pronouns = TextField(default="")
    sex = TextField(default="U")
    gender = TextField(default="")
    birth_date = TextField(null=True)
    is_birth_estimated = BooleanField(default=False)
    ssn = TextField(default="")
    marital_status = TextField(default="")
    language = TextField(default="")
    needs_interpreter = BooleanField(default=False)
    email = TextField(default="")
    contact_preference = TextField(default="")
    status = TextField(default="active")
    deceased_on = TextField(null=True)
    primary_provider = ForeignKeyField(
        Provider, column_name="primary_provider_id", backref="+", lazy_load=False, null=True
    )
    note = TextField(default="")
    external_source = TextField(null=True)
    external_id = TextField(null=True)
    employer = TextField(default="")
    employer_phone = TextField(default="")
    is_not_to_contact = BooleanField(default=False)
    referring_provider = ForeignKeyField(
        Provider, column_name="referring_provider_id", backref="+", lazy_load=False, null=True
    )
    photo_document_id = IntegerField(null=True)  # of Document, which knows Patient
    merged_into = ForeignKeyField(
        "self", column_name="merged_into_id", backref="+", lazy_load=False, null=True
    )


class PatientPhone(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    kind = TextField(default="home")
    number = TextField()
    may_leave_message = BooleanField(default=True)
    note = TextField(default="")
    position = IntegerField(default=0)


class PatientAddress(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    kind = TextField(default="home")
    line1 = TextField(default="")
    line2 = TextField(default="")
    city = TextField(default="")
    state = TextField(default="")
    postal_code = TextField(default="")
    country = TextField(default="US")
    valid_from_on = TextField(null=True)
    valid_to_on = TextField(null=True)
    position = IntegerField(default=0)


class RelatedPerson(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    relation = TextField(default="")
    name = TextField()
    phone = TextField(default="")
    linked_patient = ForeignKeyField(
        Patient, column_name="linked_patient_id", backref="+", lazy_load=False, null=True
    )
    is_emergency_contact = BooleanField(default=False)
    is_next_of_kin = BooleanField(default=False)
    is_guarantor = BooleanField(default=False)
    position = IntegerField(default=0)
    email = TextField(default="")
    line1 = TextField(default="")
    line2 = TextField(default="")
    city = TextField(default="")
    state = TextField(default="")
    postal_code = TextField(default="")
    birth_on = TextField(null=True)


class PatientAlert(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    text = TextField()
    is_shown_on_selection = BooleanField(default=True)
    is_shown_on_booking = BooleanField(default=True)
    is_shown_on_arrival = BooleanField(default=True)
    expires_on = TextField(null=True)
    kind = TextField(default="note")
    is_shown_on_billing = BooleanField(default=False)


class CustomField(Journalled):
    name = TextField()
    kind = TextField()
    choices = TextField(default="[]")
    is_required = BooleanField(default=False)
    is_active = BooleanField(default=True)
    position = IntegerField(default=0)


class CustomValue(Journalled):
    patient = ForeignKeyField(Patient, column_name="patient_id", backref="+", lazy_load=False)
    field = ForeignKeyField(CustomField, column_name="field_id", backref="+", lazy_load=False)
    value = TextField()
