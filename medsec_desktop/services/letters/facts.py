"""Looking up what letters say: of as many people, visits and referrals as there are letters, at once.

Each kind of thing is one query however many letters are written, and none at all where no field of the
template asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.problems import Conflict
from medsec_desktop.services.letters.known import (
    About,
    CoverageFacts,
    Known,
    PersonFacts,
    Place,
    ProviderFacts,
    RecallFacts,
    ReferralFacts,
    RelatedFacts,
    RequestFacts,
    VisitFacts,
    provider_named,
)
from medsec_desktop.services.patients.reached import PREFERENCE

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_THESE = "IN (SELECT value FROM json_each(?))"
_VISITS_LISTED = 20  # of those to come


class _OfPatient(Protocol):
    @property
    def patient_id(self) -> int: ...


_Matter = TypeVar("_Matter", bound=_OfPatient)


class Facts:
    """Looks up what letters say, for one practice."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def known(self, abouts: Sequence[About], names: Collection[str]) -> tuple[Known, ...]:
        """What is known for each letter; `names` are the fields, subjects and blocks it asks for.

        Raises Conflict where a person, visit, recall, referral or request is no longer there.
        """
        groups = {name.partition(".")[0] for name in names}
        visits = self._visits("a.id", [one.appointment_id for one in abouts])
        recalls = self._recalls([one.recall_id for one in abouts])
        referrals = self._referrals([one.referral_id for one in abouts])
        requests = self._requests([one.request_id for one in abouts])
        matters = [
            (
                _found(visits, one.appointment_id, _GONE_VISIT),
                _found(recalls, one.recall_id, _GONE_RECALL),
                _found(referrals, one.referral_id, _GONE_REFERRAL),
                _found(requests, one.request_id, _GONE_REQUEST),
            )
            for one in abouts
        ]
        whose = [
            one.patient_id or next((of.patient_id for of in matter if of is not None), 0)
            for one, matter in zip(abouts, matters, strict=True)
        ]
        people = self._people(whose)
        related = self._related(whose) if groups & {"guarantor", "contact"} else {}
        coverages = self._coverages(whose) if "coverage" in groups else {}
        to_come = self._to_come(whose) if "visits" in groups else {}
        places, phones = self._places(whose), self._phones(whose)
        found = []
        for one, patient_id, (visit, recall, referral, request) in zip(
            abouts, whose, matters, strict=True
        ):
            if patient_id not in people:
                raise Conflict("This patient’s file is no longer there.")
            found.append(
                Known(
                    about=one,
                    person=people[patient_id],
                    place=places.get(patient_id),
                    phone=phones.get(patient_id, ""),
                    related=related.get(patient_id, ()),
                    coverages=coverages.get(patient_id, ()),
                    visit=visit,
                    visits=to_come.get(patient_id, ()),
                    recall=recall,
                    referral=referral,
                    request=request,
                )
            )
        providers = self._providers(number for one in found for number in one.provider_ids)
        return tuple(one.with_providers(providers) for one in found)

    # -- one query each ------------------------------------------------------------------------

    def _people(self, ids: Iterable[int | None]) -> dict[int, PersonFacts]:
        return {
            row[0]: PersonFacts(
                row[0],
                PersonName(*row[1:7]),
                row[7],
                PartialDate.from_iso(row[8]) if row[8] else None,
                *row[9:],
            )
            for row in self._these(
                "SELECT p.id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
                " p.name_suffix, p.preferred_name, p.chart_number, p.birth_date, p.sex, p.language,"
                f" p.status, {PREFERENCE}, p.email, p.employer, p.primary_provider_id,"
                f" p.referring_provider_id FROM patient p WHERE p.id {_THESE}",
                ids,
            )
        }

    def _places(self, ids: Iterable[int | None]) -> dict[int, Place]:
        """The address that holds today: mailing, else temporary, else home."""
        today = self._session.clock.today().isoformat()
        found: dict[int, Place] = {}
        for patient_id, *parts in self._these(
            "SELECT patient_id, line1, line2, city, state, postal_code, country"
            f" FROM patient_address WHERE patient_id {_THESE}"
            " AND kind IN ('mailing', 'temporary', 'home')"
            " AND (valid_from_on IS NULL OR valid_from_on <= ?)"
            " AND (valid_to_on IS NULL OR valid_to_on >= ?)"
            " AND (line1 <> '' OR line2 <> '' OR city <> '')"
            " ORDER BY CASE kind WHEN 'mailing' THEN 0 WHEN 'temporary' THEN 1 ELSE 2 END,"
            " position, id",
            ids,
            today,
            today,
        ):
            found.setdefault(patient_id, Place(*parts))
        return found

    def _phones(self, ids: Iterable[int | None]) -> dict[int, str]:
        found: dict[int, str] = {}
        for patient_id, number in self._these(
            f"SELECT patient_id, number FROM patient_phone WHERE patient_id {_THESE}"
            " AND kind <> 'fax' ORDER BY position, id",
            ids,
        ):
            found.setdefault(patient_id, number)
        return found

    def _related(self, ids: Iterable[int | None]) -> dict[int, tuple[RelatedFacts, ...]]:
        rows = self._these(
            "SELECT patient_id, name, relation, line1, line2, city, state, postal_code, phone,"
            " is_guarantor, is_emergency_contact, linked_patient_id, id FROM related_person"
            f" WHERE patient_id {_THESE} ORDER BY position, id",
            ids,
        )
        linked = [row[11] for row in rows if row[11]]
        places, phones = self._places(linked), self._phones(linked)
        return _grouped(
            (
                row[0],
                RelatedFacts(
                    row[12],
                    row[1],
                    row[2],
                    _place(row[3:8]) if any(row[3:8]) else places.get(row[11], Place()),
                    row[8] or phones.get(row[11], ""),
                    bool(row[9]),
                    bool(row[10]),
                ),
            )
            for row in rows
        )

    def _coverages(self, ids: Iterable[int | None]) -> dict[int, tuple[CoverageFacts, ...]]:
        """Those that hold today, the primary first."""
        today = self._session.clock.today().isoformat()
        return _grouped(
            (
                row[0],
                CoverageFacts(
                    row[17],
                    row[1],
                    _place(row[2:7], row[7], row[8]),
                    plan=row[9],
                    member_id=row[10],
                    group=row[11],
                    subscriber=row[12],
                    relation=row[13],
                    copay_cents=row[14],
                    starts_on=_day(row[15]),
                    verified_on=_day(row[16]),
                ),
            )
            for row in self._these(
                "SELECT c.patient_id, y.name, y.line1, y.line2, y.city, y.state, y.postal_code,"
                " y.phone, y.fax, c.plan_name, c.member_id, c.group_number,"
                " coalesce(trim(s.given_name || ' ' || s.family_name), c.subscriber_name),"
                " c.subscriber_relation, c.copay_cents, c.starts_on, c.verified_on, y.id"
                " FROM coverage c JOIN payer y ON y.id = c.payer_id"
                " LEFT JOIN patient s ON s.id = c.subscriber_patient_id"
                f" WHERE c.patient_id {_THESE}"
                " AND (c.starts_on IS NULL OR c.starts_on <= ?)"
                " AND (c.ends_on IS NULL OR c.ends_on >= ?)"
                " ORDER BY CASE c.rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END,"
                " c.id",
                ids,
                today,
                today,
            )
        )

    def _visits(
        self, column: str, ids: Iterable[int | None], more: str = "", *values: str
    ) -> dict[int, VisitFacts]:
        return {
            row[0]: VisitFacts(
                id=row[0],
                patient_id=row[1],
                provider_id=row[2],
                starts_at=datetime.fromisoformat(row[3]),
                duration_min=row[4],
                status=row[5],
                provider=provider_named(*row[6:9]),
                type_name=row[9],
                preparation=row[10].strip(),
                room=row[11],
                former_at=datetime.fromisoformat(row[12]) if row[12] else None,
            )
            for row in self._these(
                "SELECT a.id, a.patient_id, a.provider_id, a.starts_at, a.duration_min, a.status,"
                " v.given_name, v.family_name, v.credential, coalesce(t.name, ''),"
                " coalesce(t.preparation, ''), coalesce(r.name, ''),"
                " (SELECT f.starts_at FROM appointment f WHERE f.id = a.rescheduled_from_id)"
                " FROM appointment a JOIN provider v ON v.id = a.provider_id"
                " LEFT JOIN appointment_type t ON t.id = a.type_id"
                f" LEFT JOIN room r ON r.id = a.room_id WHERE {column} {_THESE}{more}",
                ids,
                *values,
            )
        }

    def _to_come(self, ids: Iterable[int | None]) -> dict[int, tuple[VisitFacts, ...]]:
        now = self._session.clock.now().strftime("%Y-%m-%dT%H:%M")
        planned = self._visits(
            "a.patient_id",
            ids,
            " AND a.starts_at >= ? AND a.status IN ('scheduled', 'confirmed')"
            " ORDER BY a.starts_at, a.id",
            now,
        )
        grouped = _grouped((visit.patient_id, visit) for visit in planned.values())
        return {patient_id: of[:_VISITS_LISTED] for patient_id, of in grouped.items()}

    def _recalls(self, ids: Iterable[int | None]) -> dict[int, RecallFacts]:
        return {
            row[0]: RecallFacts(
                row[1], row[2], date.fromisoformat(row[3]), provider_named(*row[4:])
            )
            for row in self._these(
                "SELECT r.id, r.patient_id, t.name, r.due_on, coalesce(v.given_name, ''),"
                " coalesce(v.family_name, ''), coalesce(v.credential, '')"
                " FROM recall r JOIN recall_type t ON t.id = r.recall_type_id"
                f" LEFT JOIN provider v ON v.id = r.provider_id WHERE r.id {_THESE}",
                ids,
            )
        }

    def _referrals(self, ids: Iterable[int | None]) -> dict[int, ReferralFacts]:
        return {
            row[0]: ReferralFacts(
                patient_id=row[1],
                direction=row[2],
                specialty=row[3],
                reason=row[4],
                is_urgent=bool(row[5]),
                number=row[6],
                begun_on=date.fromisoformat(row[7]),
                expires_on=_day(row[8]),
                their_visit_on=_day(row[9]),
                provider_id=row[10],
                other_provider_id=row[11],
                organization_id=row[20],
                organization=row[12] or "",
                place=_place(row[13:18], row[18], row[19]),
            )
            for row in self._these(
                "SELECT r.id, r.patient_id, r.direction, r.specialty, r.reason, r.is_urgent,"
                " r.number, r.begun_on, r.expires_on, r.their_visit_on, r.provider_id,"
                " r.other_provider_id, o.name, o.line1, o.line2, o.city, o.state, o.postal_code,"
                " o.phone, o.fax, r.other_organization_id FROM referral r"
                f" LEFT JOIN organization o ON o.id = r.other_organization_id WHERE r.id {_THESE}",
                ids,
            )
        }

    def _requests(self, ids: Iterable[int | None]) -> dict[int, RequestFacts]:
        return {
            row[0]: RequestFacts(
                patient_id=row[1],
                requester=row[2],
                requester_kind=row[3],
                deliver_to=row[4],
                received_on=date.fromisoformat(row[5]),
                due_on=date.fromisoformat(row[6]),
                from_on=_day(row[7]),
                to_on=_day(row[8]),
                purpose=row[9],
                wanted=row[10],
                fee_cents=row[11],
            )
            for row in self._these(
                "SELECT id, patient_id, requester, requester_kind, deliver_to, received_on,"
                " coalesce(extended_on, due_on), from_on, to_on, purpose, wanted, fee_cents"
                f" FROM records_request WHERE id {_THESE}",
                ids,
            )
        }

    def _providers(self, ids: Iterable[int]) -> dict[int, ProviderFacts]:
        """Doctors; one without an address of her own has her organization’s."""
        return {
            row[0]: ProviderFacts(
                given=row[1],
                family=row[2],
                credential=row[3],
                specialty=row[4],
                npi=row[5],
                place=_place(row[6:11] if any(row[6:11]) else row[11:16], row[16], row[17]),
                organization=row[18],
            )
            for row in self._these(
                "SELECT v.id, v.given_name, v.family_name, v.credential, v.specialty, v.npi,"
                " v.line1, v.line2, v.city, v.state, v.postal_code,"
                " coalesce(o.line1, ''), coalesce(o.line2, ''), coalesce(o.city, ''),"
                " coalesce(o.state, ''), coalesce(o.postal_code, ''),"
                " coalesce(nullif(v.phone, ''), o.phone, ''),"
                " coalesce(nullif(v.fax, ''), o.fax, ''), coalesce(o.name, '')"
                " FROM provider v LEFT JOIN organization o ON o.id = v.organization_id"
                f" WHERE v.id {_THESE}",
                ids,
            )
        }

    def _these(self, sql: str, ids: Iterable[int | None], *values: str) -> list[tuple[Any, ...]]:
        """The rows of a query over these numbers, each once; nothing is asked where there are none."""
        wanted = sorted({number for number in ids if number})
        return self._db.rows(sql, (json.dumps(wanted), *values)) if wanted else []


_GONE_VISIT = (
    "This visit is no longer there.",
    "Its booking was undone.",
    "Redo the booking, or book it again, then write the letter.",
)
_GONE_RECALL = (
    "This recall is no longer there.",
    "Its making was undone.",
    "Redo it, then write the letter.",
)
_GONE_REFERRAL = (
    "This referral is no longer there.",
    "Its making was undone.",
    "Redo it, then write the letter.",
)
_GONE_REQUEST = (
    "This request for records is no longer there.",
    "Its making was undone.",
    "Redo it, then write the letter.",
)


def _found(
    rows: Mapping[int, _Matter], number: int | None, gone: tuple[str, str, str]
) -> _Matter | None:
    if number is None:
        return None
    if number not in rows:
        raise Conflict(*gone)
    return rows[number]


_Row = TypeVar("_Row")


def _grouped(rows: Iterable[tuple[int, _Row]]) -> dict[int, tuple[_Row, ...]]:
    found: dict[int, list[_Row]] = {}
    for number, row in rows:
        found.setdefault(number, []).append(row)
    return {number: tuple(of) for number, of in found.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _place(parts: Sequence[Any], phone: str | None = "", fax: str | None = "") -> Place:
    line1, line2, city, state, postal_code = (part or "" for part in parts)
    return Place(line1, line2, city, state, postal_code, phone=phone or "", fax=fax or "")
