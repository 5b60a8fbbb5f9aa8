"""Everything that happened about one patient, in one list: visits, letters, calls, papers, claims, changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Link
from medsec_desktop.services.patients.merged import files_of
from medsec_desktop.services.practice.time_zone import wall_clock

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

# In the order of the filter; the words are those of the screen.
KINDS = {
    "visit": "Visits",
    "letter": "Letters",
    "call": "Calls",
    "document": "Documents",
    "insurance": "Insurance",
    "claim": "Claims",
    "referral": "Referrals",
    "rights": "Consents and requests",
    "change": "Changes",
}


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened; `link` opens it, where it has a place of its own."""

    at: datetime
    has_time: bool  # False where only the day is known
    kind: str  # a key of `KINDS`
    title: str
    detail: str
    status: str  # as stored, of a visit or a letter; '' for the rest
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """A patient's timeline, the latest first; what is still to come stands before `now`."""

    patient_id: int
    rows: tuple[TimelineRow, ...]
    now: datetime


class Timeline:
    """Reading what happened; a query a kind, none a row. Needs the right to view patients."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    def of(self, patient_id: int) -> TimelineView:
        """Everything about this patient, the latest first; safe in any thread. Raises NotAllowed.

        Of the journal only what she could not find in another row is told: changes that name her.
        """
        self._session.require(Permission.VIEW_PATIENTS, "see a patient’s timeline")
        rows = [
            *self._visits(patient_id),
            *self._letters(patient_id),
            *self._calls(patient_id),
            *self._documents(patient_id),
            *self._insurance(patient_id),
            *self._claims(patient_id),
            *self._referrals(patient_id),
            *self._rights(patient_id),
            *self._changes(patient_id),
        ]
        rows.sort(key=lambda row: row.at, reverse=True)
        return TimelineView(patient_id, tuple(rows), self._session.clock.now())

    def _visits(self, patient_id: int) -> Iterator[TimelineRow]:
        from medsec_desktop.services.patients import reading

        for visit in reading.visits(self._db, patient_id):
            detail = _joined(visit.provider_name, visit.reason, visit.where)
            link = None
            if visit.kind == "appointment":
                link = Link("appointment", str(visit.id), visit.what)
            yield TimelineRow(
                visit.starts_at, True, "visit", visit.what or "Visit", detail, visit.status, link
            )

    def _letters(self, patient_id: int) -> Iterator[TimelineRow]:
        for row_id, subject, to, on, status, filed_at in self._db.rows(
            "SELECT l.id, l.subject, l.recipient, l.written_on, l.status, d.filed_at FROM letter l"
            " JOIN document d ON d.id = l.document_id WHERE l.patient_id = ?",
            (patient_id,),
        ):
            filed = datetime.fromisoformat(filed_at)
            of_then = filed.date().isoformat() == on
            yield TimelineRow(
                filed if of_then else _at(on),
                of_then,
                "letter",
                subject or "Letter",
                f"to {to.splitlines()[0]}" if to else "",
                status,
                Link("letter", str(row_id), subject or "Letter"),
            )

    def _calls(self, patient_id: int) -> Iterator[TimelineRow]:
        for outcome, at, note, visit, waits, recalled in self._db.rows(
            "SELECT outcome, at, note, appointment_id, waiting_entry_id, recall_id"
            " FROM call_attempt WHERE patient_id = ?",
            (patient_id,),
        ):
            about = "a recall" if recalled else "an earlier time" if waits else "a visit"
            link = Link("appointment", str(visit), "Visit") if visit else None
            yield TimelineRow(
                datetime.fromisoformat(at),
                True,
                "call",
                f"Call about {about}: {CALL_WORDS[CallOutcome(outcome)].lower()}",
                note,
                "",
                link,
            )

    def _documents(self, patient_id: int) -> Iterator[TimelineRow]:
        for row_id, title, filed_at, dated_on, category, pages, note in self._db.rows(
            "SELECT d.id, d.title, d.filed_at, d.dated_on, c.name, d.pages, d.note FROM document d"
            " LEFT JOIN document_category c ON c.id = d.category_id"
            " WHERE d.patient_id = ? AND d.status = 'filed' AND d.kind NOT IN ('letter', 'photo')",
            (patient_id,),
        ):
            many = f"{pages} pages" if pages > 1 else ""
            yield TimelineRow(
                _at(dated_on) if dated_on else datetime.fromisoformat(filed_at),
                not dated_on,
                "document",
                title,
                _joined(category, many, note),
                "",
                Link("document", str(row_id), title),
            )

    def _insurance(self, patient_id: int) -> Iterator[TimelineRow]:
        words = {
            "active": "active",
            "inactive": "not active",
            "not-found": "not known to the payer",
            "unclear": "unclear",
        }
        for at, by, result, reference, payer in self._db.rows(
            "SELECT v.verified_at, v.verified_by, v.result, v.reference, p.name"
            " FROM coverage c JOIN coverage_verification v ON v.coverage_id = c.id"
            " JOIN payer p ON p.id = c.payer_id WHERE c.patient_id = ?",
            (patient_id,),
        ):
            yield TimelineRow(
                datetime.fromisoformat(at),
                True,
                "insurance",
                f"{payer} verified: {words[result]}",
                _joined(by, reference and f"reference {reference}"),
                "",
            )
        for starts_on, ends_on, payer, plan, rank in self._db.rows(
            "SELECT c.starts_on, c.ends_on, p.name, c.plan_name, c.rank FROM coverage c"
            " JOIN payer p ON p.id = c.payer_id WHERE c.patient_id = ?",
            (patient_id,),
        ):
            for on, what in ((starts_on, "begins"), (ends_on, "ends")):
                if on:
                    title = f"{rank.capitalize()} coverage {what}: {payer}"
                    yield TimelineRow(_at(on), False, "insurance", title, plan, "")

    def _claims(self, patient_id: int) -> Iterator[TimelineRow]:
        """When a claim was made, left, was answered and ended; nothing for who may not see claims."""
        if not self._session.may(Permission.VIEW_CLAIMS):
            return
        formats = self._practice.formats
        about: dict[int, tuple[str, Link]] = {}
        for row_id, number, payer, cents, first_on, made_at in self._db.rows(
            "SELECT c.id, c.number, p.name, c.total_cents, c.first_on, c.made_at FROM claim c"
            " JOIN payer p ON p.id = c.payer_id WHERE c.patient_id = ?",
            (patient_id,),
        ):
            title, link = (
                f"Claim {number} to {payer}",
                Link("claim", str(row_id), f"Claim {number}"),
            )
            about[row_id] = title, link
            detail = f"${Money(cents)} · visit of {formats.date(date.fromisoformat(first_on))}"
            at = datetime.fromisoformat(made_at)
            yield TimelineRow(at, True, "claim", f"{title}: made", detail, "", link)
        for row_id, at, status, note in self._db.rows(
            "SELECT e.claim_id, e.at, e.status, e.note FROM claim_event e"
            " JOIN claim c ON c.id = e.claim_id WHERE c.patient_id = ? AND e.kind <> 'note'"
            " AND e.status IN ('sent', 'rejected', 'accepted', 'decided', 'closed', 'replaced', 'void')",
            (patient_id,),
        ):
            title, link = about[row_id]
            told = f"{title}: {status}"
            yield TimelineRow(datetime.fromisoformat(at), True, "claim", told, note, "", link)

    def _referrals(self, patient_id: int) -> Iterator[TimelineRow]:
        for at, status, note, direction, family, given, organization, specialty in self._db.rows(
            "SELECT e.at, e.status, e.note, r.direction, p.family_name, p.given_name, o.name,"
            " r.specialty FROM referral r JOIN referral_event e ON e.referral_id = r.id"
            " LEFT JOIN provider p ON p.id = r.other_provider_id"
            " LEFT JOIN organization o ON o.id = r.other_organization_id WHERE r.patient_id = ?",
            (patient_id,),
        ):
            who = f"{given} {family}".strip() if family else organization or specialty or "another"
            way = "from" if direction == "in" else "to"
            step = (status or "asked about").replace("-", " ")
            yield TimelineRow(
                datetime.fromisoformat(at),
                True,
                "referral",
                f"Referral {way} {who}: {step}",
                note,
                "",
            )

    def _rights(self, patient_id: int) -> Iterator[TimelineRow]:
        answers = {"given": "signed", "refused": "refused", "revoked": "revoked"}
        for on, answer, name, note in self._db.rows(
            "SELECT c.signed_on, c.answer, k.name, c.note FROM consent c"
            " JOIN consent_kind k ON k.id = c.kind_id WHERE c.patient_id = ?",
            (patient_id,),
        ):
            yield TimelineRow(_at(on), False, "rights", f"{name} {answers[answer]}", note, "")
        for requester, received, closed, status in self._db.rows(
            "SELECT requester, received_on, closed_on, status FROM records_request"
            " WHERE patient_id = ?",
            (patient_id,),
        ):
            title = f"Records requested by {requester}"
            yield TimelineRow(_at(received), False, "rights", title, "", "")
            if closed:
                yield TimelineRow(
                    _at(closed), False, "rights", f"Records request {status}", requester, ""
                )
        for at, recipient, what, how in self._db.rows(
            "SELECT disclosed_at, recipient, what, how FROM disclosure WHERE patient_id = ?",
            (patient_id,),
        ):
            yield TimelineRow(
                datetime.fromisoformat(at),
                True,
                "rights",
                f"Disclosed to {recipient}",
                _joined(what, how),
                "",
            )

    def _changes(self, patient_id: int) -> Iterator[TimelineRow]:
        shown = wall_clock(self._practice, self._session.clock)
        for kind, label, who, at_utc, reason in self._db.rows(
            "SELECT kind, label, user_name, at_utc, reason FROM operation"
            " WHERE patient_id IN (SELECT value FROM json_each(?)) AND kind <> 'event'"
            " ORDER BY id DESC LIMIT 5000",
            (json.dumps(files_of(self._db, patient_id)),),
        ):
            title = label if kind == "change" else f"{kind.capitalize()}: {label}"
            yield TimelineRow(shown(at_utc), True, "change", title, _joined(who, reason), "")


def _at(on: str) -> datetime:
    return datetime.combine(date.fromisoformat(on), datetime.min.time())


def _joined(*parts: Any) -> str:
    return " · ".join(part for part in parts if part)
