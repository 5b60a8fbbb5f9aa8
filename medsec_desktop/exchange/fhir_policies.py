"""FHIR R4: people around patients, policies, and visits, read as records.

Source: HL7 FHIR R4 (4.0.1): RelatedPerson, Coverage, Encounter, Appointment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from medsec_desktop.exchange.fhir_people import (
    Referred,
    Resource,
    addresses_of,
    as_dict,
    as_list,
    as_text,
    codes,
    day_of,
    moment_of,
    names_of,
    referred,
    telecoms_of,
    words,
    written,
)
from medsec_desktop.exchange.fhir_readers import PersonReaders, needed, relation_in
from medsec_desktop.exchange.quarantine import Origin, Unreadable
from medsec_desktop.exchange.records import (
    Address,
    AppointmentRecord,
    CoverageRecord,
    RelatedRecord,
    VisitRecord,
)

_SUBSCRIBER = {"self": "self", "spouse": "spouse", "common": "spouse", "child": "child"}
_RANKS = {1: "primary", 2: "secondary", 3: "tertiary"}
_VISIT_KINDS = {"AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "ACUTE": "inpatient",
                "HH": "home", "VR": "virtual", "SS": "ambulatory", "OBSENC": "observation"}  # fmt: skip
_NOWHERE = Address()
_GONE = ("entered-in-error",)


class Readers(PersonReaders):
    """Everything that is read of a FHIR file."""

    # -- people around, policies ---------------------------------------------------------------

    def related(self, origin: Origin, key: str, of: Resource) -> RelatedRecord:
        del key  # people around are known by their name
        patient = referred(self._rows, of, of.get("patient"), "Patient").key
        roles = [code for concept in as_list(of.get("relationship")) for code in codes(concept)]
        reached = telecoms_of(of.get("telecom"), self._today)
        notes: list[str] = []
        return RelatedRecord(
            origin,
            needed(patient, "patient"),
            written(names_of(of.get("name"), self._today).legal)[:120],
            relation=next(
                (found for r in as_list(of.get("relationship")) if (found := relation_in(r))), ""
            )[:40],
            phone=reached.phones[0].number if reached.phones else "",
            email=reached.emails[0] if reached.emails else "",
            birth_on=day_of(of.get("birthDate"), "birthDate"),
            address=next(addresses_of(of.get("address"), self._today, notes), Address()),
            is_emergency_contact="C" in roles,
            is_next_of_kin="N" in roles,
            notes=tuple(notes),
        )

    def coverage(self, origin: Origin, key: str, of: Resource) -> CoverageRecord:
        del key
        status = as_text(of.get("status"))
        if status in _GONE or status == "draft":
            raise Unreadable(f"Its status is “{status}”, so it does not hold.", "status")
        patient = referred(self._rows, of, of.get("beneficiary"), "Patient").key
        period = as_dict(of.get("period"))
        starts, ends = day_of(period.get("start"), "period"), day_of(period.get("end"), "period")
        if starts and ends and ends < starts:
            raise Unreadable(f"It ends on {ends}, before it begins on {starts}.", "period")
        if status == "cancelled" and ends is None:
            raise Unreadable("It is cancelled, and nothing says since when.", "status")
        payers = [referred(self._rows, of, one, "Organization") for one in as_list(of.get("payor"))]
        payer = next(iter(payers), Referred())
        name = payer.display
        if payer.contained is not None:
            name = as_text(payer.contained.get("name")) or name
        if payer.kind in ("Patient", "RelatedPerson"):
            name, payer = "self-pay", Referred()
        classes = {
            code: as_dict(one)
            for one in as_list(of.get("class"))
            for code in codes(as_dict(one).get("type"))
        }
        order = of.get("order")
        holder = self._subscriber(of, patient)
        return CoverageRecord(
            origin,
            patient=needed(patient, "beneficiary"),
            payer=payer.key,
            payer_name="" if payer.key else needed(name, "payor")[:120],
            member_id=self._member_id(of),
            rank=_RANKS.get(order if isinstance(order, int) else 1, "tertiary"),
            plan_name=_class_words(classes.get("plan")) or _class_words(classes.get("subplan")),
            group_number=as_text(as_dict(classes.get("group")).get("value")),
            copay_cents=_copay(of),
            starts_on=starts,
            ends_on=ends,
            relation=holder.relation,
            subscriber_name=holder.name[:120],
            subscriber=holder.key,
            subscriber_birth_on=holder.birth_on,
            subscriber_sex=holder.sex,
            subscriber_address=holder.address,
        )

    @staticmethod
    def _member_id(of: Resource) -> str:
        plain = as_text(of.get("subscriberId"))
        if plain:
            dependent = as_text(of.get("dependent"))
            return f"{plain}-{dependent}" if dependent and dependent.isdigit() else plain
        for one in as_list(of.get("identifier")):
            if value := as_text(as_dict(one).get("value")):
                return value
        return ""

    def _subscriber(self, of: Resource, patient: str) -> _Subscriber:
        """Who holds the policy, who need not be the patient: name, birth, sex and where she lives."""
        relation = next(
            (_SUBSCRIBER.get(code, "other") for code in codes(of.get("relationship"))), ""
        )
        found = referred(self._rows, of, of.get("subscriber"), "Patient", "RelatedPerson")
        is_told = bool(found.key or found.contained or found.display)
        if (found.key and found.key == patient) or relation == "self" or not (relation or is_told):
            return _Subscriber("self")
        relation = relation or "other"
        around = self._rows.around.get(found.key)
        person = found.contained if found.contained is not None else around
        if person is not None and person.get("name"):
            return _Subscriber(
                relation,
                written(names_of(person.get("name"), self._today).legal),
                birth_on=day_of(person.get("birthDate"), "subscriber"),
                sex={"female": "F", "male": "M"}.get(as_text(person.get("gender")), ""),
                address=next(addresses_of(person.get("address"), self._today, []), Address()),
            )
        name = self._rows.names.get(found.key, found.display)
        if not name:
            raise Unreadable("It does not say who the subscriber is.", "subscriber")
        return _Subscriber(relation, name, found.key)

    # -- visits --------------------------------------------------------------------------------

    def visit(self, origin: Origin, key: str, of: Resource) -> VisitRecord:
        status = as_text(of.get("status"))
        if status in (*_GONE, "cancelled", "planned"):
            raise Unreadable(f"Its status is “{status}”: it did not take place.", "status")
        period = as_dict(of.get("period"))
        starts = self._wall(moment_of(needed(as_text(period.get("start")), "period"), "period"))
        minutes = 0
        if as_text(period.get("end")):
            ends = self._wall(moment_of(period.get("end"), "period"))
            minutes = max(0, round((ends - starts).total_seconds() / 60))
        doctor = ""
        for one in as_list(of.get("participant")):
            found = referred(self._rows, of, as_dict(one).get("individual"), "Practitioner")
            if found.key and not doctor:
                doctor = found.key
        code = as_text(as_dict(of.get("class")).get("code"))
        return VisitRecord(
            origin,
            key,
            patient=needed(referred(self._rows, of, of.get("subject"), "Patient").key, "subject"),
            starts_at=starts,
            duration_min=minutes,
            provider=doctor,
            organization=referred(self._rows, of, of.get("serviceProvider"), "Organization").key,
            kind=_VISIT_KINDS.get(code, code.lower()),
            description=next((words(one) for one in as_list(of.get("type")) if words(one)), "")[
                :200
            ],
        )

    def appointment(self, origin: Origin, key: str, of: Resource) -> AppointmentRecord:
        status = as_text(of.get("status"))
        if status in (*_GONE, "proposed", "waitlist"):
            raise Unreadable(f"Its status is “{status}”: it is not agreed on.", "status")
        starts = self._wall(moment_of(needed(as_text(of.get("start")), "start"), "start"))
        minutes = of.get("minutesDuration")
        if as_text(of.get("end")):
            ends = self._wall(moment_of(of.get("end"), "end"))
            minutes = round((ends - starts).total_seconds() / 60)
        if not isinstance(minutes, int) or not 1 <= minutes <= 24 * 60:
            raise Unreadable("It has no end, or ends before it begins.", "end")
        if (starts + timedelta(minutes=minutes)).date() > starts.date() and (
            starts + timedelta(minutes=minutes)
        ).time() != datetime.min.time():
            raise Unreadable("It runs past midnight; a visit ends on the day it begins.", "end")
        patient = doctor = doctor_name = ""
        for one in as_list(of.get("participant")):
            found = referred(
                self._rows, of, as_dict(one).get("actor"), "Patient", "Practitioner", "Location"
            )
            if found.kind == "Patient":
                patient = patient or found.key
            elif found.kind in ("Practitioner", "PractitionerRole"):
                doctor, doctor_name = doctor or found.key, doctor_name or found.display
        kinds = [of.get("appointmentType"), *as_list(of.get("serviceType"))]
        return AppointmentRecord(
            origin,
            key,
            patient=needed(patient, "participant"),
            starts_at=starts,
            duration_min=minutes,
            provider=doctor,
            provider_name=doctor_name,
            kind=next((words(one) for one in kinds if words(one)), ""),
            reason=as_text(of.get("description")) or as_text(of.get("comment")),
            is_cancelled=status in ("cancelled", "noshow"),
        )

    def _wall(self, moment: datetime) -> datetime:
        """An instant as the clinic's clock showed it."""
        if moment.tzinfo is None:
            return moment.replace(second=0, microsecond=0)
        if not 1900 <= moment.year <= 2200:
            raise Unreadable(f"The year {moment.year} is not plausible.")
        try:
            there = moment.astimezone(self._zone)
        except (OSError, OverflowError):  # Windows knows no local time before 1970
            there = moment.astimezone(UTC)
        return there.replace(tzinfo=None, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class _Subscriber:
    """Who holds a policy; `key` where it is a patient of the file."""

    relation: str
    name: str = ""
    key: str = ""
    birth_on: date | None = None
    sex: str = ""
    address: Address = _NOWHERE


def _class_words(one: Resource | None) -> str:
    return as_text(as_dict(one).get("name")) or as_text(as_dict(one).get("value"))


def _copay(of: Resource) -> int | None:
    for one in as_list(of.get("costToBeneficiary")):
        cost = as_dict(one)
        if {"copay", "gpvisit", "copayamount"} & {code.lower() for code in codes(cost.get("type"))}:
            value = as_dict(cost.get("valueMoney")).get("value")
            if isinstance(value, int | float) and 0 <= value < 100_000:
                return round(value * 100)
    return None
