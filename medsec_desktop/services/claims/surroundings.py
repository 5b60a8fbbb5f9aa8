"""What the scrubber may know beside a claim: payer, codes, coverage, leaves, earlier claims."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.scrubbing import Authorized, Billed, Surroundings
from medsec_desktop.services.claims.settings import PayerRuleDraft, payer_rule
from medsec_desktop.services.patients.authorizations import of_patient
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.store.database import Database


# How CMS words a code that says nothing by itself.
_UNLISTED = re.compile(
    r"not otherwise (classified|specified)|unclassified|unlisted|\bNOC\b|\bNOS\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which claim it is about, as its row knows it."""

    claim_id: int
    patient_id: int
    payer_id: int
    coverage_id: int | None
    rank: str
    way: str
    days: tuple[date, ...]  # of its services


@dataclass(frozen=True, slots=True)
class _Span:
    first: date | None
    last: date | None

    def holds_on(self, day: date) -> bool:
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day <= self.last)


@dataclass(slots=True)
class Offered:
    """The procedures of the practice and of HCPCS, read once for many claims."""

    own: dict[str, list[_Span]] = field(default_factory=dict)
    listed: dict[str, _Span] = field(default_factory=dict)
    units_at_most: dict[str, int] = field(default_factory=dict)
    marks: dict[str, frozenset[str]] = field(default_factory=dict)  # codes by what they need

    @classmethod
    def read(cls, db: Database) -> Offered:
        found = cls()
        marks: dict[str, set[str]] = defaultdict(set)
        names = ("spans", "referral", "authorization", "drug", "unlisted", "clia")
        for code, first, last, most, *said in db.rows(
            "SELECT code, starts_on, ends_on, units_at_most, is_spanning, needs_referrer,"
            " needs_authorization, needs_drug, is_unlisted, needs_clia FROM procedure WHERE is_active"
        ):
            found.own.setdefault(code, []).append(_Span(_day(first), _day(last)))
            if most is not None:
                found.units_at_most[code] = most
            for name, is_so in zip(names, said, strict=True):
                if is_so:
                    marks[name].add(code)
        for code, first, last, words in db.rows(
            "SELECT code, starts_on, ends_on, words FROM listed_code"
            " WHERE kind = 'hcpcs' AND is_active"
        ):
            found.listed[code] = _Span(_day(first), _day(last))
            if _UNLISTED.search(words):
                marks["unlisted"].add(code)
        found.marks = {name: frozenset(marks[name]) for name in names}
        return found

    def is_offered(self, code: str, on: date) -> bool | None:
        """Whether it may be billed on that day; None where neither list has it."""
        spans = self.own.get(code)
        if spans is None:
            listed = self.listed.get(code)
            return None if listed is None else listed.holds_on(on)
        return any(span.holds_on(on) for span in spans)


class SurroundingsBook:
    """Reads the surroundings of claims; made anew for each piece of work, as what it read is kept."""

    def __init__(self, db: Database, today: date, offered: Offered | None = None):
        """`offered` is what was read of the lists of procedures before."""
        from medsec_desktop.services.claims.diagnoses import diagnoses

        self._db = db
        offered = offered or Offered.read(db)
        marks = offered.marks
        listed = diagnoses()
        self._rules: dict[int, PayerRuleDraft] = {}
        self._everywhere = Surroundings(
            today,
            is_billable=listed.is_billable,
            is_manifestation=listed.is_manifestation,
            codes_reach=listed.release.reaches,
            is_offered=offered.is_offered,
            knows_codes=True,
            knows_procedures=bool(offered.own),
            units_at_most=offered.units_at_most,
            span_codes=marks["spans"],
            referral_codes=marks["referral"],
            authorization_codes=marks["authorization"],
            drug_codes=marks["drug"],
            unlisted_codes=marks["unlisted"],
            clia_codes=marks["clia"],
            clia=settings.read(
                settings.CLAIMS_CLIA,
                db.value("SELECT value FROM setting WHERE name = ?", (settings.CLAIMS_CLIA.name,)),
            ),
            crossing_payers=frozenset(
                number.upper()
                for (number,) in db.rows(
                    "SELECT y.payer_number FROM payer y JOIN payer_rule r ON r.payer_id = y.id"
                    " WHERE r.is_crossing_over"
                )
            ),
            payer_ids=frozenset(
                number.upper() for (number,) in db.rows("SELECT payer_number FROM payer")
            ),
        )

    def of(self, asked: Asked) -> Surroundings:
        """Everything the rules may know beside this claim."""
        db = self._db
        since, until = db.one(
            "SELECT starts_on, ends_on FROM coverage WHERE id = ?", (asked.coverage_id,)
        ) or (None, None)
        died, status, into = db.one(
            "SELECT deceased_on, status, merged_into_id FROM patient WHERE id = ?",
            (asked.patient_id,),
        ) or (None, "", None)
        rule = self._rule(asked.payer_id)
        correct_until, answered_on = self._to_correct(asked.claim_id)
        return replace(
            self._everywhere,
            payer=rule.for_scrubber(),
            covered_from=_day(since),
            covered_to=_day(until),
            authorizations=tuple(
                Authorized(row.number, row.starts_on, row.ends_on, row.used > row.allowed)
                for row in of_patient(db, asked.patient_id)
            ),
            billed=self._billed(asked),
            died_on=_day(died) if status == "deceased" and died and len(died) == 10 else None,
            is_merged=into is not None,
            is_on_paper=asked.way == "paper",
            correct_until=correct_until,
            answered_on=answered_on,
        )

    def _rule(self, payer_id: int) -> PayerRuleDraft:
        if payer_id not in self._rules:
            self._rules[payer_id] = payer_rule(self._db, payer_id)
        return self._rules[payer_id]

    def _to_correct(self, claim_id: int) -> tuple[date | None, date | None]:
        """Until when a claim that replaces or voids another may come, and from when that counts."""
        until, answered, made = self._db.one(
            "SELECT c.file_until_on, b.answered_on, substr(c.made_at, 1, 10) FROM claim c"
            " JOIN claim b ON b.id = c.replaces_claim_id WHERE c.id = ?",
            (claim_id,),
        ) or (None, None, None)
        return _day(until), _day(answered or made)

    def _billed(self, asked: Asked) -> tuple[Billed, ...]:
        """Lines of the same days on other claims of hers to a payer of that rank, that stand."""
        return tuple(
            Billed(code, tuple(modifiers.split()), date.fromisoformat(on), provider, number)
            for code, modifiers, on, provider, number in self._db.rows(
                "SELECT l.code, l.modifiers, l.from_on, l.provider_npi, c.number"
                " FROM claim c JOIN claim_line l ON l.claim_id = c.id"
                " WHERE c.patient_id = ? AND c.id <> ? AND c.rank = ?"
                " AND c.status NOT IN ('draft', 'void', 'replaced') AND c.frequency <> '8'"
                " AND l.from_on IN (SELECT value FROM json_each(?))",
                (
                    asked.patient_id,
                    asked.claim_id,
                    asked.rank,
                    json.dumps([day.isoformat() for day in asked.days]),
                ),
            )
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
