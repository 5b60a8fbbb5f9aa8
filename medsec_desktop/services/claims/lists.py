"""Work-lists of claims: the three nets, the deadline radar, and what is whose and next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.deadlines import Nearness, Waiting, deadline, radar
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.services.claims import reading
from medsec_desktop.services.claims.charge_records import VisitToCharge
from medsec_desktop.services.claims.records import ClaimRow, ListCount, RadarRow, SheetToClaim
from medsec_desktop.services.claims.settings import payer_rule
from medsec_desktop.services.claims.uncharged import first_day, how_many, uncharged
from medsec_desktop.services.patients.names import NAME_COLUMNS
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.patients import Patients
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_MOST = 2_000
_NOT_OUT = "c.status IN ('draft', 'checked', 'ready', 'rejected')"
_WITH_PAYER = "c.status IN ('sent', 'accepted')"
_OPEN = "c.status IN ('draft', 'checked', 'ready', 'sent', 'rejected', 'accepted', 'decided')"
# Four fifths of the time to file or to appeal are gone, or a week is left. ?1 is today, ?2 the practice's
# patience with a silent payer, ?3 the person logged in; every list gets all three.
_NEAR = (
    "(julianday({until}) - julianday(?1) <= 7 OR (julianday(?1) - julianday({since})) * 5 >="
    " (julianday({until}) - julianday({since})) * 4)"
)
_PRESSING = (
    f"({_NOT_OUT} AND c.file_until_on IS NOT NULL"
    f" AND {_NEAR.format(until='c.file_until_on', since='c.first_on')}"
    " OR c.status = 'decided' AND c.appeal_until_on IS NOT NULL"
    f" AND {_NEAR.format(until='c.appeal_until_on', since='c.answered_on')})"
)
_SILENT = (
    f"({_WITH_PAYER} AND julianday(?1) - max(julianday(substr(coalesce(c.sent_at, c.first_on), 1, 10)),"
    " julianday(coalesce(c.answered_on, c.first_on))) >= coalesce((SELECT r.silent_days"
    " FROM payer_rule r WHERE r.payer_id = c.payer_id), ?2))"
)


@dataclass(frozen=True, slots=True)
class _List:
    """A work-list: which claims hang in it, and in which order."""

    key: str
    title: str
    where: str
    order: str = "c.first_on, c.id"
    is_late: bool = False  # whatever hangs in it presses


_LISTS = (
    _List("drafts", "Drafts", "c.status = 'draft' AND c.errors = 0"),
    _List("held", "To mend", "c.status = 'draft' AND c.errors > 0"),
    _List("checked", "Checked", "c.status = 'checked'"),
    _List("ready", "Ready to go", "c.status = 'ready'"),
    _List("deadlines", "Near the deadline", _PRESSING,
          "coalesce(c.appeal_until_on, c.file_until_on), c.id", is_late=True),
    _List("rejected", "Rejected", "c.status = 'rejected'", is_late=True),
    _List("no-answer", "No answer", _SILENT, "c.sent_at, c.id", is_late=True),
    _List("sent", "With the payer", _WITH_PAYER, "c.sent_at DESC, c.id DESC"),
    _List("decided", "Decided", "c.status = 'decided'", "c.answered_on, c.id"),
    _List("next", "To do today", f"c.next_on <= ?1 AND {_OPEN}", "c.next_on, c.id", is_late=True),
    _List("mine", "Mine", f"c.owner_user_id = ?3 AND {_OPEN}", "c.next_on IS NULL, c.next_on, c.id"),
    _List("all", "All claims", "1", "c.id DESC"),
)  # fmt: skip
_BY_KEY = {one.key: one for one in _LISTS}
# A charged visit without a claim that stands; `s` the sheet, `e` its encounter.
_UNCLAIMED = (
    " FROM charge_sheet s JOIN encounter e ON e.id = s.encounter_id"
    " WHERE s.status = 'charged' AND NOT s.is_self_pay AND NOT EXISTS (SELECT 1 FROM claim c"
    " WHERE c.charge_sheet_id = s.id AND c.status NOT IN ('void', 'replaced')"
    " AND c.frequency <> '8')"  # one that voids another bills nothing
    " AND EXISTS (SELECT 1 FROM charge_line l WHERE l.charge_sheet_id = s.id"
    "  AND NOT l.is_kept_from_payer)"
)
_TOTAL = (
    "(SELECT coalesce(sum(l.charge_cents), 0) FROM charge_line l WHERE l.charge_sheet_id = s.id"
    " AND NOT l.is_kept_from_payer)"
)
_COVERAGE = (
    "coalesce(s.coverage_id, (SELECT k.id FROM coverage k WHERE k.patient_id = e.patient_id"
    " AND (k.starts_on IS NULL OR k.starts_on <= substr(e.starts_at, 1, 10))"
    " AND (k.ends_on IS NULL OR k.ends_on >= substr(e.starts_at, 1, 10))"
    " ORDER BY CASE k.rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, k.id LIMIT 1))"
)


class ClaimLists:
    """What hangs where."""

    def __init__(self, session: Session, practice: Practice, patients: Callable[[], Patients]):
        self._session = session
        self._practice = practice
        self._patients = patients
        self._db = session.db

    @property
    def _today(self) -> date:
        return self._session.clock.today()

    @property
    def from_on(self) -> date:
        """The first day whose visits are billed with this program."""
        return first_day(self._practice.get(settings.CLAIMS_FROM), self._today)

    # -- how much ------------------------------------------------------------------------------

    def counts(self) -> tuple[ListCount, ...]:
        """Every list in the order of the work, with how much hangs in it."""
        visits, oldest = how_many(self._db, self.from_on)
        is_old = oldest is not None and (self._today - oldest).days > 3
        sheets, total = self._db.rows(f"SELECT count(*), coalesce(sum({_TOTAL}), 0){_UNCLAIMED}")[0]
        sums = ", ".join(
            f"sum({one.where}), coalesce(sum(CASE WHEN {one.where} THEN c.total_cents END), 0)"
            for one in _LISTS[:-1]
        )
        # Of the closed ones, which are most of all, only the number is asked.
        found = (
            *self._db.rows(f"SELECT {sums} FROM claim c WHERE {_OPEN}", self._values())[0],
            self._db.value("SELECT count(*) FROM claim"),
            0,
        )
        return (
            ListCount(
                "uncharged", "Visits without charges", visits, is_late=bool(visits and is_old)
            ),
            ListCount("unclaimed", "Charged, no claim", int(sheets), int(total)),
            *(
                ListCount(
                    one.key,
                    one.title,
                    int(found[2 * at] or 0),
                    int(found[2 * at + 1] or 0),
                    is_late=one.is_late and bool(found[2 * at]),
                )
                for at, one in enumerate(_LISTS)
            ),
        )

    def _values(self) -> tuple[Any, ...]:
        patience = self._practice.get(settings.CLAIMS_SILENT_DAYS)
        return self._today.isoformat(), patience, self._session.user.id

    # -- rows ----------------------------------------------------------------------------------

    def rows(
        self, key: str, query: str = ""
    ) -> tuple[ClaimRow, ...] | tuple[VisitToCharge, ...] | tuple[SheetToClaim, ...]:
        """What hangs in a list, the most pressing first; with `query` only what it fits."""
        if key == "uncharged":
            return self.uncharged()
        if key == "unclaimed":
            return self.unclaimed()
        found = self.claims(key)
        words = fold(query).split()
        return tuple(row for row in found if all(word in _words(row) for word in words))

    def claims(self, key: str) -> tuple[ClaimRow, ...]:
        """The claims of a list, the most pressing first."""
        one = _BY_KEY[key]
        # Every number is named once, for SQLite counts them.
        where = f"({one.where}) AND ?1 IS NOT NULL AND ?2 IS NOT NULL AND ?3 IS NOT NULL"
        order = f"{one.order} LIMIT {_MOST}"
        return reading.rows(self._db, self._today, where, self._values(), order)

    def uncharged(self, limit: int = 500) -> tuple[VisitToCharge, ...]:
        """Visits that took place and of which nobody has said what they cost, the oldest first."""
        return uncharged(self._db, self.from_on, limit)

    def unclaimed(self, limit: int = 500) -> tuple[SheetToClaim, ...]:
        """Visits that were charged and have no claim, the oldest first."""
        return tuple(
            SheetToClaim(
                sheet_id, appointment_id, patient_id, PersonName(*name), date.fromisoformat(at[:10]),
                provider, payer or "", total,
            )
            for sheet_id, appointment_id, patient_id, *name, at, provider, payer, total in self._db.rows(
                f"SELECT s.id, e.appointment_id, e.patient_id, {NAME_COLUMNS}, e.starts_at,"
                " trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, '')),"
                f" (SELECT y.name FROM coverage k JOIN payer y ON y.id = k.payer_id"
                f"  WHERE k.id = {_COVERAGE}), {_TOTAL}"
                + _UNCLAIMED.replace(
                    " WHERE",
                    " JOIN patient p ON p.id = e.patient_id"
                    " LEFT JOIN provider d ON d.id = e.provider_id WHERE",
                    1,
                )
                + " ORDER BY e.starts_at, s.id LIMIT ?",
                (limit,),
            )
        )  # fmt: skip

    def radar(self) -> tuple[RadarRow, ...]:
        """Everything with a last day, the most urgent first: visits without a claim, claims that have not
        left, decisions that can be appealed."""
        found = [
            RadarRow(
                row.id, row.sheet_id, row.patient_id, row.name, row.payer_name, row.first_on,
                row.due_on, row.days_left or 0, row.nearness or Nearness.FAR, row.total_cents,
                "appeal" if row.status == "decided" else "correct" if row.frequency != "1" else "file",
            )
            for row in reading.rows(self._db, self._today, f"{_NOT_OUT} OR c.status = 'decided'")
            if row.due_on is not None
        ]  # fmt: skip
        found += self._unclaimed_radar()
        return tuple(sorted(found, key=lambda row: (row.due_on, row.first_on)))

    def _unclaimed_radar(self) -> list[RadarRow]:
        payers = dict(
            self._db.rows(
                f"SELECT s.id, (SELECT k.payer_id FROM coverage k WHERE k.id = {_COVERAGE})"
                + _UNCLAIMED
            )
        )
        days = {
            payer_id: payer_rule(self._db, payer_id).days_to_file
            for payer_id in {*payers.values()} - {None}
        }
        rows = []
        for sheet in self.unclaimed():
            payer_id = payers.get(sheet.sheet_id)
            if payer_id is None:
                continue
            (due,) = radar([Waiting("", "", sheet.day, days[payer_id])], self._today)
            rows.append(
                RadarRow(
                    None, sheet.sheet_id, sheet.patient_id, sheet.name, sheet.payer_name, sheet.day,
                    deadline(sheet.day, days[payer_id]), due.days_left, due.nearness,
                    sheet.total_cents,
                )
            )  # fmt: skip
        return rows

    # -- finding -------------------------------------------------------------------------------

    def find(self, text: str, limit: int = 8) -> tuple[ClaimRow, ...]:
        """Claims by the beginning of their number or of the payer’s, or by the patient, newest first."""
        typed = text.strip().upper()
        if not typed:
            return ()
        if any(letter.isdigit() for letter in typed):
            after = typed + "\U0010ffff"
            where = (
                "(c.number >= ? AND c.number < ?)"
                " OR (c.payer_claim_number >= ? AND c.payer_claim_number < ?)"
            )
            return reading.rows(
                self._db,
                self._today,
                where,
                (typed, after, typed, after),
                f"c.id DESC LIMIT {limit}",
            )
        people = [str(hit.id) for hit in self._patients().find(text, limit)]
        if not people:
            return ()
        where = f"c.patient_id IN ({', '.join('?' * len(people))})"
        return reading.rows(self._db, self._today, where, people, f"c.id DESC LIMIT {limit}")


def _words(row: ClaimRow) -> str:
    return fold(
        f"{row.name.listed} {row.number} {row.payer_name} {row.payer_claim_number}"
        f" {row.provider_name} {row.owner_name} {row.next_action} {row.status}"
    )
