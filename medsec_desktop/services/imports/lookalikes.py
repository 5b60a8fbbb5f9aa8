"""Who in a batch of foreign records seems to be on file already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from medsec_desktop.domain.patients import AddressDraft, PatientDraft, PhoneDraft
from medsec_desktop.domain.people import PartialDate, Sex, fold
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.services.patients import DuplicateHit, Patients
from medsec_desktop.store.database import Database


class LookAlikes:
    """Finds, for records that are new, the patients from elsewhere they may be.

    Who shares a date of birth and a name, both names, or the social security number with somebody
    on file is asked about at the door that warns at registration; nobody else needs to be. Patients
    of a source with ids of its own are recognised by them and never compared with each other.
    """

    def __init__(self, db: Database, patients: Patients, source: str, *, knows_ids: bool):
        self._db = db
        self._patients = patients
        self._own = (source, f"attached:{source}") if knows_ids else ()
        # Before the first is written: patients of this very import are not meant.
        self._last_id = int(db.value("SELECT max(id) FROM patient") or 0)
        self._by_ssn: set[str] | None = None

    def of(self, records: Sequence[PatientRecord]) -> Iterator[tuple[PatientRecord, DuplicateHit]]:
        """The likeliest patient on file for each record that has one."""
        if not self._last_id:
            return
        asked = self._worth_asking(records)
        for record in records:
            if record.external_id not in asked:
                continue
            hits = self._patients.possible_duplicates(draft_of(record))
            own = self._of_this_source(hit.hit.id for hit in hits)
            for hit in hits:
                if hit.hit.id not in own and hit.hit.id <= self._last_id:
                    yield record, hit
                    break

    def _of_this_source(self, ids: Iterable[int]) -> set[int]:
        if not self._own:
            return set()
        return {
            row_id
            for (row_id,) in self._db.rows(
                "SELECT id FROM patient WHERE external_source IN (?, ?)"
                " AND id IN (SELECT value FROM json_each(?))",
                (*self._own, json.dumps(list(ids))),
            )
        }

    def _worth_asking(self, records: Sequence[PatientRecord]) -> set[str]:
        wanted = json.dumps(
            [
                [record.external_id, fold(record.family), fold(record.given), record.birth_date]
                for record in records
            ]
        )
        own = self._own or ("", "")
        found: set[str] = set()
        for rule in (
            "s.birth_date = json_extract(j.value, '$[3]') AND s.birth_date <> ''"
            " AND (s.family = json_extract(j.value, '$[1]')"
            " OR s.given = json_extract(j.value, '$[2]'))",
            # Namesakes are many: only whose dates of birth could be one, mistyped.
            "s.family = json_extract(j.value, '$[1]') AND s.given = json_extract(j.value, '$[2]')"
            " AND (s.birth_date = '' OR json_extract(j.value, '$[3]') = ''"
            " OR substr(s.birth_date, 1, 4) = substr(json_extract(j.value, '$[3]'), 1, 4)"
            " OR substr(s.birth_date, 6) = substr(json_extract(j.value, '$[3]'), 6))",
        ):
            for (external_id,) in self._db.rows(
                "SELECT DISTINCT json_extract(j.value, '$[0]')"
                f" FROM json_each(?) j CROSS JOIN patient_search s ON {rule}"
                " JOIN patient p ON p.id = s.patient_id"
                " WHERE p.merged_into_id IS NULL"
                " AND (p.external_source IS NULL OR p.external_source NOT IN (?, ?))",
                (wanted, *own),
            ):
                found.add(external_id)
        ssns = self._ssns()
        return found | {r.external_id for r in records if len(r.ssn) == 9 and r.ssn in ssns}

    def _ssns(self) -> set[str]:
        if self._by_ssn is None:
            self._by_ssn = {
                ssn
                for (ssn,) in self._db.execute(
                    "SELECT ssn FROM patient WHERE length(ssn) = 9 AND id <= ? AND merged_into_id IS NULL"
                    " AND (external_source IS NULL OR external_source NOT IN (?, ?))",
                    (self._last_id, *(self._own or ("", ""))),
                )
            }
        return self._by_ssn


def draft_of(record: PatientRecord) -> PatientDraft:
    """A foreign record as the registration would have it, as far as likeness is concerned."""
    return PatientDraft(
        family=record.family,
        given=record.given,
        middle=record.middle,
        preferred=record.preferred,
        former=record.former,
        suffix=record.suffix,
        sex=Sex(record.sex),
        birth=PartialDate.from_iso(record.birth_date) if record.birth_date else None,
        ssn=record.ssn,
        email=record.email,
        phones=tuple(PhoneDraft(phone.number, phone.kind) for phone in record.phones),
        addresses=tuple(
            AddressDraft(one.line1, one.line2, one.city, one.state, one.postal_code, one.country)
            for one in record.addresses
        ),
    )
