"""A practice of every format ever released opens in this version, whole."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import welcome
from medsec_desktop.store import journal
from medsec_desktop.store.database import newest_schema, schema_of
from tests import old_databases
from tests.conftest import PASSWORD

FORMATS = sorted(Path(old_databases.__file__).parent.glob("format-*"))


def test_there_is_a_practice_of_every_format() -> None:
    kept = [int(folder.name.removeprefix("format-")) for folder in FORMATS]

    assert kept == list(range(1, newest_schema() + 1))


@pytest.mark.parametrize("old", FORMATS, ids=lambda folder: folder.name)
def test_a_practice_of_an_older_format_opens_whole(
    old: Path, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(old, folder)

    office = welcome.sign_in(folder, "olive", PASSWORD, clock)

    assert schema_of(office.session.db) == newest_schema()
    assert journal.verify(office.session.db).is_sound
    (ada,) = office.patients.find("muller 555-0123")
    (letter,) = office.letters.of_patient(ada.id)
    assert office.letters.pdf(letter.id).startswith(b"%PDF")
    assert office.drafts.state(office.drafts.all()[0].id) == {"reason": "cough"}
    assert office.session.history()[0].label
    office.close()


@pytest.mark.parametrize(
    "old", [folder for folder in FORMATS if folder.name >= "format-0002"], ids=lambda f: f.name
)
def test_the_calendar_of_an_older_format_is_all_there(
    old: Path, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(old, folder)

    office = welcome.sign_in(folder, "olive", PASSWORD, clock)

    (visit,) = office.calendar.of_day(date(2026, 3, 12))
    assert (visit.status, visit.confirmed_how, visit.starts_at.hour) == ("confirmed", "machine", 11)
    assert visit.rescheduled_from_id is not None
    (first, *_) = office.calendar.of_day(date(2026, 3, 16))
    series = office.series.of_visit(first.id)
    assert series is not None
    assert len(series.visits) == 4
    assert office.waiting.open()[0].draft.interim_appointment_id == visit.id
    assert office.recalls.of_patient(visit.patient_id)[0].due_on == date(2027, 3, 1)
    (saved,) = office.views.saved()
    grid = office.views.grid([date(2026, 3, 12)], saved.columns)
    assert [note.text for note in grid.notes] == ["Printer service at four"]
    assert office.views.grid([date(2026, 4, 1)], saved.columns).columns[0].hours == ()
    assert office.authorizations.of(visit.patient_id)[0].number == "A-1"
    office.close()


@pytest.mark.parametrize(
    "old", [folder for folder in FORMATS if folder.name >= "format-0003"], ids=lambda f: f.name
)
def test_the_cabinet_of_an_older_format_is_all_there(
    old: Path, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(old, folder)

    office = welcome.sign_in(folder, "olive", PASSWORD, clock)

    (ada,) = office.patients.find("muller 555-0123")
    (merge,) = office.merging.merges_into(ada.id)
    assert merge.name == "Testperson, Adda"
    kinds = {row.kind for row in office.timeline.of(ada.id).rows}
    claims = {"claim"} if old.name >= "format-0005" else set()
    assert kinds == claims | {
        "visit", "letter", "call", "document", "insurance", "referral", "rights", "change",
    }  # fmt: skip
    (scan,) = office.documents.of_patient(ada.id)
    assert office.documents.content(scan.id) == b"a scan"
    assert [field.name for field in office.custom_fields.all()] == ["Shoe size"]
    office.close()


@pytest.mark.parametrize(
    "old", [folder for folder in FORMATS if folder.name >= "format-0005"], ids=lambda f: f.name
)
def test_the_claims_of_an_older_format_are_all_there(
    old: Path, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(old, folder)

    office = welcome.sign_in(folder, "olive", PASSWORD, clock)

    (ada,) = office.patients.find("muller 555-0123")
    work, sent = sorted(office.claims.of_patient(ada.id), key=lambda row: row.status)
    assert (sent.status, sent.batch_reference, sent.total_cents) == ("sent", "F000000001", 12550)
    (batch,) = office.claim_files.batches()
    assert office.claim_files.read_back(batch.id) == ()
    found = office.claims.detail(work.id)
    assert found.content.providers[0][1].references[0].value == "77A"
    assert found.events[-1].note == "Her new card is wanted"
    assert found.row.due_on == date(2026, 7, 1)
    lines = office.session.db.value("SELECT count(charge_line_id) FROM claim_line")
    assert lines == 2
    office.close()
