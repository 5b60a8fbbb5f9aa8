"""The people and places of a claim, as the files of the practice know them, in the words of a claim.

Read once for many claims where it is about the practice; a patient's own are read for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.claim import Address, Contact, Insured, Party, Reference
from medsec_desktop.domain.claims.claim import Patient as Treated
from medsec_desktop.exchange.person_text import split_name
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.claims.settings import PayerRuleDraft
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.store.database import Database

RELATIONS = {"self": "18", "spouse": "01", "child": "19", "other": "G8"}  # SBR02, PAT01
RANKS = {"primary": "P", "secondary": "S", "tertiary": "T"}  # SBR01
_HOME = (
    "SELECT line1, line2, city, state, postal_code, country FROM patient_address"
    " WHERE patient_id = ? AND kind <> 'former' AND (valid_from_on IS NULL OR valid_from_on <= ?2)"
    " AND (valid_to_on IS NULL OR valid_to_on >= ?2) ORDER BY position, id LIMIT 1"
)
_TAX_KINDS = ("EI", "SY")
_OTHER_KINDS = ("G2", "0B", "1G", "LU")


@dataclass(frozen=True, slots=True)
class Cover:
    """A coverage as a claim needs it: its own row, and who its payer is."""

    id: int
    payer_id: int
    rank: str  # P, S, T
    relation: str
    subscriber_name: str
    subscriber_patient_id: int | None
    subscriber_birth_on: date | None
    subscriber_sex: str
    subscriber_address: Address | None
    member_id: str
    group_number: str
    plan_name: str
    starts_on: date | None
    ends_on: date | None
    payer_name: str


class Parties:
    """Makes the parties of claims. What is about the practice is read once and kept."""

    def __init__(self, db: Database, practice: Practice):
        self._db = db
        self._practice = practice
        self._providers: dict[tuple[int, int], Party] = {}
        self._billing: dict[tuple[int | None, int], tuple[Party, Address | None]] = {}
        self._payers: dict[int, Party] = {}

    # -- who bills and who works ----------------------------------------------------------------

    def billing(self, provider_id: int | None, payer_id: int) -> tuple[Party, Address | None]:
        """Who bills this payer, and where payments go if elsewhere."""
        of_provider = self._practice.get(settings.CLAIMS_BILLER) == "provider"
        key = (provider_id if of_provider else None, payer_id)
        if key not in self._billing:
            self._billing[key] = self._make_billing(*key)
        return self._billing[key]

    def _make_billing(self, provider_id: int | None, payer_id: int) -> tuple[Party, Address | None]:
        get = self._practice.get
        profile = self._practice.profile()
        address = Address(
            profile.line1, profile.line2, profile.city, profile.state, digits(profile.postal_code)
        )
        contact = Contact(get(settings.CLAIMS_CONTACT) or profile.name, phone(profile.phone))
        if provider_id is None:
            numbers = self._numbers(payer_id, provider_id=None)
            taxes = [one for one in numbers if one.kind in _TAX_KINDS] or (
                [Reference(get(settings.CLAIMS_TAX_KIND), digits(profile.tax_id))]
                if profile.tax_id
                else []
            )
            party = Party(
                profile.name,
                id_kind="XX",
                id=profile.npi,
                address=address,
                references=(*taxes[:1], *self._others(numbers)),
                contact=contact,
                taxonomy=self._taxonomy(numbers) or get(settings.CLAIMS_TAXONOMY),
            )
        else:
            numbers = self._numbers(payer_id, provider_id=provider_id)
            taxes = [one for one in numbers if one.kind in _TAX_KINDS]
            if not taxes and profile.tax_id:
                taxes = [Reference(get(settings.CLAIMS_TAX_KIND), digits(profile.tax_id))]
            who = self.provider(provider_id, payer_id)
            party = replace(
                who,
                address=address,
                references=(*taxes[:1], *self._others(numbers)),
                contact=contact,
            )
        pay_to = None
        if get(settings.PAY_TO_LINE1):
            pay_to = Address(
                get(settings.PAY_TO_LINE1),
                "",
                get(settings.PAY_TO_CITY),
                get(settings.PAY_TO_STATE),
                digits(get(settings.PAY_TO_POSTAL_CODE)),
            )
        return party, pay_to

    def provider(self, provider_id: int, payer_id: int, *, with_address: bool = False) -> Party:
        """A provider of the practice or of the directory, with her numbers at this payer."""
        key = (provider_id, payer_id)
        if key not in self._providers:
            family, given, npi, taxonomy, *_ = self._provider_row(provider_id)
            numbers = self._numbers(payer_id, provider_id=provider_id)
            self._providers[key] = Party(
                family,
                given,
                is_person=True,
                id_kind="XX" if npi else "",
                id=npi,
                references=self._others(numbers),
                taxonomy=self._taxonomy(numbers) or taxonomy,
            )
        if not with_address:
            return self._providers[key]
        _, _, _, _, line1, line2, city, state, postal_code, tel = self._provider_row(provider_id)
        address = Address(line1, line2, city, state, digits(postal_code))
        if not line1:
            profile = self._practice.profile()
            address = Address(
                profile.line1, profile.line2, profile.city, profile.state,
                digits(profile.postal_code),
            )  # fmt: skip
        contact = Contact(phone=phone(tel)) if phone(tel) else None
        return replace(self._providers[key], address=address, contact=contact)

    def _provider_row(self, provider_id: int) -> tuple[Any, ...]:
        row = self._db.one(
            "SELECT family_name, given_name, npi, taxonomy, line1, line2, city, state, postal_code,"
            " phone FROM provider WHERE id = ?",
            (provider_id,),
        )
        assert row is not None, "a foreign key holds it"
        return tuple(row)

    def referrer(self, provider_id: int, payer_id: int) -> Party:
        """Who referred or supervised: a name and numbers, no specialty."""
        return _without_place(self.provider(provider_id, payer_id))

    def orderer(self, provider_id: int, payer_id: int) -> Party:
        """Who ordered: the same with an address, which the guide wants beside a line."""
        return _without_place(self.provider(provider_id, payer_id, with_address=True))

    def facility(self, organization_id: int, payer_id: int) -> Party:
        """Where it was done, if not at the practice's own address."""
        row = self._db.one(
            "SELECT name, npi, line1, line2, city, state, postal_code FROM organization WHERE id = ?",
            (organization_id,),
        )
        assert row is not None, "a foreign key holds it"
        name, npi, line1, line2, city, state, postal_code = row
        numbers = self._numbers(payer_id, organization_id=organization_id)
        return Party(
            name,
            id_kind="XX" if npi else "",
            id=npi,
            address=Address(line1, line2, city, state, digits(postal_code)),
            # A place has no UPIN (2310C REF01).
            references=tuple(one for one in self._others(numbers) if one.kind != "1G"),
        )

    def clia(self, organization_id: int | None) -> str:
        """The CLIA number of the laboratory: of the place, or of the practice."""
        of_place = self._db.value(
            "SELECT number FROM billing_number WHERE kind = 'X4' AND organization_id IS ?"
            " AND provider_id IS NULL ORDER BY id LIMIT 1",
            (organization_id,),
        )
        return of_place or (
            self._practice.get(settings.CLAIMS_CLIA) if organization_id is None else ""
        )

    def _numbers(
        self, payer_id: int, provider_id: int | None = None, organization_id: int | None = None
    ) -> list[Reference]:
        """Numbers known everywhere or at this payer, those of this payer first."""
        return [
            Reference(kind, number)
            for kind, number in self._db.rows(
                "SELECT kind, number FROM billing_number WHERE provider_id IS ?1"
                " AND organization_id IS ?2 AND (payer_id IS NULL OR payer_id = ?3)"
                " ORDER BY payer_id IS NULL, id",
                (provider_id, organization_id, payer_id),
            )
        ]

    @staticmethod
    def _others(numbers: Iterable[Reference]) -> tuple[Reference, ...]:
        """One of each kind; the first is the payer's own."""
        found: dict[str, Reference] = {}
        for one in numbers:
            if one.kind in _OTHER_KINDS:
                found.setdefault(one.kind, one)
        return tuple(found.values())

    @staticmethod
    def _taxonomy(numbers: Iterable[Reference]) -> str:
        return next((one.value for one in numbers if one.kind == "PXC"), "")

    # -- who pays -------------------------------------------------------------------------------

    def payer(self, rule: PayerRuleDraft) -> Party:
        """The payer, as its entry in the directory knows it."""
        if rule.payer_id not in self._payers:
            row = self._db.one(
                "SELECT name, payer_number, line1, line2, city, state, postal_code FROM payer"
                " WHERE id = ?",
                (rule.payer_id,),
            )
            assert row is not None, "a foreign key holds it"
            name, number, line1, line2, city, state, postal_code = row
            address = Address(line1, line2, city, state, digits(postal_code)) if line1 else None
            self._payers[rule.payer_id] = Party(
                name, id_kind=rule.number_kind if number else "", id=number, address=address
            )
        return self._payers[rule.payer_id]

    def insured(self, cover: Cover, filing: str, patient_id: int, on: date) -> Insured:
        """Who holds the policy, with her place in the plan; `relationship` as the patient has it."""
        if cover.relation == "self":
            treated = self.treated(patient_id, on)
            party, birth, sex = treated.party, treated.birth_on, treated.sex
        elif cover.subscriber_patient_id is not None:
            treated = self.treated(cover.subscriber_patient_id, on)
            party, birth, sex = treated.party, treated.birth_on, treated.sex
        else:
            name = split_name(cover.subscriber_name)
            party = Party(
                name.family,
                name.given,
                name.middle,
                name.suffix,
                is_person=True,
                address=cover.subscriber_address,
            )
            birth, sex = cover.subscriber_birth_on, cover.subscriber_sex or "U"
        return Insured(
            replace(party, id_kind="MI", id=bare(cover.member_id)),
            rank=cover.rank,
            relationship=RELATIONS.get(cover.relation, "G8"),
            group_number=cover.group_number,
            group_name=cover.plan_name,
            filing=filing,
            birth_on=birth,
            sex=sex,
        )

    def treated(self, patient_id: int, on: date) -> Treated:
        """A person of the files, at the address she had on that day."""
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_suffix, birth_date, sex FROM patient"
            " WHERE id = ?",
            (patient_id,),
        )
        assert row is not None, "a foreign key holds it"
        family, given, middle, suffix, born, sex = row
        at = self._db.one(_HOME, (patient_id, on.isoformat()))
        address = None
        if at is not None:
            line1, line2, city, state, postal_code, country = at
            address = Address(
                line1, line2, city,
                state if country in ("US", "CA") else "",  # no other country's states are named
                digits(postal_code) if country == "US" else postal_code,
                "" if country == "US" else country,
            )  # fmt: skip
        birth = date.fromisoformat(born) if born and len(born) == 10 else None
        party = Party(family, given, middle, suffix, is_person=True, address=address)
        return Treated(party, birth_on=birth, sex=sex)

    def covers(self, patient_id: int, on: date) -> tuple[Cover, ...]:
        """Her coverages that hold on a day, in the order they pay."""
        return tuple(
            _cover(*row)
            for row in self._db.rows(
                f"{_COVER} WHERE c.patient_id = ? AND (c.starts_on IS NULL OR c.starts_on <= ?2)"
                " AND (c.ends_on IS NULL OR c.ends_on >= ?2) ORDER BY CASE c.rank"
                " WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, c.id",
                (patient_id, on.isoformat()),
            )
        )

    def cover(self, coverage_id: int) -> Cover | None:
        """One of them; None where it is gone."""
        row = self._db.one(f"{_COVER} WHERE c.id = ?", (coverage_id,))
        return None if row is None else _cover(*row)


_COVER = (
    "SELECT c.id, c.payer_id, c.rank, c.subscriber_relation, c.subscriber_name,"
    " c.subscriber_patient_id, c.subscriber_birth_on, c.subscriber_sex, c.subscriber_line1,"
    " c.subscriber_line2, c.subscriber_city, c.subscriber_state, c.subscriber_postal_code,"
    " c.member_id, c.group_number, c.plan_name, c.starts_on, c.ends_on, y.name"
    " FROM coverage c JOIN payer y ON y.id = c.payer_id"
)


def _cover(
    coverage_id: int, payer_id: int, rank: str, relation: str, name: str, patient_id: int | None,
    born: str | None, sex: str, line1: str, line2: str, city: str, state: str, postal_code: str,
    member_id: str, group_number: str, plan_name: str, since: str | None, until: str | None,
    payer_name: str,
) -> Cover:  # fmt: skip
    address = Address(line1, line2, city, state, digits(postal_code)) if line1 else None
    return Cover(
        coverage_id, payer_id, RANKS.get(rank, "P"), relation, name, patient_id, _day(born), sex,
        address, member_id, group_number, plan_name, _day(since), _day(until), payer_name,
    )  # fmt: skip


def _without_place(party: Party) -> Party:
    """Without a specialty, and without a location’s number, which those who did no service have not."""
    numbers = tuple(one for one in party.references if one.kind != "LU")
    return replace(party, taxonomy="", references=numbers)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def digits(text: str) -> str:
    """A ZIP code or tax id without its hyphen."""
    return re.sub(r"[\s-]", "", text)


def bare(text: str) -> str:
    """A member number as payers take it: no blanks, no hyphens."""
    return re.sub(r"[\s-]", "", text).upper()


def phone(text: str) -> str:
    """The ten digits of a number of the United States; '' for any other."""
    found = re.sub(r"\D", "", text)
    if len(found) == 11 and found.startswith("1"):
        found = found[1:]
    return found if len(found) == 10 else ""
