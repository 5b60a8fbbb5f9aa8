"""Whom a letter to many goes to: lists of the program as targets, and a query of people by form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.formats import months_later
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_LONGEST_LIFE = 130


@dataclass(frozen=True, slots=True)
class Target:
    """One letter of many: to whom, and the visit or recall it is about."""

    patient_id: int
    appointment_id: int | None = None
    recall_id: int | None = None


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Which people of the files; what is None or '' asks nothing. `postal_code` is how it begins."""

    least_age: int | None = None
    most_age: int | None = None
    sex: str = ""
    seen_since: date | None = None
    not_seen_since: date | None = None
    payer_id: int | None = None
    postal_code: str = ""
    provider_id: int | None = None
    language: str = ""
    has_recall: bool | None = None


class Targets:
    """Finds them."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def visits_of(self, day: date, provider_id: int | None = None) -> tuple[Target, ...]:
        """The visits of a day that are to take place, by time."""
        self._session.require(Permission.VIEW_CALENDAR, "list visits")
        return tuple(
            Target(patient_id, appointment_id)
            for appointment_id, patient_id in self._db.rows(
                "SELECT id, patient_id FROM appointment WHERE starts_at >= ? AND starts_at < ?"
                " AND status NOT IN ('cancelled', 'no-show', 'left')"
                " AND (? IS NULL OR provider_id = ?) ORDER BY starts_at, id",
                (day.isoformat(), f"{day.isoformat()}T24", provider_id, provider_id),
            )
        )

    def recalls_due(self, until: date) -> tuple[Target, ...]:
        """The recalls due by that day, the oldest first."""
        self._session.require(Permission.VIEW_CALENDAR, "list recalls")
        return tuple(
            Target(patient_id, recall_id=recall_id)
            for recall_id, patient_id in self._db.rows(
                "SELECT id, patient_id FROM recall WHERE status = 'open' AND due_on <= ?"
                " ORDER BY due_on, id",
                (until.isoformat(),),
            )
        )

    def people(self, query: PeopleQuery) -> tuple[Target, ...]:
        """The people of active files a query asks for, by name. Raises Invalid."""
        self._session.require(Permission.VIEW_PATIENTS, "list patients")
        clauses, values = self._clauses(query)
        return tuple(
            Target(row[0])
            for row in self._db.rows(
                "SELECT p.id FROM patient p WHERE p.status = 'active' AND p.merged_into_id IS NULL"
                f"{''.join(f' AND {clause}' for clause in clauses)}"
                " ORDER BY p.family_name COLLATE NOCASE, p.given_name COLLATE NOCASE, p.id",
                tuple(values),
            )
        )

    def _clauses(self, query: PeopleQuery) -> tuple[list[str], list[Any]]:
        today = self._session.clock.today()
        clauses: list[str] = []
        values: list[Any] = []

        def needs(clause: str, *these: Any) -> None:
            clauses.append(clause)
            values.extend(these)

        for age in (query.least_age, query.most_age):
            if age is not None and not 0 <= age <= _LONGEST_LIFE:
                raise Invalid(f"An age lies between 0 and {_LONGEST_LIFE}.", field="age")
        if None not in (query.least_age, query.most_age) and query.least_age > query.most_age:  # type: ignore[operator]
            raise Invalid("The lowest age is above the highest.", field="age")
        if query.least_age is not None:
            needs("p.birth_date <= ?", months_later(today, -12 * query.least_age).isoformat())
        if query.most_age is not None:
            youngest = months_later(today, -12 * (query.most_age + 1)).isoformat()
            # A birth of which only the year is known counts by its year.
            needs("p.birth_date > ?", youngest)
        if query.sex:
            needs("p.sex = ?", query.sex)
        seen = (
            "EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = p.id"
            " AND a.status = 'done' AND a.starts_at >= ?)"
        )
        if query.seen_since is not None:
            needs(seen, query.seen_since.isoformat())
        if query.not_seen_since is not None:
            needs(f"NOT {seen}", query.not_seen_since.isoformat())
        if query.payer_id is not None:
            needs(
                "EXISTS (SELECT 1 FROM coverage c WHERE c.patient_id = p.id AND c.payer_id = ?"
                " AND (c.ends_on IS NULL OR c.ends_on >= ?))",
                query.payer_id,
                today.isoformat(),
            )
        prefix = query.postal_code.strip()
        if prefix:
            needs(
                "EXISTS (SELECT 1 FROM patient_address d WHERE d.patient_id = p.id"
                " AND substr(d.postal_code, 1, ?) = ?"
                " AND (d.valid_from_on IS NULL OR d.valid_from_on <= ?)"
                " AND (d.valid_to_on IS NULL OR d.valid_to_on >= ?))",
                len(prefix),
                prefix,
                today.isoformat(),
                today.isoformat(),
            )
        if query.provider_id is not None:
            needs("p.primary_provider_id = ?", query.provider_id)
        if query.language:
            needs("(p.language = ? OR p.language LIKE ? || '-%')", query.language, query.language)
        if query.has_recall is not None:
            word = "" if query.has_recall else "NOT "
            needs(
                f"{word}EXISTS (SELECT 1 FROM recall r WHERE r.patient_id = p.id"
                " AND r.status = 'open')"
            )
        return clauses, values
