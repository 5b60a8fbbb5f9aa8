"""Documents: taken in, put right, worked on, given away, by the service's verbs."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.documents.documents import redrafted
from medsec_desktop.services.documents.intake import title_from
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source, Status
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Ticket, Way
from tests.conftest import a_patient, a_user
from tests.papers import a_pdf, a_picture


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def bob(session):
    return a_patient(session, "Sampleton", "Bob")


def incoming(content: bytes, name: str = "Lab report.pdf") -> Incoming:
    return Incoming(content, name, Source.DROPPED)


def sizes(office, document_id):
    with office.documents.open(document_id) as opened:
        return [(round(wide), round(high)) for wide, high in opened.sizes]


def test_a_document_is_kept_encrypted_with_what_is_said_of_it(office, session, ada):
    documents = office.documents
    documents.categories.add_usual()
    labs = documents.categories.named("lab results")
    content = a_pdf("One", "Two")

    row = documents.take_in(
        ada, incoming(content), DocumentDraft("Blood count", labs, date(2026, 3, 9), "fasting")
    ).row

    assert (row.title, row.category, row.pages) == ("Blood count", "Lab results", 2)
    assert (row.shown_on, row.filed_by) == (date(2026, 3, 9), "Olive Owner")
    assert documents.content(row.id) == content
    kept = [
        path.read_bytes() for path in (session.db.folder / "files").rglob("*") if path.is_file()
    ]
    assert kept
    assert all(b"%PDF" not in each for each in kept)
    assert [line.label for line in session.history() if line.kind == "event"] == [
        "Looked at the document “Blood count”"
    ]


def test_the_same_file_is_recognised_per_patient(office, ada, bob):
    content = a_picture("PNG")
    first = office.documents.take_in(ada, incoming(content, "card.png"))

    with pytest.raises(Conflict) as refusal:
        office.documents.take_in(ada, incoming(content, "card again.png"))
    other = office.documents.take_in(bob, incoming(content, "card.png"))

    assert "as “card”" in refusal.value.what
    assert refusal.value.links[0].key == str(first.row.id)
    assert other.remarks == ("The same file is also with Testperson, Ada.",)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lab_report  March.pdf", "Lab report March"),
        ("C:\\Scans\\Referral.tif", "Referral"),
        ("IMG_20260311_0912.jpg", "Scan"),
        ("scan0001.pdf", "Scan"),
        ("", "Scan"),
        ("x" * 300 + ".pdf", "x" * 200),
    ],
)
def test_a_title_comes_from_a_name_that_says_something(name, title):
    assert title_from(name) == title


def test_a_document_in_the_wrong_file_is_moved_and_both_files_know(office, session, ada, bob):
    row = office.documents.take_in(ada, incoming(a_pdf("Report"))).row

    moved = office.documents.move(row.id, row.version, bob)

    assert moved.patient_id == bob
    assert office.documents.of_patient(ada) == ()
    told = {line.patient_id: line.label for line in session.history(2)}
    assert told[bob] == "Move the document “Lab report” to Sampleton, Bob"
    assert told[ada] == "Moved the document “Lab report” out of this file"
    with pytest.raises(Conflict):
        office.documents.move(row.id, moved.version, bob)
    session.undo()
    assert [one.id for one in office.documents.of_patient(ada)] == [row.id]


def test_a_document_that_something_rests_on_is_not_moved(office, session, ada, bob):
    row = office.documents.take_in(ada, incoming(a_pdf("Face"))).row
    with session.change("Photo", Permission.EDIT_PATIENTS):
        session.db.execute("UPDATE patient SET photo_document_id = ? WHERE id = ?", (row.id, ada))

    with pytest.raises(Conflict, match="rests on it"):
        office.documents.move(row.id, row.version, bob)


def test_a_discarded_document_is_kept_and_comes_back(office, ada):
    row = office.documents.take_in(ada, incoming(a_pdf("Report"))).row

    office.documents.discard(row.id, row.version, "blurred")
    (away,) = office.documents.of_patient(ada, put_away=True)
    again = office.documents.take_in(ada, incoming(a_pdf("Report")))  # it is not in the way
    office.documents.discard(again.row.id, again.row.version)
    office.documents.restore(away.id, away.version)

    assert [one.id for one in office.documents.of_patient(ada)] == [row.id]


def test_what_is_said_of_it_is_changed_and_a_stale_change_refused(office, ada):
    row = office.documents.take_in(ada, incoming(a_pdf("Report"))).row
    stale = redrafted(row)

    office.documents.amend(row.id, DocumentDraft("MRI, left knee", version=row.version))

    assert office.documents.document(row.id).title == "MRI, left knee"
    with pytest.raises(Conflict):
        office.documents.amend(row.id, DocumentDraft("Other", version=stale.version))
    with pytest.raises(Invalid, match="Say what"):
        office.documents.amend(row.id, DocumentDraft("  ", version=row.version + 1))


def test_pages_are_turned_left_out_and_put_in_order_as_a_new_document(office, session, ada):
    documents = office.documents
    row = documents.take_in(ada, incoming(a_pdf("One", "Two", "Three"))).row
    form = session.db.value  # a consent rests on it, and follows it
    with session.change("Consent", Permission.EDIT_PATIENTS):
        session.db.execute("INSERT INTO consent_kind (name) VALUES ('Treatment')")
        session.db.execute(
            "INSERT INTO consent (patient_id, kind_id, signed_on, document_id)"
            " VALUES (?, 1, '2026-03-11', ?)",
            (ada, row.id),
        )

    made = documents.pages.arrange(row.id, row.version, [(2, 90), (0, 0)])

    assert (made.made_from_id, made.pages, made.title) == (row.id, 2, row.title)
    assert sizes(office, made.id) == [(792, 612), (612, 792)]
    assert form("SELECT document_id FROM consent") == made.id
    assert documents.document(row.id).status is Status.DISCARDED
    assert documents.content(row.id) == a_pdf("One", "Two", "Three")
    session.undo()
    assert [one.id for one in documents.of_patient(ada)] == [row.id]
    assert form("SELECT document_id FROM consent") == row.id
    with pytest.raises(Invalid, match="At least one page"):
        documents.pages.arrange(row.id, documents.document(row.id).version, [])


def test_documents_are_split_and_merged_pictures_too(office, session, ada, bob):
    documents = office.documents
    row = documents.take_in(ada, incoming(a_pdf("One", "Two", "Three"))).row
    card = documents.take_in(ada, incoming(a_picture(size=(600, 400)), "card.jpg")).row
    other = documents.take_in(bob, incoming(a_pdf("Bob"), "bob.pdf")).row

    first, second = documents.pages.split(row.id, row.version, [2])
    whole = documents.pages.merge(second.id, second.version, card.id, card.version)

    assert [(first.title, first.pages), second.title] == [
        ("Lab report (1 of 2)", 2), "Lab report (2 of 2)",
    ]  # fmt: skip
    assert sizes(office, whole.id) == [(612, 792), (432, 288)]
    assert {one.id for one in documents.of_patient(ada)} == {first.id, whole.id}
    with pytest.raises(Conflict, match="not in the same file"):
        documents.pages.merge(first.id, first.version, other.id, other.version)
    with pytest.raises(Conflict, match="changed or put away"):
        documents.pages.split(row.id, row.version, [1])
    session.undo()
    session.undo()
    assert {one.id for one in documents.of_patient(ada)} == {row.id, card.id}


class Paper:
    """A printer that keeps what it is handed."""

    def __init__(self):
        self.sent = []

    def printers(self):
        return (PrinterRow("Desk", is_default=True),)

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append((pdf, ticket.copies, ticket.title))


def test_printing_and_exporting_are_recorded_and_exporting_needs_leave(
    office, session, ada, tmp_path
):
    paper = Paper()
    office.printing._spooler = paper
    row = office.documents.take_in(ada, incoming(a_picture(), "card.jpg")).row

    office.documents.print(row.id, Way(copies=2))
    office.documents.export(row.id, tmp_path / "card.jpg")

    assert paper.sent[0][0].startswith(b"%PDF")
    assert paper.sent[0][1:] == (2, f"Document {row.id}")  # no name on the printer’s display
    assert (tmp_path / "card.jpg").read_bytes() == a_picture()
    labels = [line.label for line in session.history(5)]
    assert "Printed the document “card”" in labels
    assert "Exported the document “card”" in labels
    session.switch_user(a_user(session, "sam", Role.SECRETARY))
    with pytest.raises(NotAllowed):
        office.documents.export(row.id, tmp_path / "again.jpg")
    assert not (tmp_path / "again.jpg").exists()


def test_categories_are_the_practices_own(office, ada):
    categories = office.documents.categories
    categories.add_usual()
    letters = categories.save("Wound photos")
    office.documents.take_in(ada, incoming(a_pdf("x")), DocumentDraft("Knee", letters))

    assert categories.remove(letters) is False  # in use: only not offered any more
    assert categories.named("Wound photos") is None
    with pytest.raises(Invalid, match="already"):
        categories.save("LAB results")
    with pytest.raises(Invalid, match="Choose a category"):
        office.documents.take_in(ada, incoming(a_pdf("y")), DocumentDraft("Knee", letters))
    ids = tuple(row.id for row in categories.all(active_only=True))
    categories.put_in_order(ids[::-1])
    assert tuple(row.id for row in categories.all(active_only=True)) == ids[::-1]
