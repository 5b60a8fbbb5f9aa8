"""The insurance light of patients and visits: the facts read for many at once, the rules asked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.insurance import (
    AuthorizationUse,
    CoverageFacts,
    Held,
    Insurance,
    Readiness,
    ReferralFacts,
    Result,
    VisitFacts,
    readiness,
)
from medsec_desktop.services.patients.authorizations import USED_SQL
from medsec_desktop.store.database import Database

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

COVERAGE_ORDER = "CASE c.rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, c.id"
# The newest answer of each payer; a stamp of an earlier version stands in the coverage alone.
NEWEST_ANSWER = (
    "LEFT JOIN coverage_verification v ON v.id = (SELECT w.id FROM coverage_verification w"
    " WHERE w.coverage_id = c.id ORDER BY w.verified_at DESC, w.id DESC LIMIT 1)"
)
_THESE = "(SELECT value FROM json_each(?))"
_FREED = ("cancelled", "no-show", "left")


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """A visit as the light needs it."""

    id: int
    patient_id: int
    day: date
    authorization_id: int | None
    is_counted: bool = True


class ReadinessBook:
    """Asks the rules of `domain.insurance` about what is on file."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    @property
    def verified_for(self) -> timedelta:
        """How long an answer of a payer holds here."""
        from medsec_desktop.services.practice.settings import VERIFIED_DAYS

        return timedelta(days=self._practice.get(VERIFIED_DAYS))

    def of_patient(
        self, patient_id: int, day: date | None = None, authorization_id: int | None = None
    ) -> Readiness:
        """Her light for a day, today if none is said, as if a visit were to be booked."""
        today = self._session.clock.today()
        visit = VisitFacts(day or today, authorization_id)
        who = insurance_of(self._db, [patient_id], self.verified_for)[patient_id]
        return readiness(who, visit, today, self._practice.formats)

    def of_visit(self, visit_id: int) -> Readiness | None:
        """The light of a visit on its day; None where there is no such visit."""
        row = self._db.one(
            "SELECT patient_id, substr(starts_at, 1, 10), authorization_id, status"
            " FROM appointment WHERE id = ?",
            (visit_id,),
        )
        if row is None:
            return None
        asked = VisitAsked(
            visit_id, row[0], date.fromisoformat(row[1]), row[2], row[3] not in _FREED
        )
        return self.of_visits([asked])[visit_id]

    def of_visits(self, visits: Iterable[VisitAsked]) -> dict[int, Readiness]:
        """By visit, each on its day; three statements whatever their number."""
        asked = tuple(visits)
        today, formats = self._session.clock.today(), self._practice.formats
        people = insurance_of(self._db, {one.patient_id for one in asked}, self.verified_for)
        return {
            one.id: readiness(
                people[one.patient_id],
                VisitFacts(one.day, one.authorization_id, one.is_counted),
                today,
                formats,
            )
            for one in asked
        }


def insurance_of(
    db: Database, patient_ids: Iterable[int], verified_for: timedelta
) -> Mapping[int, Insurance]:
    """Who pays for each of these patients, with leave and referrals."""
    ids = sorted(set(patient_ids))
    these = json.dumps(ids)
    coverages: dict[int, list[CoverageFacts]] = defaultdict(list)
    for patient_id, *row in db.rows(
        "SELECT c.patient_id, c.id, y.name, c.rank, c.starts_on, c.ends_on, c.member_id,"
        " c.subscriber_relation, c.subscriber_name, c.subscriber_patient_id IS NOT NULL,"
        " coalesce(c.subscriber_birth_on, s.birth_date) IS NOT NULL,"
        " CASE WHEN s.id IS NULL THEN c.subscriber_line1 <> '' ELSE EXISTS (SELECT 1"
        "  FROM patient_address h WHERE h.patient_id = s.id AND h.kind <> 'former') END,"
        " c.needs_authorization, c.needs_referral,"
        " coalesce(substr(v.verified_at, 1, 10), c.verified_on), v.result"
        " FROM coverage c JOIN payer y ON y.id = c.payer_id"
        f" LEFT JOIN patient s ON s.id = c.subscriber_patient_id {NEWEST_ANSWER}"
        f" WHERE c.patient_id IN {_THESE} ORDER BY {COVERAGE_ORDER}",
        (these,),
    ):
        coverages[patient_id].append(_coverage(*row))
    leaves: dict[int, list[AuthorizationUse]] = defaultdict(list)
    for patient_id, leave_id, number, allowed, used, since, until, counts, coverage_id in db.rows(
        f"SELECT z.patient_id, z.id, z.number, z.visits_allowed, {USED_SQL}, z.starts_on, z.ends_on,"
        f" z.counts, z.coverage_id FROM authorization z WHERE z.patient_id IN {_THESE}"
        " ORDER BY coalesce(z.ends_on, '9999'), z.id",
        (these,),
    ):
        held = Held(_day(since), _day(until))
        leaves[patient_id].append(
            AuthorizationUse(leave_id, number, allowed, used, held, counts, coverage_id)
        )
    referrals: dict[int, list[ReferralFacts]] = defaultdict(list)
    for patient_id, number, until in db.rows(
        "SELECT patient_id, number, expires_on FROM referral WHERE direction = 'in'"
        f" AND status NOT IN ('declined', 'withdrawn') AND patient_id IN {_THESE}",
        (these,),
    ):
        referrals[patient_id].append(ReferralFacts(number, Held(None, _day(until))))
    return {
        one: Insurance(coverages[one], leaves[one], referrals[one], verified_for) for one in ids
    }


def _coverage(
    coverage_id: int, payer: str, rank: str, since: str | None, until: str | None, member_id: str,
    relation: str, holder: str, is_linked: int, has_birth: int, has_address: int,
    needs_authorization: int, needs_referral: int, asked_on: str | None, result: str | None,
) -> CoverageFacts:  # fmt: skip
    return CoverageFacts(
        coverage_id,
        payer,
        rank,
        Held(_day(since), _day(until)),
        member_id,
        relation,
        holder or ("on file" if is_linked else ""),
        bool(has_birth),
        bool(has_address),
        bool(needs_authorization),
        bool(needs_referral),
        _day(asked_on),
        Result(result) if result else Result.ACTIVE,
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
