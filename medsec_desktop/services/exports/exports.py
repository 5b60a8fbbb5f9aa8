"""The secretary's ways out: people as a table or cards, one file as an encrypted package."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange import people_out
from medsec_desktop.exchange.people_out import OutPerson, OutPhone
from medsec_desktop.problems import Invalid
from medsec_desktop.services.files_out import whole_file
from medsec_desktop.services.progress import Progress, Quiet

if TYPE_CHECKING:
    from medsec_desktop.exchange.practice_archive import Manifest
    from medsec_desktop.services.exports.patient_package import Packed
    from medsec_desktop.services.office import Office

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class PatientPackage:
    """What is asked of one patient's package: to whom it goes, why, and what opens it."""

    patient_id: int
    recipient: str
    password: str
    purpose: str = ""
    recipient_address: str = ""
    with_documents: bool = True
    request_id: int | None = None  # the records request it answers


class Exports:
    """Every export needs its right, is recorded, and leaves nothing half written."""

    def __init__(self, office: Office):
        self._office = office
        self._session = office.session
        self._db = office.session.db

    # -- lists ----------------------------------------------------------------------------------

    def people_csv(
        self,
        path: Path,
        patient_ids: Sequence[int] | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Patients as a table that spreadsheets open safely, all of them unless some are named; how
        many. Raises NotAllowed, Unavailable."""
        return self._people(path, patient_ids, progress, "a table", _csv_rows)

    def people_vcard(
        self,
        path: Path,
        patient_ids: Sequence[int] | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Patients as address cards, all of them unless some are named; how many."""
        return self._people(path, patient_ids, progress, "address cards", _cards)

    # -- whole files ----------------------------------------------------------------------------

    def patient_package(
        self, asked: PatientPackage, path: Path, progress: Progress | None = None
    ) -> Packed:
        """One patient's whole file as an encrypted ZIP, the disclosure logged in the same operation.

        Raises NotAllowed, Invalid for an empty recipient or a weak password, Unavailable.
        """
        from medsec_desktop.services.exports import patient_package

        return patient_package.write(self._office, asked, path, progress or Quiet())

    def practice(self, path: Path, password: str, progress: Progress | None = None) -> Manifest:
        """The whole practice in open formats as an encrypted ZIP; what it holds."""
        from medsec_desktop.services.exports import whole_practice

        name = self._office.practice.profile().name
        return whole_practice.write(self._session, path, password, name, progress)

    # -- inside ---------------------------------------------------------------------------------

    def _people(
        self,
        path: Path,
        patient_ids: Sequence[int] | None,
        progress: Progress | None,
        what: str,
        written: Callable[[Iterator[OutPerson]], Iterator[tuple[bytes, int]]],
    ) -> int:
        self._session.require(Permission.EXPORT_DATA, "export patients")
        if patient_ids is not None:
            patient_ids = self._where_they_go_on(patient_ids)
            if not patient_ids:
                raise Invalid("There is nobody to export.")
        count = 0

        def record() -> None:
            noun = "patient" if count == 1 else "patients"
            self._session.event(
                f"Exported {count:,} {noun} as {what}",
                patient_ids[0] if patient_ids and len(patient_ids) == 1 else None,
                reason=f"to “{path.name}”",
            )

        with whole_file(path, record) as file:
            for piece, people in written(self._out(patient_ids, progress or Quiet())):
                file.write(piece)
                count += people
        return count

    def _where_they_go_on(self, patient_ids: Sequence[int]) -> Sequence[int]:
        """These patients, whose file was merged by that of the one it goes on in, each once."""
        return [
            patient_id
            for (patient_id,) in self._db.rows(
                "SELECT DISTINCT coalesce(merged_into_id, id) FROM patient"
                " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1",
                (json.dumps(list(patient_ids)),),
            )
        ]

    def _out(self, patient_ids: Sequence[int] | None, progress: Progress) -> Iterator[OutPerson]:
        """Those asked for, a thousand at a time so that memory stays flat."""
        today = self._session.clock.today().isoformat()
        total = len(patient_ids) if patient_ids is not None else self._count()
        last = done = 0
        while True:
            if patient_ids is None:
                ids = [i for (i,) in self._db.rows(
                    "SELECT id FROM patient WHERE merged_into_id IS NULL AND id > ? ORDER BY id LIMIT ?",
                    (last, _BATCH),
                )]  # fmt: skip
            else:
                ids = list(patient_ids[done : done + _BATCH])
            if not ids:
                return
            yield from self._batch(ids, today)
            last, done = ids[-1], done + len(ids)
            progress.report(done, total, "Writing patients")

    def _count(self) -> int:
        return int(self._db.value("SELECT count(*) FROM patient WHERE merged_into_id IS NULL"))

    def _batch(self, ids: Sequence[int], today: str) -> Iterator[OutPerson]:
        these = json.dumps(list(ids))
        phones: dict[int, list[OutPhone]] = {}
        for patient_id, number, kind in self._db.rows(
            "SELECT patient_id, number, kind FROM patient_phone WHERE patient_id IN"
            " (SELECT value FROM json_each(?)) ORDER BY patient_id, position, id",
            (these,),
        ):
            phones.setdefault(patient_id, []).append(OutPhone(number, kind))
        for row in self._db.rows(
            "SELECT p.id, p.chart_number, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
            " p.name_suffix, p.preferred_name, p.former_name, coalesce(p.birth_date, ''), p.sex,"
            " p.email, a.line1, a.line2, a.city, a.state, a.postal_code, p.language, p.status,"
            " trim(coalesce(d.given_name || ' ' || d.family_name, '')), y.name, c.member_id"
            " FROM patient p LEFT JOIN patient_address a ON a.id = (SELECT id FROM patient_address"
            "  WHERE patient_id = p.id AND coalesce(valid_from_on, '') <= ?2"
            "  AND coalesce(valid_to_on, '9999') >= ?2 ORDER BY position, id LIMIT 1)"
            " LEFT JOIN coverage c ON c.id = (SELECT id FROM coverage WHERE patient_id = p.id"
            "  AND rank = 'primary' AND coalesce(starts_on, '') <= ?2"
            "  AND coalesce(ends_on, '9999') >= ?2 ORDER BY id DESC LIMIT 1)"
            " LEFT JOIN payer y ON y.id = c.payer_id"
            " LEFT JOIN provider d ON d.id = p.primary_provider_id"
            " WHERE p.id IN (SELECT value FROM json_each(?1)) ORDER BY p.id",
            (these, today),
        ):
            number, family, given, middle, prefix, suffix, preferred, former, born, sex, email = (
                row[1:12]
            )
            line1, line2, city, state, code, language, status, provider, payer, member = (
                part or "" for part in row[12:]
            )
            yield OutPerson(
                number, family, given, middle, prefix, suffix, preferred, former, born, sex, email,
                tuple(phones.get(row[0], ())), line1, line2, city, state, code, language, status,
                provider, payer, member,
            )  # fmt: skip


def _csv_rows(people: Iterator[OutPerson]) -> Iterator[tuple[bytes, int]]:
    lines = people_out.csv_lines(people)
    yield next(lines), 0
    for line in lines:
        yield line, 1


def _cards(people: Iterator[OutPerson]) -> Iterator[tuple[bytes, int]]:
    for person in people:
        yield people_out.vcard(person), 1
