"""Asking payers whether a coverage holds: each answer kept, and the list of those still to ask.

`coverage.verified_on` and `verified_note` are written in the same operation as the newest answer and
never apart from it: lists read them without a join, an undo takes both back, and what earlier
versions stamped there stays true, for a migration cannot write answers into the journal's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.insurance import (
    RESULT_WORDS,
    CoverageFacts,
    Result,
    needs_asking,
)
from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Coverage, CoverageVerification
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.coverage_records import (
    HOW_WORDS,
    ToVerifyRow,
    VerificationDraft,
)
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.patients.readiness import COVERAGE_ORDER, NEWEST_ANSWER
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.confirmations import Confirmations
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_EXPECTED = "('scheduled', 'confirmed')"
_LATE = timedelta(hours=1)  # so late somebody may still come


class Verifications:
    """What payers said, and whom to ask next."""

    def __init__(
        self, session: Session, practice: Practice, confirmations: Callable[[], Confirmations]
    ):
        self._session = session
        self._practice = practice
        self._confirmations = confirmations
        self._db = session.db

    def record(
        self,
        coverage_id: int,
        draft: VerificationDraft | None = None,
        initiator: object | None = None,
    ) -> int:
        """Keep what the payer said; its number. A copay it named becomes the coverage's.

        Raises Invalid, NotAllowed, and Conflict when the coverage is no longer on file.
        """
        draft = draft or VerificationDraft()
        found = self._db.one(
            "SELECT c.patient_id, y.name FROM coverage c JOIN payer y ON y.id = c.payer_id"
            " WHERE c.id = ?",
            (coverage_id,),
        )
        if found is None:
            raise Conflict(
                "This insurance is no longer on file.", remedy="Look at the file as it is."
            )
        patient_id, payer = found
        at = self._checked_time(draft)
        name = listed_name(self._db, patient_id)
        said = "" if draft.result is Result.ACTIVE else f" ({RESULT_WORDS[draft.result].lower()})"
        with self._session.change(
            f"Verify {payer} of {name}{said}",
            Permission.EDIT_PATIENTS,
            patient_id=patient_id,
            initiator=initiator,
        ):
            number = insert_row(
                CoverageVerification,
                coverage_id=coverage_id,
                verified_at=at.isoformat(timespec="minutes"),
                verified_by=draft.by.strip() or self._session.user.name,
                how=draft.how,
                reference=draft.reference.strip(),
                result=str(draft.result),
                copay_cents=draft.copay_cents,
                note=draft.note.strip(),
            )
            self._keep_in_step(coverage_id, draft.copay_cents)
            return number

    def days(self) -> tuple[date, ...]:
        """Today and the clinic days after it whose visits are looked at."""
        from medsec_desktop.services.practice.settings import VERIFY_AHEAD

        ahead = self._confirmations().days(self._practice.get(VERIFY_AHEAD))
        return (self._session.clock.today(), *ahead)

    def to_verify(self, days: Sequence[date] | None = None) -> tuple[ToVerifyRow, ...]:
        """Every coverage somebody should ask about before a visit of those days, by time of visit,
        and everybody who has none for her visit. One statement."""
        days = self.days() if days is None else days
        if not days:
            return ()
        # A visit of today that should be over is asked about where it is unresolved, not here.
        now = self._session.clock.now() - _LATE
        first = max(now, datetime.combine(min(days), time()))
        return tuple(self._rows(first, max(days)))

    # -- inside -------------------------------------------------------------------------------

    def _rows(self, first: datetime, last: date) -> Iterator[ToVerifyRow]:
        from medsec_desktop.services.patients.readiness import ReadinessBook

        verified_for = ReadinessBook(self._session, self._practice).verified_for
        today = self._session.clock.today()
        listed: dict[tuple[int, int | None], ToVerifyRow] = {}
        visits: dict[tuple[int, int | None], int] = {}
        for row in self._db.rows(
            f"SELECT a.patient_id, {NAME_COLUMNS}, p.birth_date, a.id, a.starts_at,"
            " trim(coalesce(d.given_name, '') || ' ' || d.family_name), c.id, c.version,"
            " coalesce(y.name, ''), coalesce(y.phone, ''), coalesce(y.portal, ''), c.rank,"
            " c.plan_name, c.member_id, c.group_number, c.subscriber_name, c.copay_cents,"
            " coalesce(substr(v.verified_at, 1, 10), c.verified_on), v.result,"
            " coalesce(v.reference, '')"
            " FROM appointment a JOIN patient p ON p.id = a.patient_id"
            " JOIN provider d ON d.id = a.provider_id"
            " LEFT JOIN coverage c ON c.patient_id = a.patient_id"
            "  AND (c.starts_on IS NULL OR c.starts_on <= substr(a.starts_at, 1, 10))"
            "  AND (c.ends_on IS NULL OR c.ends_on >= substr(a.starts_at, 1, 10))"
            f" LEFT JOIN payer y ON y.id = c.payer_id {NEWEST_ANSWER}"
            f" WHERE a.starts_at >= ? AND a.starts_at < ? AND a.status IN {_EXPECTED}"
            f" ORDER BY a.starts_at, a.id, {COVERAGE_ORDER}",
            (first.isoformat(timespec="minutes"), (last + timedelta(days=1)).isoformat()),
        ):
            found = _row(row)
            key = (found.patient_id, found.coverage_id)
            visits[key] = visits.get(key, 0) + 1
            if key not in listed and _is_to_ask(found, today, verified_for):
                listed[key] = found
        for key, one in listed.items():
            yield replace(one, visits=visits[key])

    def _checked_time(self, draft: VerificationDraft) -> datetime:
        now = self._session.clock.now()
        if draft.how not in HOW_WORDS:
            raise Invalid("Choose how the payer was asked.", field="how")
        if draft.copay_cents is not None and draft.copay_cents < 0:
            raise Invalid("A copay is not negative.", field="copay_cents")
        if draft.on is None or draft.on == now.date():
            return now
        if draft.on > now.date():
            raise Invalid("This day is in the future.", field="on")
        return datetime(draft.on.year, draft.on.month, draft.on.day)

    def _keep_in_step(self, coverage_id: int, copay_cents: int | None) -> None:
        newest = self._db.one(
            "SELECT verified_at, result, reference, note FROM coverage_verification"
            " WHERE coverage_id = ? ORDER BY verified_at DESC, id DESC LIMIT 1",
            (coverage_id,),
        )
        assert newest is not None  # written a moment ago
        at, result, reference, note = newest
        columns: dict[str, Any] = {
            "verified_on": at[:10] if result == Result.ACTIVE else None,
            "verified_note": reference or note,
        }
        if copay_cents is not None:
            columns["copay_cents"] = copay_cents
        version = self._db.value("SELECT version FROM coverage WHERE id = ?", (coverage_id,))
        save_row(Coverage, coverage_id, version, **columns)


def _is_to_ask(row: ToVerifyRow, today: date, verified_for: timedelta) -> bool:
    if row.coverage_id is None:
        return True
    facts = CoverageFacts(
        row.coverage_id,
        row.payer_name,
        asked_on=row.asked_on,
        result=row.result or Result.ACTIVE,
    )
    return needs_asking(facts, row.visit_at.date(), today, verified_for)


def _row(row: tuple[Any, ...]) -> ToVerifyRow:
    patient_id, *name = row[:7]
    born, visit_id, at, provider, coverage_id, version, payer, phone, portal, *rest = row[7:]
    rank, plan, member, group, holder, copay, asked_on, result, reference = rest
    return ToVerifyRow(
        patient_id,
        PersonName(*name).listed,
        PartialDate.from_iso(born) if born else None,
        visit_id,
        datetime.fromisoformat(at),
        provider,
        coverage_id,
        version or 0,
        payer,
        phone,
        portal,
        rank or "",
        plan or "",
        member or "",
        group or "",
        holder or "",
        copay,
        date.fromisoformat(asked_on) if asked_on else None,
        Result(result) if result else (Result.ACTIVE if asked_on else None),
        reference,
    )
