"""The demo clinic's 3,000 patients, household by household: a family shares an address and a plan."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from medsec_desktop.domain.people import fold
from medsec_desktop.services.demo.names import (
    AREA_CODES,
    EMPLOYERS,
    NICKNAMES,
    ORIGINS,
    STATE,
    STREETS,
    VILLAGES,
    Origin,
)

Fields = dict[str, Any]
_COMMERCIAL, _MEDICARE, _MEDICAID, _SUPPLEMENT = (1, 2, 3), 4, 5, 6
_PLANS = {1: "Family Choice PPO", 2: "Harbor HMO", 3: "Community Silver", 4: "Part B",
          5: "Standard", 6: "Plan G"}  # fmt: skip
_COPAYS = {1: 2500, 2: 3000, 3: 1500, 4: None, 5: 0, 6: None}
_HMO = 2
_DEDUCTIBLES = {
    1: "$1,500 a year for the family",
    3: "$500 a year, met in May",
    4: "Part B deductible",
}
_PEDIATRICIAN = 3
_FIRST_CHART_NUMBER = 100_001
_ALERTS = (
    "Wheelchair: book Room 1, next to the entrance.",
    "Hard of hearing. Speak face to face; call the relay service.",
    "Prefers visits after 3 PM.",
    "Please do not leave messages with the family.",
    "Another patient bears the same name: ask for the date of birth.",
    "Balance open: let billing know on arrival.",
    "A service dog comes along.",
    "School form waits at the desk for signature.",
    "New insurance card to be copied at the next visit.",
    "Call the daughter with appointment changes.",
)
_ALLERGIES = ("Penicillin", "Latex", "Peanuts", "Iodine contrast", "Bee stings")
_RISKS = ("Falls: walk along to the room", "Faints at the sight of needles")
_REFERRING = (5, 6, 7, 8)  # the physicians elsewhere
_NOTES = (
    "Likes to be called a day before.",
    "Comes by the 9:40 ferry from Quillport.",
    "Works nights; best reached in the afternoon.",
    "Moves to Old Marrow next spring.",
    "Asks for printed directions.",
)
_RELATIVES = ("sister", "brother", "daughter", "son", "friend", "neighbor", "mother", "father")


@dataclass(slots=True)
class Person:
    """One invented patient while her rows are being written."""

    id: int
    origin: Origin
    family: str
    given: str
    sex: str
    age: int
    born: date
    since: date  # when she joined the practice
    provider_id: int
    payer_id: int | None = None
    status: str = "active"
    until: date | None = None  # from when on nothing is booked for her
    mobile: str = ""

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(slots=True)
class Files:
    """The rows of all patients' files, table by table, and the people for the calendar."""

    people: list[Person] = field(default_factory=list)
    patient: list[Fields] = field(default_factory=list)
    patient_phone: list[Fields] = field(default_factory=list)
    patient_address: list[Fields] = field(default_factory=list)
    related_person: list[Fields] = field(default_factory=list)
    coverage: list[Fields] = field(default_factory=list)
    patient_alert: list[Fields] = field(default_factory=list)


def invent(count: int, today: date, seed: int) -> Files:
    """The files of `count` people as of `today`; the same for the same seed and day."""
    return _Registry(count, today, random.Random(seed)).filled()


class _Registry:
    def __init__(self, count: int, today: date, chance: random.Random):
        self._count = count
        self._today = today
        self._chance = chance
        # What came later has a die of its own, so that the people stay who they were.
        self._other = random.Random(count)
        self._files = Files()
        self._numbers = self._phone_numbers()

    def filled(self) -> Files:
        while len(self._files.people) < self._count:
            self._household()
        return self._files

    # -- one household ------------------------------------------------------------------------

    def _household(self) -> None:
        chance = self._chance
        origin = chance.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
        family = chance.choice(origin.families)
        if chance.random() < 0.06:
            family += "-" + chance.choice(ORIGINS[0].families)
        size = min(
            chance.choices((1, 2, 3, 4, 5), (38, 27, 14, 14, 7))[0],
            self._count - len(self._files.people),
        )
        parents = 1 if size == 1 or chance.random() < 0.25 else 2
        first = len(self._files.people)
        eldest = chance.randint(19, 94) if size == parents else chance.randint(24, 58)
        called: set[str] = set()
        for place in range(size):
            if place == 0:
                age = eldest
            elif place < parents:
                age = max(19, min(97, eldest + chance.randint(-7, 5)))
            else:
                age = min(22, max(0, eldest - chance.randint(21, 40)))
            self._person(origin, family, age, called, is_spouse=0 < place < parents)
        members = self._files.people[first:]
        adults, children = members[:parents], members[parents:]
        self._write_patients(members)
        self._write_addresses(members)
        self._write_phones(adults, children)
        self._write_people_around(adults, children)
        self._write_coverages(adults, children)

    def _person(
        self, origin: Origin, family: str, age: int, called: set[str], *, is_spouse: bool
    ) -> None:
        """One of a household, whose members are not called alike: `called` has their given names."""
        chance, today = self._chance, self._today
        if is_spouse and chance.random() < 0.25:
            other = chance.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
            family = chance.choice(other.families)
        sex = chance.choice("FM") if chance.random() < 0.996 else "U"
        names = origin.women if sex == "F" else origin.men
        given = chance.choice([name for name in names if name not in called] or names)
        called.add(given)
        born = today - timedelta(days=age * 365 + age // 4 + chance.randrange(360))
        # A third joined within the two years that the calendar shows.
        days = chance.randrange(20, 700) if chance.random() < 0.33 else chance.randrange(731, 4000)
        since = max(born, today - timedelta(days=days))
        provider_id = _PEDIATRICIAN if age < 18 else chance.choices((1, 2, 4), (4, 3, 3))[0]
        person = Person(
            len(self._files.people) + 1, origin, family, given, sex, age, born, since, provider_id
        )
        self._retire(person)
        self._files.people.append(person)

    def _retire(self, person: Person) -> None:
        """Some moved away, some died; nothing is booked for them after."""
        chance = self._chance
        draw = chance.random()
        ago = self._today - timedelta(days=chance.randrange(15, 640))
        if person.age > 68 and draw < 0.12:
            person.status, person.until = "deceased", max(ago, person.since)
        elif draw > 0.925:
            person.status, person.until = "inactive", max(ago, person.since)
        elif draw > 0.915:
            person.status, person.until = "archived", max(ago, person.since)

    # -- its rows -----------------------------------------------------------------------------

    def _write_patients(self, members: list[Person]) -> None:
        self._files.patient.extend(self._patient_fields(person) for person in members)
        for person in members:
            if person.status == "active" and self._chance.random() < 0.1:
                text, kind = self._chance.choice(_ALERTS), "note"
                if self._other.random() < 0.35:
                    kind = self._other.choice(("allergy", "allergy", "risk"))
                    text = self._other.choice(_ALLERGIES if kind == "allergy" else _RISKS)
                ends = self._chance.randrange(5, 200) if self._chance.random() < 0.3 else None
                self._files.patient_alert.append(
                    {
                        "patient_id": person.id,
                        "text": text,
                        "kind": kind,
                        "is_shown_on_billing": "balance" in text.lower(),
                        "is_shown_on_selection": True,
                        "is_shown_on_booking": "balance" not in text.lower(),
                        "expires_on": ends and (self._today + timedelta(days=ends)).isoformat(),
                    }
                )

    def _patient_fields(self, person: Person) -> Fields:
        chance, adult = self._chance, person.age >= 18
        pool = person.origin.women if person.sex == "F" else person.origin.men
        middle = chance.choice(pool)
        nickname = NICKNAMES.get(person.given, "")
        draw = chance.random()
        pronouns = {"F": "she/her", "M": "he/him", "U": "they/them"}[person.sex]
        speaks = person.origin.language if chance.random() < 0.4 else "en"
        birth, is_estimated = person.born.isoformat(), False
        if draw < 0.004:
            birth, is_estimated = birth[:4], True
        elif draw < 0.007:
            birth = birth[:7]
        return {
            "id": person.id,
            "chart_number": str(_FIRST_CHART_NUMBER + person.id - 1),
            "family_name": person.family,
            "given_name": person.given,
            "middle_name": middle if chance.random() < 0.3 and middle != person.given else "",
            "name_prefix": chance.choice(("Dr.", "Rev.", "Prof.")) if adult and draw > 0.99 else "",
            "name_suffix": chance.choice(("Jr.", "III"))
            if person.sex == "M" and draw > 0.96
            else "",
            "preferred_name": nickname if nickname and chance.random() < 0.6 else "",
            "former_name": chance.choice(person.origin.families)
            if adult and person.sex == "F" and chance.random() < 0.1
            else "",
            "pronouns": pronouns if person.sex == "U" or chance.random() < 0.15 else "",
            "sex": person.sex,
            "gender": "non-binary" if person.sex == "U" else "",
            "birth_date": birth,
            "is_birth_estimated": is_estimated,
            # The last four only: none that could be somebody's.
            "ssn": f"{chance.randrange(10_000):04}" if chance.random() < 0.4 else "",
            "marital_status": self._marital_status(person),
            "language": speaks,
            "needs_interpreter": speaks != "en" and chance.random() < 0.3,
            "email": self._email(person) if adult and chance.random() < 0.55 else "",
            "contact_preference": chance.choice(("phone", "phone", "text", "email", "mail", ""))
            if adult
            else "",
            "status": person.status,
            "deceased_on": person.until.isoformat()
            if person.until and person.status == "deceased"
            else None,
            "primary_provider_id": person.provider_id,
            "note": chance.choice(_NOTES) if chance.random() < 0.03 else "",
            **self._later_fields(person),
        }

    def _later_fields(self, person: Person) -> Fields:
        other, works = self._other, 22 < person.age < 66
        has_work = works and other.random() < 0.4
        return {
            "employer": other.choice(EMPLOYERS) if has_work else "",
            "employer_phone": f"+161755501{other.randrange(100):02}"
            if has_work and other.random() < 0.5
            else "",
            "is_not_to_contact": other.random() < 0.008,
            "referring_provider_id": other.choice(_REFERRING) if other.random() < 0.08 else None,
        }

    def _marital_status(self, person: Person) -> str:
        if person.age < 20:
            return ""
        if person.age > 75 and self._chance.random() < 0.4:
            return "widowed"
        return self._chance.choice(("single", "married", "married", "partnered", "divorced", ""))

    def _email(self, person: Person) -> str:
        local = fold(f"{person.given}.{person.family}".replace(".", " ")).replace(" ", ".")
        local = "".join(sign for sign in local if sign.isascii()).strip(".")
        return f"{local}{person.id % 90 + 10}@mail.example"

    def _write_addresses(self, members: list[Person]) -> None:
        chance = self._chance
        home, former = self._address(), self._address()
        is_new_here = chance.random() < 0.07
        moved = (self._today - timedelta(days=chance.randrange(60, 900))).isoformat()
        box = chance.randrange(1, 900) if chance.random() < 0.04 else 0
        for person in members:
            rows = [home | {"kind": "home", "valid_from_on": moved if is_new_here else None}]
            if box:
                rows.append(home | {"kind": "mailing", "line1": f"PO Box {box}", "line2": ""})
            if is_new_here:
                rows.append(former | {"kind": "former", "valid_to_on": moved})
            for position, row in enumerate(rows):
                ends = {"valid_from_on": None, "valid_to_on": None}
                self._files.patient_address.append(
                    ends | row | {"patient_id": person.id, "position": position}
                )

    def _address(self) -> Fields:
        chance = self._chance
        city, postal_code = chance.choices(VILLAGES, (30, 30, 12, 12, 8, 8))[0]
        return {
            "line1": f"{chance.randrange(1, 420)} {chance.choice(STREETS)}",
            "line2": f"Apt {chance.randrange(1, 40)}{chance.choice('ABCD')}"
            if chance.random() < 0.22
            else "",
            "city": city,
            "state": STATE,
            "postal_code": postal_code,
            "country": "US",
        }

    def _write_phones(self, adults: list[Person], children: list[Person]) -> None:
        chance = self._chance
        landline = next(self._numbers) if chance.random() < 0.35 else ""
        for person in (*adults, *children):
            rows: list[tuple[str, str, str]] = []
            if person in children:
                rows.append(("mobile", adults[0].mobile, adults[0].given))
            elif chance.random() < 0.87:
                person.mobile = next(self._numbers)
                rows.append(("mobile", person.mobile, ""))
            if landline:
                rows.append(("home", landline, ""))
            if person in adults and 22 < person.age < 66 and chance.random() < 0.15:
                rows.append(("work", next(self._numbers), chance.choice(EMPLOYERS)))
            for position, (kind, number, note) in enumerate(row for row in rows if row[1]):
                self._files.patient_phone.append(
                    {
                        "patient_id": person.id,
                        "kind": kind,
                        "number": number,
                        "may_leave_message": kind != "work" and chance.random() < 0.9,
                        "note": note,
                        "position": position,
                    }
                )

    def _phone_numbers(self) -> Iterator[str]:
        """Every number that stories may use around here, in mixed order, then once more."""
        numbers = [f"+1{area}55501{last:02}" for area in AREA_CODES for last in range(100)]
        while True:
            self._chance.shuffle(numbers)
            yield from numbers

    def _write_people_around(self, adults: list[Person], children: list[Person]) -> None:
        chance = self._chance
        for person in adults:
            others = [each for each in adults if each is not person]
            if others and others[0].status != "deceased":
                self._around(person, others[0].full, "spouse", others[0], is_next_of_kin=True)
            elif chance.random() < 0.7:
                relation = chance.choice(_RELATIVES)
                pool = person.origin.women if relation in ("sister", "daughter", "mother") else (
                    person.origin.men
                )  # fmt: skip
                self._around(
                    person,
                    f"{chance.choice(pool)} {person.family}",
                    relation,
                    None,
                    is_next_of_kin=relation not in ("friend", "neighbor"),
                )
        for child in children:
            for place, parent in enumerate(adults):
                relation = "mother" if parent.sex == "F" else "father"
                if parent.sex == "U":
                    relation = "parent"
                self._around(
                    child, parent.full, relation, parent, place,
                    is_next_of_kin=True, is_guarantor=place == 0,
                )  # fmt: skip
                back = {"F": "daughter", "M": "son"}.get(child.sex, "child")
                self._around(parent, child.full, back, child, 1 + place, is_to_call=False)

    def _around(
        self,
        person: Person,
        name: str,
        relation: str,
        linked: Person | None,
        position: int = 0,
        *,
        is_next_of_kin: bool = False,
        is_guarantor: bool = False,
        is_to_call: bool = True,
    ) -> None:
        self._files.related_person.append(
            {
                "patient_id": person.id,
                "relation": relation,
                "name": name,
                "phone": linked.mobile if linked else next(self._numbers),
                "linked_patient_id": linked.id if linked else None,
                "is_emergency_contact": is_to_call,
                "is_next_of_kin": is_next_of_kin,
                "is_guarantor": is_guarantor,
                "position": position,
            }
        )

    def _write_coverages(self, adults: list[Person], children: list[Person]) -> None:
        chance = self._chance
        draw = chance.random()
        payer = chance.choice(_COMMERCIAL) if draw < 0.8 else _MEDICAID
        member, group = chance.randrange(10**8, 10**9), f"G{chance.randrange(1000, 9999)}"
        for place, person in enumerate((*adults, *children)):
            if person.age >= 65:
                number = _medicare_number(chance.randrange(1, 10), person.id)
                self._covered(person, _MEDICARE, number, "")
                if chance.random() < 0.45:
                    self._covered(person, _SUPPLEMENT, f"GL{person.id:07}", "", rank="secondary")
            elif draw < 0.94:  # the rest pay for themselves
                holder = adults[0] if payer != _MEDICAID else person
                relation = "self"
                if holder is not person and holder.age < 65:
                    relation = "spouse" if person in adults else "child"
                self._covered(
                    person, payer, f"L{payer}{member}-{place + 1:02}", group,
                    relation=relation, holder=holder if relation != "self" else None,
                )  # fmt: skip

    def _covered(
        self,
        person: Person,
        payer: int,
        member_id: str,
        group: str,
        *,
        rank: str = "primary",
        relation: str = "self",
        holder: Person | None = None,
    ) -> None:
        chance = self._chance
        begun = date(self._today.year - chance.randrange(0, 5), 1, 1)
        begun = max(begun, person.born)
        row = {
            "patient_id": person.id,
            "payer_id": payer,
            "rank": rank,
            "plan_name": _PLANS[payer],
            "member_id": member_id,
            "group_number": group,
            "subscriber_relation": relation,
            "subscriber_name": holder.full if holder else "",
            "subscriber_patient_id": holder.id if holder else None,
            "copay_cents": _COPAYS[payer],
            "starts_on": begun.isoformat(),
            "ends_on": None,
            "verified_on": self._verified_on(begun),
            "deductible_note": _DEDUCTIBLES.get(payer, "") if person.id % 3 == 0 else "",
            "needs_referral": int(payer == _HMO and person.id % 20 == 0),
            "needs_authorization": int(payer == _HMO and person.id % 24 == 0),
        }
        self._files.coverage.append(row)
        if rank == "primary":
            person.payer_id = payer
        if rank == "primary" and payer in _COMMERCIAL and chance.random() < 0.2:
            earlier = payer % len(_COMMERCIAL) + 1
            starts = max(person.born, begun - timedelta(days=730))
            ends = begun - timedelta(days=1)
            if starts < ends:
                self._files.coverage.append(
                    row
                    | {
                        "payer_id": earlier,
                        "plan_name": _PLANS[earlier],
                        "member_id": f"L{earlier}{chance.randrange(10**8, 10**9)}",
                        "copay_cents": _COPAYS[earlier],
                        "starts_on": starts.isoformat(),
                        "ends_on": ends.isoformat(),
                        "verified_on": starts.isoformat(),
                    }
                )

    def _verified_on(self, begun: date) -> str | None:
        """When somebody last asked the payer whether it holds: lately for most, for some never."""
        draw = self._chance.random()
        if draw > 0.96:
            return None
        days = self._chance.randrange(1, 26) if draw < 0.86 else self._chance.randrange(40, 400)
        return max(begun, self._today - timedelta(days=days)).isoformat()


def _medicare_number(first: int, person: int) -> str:
    """Eleven places in the order in which Medicare’s numbers have letters and digits."""
    digits = f"{person % 100_000:05}"
    return f"{first}DM{digits[0]}D{digits[1:3]}MA{digits[3:]}"
