"""What leaves the program as files: read back by other readers, safe to open, encrypted, recorded."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.exchange import encrypted_zip, people_out
from medsec_desktop.models import JOURNALLED, Coverage, PatientAddress, Payer, RelatedPerson
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Unavailable
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.audit import AuditQuery
from medsec_desktop.services.exports import PatientPackage, whole_practice
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.services.patients.merging import MergeDraft
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal
from medsec_desktop.store.database import newest_schema
from tests.conftest import CHEAP, a_patient, a_provider, a_type, a_user, an_appointment
from tests.old_databases.__main__ import write as write_practice
from tests.services.claims.practice import a_billing_clinic

PASSWORD = "a sentence, told by phone"


@pytest.fixture
def ada(office: Office) -> int:
    """Ada with an address, a policy her mother holds, a visit, and a letter about it."""
    session = office.session
    ada = a_patient(
        session,
        phone="+16175550123",
        ssn="123456789",
        preferred_name="Addie",
        email="ada@example.com",
    )
    a_patient(session, "=HYPERLINK(1)", "Bob", birth_date="1990")
    visit = an_appointment(
        session, ada, a_provider(session), type_id=a_type(session), reason="Cough"
    )
    office.letters.file(office.letters.compose(visit))
    with session.change("Fill her file", Permission.EDIT_PATIENTS):
        PatientAddress.create(
            patient=ada, line1="1 Test; Street", city="Testville", state="MA", postal_code="02115"
        )
        payer = Payer.create(name="Invented Health")
        for rank in ("primary", "secondary"):
            Coverage.create(
                patient=ada, payer=payer, rank=rank, member_id=f"M-{rank}", starts_on="2026-01-01",
                subscriber_relation="child", subscriber_name="Eve Testperson",
            )  # fmt: skip
        RelatedPerson.create(
            patient=ada, name="Eve Testperson", relation="mother", is_guarantor=True
        )
    return ada


def test_a_table_of_patients_opens_in_a_spreadsheet_without_running_anything(
    office: Office, ada: int, tmp_path: Path
):
    path = tmp_path / "patients.csv"

    assert office.exports.people_csv(path) == 2

    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert rows[0]["Last name"] == "Testperson"
    assert (rows[0]["Home phone"], rows[0]["Insurance"]) == ("+16175550123", "Invented Health")
    assert (rows[0]["City"], rows[0]["Member id"]) == ("Testville", "M-primary")
    assert rows[1]["Last name"] == "'=HYPERLINK(1)"
    assert rows[1]["Date of birth"] == "1990"
    (entry,) = office.audit.find(AuditQuery(words="exported 2 patients")).rows
    assert (entry.kind, entry.reason) == ("out", "to “patients.csv”")


def test_numbers_with_a_plus_stay_numbers_in_a_table():
    assert people_out.safe("+1 617-555-0123") == "+1 617-555-0123"
    assert people_out.safe("-1+1|cmd") == "'-1+1|cmd"
    assert people_out.safe("\t=1") == "'\t=1"


def test_address_cards_are_folded_escaped_and_whole(office: Office, ada: int, tmp_path: Path):
    path = tmp_path / "ada.vcf"

    office.exports.people_vcard(path, [ada])

    content = path.read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert "N:Testperson;Ada;;;" in lines
    assert "NICKNAME:Addie" in lines
    assert "BDAY:1984-03-14" in lines
    assert "TEL;TYPE=HOME,VOICE:+16175550123" in lines
    assert "ADR;TYPE=HOME:;;1 Test\\; Street;Testville;MA;02115;" in lines


def test_a_long_name_is_folded_between_letters():
    person = people_out.OutPerson("T1", "Nguyễn" * 30, "Ánh")

    card = people_out.vcard(person)

    assert all(len(line) <= 75 for line in card.split(b"\r\n"))
    assert "Nguyễn" * 30 in card.replace(b"\r\n ", b"").decode()


def test_a_patient_s_package_opens_only_with_its_password_and_holds_everything(
    office: Office, ada: int, tmp_path: Path
):
    path = tmp_path / "ada.zip"
    asked = PatientPackage(ada, "Example Law LLP", PASSWORD, "Claim after an accident")

    packed = office.exports.patient_package(asked, path)

    assert packed.documents == 1
    with pyzipper.AESZipFile(path) as archive:
        names = archive.namelist()
        with pytest.raises(RuntimeError, match="password"):
            archive.read("index.html")
        archive.setpassword(PASSWORD.encode())
        index = archive.read("index.html").decode()
        bundle = json.loads(archive.read("fhir.json"))
        letter = next(name for name in names if name.startswith("documents/"))
        assert archive.read(letter).startswith(b"%PDF")
        assert archive.read("face-sheet.pdf").startswith(b"%PDF")
        assert archive.read("timeline.pdf").startswith(b"%PDF")
    assert "Example Law LLP" in index
    assert letter in index
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for entry in bundle["entry"]:
        by_kind.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    assert by_kind["Patient"][0]["name"][0] == {
        "use": "official", "family": "Testperson", "given": ["Ada"],
    }  # fmt: skip
    assert [one["subscriber"]["display"] for one in by_kind["Coverage"]] == ["Eve Testperson"] * 2
    assert len(by_kind["Organization"]) == 1  # one payer of two policies
    assert by_kind["Appointment"][0]["status"] == "booked"
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    assert _references(bundle) <= urls


def test_a_package_holds_her_claims_for_who_may_see_them(office: Office, tmp_path: Path):
    billing = a_billing_clinic(office)
    row = office.claims.row(billing.ready(lines=[{}, {"code": "81003", "pointers": "AB"}]))
    may = office.session.may
    asked = PatientPackage(billing.patient, "Example Law LLP", PASSWORD)

    office.exports.patient_package(asked, tmp_path / "whole.zip")
    office.session.may = lambda one: (  # type: ignore[method-assign]
        one is not Permission.VIEW_CLAIMS and may(one)
    )
    office.exports.patient_package(asked, tmp_path / "less.zip")

    with encrypted_zip.opened(tmp_path / "whole.zip", PASSWORD) as archive:
        words = " ".join(page_text(archive.read("claims.pdf", 1 << 20)).split())
        assert "claims.pdf" in archive.read("index.html", 1 << 20).decode()
    assert f"Claim {row.number} to Test Health · $251.00 · Ready" in words
    assert "03/02/2026 81003 J06.9, R05.9 1 $125.50" in words
    with encrypted_zip.opened(tmp_path / "less.zip", PASSWORD) as archive:
        assert "claims" not in archive.read("index.html", 1 << 20).decode()
    assert [what for (what,) in office.session.db.rows("SELECT what FROM disclosure")] == [
        "The whole file: face sheet, timeline, claims and FHIR bundle",
        "The whole file: face sheet, timeline and FHIR bundle",
    ]


def _fails() -> None:
    raise RuntimeError("the power went")


def test_the_disclosure_is_logged_with_the_package_or_neither_stands(
    office: Office, ada: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = PatientPackage(ada, "Example Law LLP", PASSWORD, "Claim")
    with pytest.raises(Unavailable, match="could not be written"):
        office.exports.patient_package(asked, tmp_path / "no such folder" / "ada.zip")
    for wrong, field in ((PatientPackage(ada, " ", PASSWORD), "recipient"),
                         (PatientPackage(ada, "Law", "short"), "password")):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            office.exports.patient_package(wrong, tmp_path / "ada.zip")
        assert caught.value.field == field
    count = "SELECT count(*) FROM disclosure"
    assert office.session.db.value(count) == 0
    assert list(tmp_path.glob("*.zip")) == []
    (tmp_path / "ada.zip").write_bytes(b"given out last year")
    with monkeypatch.context() as at_commit:
        at_commit.setattr(office.session.db.engine, "commit", _fails)
        with pytest.raises(RuntimeError, match="power"):
            office.exports.patient_package(asked, tmp_path / "ada.zip")
    assert office.session.db.value(count) == 0
    assert (tmp_path / "ada.zip").read_bytes() == b"given out last year"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["ada.zip"]

    office.exports.patient_package(asked, tmp_path / "ada.zip")

    assert office.session.db.rows("SELECT recipient, what, purpose, disclosed_by FROM disclosure") == [
        ("Example Law LLP", "The whole file: face sheet, timeline and FHIR bundle, with 1 document",
         "Claim", "Olive Owner")
    ]  # fmt: skip
    with pytest.raises(Conflict):  # it has left the building
        office.session.undo(office.session.history()[0].id)


def test_times_in_the_bundle_carry_the_clinic_s_distance_from_utc(
    office: Office, ada: int, tmp_path: Path
):
    from medsec_desktop.services.practice import settings

    office.practice.put(settings.TIME_ZONE, "America/New_York")
    office.exports.patient_package(PatientPackage(ada, "Law", PASSWORD), tmp_path / "ada.zip")

    with encrypted_zip.opened(tmp_path / "ada.zip", PASSWORD) as archive:
        bundle = json.loads(archive.read("fhir.json", 1 << 20))

    (visit,) = (
        e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Appointment"
    )
    assert visit["start"] == "2026-03-12T10:00:00-04:00"


def test_who_may_not_export_is_refused(office: Office, ada: int, tmp_path: Path):
    office.session.switch_user(a_user(office.session, "sam", Role.SECRETARY))

    for export in (
        lambda: office.exports.people_csv(tmp_path / "all.csv"),
        lambda: office.exports.patient_package(
            PatientPackage(ada, "Law", PASSWORD), tmp_path / "a.zip"
        ),
        lambda: office.exports.practice(tmp_path / "all.zip", PASSWORD),
    ):
        with pytest.raises(NotAllowed):
            export()
    assert list(tmp_path.glob("*.*")) == []


def test_who_may_not_see_the_audit_trail_does_not_get_it_with_the_whole_practice(
    office: Office, tmp_path: Path
):
    office.session.switch_user(a_user(office.session, "bill", Role.BILLER))

    with pytest.raises(NotAllowed):
        office.exports.practice(tmp_path / "all.zip", PASSWORD)


def test_a_whole_practice_goes_out_and_comes_back_without_losing_anything(tmp_path: Path):
    clock = FixedClock(datetime(2026, 3, 11, 9, 0))
    write_practice(tmp_path / "old")
    office = welcome.sign_in(tmp_path / "old", "olive", "correct horse 1", clock)
    before = _everything(office)
    archive = tmp_path / "practice.zip"
    written = office.exports.practice(archive, PASSWORD)
    office.close()

    key, taken, login = founding.create_from_archive(
        tmp_path / "new", archive, PASSWORD, "another horse 2", clock, CHEAP
    )
    office = welcome.sign_in(tmp_path / "new", login, "another horse 2", clock)

    assert key
    assert written.rows == {name: len(rows) for name, rows in before.items()}
    assert _everything(office) == before
    assert (taken.documents, taken.missing) == (3, 0)  # the letter, a scan and a file of claims
    assert office.claim_files.read_back(office.claim_files.batches()[0].id) == ()
    (found,) = office.patients.find("muller 555-0123")
    (letter,) = office.letters.of_patient(found.id)
    assert office.letters.pdf(letter.id).startswith(b"%PDF")
    assert journal.verify(office.session.db).is_sound
    office.close()


def test_an_archive_that_cannot_be_taken_in_leaves_nothing(
    tmp_path: Path, office: Office, ada: int
):
    archive = tmp_path / "practice.zip"
    office.exports.practice(archive, PASSWORD)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    strange = tmp_path / "strange.zip"
    with strange.open("wb") as file, encrypted_zip.written(file, PASSWORD) as other:
        other.writestr("hello.txt", "hello")
    clock, folder = office.clock, tmp_path / "new"

    for path, password, words in (
        (archive, "not the password", "does not open"),
        (broken, PASSWORD, "damaged"),
        (strange, PASSWORD, "manifest"),
        (tmp_path / "nowhere.zip", PASSWORD, "could not be read"),
    ):
        with pytest.raises(Unavailable) as caught:
            founding.create_from_archive(folder, path, password, "another horse 2", clock, CHEAP)
        assert words in f"{caught.value.what} {caught.value.why}"
        assert not folder.exists()


def test_a_hostile_archive_is_refused_with_a_sentence_and_leaves_nothing(
    session: Session, tmp_path: Path
):
    her = {"id": 1, "version": 1, "family_name": "Testperson", "chart_number": "T1"}
    says = {
        "schema": newest_schema(), "practice": "P", "written_at": "2026-03-11 09:00",
        "written_by": "W", "rows": {}, "documents": 0, "format": "medsec-practice",
        "format_version": 1,
    }  # fmt: skip
    lines = [
        json.dumps(her | {"note": {"a": 1}}), json.dumps(her | {"note": [1]}),
        json.dumps(her | {"id": 10**30}), json.dumps({"no such column": 1}), "{}", "[" * 100_000,
        json.dumps(her | {"family_name": "\ud800"}), json.dumps(her | {"family_name": None}),
    ]  # fmt: skip
    manifests: list[Any] = [
        says | {"schema": "3"}, says | {"schema": None}, says | {"format_version": "1"},
        says | {"rows": [1]}, says | {"rows": {"patient": "x"}}, [1], "[" * 100_000,
    ]  # fmt: skip
    for line, manifest in [*((line, says) for line in lines), *(("", one) for one in manifests)]:
        with pyzipper.AESZipFile(tmp_path / "a.zip", "w", encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(PASSWORD.encode())
            archive.writestr("tables/patient.ndjson", line)
            archive.writestr(
                "manifest.json", manifest if isinstance(manifest, str) else json.dumps(manifest)
            )

        with pytest.raises(Unavailable, match="cannot be taken in"):
            whole_practice.take_in(session, tmp_path / "a.zip", PASSWORD)

    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path):
    with (tmp_path / "a.zip").open("wb") as file, encrypted_zip.written(file, PASSWORD) as archive:
        archive.writestr("bomb", b"x" * 50_000_000)

    with encrypted_zip.opened(tmp_path / "a.zip", PASSWORD) as opened:
        with pytest.raises(Unavailable, match="more than the 1,000 bytes"):
            list(opened.lines("bomb", 1_000))
        with pytest.raises(Unavailable, match="more than the 1,000 bytes"):
            opened.read("bomb", 1_000)


def test_whatever_bit_of_an_archive_is_damaged_it_is_told_in_a_sentence(tmp_path: Path):
    whole, damaged = tmp_path / "a.zip", tmp_path / "b.zip"
    with whole.open("wb") as file, encrypted_zip.written(file, PASSWORD) as archive:
        archive.writestr("text", "Invented words, again and again. " * 40)
    content = whole.read_bytes()

    for at in range(
        len(content) - 130, len(content), 2
    ):  # the list of members: it steers the reader
        for bit in (0, 3, 6):
            damaged.write_bytes(
                content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]
            )
            with suppress(Unavailable), encrypted_zip.opened(damaged, PASSWORD) as opened:
                for name in opened.names():
                    opened.read(name, 1 << 20)


def test_a_fault_of_ours_is_not_told_as_a_wrong_password(tmp_path: Path):
    with (tmp_path / "a.zip").open("wb") as file, encrypted_zip.written(file, PASSWORD) as archive:
        archive.writestr("text", "words")

    with (
        pytest.raises(RuntimeError, match="ours"),
        encrypted_zip.opened(tmp_path / "a.zip", PASSWORD),
    ):
        raise RuntimeError("ours")


def test_an_export_that_cannot_be_recorded_leaves_no_file(
    office: Office, ada: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def is_busy(*_: object, **__: object) -> None:
        raise Unavailable("The practice is busy saving something else.")

    monkeypatch.setattr(office.session, "event", is_busy)

    for export in (
        lambda path: office.exports.people_csv(path),
        lambda path: office.exports.practice(path, PASSWORD),
    ):
        with pytest.raises(Unavailable, match="busy"):
            export(tmp_path / "out")
        assert not list(tmp_path.glob("*out*"))


def test_a_file_merged_meanwhile_goes_out_as_the_one_it_goes_on_in(
    office: Office, ada: int, tmp_path: Path
):
    twin = a_patient(office.session, "Testpersson")
    preview = office.merging.preview(ada, twin)
    office.merging.merge(MergeDraft(ada, twin, frozenset(), frozenset(), preview.read))

    assert office.exports.people_csv(tmp_path / "p.csv", [twin, ada]) == 1

    assert b"Testpersson" not in (tmp_path / "p.csv").read_bytes()


def test_a_card_does_not_begin_inside_a_name():
    card = people_out.vcard(people_out.OutPerson("1", "X\rEND:VCARD\rBEGIN:VCARD"))

    assert b"\r" not in card.replace(b"\r\n", b"")


def test_no_table_is_forgotten_by_the_archive(office: Office, ada: int, tmp_path: Path):
    written = office.exports.practice(tmp_path / "practice.zip", PASSWORD)

    assert set(written.rows) == {model._meta.table_name for model in JOURNALLED}


def _everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: office.session.db.rows(f"SELECT * FROM {name} ORDER BY id")
        for name in journal.journalled_tables(office.session.db)
    }


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        here = {value["reference"]} if "reference" in value else set()
        return here.union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()
