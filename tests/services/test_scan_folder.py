"""From paper to file: a printed form comes back through the scanner and files itself."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source, Status
from medsec_desktop.services.practice import settings
from tests.conftest import a_patient, a_user
from tests.papers import a_pdf, a_picture, as_file, drawn, scanned
from tests.services.test_documents import Paper, incoming


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def bob(session):
    return a_patient(session, "Sampleton", "Bob")


@pytest.fixture
def folder(office, tmp_path):
    folder = tmp_path / "scans"
    folder.mkdir()
    office.documents.categories.add_usual()
    office.practice.put(settings.SCAN_FOLDER, str(folder))
    return folder


@pytest.fixture
def passing(office):
    """Lets seconds pass for the folder."""
    at = [0.0]
    office.scan_folder._now_s = lambda: at[0]

    def advance(seconds):
        at[0] += seconds

    return advance


def looks(office, times=2):
    """What the last of several looks at the folder brought."""
    for _ in range(times):
        found = office.scan_folder.look()
    return found


def paper_of(office, form):
    """The form's pages as they came out of the printer."""
    return drawn(office.documents.content(form.printed_document_id))


@pytest.mark.parametrize(("format_name", "turn"), [("JPEG", 3), ("TIFF", 90), ("PDF", 180)])
def test_a_printed_form_comes_back_and_files_itself_upright(
    office, session, folder, ada, bob, format_name, turn
):
    office.printed_forms.make(bob, FormKind.CONSENT)
    form = office.printed_forms.make(ada, FormKind.CONSENT)
    (sheet,) = paper_of(office, form)
    name = f"scan0001.{format_name.lower()}"
    (folder / name).write_bytes(as_file([scanned(sheet, turn)], format_name))

    found = looks(office)

    (row,) = found.filed
    assert (row.patient_id, row.title) == (ada, "Consent to treatment")
    assert (row.category, row.dated_on, row.status) == ("Consents", date(2026, 3, 11), "filed")
    assert office.printed_forms.form(form.id).document_id == row.id
    with office.documents.open(row.id) as opened:
        assert opened.sizes[0][0] < opened.sizes[0][1]
        assert opened.look(0, "MSD1:").turn == 0
    assert [path.name for path in folder.rglob("scan*")] == [name]
    assert (folder / "taken" / "2026-03-11" / name).is_file()
    session.undo()
    (back,) = office.sorting.waiting()
    assert (back.source, back.original_name) == ("scanned", name)
    assert office.printed_forms.form(form.id).document_id is None


def test_a_batch_is_split_at_its_forms_and_the_rest_waits(office, session, folder, ada, bob):
    registration = office.printed_forms.make(ada, FormKind.REGISTRATION, "es")
    consent = office.printed_forms.make(bob, FormKind.CONSENT)
    stack = [
        *(scanned(page, 1) for page in paper_of(office, registration)),
        *(scanned(page, 181) for page in paper_of(office, consent)),
        *drawn(a_pdf("A letter from elsewhere")),
    ]
    scan = as_file(stack, "PDF")
    office.leaflets.take_in(Incoming(scan, "forms.pdf", Source.CHOSEN))  # is in nobody's file
    (folder / "batch.pdf").write_bytes(scan)

    found = looks(office)

    hers, his = found.filed
    assert (hers.patient_id, hers.pages, hers.title) == (ada, 2, "Registro del paciente")
    assert (his.patient_id, his.pages) == (bob, 1)
    assert [(row.title, row.pages, row.patient_id) for row in found.left] == [
        ("batch, page 4", 1, None)
    ]
    whole = office.documents.document(hers.made_from_id)
    assert (whole.status, whole.pages, whole.patient_id) == (Status.DISCARDED, 4, None)
    # The same stack once more, under another name, is known.
    (folder / "again.pdf").write_bytes(scan)
    assert looks(office).known == ("again.pdf",)
    session.undo()
    assert [(row.title, row.pages) for row in office.sorting.waiting()] == [("batch", 4)]


def test_a_scan_is_taken_only_when_it_has_stopped_growing(office, folder):
    growing = folder / "Referral Dr Chen.pdf"
    growing.write_bytes(a_pdf("One")[:300])

    assert looks(office, 1).is_empty
    growing.write_bytes(a_pdf("One"))
    assert looks(office, 1).is_empty
    assert growing.exists()
    found = looks(office, 1)

    assert [row.title for row in found.left] == ["Referral Dr Chen"]
    assert not growing.exists()
    assert looks(office).is_empty  # what is in “taken” is not taken again


@pytest.mark.parametrize("cut", [b"%%EOF", b"xref"])
def test_a_scan_whose_next_page_is_still_under_the_glass_is_waited_for(
    office, folder, passing, cut
):
    whole = a_pdf("One", "Two")
    half = whole[: whole.rindex(cut)]
    scan, other = folder / "slow.pdf", folder / "other.pdf"
    scan.write_bytes(half)
    other.write_bytes(a_pdf("Three"))

    assert [row.title for row in looks(office).left] == ["other"]
    passing(59)
    assert looks(office).is_empty
    scan.write_bytes(whole)
    (row,) = looks(office).left

    assert (row.title, row.pages) == ("slow", 2)
    # One that stays as it is is taken for what it is, or refused.
    (folder / "broken.pdf").write_bytes(whole[:200])
    assert looks(office).is_empty
    passing(60)
    ((name, _),) = looks(office, 1).refused
    assert name == "broken.pdf"


def test_what_cannot_be_taken_is_told_and_put_beside_and_the_rest_goes_on(office, folder, passing):
    (folder / "broken.pdf").write_bytes(a_pdf("One")[:200])
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    (folder / "fine.png").write_bytes(a_picture("PNG"))
    (folder / "refused").mkdir()
    (folder / "refused" / "broken.pdf").write_bytes(b"an earlier one")
    (folder / "link.pdf").symlink_to(folder / "notes.docx")

    assert [row.title for row in looks(office).left] == ["fine"]
    passing(60)
    found = looks(office, 1)

    ((name, problem),) = found.refused
    assert (name, problem.what) == ("broken.pdf", "This PDF cannot be read.")
    assert (folder / "refused" / "broken (2).pdf").is_file()
    assert (folder / "notes.docx").is_file()
    assert (folder / "link.pdf").is_symlink()


def test_nothing_is_moved_away_before_it_is_kept(office, folder, monkeypatch):
    (folder / "report.pdf").write_bytes(a_pdf("One"))

    def full(_):
        raise Unavailable("The document could not be kept in the practice’s folder.")

    monkeypatch.setattr(office.documents.intake._files, "put", full)
    with pytest.raises(Unavailable):
        looks(office)

    assert (folder / "report.pdf").is_file()
    assert office.sorting.count() == 0


def test_a_folder_that_is_gone_is_told_and_who_may_not_edit_takes_nothing(office, session, folder):
    (folder / "report.pdf").write_bytes(a_pdf("One"))
    sam = a_user(session, "sam", Role.SECRETARY)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    assert looks(office).is_empty

    folder.rename(folder.with_name("elsewhere"))
    session.switch_user(sam)
    with pytest.raises(Unavailable, match="scan folder “scans” cannot be read"):
        looks(office)


def test_what_waits_is_sorted_by_hand_and_undo_brings_it_back(office, session, ada):
    row = office.sorting.take(incoming(a_pdf("Report"), "scan1.pdf")).left[0]

    filed = office.sorting.file(row.id, ada, DocumentDraft("MRI", version=row.version))

    assert (filed.patient_id, filed.title, office.sorting.count()) == (ada, "MRI", 0)
    session.undo()
    assert [one.title for one in office.sorting.waiting()] == ["Scan"]
    with pytest.raises(Conflict):
        office.sorting.file(row.id, ada, DocumentDraft("MRI", version=row.version - 1))


def test_a_form_of_somebody_else_is_not_taken_into_this_file(office, session, ada, bob):
    form = office.printed_forms.make(bob, FormKind.CONSENT)
    scan = as_file([scanned(page) for page in paper_of(office, form)], "JPEG")

    with pytest.raises(Conflict, match="form of Sampleton, Bob"):
        office.documents.take_in(ada, Incoming(scan, "x.jpg", Source.DROPPED))
    taken = office.documents.take_in(bob, Incoming(scan, "x.jpg", Source.DROPPED))

    assert taken.row.title == "Consent to treatment"
    assert office.printed_forms.form(form.id).document_id == taken.row.id


def test_a_merged_patients_form_goes_to_the_file_that_goes_on(office, session, ada, bob):
    from medsec_desktop.domain.permissions import Permission

    form = office.printed_forms.make(bob, FormKind.CONSENT)
    with session.change("Merge", Permission.EDIT_PATIENTS):
        session.db.execute("UPDATE patient SET merged_into_id = ? WHERE id = ?", (ada, bob))

    taken = office.sorting.take(incoming(as_file(paper_of(office, form), "PNG"), "x.png"))

    assert taken.filed[0].patient_id == ada


def test_a_form_can_be_undone_until_it_is_printed(office, session, ada):
    office.printing._spooler = paper = Paper()
    office.printed_forms.make(ada, FormKind.CONSENT)
    session.undo()
    assert office.printed_forms.of_patient(ada) == ()

    form = office.printed_forms.make(ada, FormKind.CONSENT)
    made = session.history(1)[0].id
    office.printed_forms.print(form.id)

    assert len(paper.sent) == 1
    with pytest.raises(Conflict):
        session.undo(made)
    (kept,) = office.documents.of_patient(ada)
    assert office.documents.content(kept.id) == paper.sent[0][0]
