"""The face sheet: a patient's file on a page or two, made, printed and recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain import languages
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.page_images import PageImage, PageImages
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way

if TYPE_CHECKING:
    from medsec_desktop.documents.face_sheet import FaceSheet, FactGroup, RowGroup
    from medsec_desktop.services.patients.patients import Patients
    from medsec_desktop.services.patients.records import CoverageRow, PatientFile, VisitRow
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_NEXT, _PAST = 8, 10
_SEXES = {"F": "Female", "M": "Male", "U": "Sex unknown"}
_STATUSES = {
    "scheduled": "Scheduled", "confirmed": "Confirmed", "arrived": "Arrived", "in-room": "In room",
    "done": "Done", "no-show": "No-show", "cancelled": "Cancelled", "left": "Left unseen",
}  # fmt: skip


class FaceSheets:
    """Needs the right to view patients; a whole SSN is never on it."""

    def __init__(
        self, session: Session, practice: Practice, patients: Patients, printing: Printing
    ):
        self._session = session
        self._practice = practice
        self._patients = patients
        self._images = PageImages()
        self.printing = printing

    def pdf(self, patient_id: int) -> bytes:
        """The sheet as it would be printed now. Raises Conflict if she is gone, and NotAllowed."""
        from medsec_desktop.documents.face_sheet import face_sheet_pdf

        self._session.require(Permission.VIEW_PATIENTS, "print a patient’s file")
        return face_sheet_pdf(self._sheet(self._patients.reread(patient_id)))

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread."""
        return self._images.of(pdf, dpi)

    def print(self, patient_id: int, way: Way = AS_REMEMBERED) -> str:
        """Hand the sheet to the printer and record it; the printer it went to. Raises Unavailable."""
        pdf = self.pdf(patient_id)
        went_to = self.printing.print_pdf(
            pdf, "documents", way, title="Face sheet", patient_id=patient_id
        )
        self._session.event("Printed the face sheet", patient_id)
        return went_to

    def save(self, patient_id: int, path: Path) -> None:
        """Write the sheet to a PDF file and record it. Raises Unavailable."""

        def record() -> None:
            self._session.event("Saved the face sheet", patient_id, reason=f"to “{path.name}”")

        write_out(path, self.pdf(patient_id), record)

    # -- what it says ---------------------------------------------------------------------------

    def _sheet(self, file: PatientFile) -> FaceSheet:
        from medsec_desktop.documents.face_sheet import FaceSheet

        formats, profile = self._practice.formats, self._practice.profile()
        now = self._session.clock.now()
        until = {alert: alert.expires_on for alert in file.alerts if alert.is_current}
        return FaceSheet(
            name=file.name.listed,
            about="  ·  ".join(self._about(file)),
            practice=profile.name,
            alerts=tuple(
                alert.said + (f" (until {formats.date(day)})" if day else "")
                for alert, day in until.items()
            ),
            left=(self._contact(file), self._person(file)),
            right=(*self._payers(file), self._people(file)),
            below=(
                self._visits("Next visits", file.next_visits(now)[:_NEXT], "No visit is booked."),
                self._visits("Last visits", file.past_visits(now)[:_PAST], "None on file."),
            ),
            printed=f"{formats.when(now)}, {self._session.user.name}",
            paper=profile.paper,
            mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
        )

    def _about(self, file: PatientFile) -> list[str]:
        formats = self._practice.formats
        born = formats.birth(file.birth) or "Date of birth unknown"
        about = [f"{born}{' (estimated)' if file.is_birth_estimated else ''}"]
        if file.age is not None:
            about.append(f"{file.age} years")
        about += [_SEXES[str(file.sex)], *([file.pronouns] if file.pronouns else [])]
        about.append(f"Chart {file.chart_number}")
        if file.status is not PatientStatus.ACTIVE:
            day = f" {formats.date(file.deceased_on)}" if file.deceased_on else ""
            about.append(f"{str(file.status).capitalize()}{day}")
        return about

    def _contact(self, file: PatientFile) -> FactGroup:
        from medsec_desktop.documents.face_sheet import FactGroup

        formats = self._practice.formats
        facts = [
            (
                phone.kind.capitalize(),
                formats.phone(phone.number)
                + ("" if phone.may_leave_message else " (no messages)")
                + (f"\n{phone.note}" if phone.note else ""),
            )
            for phone in file.phones
        ]
        facts += [("E-mail", file.email)] if file.email else []
        facts += [
            (f"{address.kind.capitalize()} address", "\n".join(address.lines))
            for address in file.addresses
            if address.is_current
        ]
        facts += (
            [("Prefers", file.contact_preference.capitalize())] if file.contact_preference else []
        )
        return FactGroup("Contact", tuple(facts), "No phone, e-mail or address on file.")

    def _person(self, file: PatientFile) -> FactGroup:
        from medsec_desktop.documents.face_sheet import FactGroup

        language = languages.NAMES.get(file.language, file.language)
        interpreter = "needs an interpreter" if file.needs_interpreter else ""
        facts = (
            ("Former name", file.former_name),
            ("Gender", file.gender),
            ("SSN", file.ssn),
            ("Marital status", file.marital_status.capitalize()),
            ("Language", ", ".join(part for part in (language, interpreter) if part)),
            ("Provider", file.primary_provider),
            ("Note", file.note),
        )
        return FactGroup(
            "Details", tuple(fact for fact in facts if fact[1]), "Nothing more on file."
        )

    def _payers(self, file: PatientFile) -> tuple[FactGroup, ...]:
        from medsec_desktop.documents.face_sheet import FactGroup

        current = [row for row in file.coverages if row.is_current]
        groups = tuple(
            FactGroup(f"{row.rank.capitalize()} coverage", self._coverage(row)) for row in current
        )
        return groups or (FactGroup("Coverage", (), "None today: self-pay."),)

    def _coverage(self, row: CoverageRow) -> tuple[tuple[str, str], ...]:
        formats = self._practice.formats
        days = [formats.date(day) if day else "" for day in (row.starts_on, row.ends_on)]
        holder = "" if row.subscriber_relation == "self" else row.subscriber or "unknown"
        facts = (
            ("Payer", " – ".join(part for part in (row.payer_name, row.plan_name) if part)),
            ("Member id", row.member_id),
            ("Group", row.group_number),
            ("Subscriber", f"{holder} (patient is {row.subscriber_relation})" if holder else ""),
            ("Copay", f"${row.copay_cents / 100:,.2f}" if row.copay_cents is not None else ""),
            ("Valid", " to ".join(days) if all(days) else f"since {days[0]}" if days[0] else ""),
        )
        return tuple(fact for fact in facts if fact[1])

    def _people(self, file: PatientFile) -> FactGroup:
        from medsec_desktop.documents.face_sheet import FactGroup

        formats = self._practice.formats
        facts = []
        for person in file.people:
            roles = (
                ("guarantor", person.is_guarantor),
                ("emergency contact", person.is_emergency_contact),
                ("next of kin", person.is_next_of_kin),
            )
            about = [formats.phone(person.phone)] if person.phone else []
            about += [", ".join(role for role, is_so in roles if is_so)]
            text = "\n".join([person.name, *(part for part in about if part)])
            facts.append((person.relation.capitalize() or "Person", text))
        if not any(person.is_guarantor for person in file.people):
            facts.append(("Guarantor", "the patient"))
        return FactGroup("People around", tuple(facts))

    def _visits(self, heading: str, visits: tuple[VisitRow, ...], otherwise: str) -> RowGroup:
        from medsec_desktop.documents.face_sheet import RowGroup

        formats = self._practice.formats
        rows = tuple(
            (
                formats.when(visit.starts_at),
                " – ".join(part for part in (visit.what, visit.reason) if part),
                visit.provider_name or visit.where,
                _STATUSES.get(visit.status, ""),
            )
            for visit in visits
        )
        columns = ("When", "What", "With", "Status")
        return RowGroup(heading, columns, (0.21, 0.43, 0.22, 0.14), rows, otherwise)
