"""What the people of the files are called, where one statement is enough."""

from __future__ import annotations

from medsec_desktop.domain.people import PersonName
from medsec_desktop.problems import Conflict
from medsec_desktop.store.database import Database

NAME_COLUMNS = (
    "p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name"
)


def listed_name(db: Database, patient_id: int) -> str:
    """A patient as a list shows her. Raises Conflict when her file is gone."""
    row = db.one(f"SELECT {NAME_COLUMNS} FROM patient p WHERE p.id = ?", (patient_id,))
    if row is None:
        raise Conflict("This patient’s file is no longer there.")
    return PersonName(*row).listed
