"""“Copy for…”: the practice's formats, and a file put into one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from medsec_desktop.domain.copy_formats import SHIPPED, checked_format, fill
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import CopyFormat
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.patients.patients import Patients
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_SEXES = {"F": "Female", "M": "Male", "U": ""}


@dataclass(frozen=True, slots=True)
class CopyFormatRow:
    """One format."""

    id: int
    version: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CopyFormatDraft:
    """A format as the settings hand it in; `id` 0 when new."""

    name: str = ""
    text: str = ""
    id: int = 0
    version: int = 0


class CopyFormats:
    """Formats, and what comes out of them for a patient."""

    def __init__(self, session: Session, practice: Practice, patients: Patients):
        self._session = session
        self._practice = practice
        self._patients = patients
        self._db = session.db

    def all(self) -> tuple[CopyFormatRow, ...]:
        """Every format, in the order of the menu."""
        return tuple(
            CopyFormatRow(*row)
            for row in self._db.rows(
                "SELECT id, version, name, text FROM copy_format ORDER BY position, id"
            )
        )

    def save(self, draft: CopyFormatDraft) -> int:
        """Keep one; its number. Raises Invalid, Conflict, NotAllowed."""
        name = " ".join(draft.name.split())
        if not name:
            raise Invalid("The format needs a name.", remedy="Such as “Portal”.", field="name")
        rows = self.all()
        if any(row.name.casefold() == name.casefold() and row.id != draft.id for row in rows):
            raise Invalid(f"There is already a format “{name}”.", field="name")
        values = {"name": name, "text": checked_format(draft.text)}
        label = f"{'Change' if draft.id else 'Add'} the format {name}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(CopyFormat, draft.id, draft.version, **values)
                return draft.id
            return insert_row(CopyFormat, position=len(rows), **values)

    def add_shipped(self) -> None:
        """Put in the formats the program brings along, those that are not there already."""
        known = {row.name.casefold() for row in self.all()}
        with self._session.change("Add the shipped formats", Permission.EDIT_SETTINGS):
            for name, text in SHIPPED:
                if name.casefold() not in known:
                    self.save(CopyFormatDraft(name, text))

    def remove(self, format_id: int) -> None:
        """Take one out of the menu."""
        row = self._row(format_id)
        with self._session.change(f"Remove the format {row.name}", Permission.EDIT_SETTINGS):
            CopyFormat.delete().where(CopyFormat.id == format_id).execute()

    def move(self, format_id: int, by: int) -> None:
        """One place up (-1) or down (1) in the menu."""
        order = [row.id for row in self.all()]
        at = order.index(format_id)
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return
        order.insert(to, order.pop(at))
        with self._session.change("Change the order of the formats", Permission.EDIT_SETTINGS):
            for position, each in enumerate(order):
                CopyFormat.update(position=position, version=CopyFormat.version + 1).where(
                    CopyFormat.id == each, CopyFormat.position != position
                ).execute()

    def copied(self, format_id: int, patient_id: int) -> str:
        """The text for the clipboard; recorded, as it leaves the program. Raises NotAllowed."""
        self._session.require(Permission.VIEW_PATIENTS, "copy from a patient’s file")
        row = self._row(format_id)
        text = fill(row.text, self.values(patient_id))
        self._session.event(f"Copied “{row.name}”", patient_id)
        return text

    def preview(self, text: str, patient_id: int | None) -> str:
        """What `text` gives for a patient, while it is being written."""
        return fill(text, self.values(patient_id) if patient_id is not None else {})

    def example_patient(self) -> int | None:
        """Whom a preview may be made for: the file looked at last, else any."""
        recent = self._patients.recent(1)
        if recent:
            return recent[0].id
        found = self._db.value(
            "SELECT id FROM patient WHERE merged_into_id IS NULL AND status = 'active'"
            " ORDER BY id LIMIT 1"
        )
        return None if found is None else int(found)

    def values(self, patient_id: int) -> dict[str, str]:
        """What each field of the list is for her."""
        file = self._patients.reread(patient_id)
        formats, today = self._practice.formats, self._session.clock.today()
        phones = {phone.kind: formats.phone(phone.number) for phone in reversed(file.phones)}
        draft = self._patients.draft(patient_id)
        current = {row.id for row in file.addresses if row.is_current}
        homes = [row for row in draft.addresses if row.id in current]
        home = next((row for row in homes if row.kind == "home"), next(iter(homes), None))
        coverage = next((row for row in file.coverages if row.is_current), None)
        owes = next((person.name for person in file.people if person.is_guarantor), "")
        call = next((person for person in file.people if person.is_emergency_contact), None)
        visits = file.next_visits(self._session.clock.now())
        return {
            "name": file.name.spoken,
            "full": file.name.full,
            "listed": replace(file.name, preferred="").listed,
            "first": file.name.given,
            "middle": file.name.middle,
            "last": file.name.family,
            "preferred": file.name.preferred,
            "birth": formats.birth(file.birth),
            "age": "" if file.age is None else str(file.age),
            "sex": _SEXES[file.sex],
            "pronouns": file.pronouns,
            "chart": file.chart_number,
            "phone": formats.phone(file.phones[0].number) if file.phones else "",
            "mobile": phones.get("mobile", ""),
            "home_phone": phones.get("home", ""),
            "work_phone": phones.get("work", ""),
            "email": file.email,
            "street": home.line1 if home else "",
            "unit": home.line2 if home else "",
            "city": home.city if home else "",
            "state": home.state if home else "",
            "zip": home.postal_code if home else "",
            "language": file.language,
            "payer": coverage.payer_name if coverage else "",
            "plan": coverage.plan_name if coverage else "",
            "member": coverage.member_id if coverage else "",
            "group": coverage.group_number if coverage else "",
            "subscriber": (coverage.subscriber or file.name.spoken) if coverage else "",
            "guarantor": owes or file.name.spoken,
            "emergency": call.name if call else "",
            "emergency_phone": formats.phone(call.phone) if call and call.phone else "",
            "provider": file.primary_provider,
            "next_visit": formats.when(visits[0].starts_at) if visits else "",
            "today": formats.date(today),
        }

    def _row(self, format_id: int) -> CopyFormatRow:
        for row in self.all():
            if row.id == format_id:
                return row
        raise Conflict("This format is no longer there.", remedy="Choose another one.")
