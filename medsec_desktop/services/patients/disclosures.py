"""The disclosure log: what was given to whom and why, and the accounting a patient may ask for.

45 CFR 164.528: on request, every disclosure of up to six years that was not for treatment, payment or
operations, to the patient, or with the patient's authorization; each with its day, the recipient and
the address where known, what was given, and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import told_purpose
from medsec_desktop.models import Disclosure
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.patients.names import listed_name
from medsec_desktop.services.patients.rights_records import DisclosureDraft, DisclosureRow
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_LONGEST = 500


class Disclosures:
    """What left the house about a patient."""

    def __init__(self, session: Session, practice: Practice, printing: Callable[[], Printing]):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._printing = printing

    @property
    def printing(self) -> Printing:
        """The printers, asked for when something is printed."""
        return self._printing()

    def of(self, patient_id: int) -> tuple[DisclosureRow, ...]:
        """Every entry about this patient, the latest first."""
        return self._rows("d.patient_id = ?", (patient_id,))

    def save(self, patient_id: int, draft: DisclosureDraft) -> int:
        """Write one down or put one right; its number.

        Raises Invalid, NotAllowed, and Conflict when stale or when a release wrote it.
        """
        columns = self._checked(draft)
        if draft.id is not None:
            row = self._one(patient_id, draft.id)
            if draft.disclosed_on == row.disclosed_at.date():
                columns.pop("disclosed_at")
        else:
            columns["disclosed_by"] = self._session.user.name
        verb = "Change" if draft.id is not None else "Add"
        label = f"{verb} disclosure about {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if draft.id is None:
                return insert_row(Disclosure, patient_id=patient_id, **columns)
            save_row(Disclosure, draft.id, draft.version, **columns)
            return draft.id

    def remove(self, patient_id: int, disclosure_id: int) -> None:
        """Take off one that was written down by mistake. Raises Conflict for one that a release or a
        fax wrote."""
        self._one(patient_id, disclosure_id)
        if self._db.value("SELECT 1 FROM fax WHERE disclosure_id = ?", (disclosure_id,)):
            raise Conflict(
                "A fax that went through wrote this entry.",
                "It tells what left the house, and stands.",
                "Put its words right where they are wrong.",
            )
        label = f"Remove disclosure about {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            Disclosure.delete().where(Disclosure.id == disclosure_id).execute()

    # -- the accounting -------------------------------------------------------------------------

    def accounted(self, patient_id: int, first: date, last: date) -> tuple[DisclosureRow, ...]:
        """What an accounting of that period lists, oldest first. Raises Invalid for no period."""
        if first > last:
            raise Invalid("The first day is after the last day.", field="first")
        rows = self._rows(
            "d.patient_id = ? AND d.is_accountable AND substr(d.disclosed_at, 1, 10) BETWEEN ? AND ?",
            (patient_id, first.isoformat(), last.isoformat()),
        )
        return rows[::-1]

    def accounting_pdf(self, patient_id: int, first: date, last: date) -> bytes:
        """The accounting as pages. Raises Invalid, NotAllowed, Conflict."""
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        self._session.require(Permission.VIEW_PATIENTS, "print an accounting of disclosures")
        formats, profile = self._practice.formats, self._practice.profile()
        rows = tuple(
            (
                formats.date(row.disclosed_at.date()),
                "\n".join(part for part in (row.recipient, row.recipient_address) if part),
                " · ".join(part for part in (row.what, row.how) if part),
                row.purpose,
            )
            for row in self.accounted(patient_id, first, last)
        )
        name, born, chart = self._who(patient_id)
        head = ", ".join(part for part in (name, f"born {born}" if born else "", chart) if part)
        left_out = (
            "Listed are disclosures other than those for treatment, payment and health care"
            " operations, to the patient, and with the patient’s authorization (45 CFR 164.528)."
        )
        return list_pdf(
            ListSheet(
                title=f"Accounting of disclosures, {formats.date(first)} to {formats.date(last)}",
                practice=profile.name,
                columns=("Day", "To whom", "What", "Why"),
                widths=(0.13, 0.30, 0.32, 0.25),
                groups=(
                    ListGroup(head, rows, remark="" if rows else "None in this period."),
                    ListGroup("What this lists", (), remark=left_out),
                ),
                printed=f"{formats.when(self._session.clock.now())}, {self._session.user.name}",
                paper=profile.paper,
                mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            )
        )

    def print_accounting(
        self, patient_id: int, first: date, last: date, way: Way = AS_REMEMBERED
    ) -> str:
        """Print the accounting and record it; the printer it went to. Raises Unavailable, Invalid."""
        pdf = self.accounting_pdf(patient_id, first, last)
        went_to = self.printing.print_pdf(
            pdf, "letters", way, title="Accounting of disclosures", patient_id=patient_id
        )
        self._recorded("Printed", patient_id, first, last)
        return went_to

    def save_accounting(self, patient_id: int, first: date, last: date, path: Path) -> None:
        """Write the accounting to a PDF file and record it. Raises Unavailable, Invalid."""
        pdf = self.accounting_pdf(patient_id, first, last)
        write_out(path, pdf, lambda: self._recorded("Saved", patient_id, first, last))

    # -- inside ---------------------------------------------------------------------------------

    def _recorded(self, verb: str, patient_id: int, first: date, last: date) -> None:
        formats = self._practice.formats
        self._session.event(
            f"{verb} the accounting of disclosures",
            patient_id,
            f"{formats.date(first)} to {formats.date(last)}",
        )

    def _checked(self, draft: DisclosureDraft) -> dict[str, Any]:
        now = self._session.clock.now()
        day = draft.disclosed_on or now.date()
        recipient, what = " ".join(draft.recipient.split()), draft.what.strip()
        if not recipient:
            raise Invalid("Say who got it.", field="recipient")
        if not what:
            raise Invalid("Say what was given.", field="what")
        if max(len(what), len(draft.purpose_words), len(draft.recipient_address)) > _LONGEST:
            raise Invalid(f"Up to {_LONGEST} characters are kept here.", field="what")
        if day > now.date():
            raise Invalid("This day is in the future.", field="disclosed_on")
        at = now if day == now.date() else datetime.combine(day, datetime.min.time())
        return {
            "disclosed_at": at.strftime("%Y-%m-%dT%H:%M"),
            "recipient": recipient,
            "recipient_address": draft.recipient_address.strip(),
            "what": what,
            "purpose": told_purpose(draft.purpose, draft.purpose_words),
            "how": draft.how.strip(),
            "is_accountable": draft.purpose.is_accountable,
        }

    def _one(self, patient_id: int, disclosure_id: int) -> DisclosureRow:
        """One written by hand. Raises Conflict."""
        rows = self._rows("d.id = ? AND d.patient_id = ?", (disclosure_id, patient_id))
        if not rows:
            raise Conflict("This disclosure is no longer in the log.")
        if not rows[0].is_by_hand:
            raise Conflict(
                "The release of a records request wrote this entry.",
                "It tells what left the house, and stands.",
                "Add another entry where there is more to tell.",
            )
        return rows[0]

    def _rows(self, where: str, values: tuple[Any, ...]) -> tuple[DisclosureRow, ...]:
        found = []
        for row_id, version, whose, at, *told, accountable, by, request, document in self._db.rows(
            "SELECT d.id, d.version, d.patient_id, d.disclosed_at, d.recipient,"
            " d.recipient_address, d.what, d.purpose, d.how, d.is_accountable,"
            " d.disclosed_by, d.request_id, d.document_id FROM disclosure d"
            f" WHERE {where} ORDER BY d.disclosed_at DESC, d.id DESC",
            values,
        ):
            recipient, address, what, purpose, how = told
            found.append(
                DisclosureRow(
                    row_id,
                    version,
                    whose,
                    datetime.fromisoformat(at),
                    recipient,
                    address,
                    what,
                    purpose,
                    how,
                    bool(accountable),
                    by,
                    request,
                    document,
                )
            )
        return tuple(found)

    def _who(self, patient_id: int) -> tuple[str, str, str]:
        name = listed_name(self._db, patient_id)
        row = self._db.one(
            "SELECT birth_date, chart_number FROM patient WHERE id = ?", (patient_id,)
        )
        assert row is not None
        born = self._practice.formats.birth(PartialDate.from_iso(row[0])) if row[0] else ""
        return name, born, f"chart {row[1]}"
