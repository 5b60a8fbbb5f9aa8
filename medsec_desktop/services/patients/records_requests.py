"""Requests for records: one object with its clock, from the letter that asks to the release.

What is asked for, what is chosen, the very package, its fee, and how it ended stand in one place. A
release cannot be undone: what left the house has left it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import (
    REQUESTER_WORDS,
    STATUS_WORDS,
    Delivery,
    ItemKind,
    Purpose,
    Recipient,
    Requester,
    RequestStatus,
    due_on,
    fee_cents,
    is_same_recipient,
    joined_words,
    purpose_of_release,
    recipient_of,
    told_purpose,
)
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import Disclosure, RecordsRequest, RecordsRequestItem
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.files_out import whole_file
from medsec_desktop.services.patients.consents import require_filed
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.patients.rights_records import (
    ReleaseChoice,
    RequestDraft,
    RequestItem,
    RequestRow,
)
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row, require_patient, save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

BY_FAX = "fax"  # how the log tells of it
_SELECT = f"""
SELECT r.id, r.version, r.patient_id, {NAME_COLUMNS}, r.status, r.requester, r.requester_kind,
       r.deliver_to, r.deliver_how, r.received_on, r.due_on, r.extended_on, r.extension_reason,
       r.purpose, r.wanted, r.from_on, r.to_on, r.fee_cents, r.fee_paid_on, r.closed_on,
       r.refusal_reason, r.signed_document_id, r.package_document_id, coalesce(k.pages, 0), r.note
FROM records_request r JOIN patient p ON p.id = r.patient_id
LEFT JOIN document k ON k.id = r.package_document_id
"""


class RecordsRequests:
    """The requests of one practice."""

    def __init__(self, office: Office):
        self._office = office
        self._session = office.session
        self._db = office.session.db

    # -- reading --------------------------------------------------------------------------------

    def of(self, patient_id: int) -> tuple[RequestRow, ...]:
        """One patient’s, the open ones first by date, then the latest."""
        return self._rows(
            "r.patient_id = ? ORDER BY r.status NOT IN ('open', 'ready'),"
            " CASE WHEN r.status IN ('open', 'ready') THEN r.due_on END, r.received_on DESC,"
            " r.id DESC",
            (patient_id,),
        )

    def one(self, request_id: int) -> RequestRow:
        """One of them. Raises Conflict when it is gone."""
        rows = self._rows("r.id = ?", (request_id,))
        if not rows:
            raise Conflict(
                "This request is no longer on file.", remedy="Look at the file as it is."
            )
        return rows[0]

    def open(self) -> tuple[RequestRow, ...]:
        """All whose clock runs, the soonest due first."""
        return self._rows("r.status IN ('open', 'ready') ORDER BY r.due_on, r.id", ())

    def closed(self, since: date) -> tuple[RequestRow, ...]:
        """Those that ended from that day on, the latest first."""
        return self._rows(
            "r.status NOT IN ('open', 'ready') AND r.closed_on >= ?"
            " ORDER BY r.closed_on DESC, r.id DESC",
            (since.isoformat(),),
        )

    def choices(self, request_id: int) -> tuple[ReleaseChoice, ...]:
        """What may go out: face sheet, timeline, then every filed document and letter by date.

        Chosen is what was chosen before; for a new request the documents of its period, and both
        sheets. Papers about the request itself are left out.
        """
        row = self.one(request_id)
        is_new = not row.items

        def chosen(item: RequestItem, on: date | None) -> bool:
            return row.covers(on) if is_new else item in row.items

        sheets = [
            (RequestItem(ItemKind.FACE_SHEET), "Face sheet"),
            (RequestItem(ItemKind.TIMELINE), "Timeline: visits, letters, calls and papers"),
        ]
        found = [
            ReleaseChoice(item, title, None, None, is_new or item in row.items)
            for item, title in sheets
        ]
        for number, title, on, pages in self._db.rows(
            "SELECT d.id, d.title, coalesce(d.dated_on, substr(d.filed_at, 1, 10)), d.pages"
            " FROM document d LEFT JOIN letter l ON l.document_id = d.id"
            " WHERE d.patient_id = ? AND d.status = 'filed' AND d.kind <> 'photo'"
            " AND coalesce(l.status, '') <> 'void' AND NOT EXISTS (SELECT 1 FROM records_request r"
            "  WHERE d.id IN (r.package_document_id, r.signed_document_id))"
            " ORDER BY 3 DESC, d.id DESC",
            (row.patient_id,),
        ):
            day, item = date.fromisoformat(on), RequestItem(ItemKind.DOCUMENT, number)
            found.append(ReleaseChoice(item, title, day, pages, chosen(item, day)))
        return tuple(found)

    def proposed_fee(self, pages: int) -> int:
        """What a copy of so many pages costs by the practice's rates, in cents."""
        practice = self._office.practice
        return fee_cents(
            pages, practice.get(settings.RECORDS_FEE_BASE), practice.get(settings.RECORDS_FEE_PAGE)
        )

    # -- writing --------------------------------------------------------------------------------

    def save(self, patient_id: int, draft: RequestDraft) -> int:
        """Write a request down or change what is said of it; its number.

        Raises Invalid, NotAllowed, Conflict.
        """
        row = self.one(draft.id) if draft.id is not None else None
        columns = self._checked(patient_id, draft, row)
        verb = "Change" if row else "Add"
        label = f"{verb} records request of {listed_name(self._db, patient_id)}"
        with self._changing(label, patient_id):
            if row is None:
                return insert_row(RecordsRequest, patient_id=patient_id, **columns)
            require_patient(RecordsRequest, row.id, patient_id)
            save_row(RecordsRequest, row.id, draft.version, **columns)
            return row.id

    def extend(self, request_id: int, version: int, reason: str) -> date:
        """Thirty days more, with the reason that is told the requester; the new date.

        Raises Invalid, NotAllowed, and Conflict where it was had before or the time is over.
        """
        row, today = self.one(request_id), self._session.clock.today()
        formats = self._office.formats
        if not row.may_extend(today):
            if row.extended_on is not None:
                raise Conflict("This request was extended once already; the law allows no more.")
            self._require_open(row)
            raise Conflict(
                f"It was due {formats.date(row.due_on)}: its time can no longer be extended.",
                "An extension must be told before the thirty days are over (45 CFR 164.524).",
            )
        said = self._reason(reason, "Say why more time is needed.")
        until = due_on(row.received_on, is_extended=True)
        with self._changing(
            f"Extend records request of {row.patient_name} to {formats.date(until)}",
            row.patient_id,
            said,
        ):
            save_row(
                RecordsRequest,
                row.id,
                version,
                due_on=until.isoformat(),
                extended_on=today.isoformat(),
                extension_reason=said,
            )
        return until

    def build(
        self,
        request_id: int,
        version: int,
        items: Sequence[RequestItem],
        fee: int | None = None,
        progress: Progress | None = None,
    ) -> RequestRow:
        """Make the package out of the chosen items, archive it in the file, and set the fee.

        `fee` None is the practice's rates for its pages. A package made before is put away.
        Safe in a thread. Raises Invalid, NotAllowed, Conflict.
        """
        from medsec_desktop.services.patients.release import ReleasePackage

        row = self.one(request_id)
        self._session.require(Permission.EDIT_PATIENTS, "make the package of a records request")
        self._require_open(row)
        if not items:
            raise Invalid("Choose what is to go out.", field="items")
        known = {choice.item: choice for choice in self.choices(request_id)}
        if any(item not in known for item in items):
            raise Conflict("Something chosen is no longer in the file.", remedy="Choose again.")
        chosen = tuple(choice for item, choice in known.items() if item in items)
        package = ReleasePackage(self._office).made(row, chosen, progress or Quiet())
        with self._changing(
            f"Make the package of the records request of {row.patient_name}", row.patient_id
        ):
            document_id = package.archive(row)
            cents = self.proposed_fee(package.pages) if fee is None else fee
            save_row(
                RecordsRequest,
                row.id,
                version,
                status=str(RequestStatus.READY),
                package_document_id=document_id,
                fee_cents=cents,
            )
            self._replace_items(row.id, chosen)
        return self.one(request_id)

    def require_releasable(self, request_id: int) -> None:
        """Raise Conflict where there is no package yet, or no signature where there must be one."""
        self._releasable(request_id)

    def release(self, request_id: int, version: int, how: Delivery | None = None) -> int:
        """The package went out on paper or by fax: the request closes, the disclosure is logged.

        Where a fax of it is in the log already, that entry becomes the release's. Its number in the
        log. Not to be undone. Raises NotAllowed and Conflict.
        """
        row = self._releasable(request_id)
        with self._releasing(row):
            return self._closed_by_release(row, version, _HOW[how or row.deliver_how])

    def release_file(self, request_id: int, version: int, path: Path, password: str) -> int:
        """Write the package as an encrypted archive; the request closes, the disclosure is logged.

        It holds the paper, the same as FHIR, the documents as they came, and an index. The disclosure
        is logged when the file is whole and before it has its name: none is handed out that is not
        in the log. Raises Invalid for a weak password, NotAllowed, Unavailable, Conflict.
        """
        from medsec_desktop.exchange import encrypted_zip
        from medsec_desktop.services.exports.patient_package import fill_release

        row = self._releasable(request_id)
        encrypted_zip.require_password(password)
        self._session.require(Permission.EXPORT_DATA, "write a patient’s records to a file")
        content = Files.of(self._db).get(self._sha256(row))
        logged: list[int] = []

        def record() -> None:
            with self._releasing(row, Permission.EXPORT_DATA):
                number = self._closed_by_release(row, version, "encrypted file")
            logged.append(number)

        with whole_file(path, record) as file, encrypted_zip.written(file, password) as archive:
            fill_release(self._office, row, content, archive)
        return logged[0]

    def print_package(self, request_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print the package and record it; the printer it went to. Raises Unavailable, Conflict."""
        row = self.one(request_id)
        if row.package_document_id is None:
            raise Conflict("There is no package yet.", remedy="Make it first.")
        return self._office.documents.print(row.package_document_id, way)

    def refuse(self, request_id: int, version: int, reason: str) -> None:
        """The records are not given, with the reason. Raises Invalid, NotAllowed, Conflict."""
        said = self._reason(reason, "Say why it is refused; the requester is told in writing.")
        self._close(request_id, version, RequestStatus.REFUSED, refusal_reason=said)

    def withdraw(self, request_id: int, version: int) -> None:
        """The requester no longer wants them. Raises NotAllowed, Conflict."""
        self._close(request_id, version, RequestStatus.WITHDRAWN)

    # -- inside ---------------------------------------------------------------------------------

    def _changing(self, label: str, patient_id: int, reason: str = "") -> Any:
        return self._session.change(
            label, Permission.EDIT_PATIENTS, patient_id=patient_id, reason=reason
        )

    def _releasing(self, row: RequestRow, needs: Permission = Permission.EDIT_PATIENTS) -> Any:
        return self._session.change(
            f"Release the records of {row.patient_name} to {row.requester}",
            needs,
            patient_id=row.patient_id,
            sealed=True,
        )

    def _close(self, request_id: int, version: int, status: RequestStatus, **columns: Any) -> None:
        row = self.one(request_id)
        self._require_open(row)
        with self._changing(
            f"Records request of {row.patient_name}: {STATUS_WORDS[status].lower()}",
            row.patient_id,
            columns.get("refusal_reason", ""),
        ):
            save_row(
                RecordsRequest,
                row.id,
                version,
                status=str(status),
                closed_on=self._session.clock.today().isoformat(),
                **columns,
            )

    def _releasable(self, request_id: int) -> RequestRow:
        row = self.one(request_id)
        self._require_open(row)
        if not row.status.may_become(RequestStatus.RELEASED) or row.package_document_id is None:
            raise Conflict("There is no package yet.", remedy="Choose what goes out and make it.")
        if row.requester_kind.needs_authorization and row.signed_document_id is None:
            raise Conflict(
                "There is no signed authorization on this request.",
                f"{REQUESTER_WORDS[row.requester_kind]} may have records only with the patient’s"
                " signature (45 CFR 164.508).",
                "File the signed form, and name it in the request.",
            )
        self._require_still_hers(row)
        return row

    def _require_still_hers(self, row: RequestRow) -> None:
        """Raise Conflict where something the release rests on was put away since the package was made,
        or went to another file, as it does when merged files are taken apart."""
        wanted = [
            row.package_document_id,
            row.signed_document_id,
            *(item.document_id for item in row.items),
        ]
        title = self._db.value(
            "SELECT title FROM document WHERE id IN (SELECT value FROM json_each(?))"
            " AND (patient_id IS NOT ? OR status <> 'filed') ORDER BY id LIMIT 1",
            (json.dumps([each for each in wanted if each is not None]), row.patient_id),
        )
        if title is not None:
            raise Conflict(
                f"“{title}” is no longer in this file.",
                "It was put away or went to another file since the package was made.",
                "Look at what goes out, and make the package again.",
            )

    def _closed_by_release(self, row: RequestRow, version: int, how: str) -> int:
        """Inside a change: the stamp, and the entry in the disclosure log."""
        now = self._session.clock.now()
        save_row(
            RecordsRequest,
            row.id,
            version,
            status=str(RequestStatus.RELEASED),
            closed_on=now.date().isoformat(),
        )
        purpose = purpose_of_release(
            row.requester_kind, has_authorization=row.signed_document_id is not None
        )
        name, _, address = row.deliver_to.strip().partition("\n")
        told: dict[str, Any] = {
            "what": self._what(row),
            "purpose": told_purpose(
                purpose, row.purpose if purpose is not Purpose.INDIVIDUAL else ""
            ),
            "how": how,
            "is_accountable": purpose.is_accountable,
            "request_id": row.id,
            "document_id": row.package_document_id,
        }
        if how == BY_FAX and (faxed := self._faxed_before(row)) is not None:
            number, faxed_version = faxed
            save_row(Disclosure, number, faxed_version, **told)  # to whom and when, the fax knows
            return number
        return insert_row(
            Disclosure,
            patient_id=row.patient_id,
            disclosed_at=now.strftime("%Y-%m-%dT%H:%M"),
            recipient=name.strip() or row.requester,
            recipient_address=address.strip(),
            disclosed_by=self._session.user.name,
            **told,
        )

    def _faxed_before(self, row: RequestRow) -> tuple[int, int] | None:
        """The entry that a fax of this package wrote when it went through, and its version."""
        for number, version, recipient, address in self._db.rows(
            "SELECT d.id, d.version, d.recipient, d.recipient_address"
            " FROM fax f JOIN document k ON k.id = f.document_id"
            " JOIN disclosure d ON d.id = f.disclosure_id"
            " WHERE k.made_from_id = ? AND d.request_id IS NULL ORDER BY d.id DESC",
            (row.package_document_id,),
        ):
            asked_by = recipient_of(row.deliver_to, row.requester)
            if is_same_recipient(Recipient(recipient, address), asked_by):
                return int(number), int(version)
        return None

    def _what(self, row: RequestRow) -> str:
        """“Face sheet, timeline and 3 documents, 01/01/2025 to 12/31/2025, 14 pages”."""
        formats = self._office.formats
        kinds = [item.kind for item in row.items]
        words = ["face sheet"] if ItemKind.FACE_SHEET in kinds else []
        words += ["timeline"] if ItemKind.TIMELINE in kinds else []
        documents = kinds.count(ItemKind.DOCUMENT)
        words += [counted(documents, "document")] if documents else []
        said = joined_words(words)
        span = [f"from {formats.date(row.from_on)}"] if row.from_on else []
        span += [f"to {formats.date(row.to_on)}"] if row.to_on else []
        pages = counted(row.package_pages, "page")
        return ", ".join(
            part for part in (said[:1].upper() + said[1:], " ".join(span), pages) if part
        )

    def _replace_items(self, request_id: int, chosen: Sequence[ReleaseChoice]) -> None:
        RecordsRequestItem.delete().where(RecordsRequestItem.request == request_id).execute()
        for position, choice in enumerate(chosen):
            insert_row(
                RecordsRequestItem,
                request_id=request_id,
                kind=str(choice.item.kind),
                document_id=choice.item.document_id,
                position=position,
            )

    def _require_open(self, row: RequestRow) -> None:
        if not row.status.is_open:
            when = f" {self._office.formats.date(row.closed_on)}" if row.closed_on else ""
            raise Conflict(
                f"This request was {STATUS_WORDS[row.status].lower()}{when}.",
                "What is closed stays as it is.",
                "Write a new request down where there is one.",
            )

    @staticmethod
    def _reason(text: str, what: str) -> str:
        said = " ".join(text.split())
        if not said:
            raise Invalid(what, remedy="A few words are enough.", field="reason")
        return said

    def _sha256(self, row: RequestRow) -> str:
        return str(
            self._db.value("SELECT sha256 FROM document WHERE id = ?", (row.package_document_id,))
        )

    def _checked(
        self, patient_id: int, draft: RequestDraft, row: RequestRow | None
    ) -> dict[str, Any]:
        today = self._session.clock.today()
        received = draft.received_on or today
        requester = " ".join(draft.requester.split())
        if not requester:
            raise Invalid("Say who asks for the records.", field="requester")
        if received > today:
            raise Invalid("This day is in the future.", field="received_on")
        if draft.from_on and draft.to_on and draft.from_on > draft.to_on:
            raise Invalid("It would end before it begins.", field="to_on")
        if draft.fee_paid_on is not None and draft.fee_paid_on > today:
            raise Invalid("This day is in the future.", field="fee_paid_on")
        if draft.fee_cents < 0:
            raise Invalid("A fee cannot be below zero.", field="fee_cents")
        if draft.signed_document_id is not None:
            require_filed(self._session, patient_id, draft.signed_document_id, "signed_document_id")
        late = {
            "fee_cents": draft.fee_cents,
            "fee_paid_on": _iso(draft.fee_paid_on),
            "note": draft.note.strip(),
        }
        if row is not None and not row.status.is_open:
            return late  # money and remarks come in also after it is closed
        is_extended = row is not None and row.extended_on is not None
        return {
            "requester": requester,
            "requester_kind": str(draft.requester_kind),
            "deliver_to": draft.deliver_to.strip(),
            "deliver_how": str(draft.deliver_how),
            "received_on": received.isoformat(),
            "due_on": due_on(received, is_extended=is_extended).isoformat(),
            "purpose": draft.purpose.strip(),
            "wanted": draft.wanted.strip(),
            "from_on": _iso(draft.from_on),
            "to_on": _iso(draft.to_on),
            "signed_document_id": draft.signed_document_id,
            **late,
        }

    def _rows(self, where: str, values: tuple[Any, ...]) -> tuple[RequestRow, ...]:
        found = self._db.rows(f"{_SELECT} WHERE {where}", values)
        if not found:
            return ()
        marks = ", ".join("?" * len(found))
        items: Mapping[int, list[RequestItem]] = defaultdict(list)
        for request_id, kind, document_id in self._db.rows(
            "SELECT request_id, kind, document_id FROM records_request_item"
            f" WHERE request_id IN ({marks}) ORDER BY position, id",
            tuple(row[0] for row in found),
        ):
            items[request_id].append(RequestItem(ItemKind(kind), document_id))
        return tuple(self._row(row, tuple(items[row[0]])) for row in found)

    def _row(self, row: Sequence[Any], items: tuple[RequestItem, ...]) -> RequestRow:
        values: Iterator[Any] = iter(row)
        row_id, version, patient_id = (next(values) for _ in range(3))
        name = PersonName(*(next(values) for _ in range(6))).listed
        status, requester, requester_kind, deliver_to, deliver_how, *rest = values
        received, due, extended, extension_reason, purpose, wanted, *rest = rest
        from_on, to_on, fee, paid, closed, refusal_reason, signed, package, pages, note = rest
        until, ended = date.fromisoformat(due), _day(closed)
        return RequestRow(
            row_id,
            version,
            patient_id,
            name,
            RequestStatus(status),
            requester,
            Requester(requester_kind),
            deliver_to,
            Delivery(deliver_how),
            date.fromisoformat(received),
            until,
            _day(extended),
            extension_reason,
            purpose,
            wanted,
            _day(from_on),
            _day(to_on),
            fee,
            _day(paid),
            ended,
            refusal_reason,
            signed,
            package,
            pages,
            note,
            items,
            (until - (ended or self._session.clock.today())).days,
        )


_HOW = {
    Delivery.PAPER: "paper, handed over",
    Delivery.PICKUP: "paper, picked up",
    Delivery.MAIL: "paper, by mail",
    Delivery.FAX: BY_FAX,
    Delivery.FILE: "encrypted file",
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
