"""Who in a batch of foreign records seems to be on file already."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from medsec_desktop.domain.matching import Likeness, Traits, likeness
from medsec_desktop.domain.people import PartialDate, PersonName, fold
from medsec_desktop.domain.places import Place, place_of
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.store.database import Database

# Near enough for a search that asks the person typing; an import asks only where it is likely.
_LIKELY = 70


@dataclass(frozen=True, slots=True)
class OnFile:
    """A patient here, as much of her as is compared and shown."""

    id: int
    name: PersonName
    chart_number: str
    traits: Traits

    @property
    def shown(self) -> str:
        return f"{self.name.listed}, chart {self.chart_number}"


class LookAlikes:
    """Finds, for records that are new, the patients from elsewhere they may be.

    Candidates share a date of birth and a name, both names, or the social security number; the same
    rules that warn at registration then say how alike they are. Patients from the same source are
    recognised by their id and never compared.
    """

    def __init__(self, db: Database, source: str):
        self._db = db
        self._sources = (source, f"attached:{source}")
        self._by_ssn: dict[str, list[int]] | None = None

    def of(
        self, records: Sequence[PatientRecord]
    ) -> Iterator[tuple[PatientRecord, OnFile, Likeness]]:
        """The likeliest patient on file for each record that has one."""
        candidates = self._candidates(records)
        on_file = self._on_file({patient_id for ids in candidates.values() for patient_id in ids})
        for record in records:
            mine = traits_of(record)
            best: tuple[OnFile, Likeness] | None = None
            for patient_id in sorted(candidates.get(record.external_id, ())):
                found = likeness(mine, on_file[patient_id].traits)
                if found.score >= _LIKELY and (best is None or found.score > best[1].score):
                    best = on_file[patient_id], found
            if best is not None:
                yield record, *best

    def _candidates(self, records: Iterable[PatientRecord]) -> dict[str, set[int]]:
        wanted = json.dumps(
            [
                [record.external_id, fold(record.family), fold(record.given), record.birth_date]
                for record in records
            ]
        )
        found: dict[str, set[int]] = defaultdict(set)
        for rule in (
            "s.birth_date = json_extract(j.value, '$[3]') AND s.birth_date <> ''"
            " AND (s.family = json_extract(j.value, '$[1]')"
            " OR s.given = json_extract(j.value, '$[2]'))",
            "s.family = json_extract(j.value, '$[1]') AND s.given = json_extract(j.value, '$[2]')",
        ):
            for external_id, patient_id in self._db.rows(
                "SELECT json_extract(j.value, '$[0]'), s.patient_id"
                f" FROM json_each(?) j CROSS JOIN patient_search s ON {rule}"
                " JOIN patient p ON p.id = s.patient_id"
                " WHERE p.external_source IS NULL OR p.external_source NOT IN (?, ?)",
                (wanted, *self._sources),
            ):
                found[external_id].add(patient_id)
        for record in records:
            for patient_id in self._with_ssn().get(record.ssn, ()) if len(record.ssn) == 9 else ():
                found[record.external_id].add(patient_id)
        return found

    def _with_ssn(self) -> dict[str, list[int]]:
        if self._by_ssn is None:
            self._by_ssn = defaultdict(list)
            for patient_id, ssn in self._db.rows(
                "SELECT id, ssn FROM patient WHERE length(ssn) = 9 AND merged_into_id IS NULL"
                " AND (external_source IS NULL OR external_source NOT IN (?, ?))",
                self._sources,
            ):
                self._by_ssn[ssn].append(patient_id)
        return self._by_ssn

    def _on_file(self, ids: set[int]) -> dict[int, OnFile]:
        chosen = (json.dumps(sorted(ids)),)
        addresses: dict[int, set[Place]] = defaultdict(set)
        for patient_id, *lines in self._db.rows(
            "SELECT patient_id, line1, line2, city, postal_code FROM patient_address"
            " WHERE patient_id IN (SELECT value FROM json_each(?)) AND line1 <> ''",
            chosen,
        ):
            addresses[patient_id].add(place_of(*lines))
        return {
            row[0]: OnFile(
                row[0],
                PersonName(row[2], row[3], row[4], suffix=row[6], preferred=row[5]),
                row[1],
                Traits(
                    family=row[2],
                    given=row[3],
                    middle=row[4],
                    preferred=row[5],
                    suffix=row[6],
                    former=row[7],
                    birth=PartialDate.from_iso(row[8]) if row[8] else None,
                    sex=row[9],
                    ssn=row[10],
                    emails=frozenset({row[11]} - {""}),
                    addresses=frozenset(addresses[row[0]]),
                ),
            )
            for row in self._db.rows(
                "SELECT id, chart_number, family_name, given_name, middle_name, preferred_name,"
                " name_suffix, former_name, birth_date, sex, ssn, email FROM patient"
                " WHERE id IN (SELECT value FROM json_each(?))",
                chosen,
            )
        }


def traits_of(record: PatientRecord) -> Traits:
    """What of a foreign record is compared."""
    at = record.address
    return Traits(
        family=record.family,
        given=record.given,
        middle=record.middle,
        former=record.former,
        suffix=record.suffix,
        birth=PartialDate.from_iso(record.birth_date) if record.birth_date else None,
        sex=record.sex,
        ssn=record.ssn,
        emails=frozenset({record.email} - {""}),
        addresses=frozenset(
            {place_of(at.line1, at.line2, at.city, at.postal_code)} if at.line1 else ()
        ),
    )
