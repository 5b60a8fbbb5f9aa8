"""Labels and envelopes: for whom, on what, and what is told before paper; sheets measured by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import PatientAddress
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Unavailable
from medsec_desktop.services.letters.post import Addressee, PostKind, PostSetUp
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Ticket, Way
from medsec_desktop.services.session import Session
from medsec_desktop.services.stocks import StockDraft
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.documents.conftest import words


class Desk:
    """A printer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Ticket]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (PrinterRow("Desk", is_default=True),)

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append((pdf, ticket))


@pytest.fixture
def desk(office: Office) -> Desk:
    office.printing.offer(desk := Desk())
    return desk


@pytest.fixture
def people(session: Session) -> list[int]:
    """Ada with an address, Bo without one who died, Cy who asked not to be contacted."""
    ada = a_patient(session, "Testperson", "Ada", sex="F")
    bo = a_patient(session, "Sampleton", "Bo", status="deceased")
    cy = a_patient(session, "Mustermann", "Cy", is_not_to_contact=True)
    with session.change("Give addresses", Permission.EDIT_PATIENTS):
        for patient_id in (ada, cy):
            PatientAddress.create(
                patient=patient_id,
                line1="45 Elm Street",
                city="Springfield",
                state="MA",
                postal_code="01104",
            )
    return [ada, bo, cy]


def test_address_labels_and_envelopes_say_what_is_not_well_before_paper(
    office: Office, people: list[int], desk: Desk, session: Session
) -> None:
    post = office.post
    labels = post.for_patients(PostSetUp(PostKind.ADDRESS, "5160", start_at=4, each=2), people)
    envelopes = post.for_patients(PostSetUp(PostKind.ENVELOPE, "#10"), people[:1])

    assert labels.warnings == (
        "Has died: Bo Sampleton.",
        "Asked not to be contacted: Cy Mustermann.",
        "There is no address that is valid today: Bo Sampleton.",
    )
    assert (labels.count, labels.paper, labels.patient_id) == (6, "labels", None)
    assert words(labels.pdf)[0].count("Ada Testperson") == 2
    (page,) = words(envelopes.pdf)
    assert "45 Elm Street" in page
    assert office.practice.profile().name in page
    assert envelopes.warnings == ()

    assert post.print(envelopes, Way(copies=2)) == "Desk"
    ((pdf, ticket),) = desk.sent
    assert (pdf, ticket) == (envelopes.pdf, Ticket("Desk", 2, "Envelopes"))
    recorded = session.history(1)[0]
    assert (recorded.label, recorded.patient_id) == ("Printed: Envelopes (1)", people[0])


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        (PostKind.CHART, "code128", "Chart T00001"),
        (PostKind.SPECIMEN, "qr", "by ____"),
        (PostKind.WRISTBAND, "qr", "Born 03/14/1984 · Female"),
        (PostKind.RETURN, "", "Lakeside"),
    ],
)
def test_what_the_chart_room_needs_comes_with_the_set_up_that_suits(
    office: Office, people: list[int], kind: PostKind, code: str, said: str
) -> None:
    with office.session.change("Name the practice", Permission.EDIT_SETTINGS):
        profile = office.practice.profile()
        office.practice.save_profile(replace(profile, name="Lakeside", line1="1 Harbor Avenue"))
    setup = office.post.setup(kind)

    sheet = office.post.for_patients(setup, people[:1])

    assert setup.code == code
    assert sheet.warnings == ()
    assert said in words(sheet.pdf)[0]
    office.post.remember(replace(setup, start_at=1, code="", is_proof=True))
    assert office.post.setup(kind) == replace(setup, code="")


def test_appointment_cards_for_a_list_name_who_has_no_visit(
    office: Office, people: list[int], session: Session
) -> None:
    provider = a_provider(session)
    an_appointment(session, people[0], provider, "2026-03-12T10:00")

    sheet = office.post.for_patients(office.post.setup(PostKind.CARD), people)

    assert (sheet.title, sheet.paper, sheet.count) == ("Appointment cards", "cards", 1)
    assert "Thursday, March 12, 2026" in words(sheet.pdf)[0]
    assert "No visit is booked for Bo Sampleton, Cy Mustermann." in sheet.warnings
    with pytest.raises(Invalid, match="no coming visit"):
        office.post.for_patients(office.post.setup(PostKind.CARD), people[1:])


def test_others_addresses_are_taken_as_they_are_and_what_does_not_fit_is_told(
    office: Office,
) -> None:
    people = [
        Addressee(("Dr. Robin Chen", "1 Main Street", "Boston, MA 02101")),
        Addressee(("Testperson" * 12, "1 Main Street")),
        Addressee(("Bo 𐎀", "1 Main Street")),
    ]

    labels = office.post.labels(people, PostSetUp(PostKind.ADDRESS, "5160"))
    envelopes = office.post.envelopes(people, PostSetUp(PostKind.ENVELOPE, "C6"))

    for sheet, what in ((labels, "label"), (envelopes, "envelope")):
        cut, boxed = sheet.warnings
        assert cut.startswith(f"Not all of the address fits on the {what}: TestpersonTest")
        assert boxed == "No font here can print “𐎀”; a box □ is printed."
    with pytest.raises(Invalid):
        office.post.labels(people, PostSetUp(PostKind.ADDRESS, "5160", each=0))


def test_what_does_not_reach_the_printer_is_kept_without_a_name(
    office: Office, people: list[int]
) -> None:
    sheet = office.post.for_patients(PostSetUp(PostKind.ADDRESS, "5160"), people[:1])

    with pytest.raises(Unavailable, match="no printer"):
        office.post.print(sheet)

    (kept,) = office.printing.kept.all()
    assert (kept.ticket.title, kept.patient_id) == ("Address labels", people[0])


OURS = StockDraft("labels", "Lab, A4", 210, 297, 2, 4, 90.5, 60, 10, 20, 100, 65)


def test_a_sheet_of_ones_own_is_kept_to_the_micrometre_offered_and_undone(
    office: Office, session: Session
) -> None:
    stock_id = office.stocks.save(OURS)

    (kept,) = office.stocks.own()
    assert kept == replace(OURS, id=stock_id, version=1)
    assert office.post.stocks(PostKind.ADDRESS)[-1] == kept.stock
    assert office.sheets.stocks("label")[-1].key == f"own-{stock_id}"
    assert office.post.setup(PostKind.ADDRESS).stock == "5160"  # nobody chose it yet
    assert office.stocks.proof(kept).startswith(b"%PDF")
    office.stocks.save(replace(kept, left=12.5, across=90.5))
    assert office.stocks.named(f"own-{stock_id}").left == 12.5
    with pytest.raises(Conflict):
        office.stocks.save(replace(kept, left=13))
    office.stocks.remove(stock_id)
    with pytest.raises(Invalid, match="removed"):
        office.stocks.named(f"own-{stock_id}")
    session.undo()
    assert office.stocks.own()[0].left == 12.5
    # A set-up that names a sheet which is gone falls back to one that is there.
    office.post.remember(PostSetUp(PostKind.ADDRESS, f"own-{stock_id}"))
    office.stocks.remove(stock_id)
    assert office.post.setup(PostKind.ADDRESS).stock == "5160"


def test_an_envelope_of_ones_own_has_only_its_size(office: Office) -> None:
    office.stocks.save(StockDraft("envelope", "Window B6", 176, 125))

    stock = office.post.stocks(PostKind.ENVELOPE)[-1]

    assert (stock.name, stock.width, stock.height, stock.count) == ("Window B6", 176, 125, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"width": 200}, "across"),
        ({"rows": 9}, "down"),
        ({"columns": 0}, "columns"),
        ({"left": -1}, "left"),
        ({"sheet_width": 2}, "sheet_width"),
    ],
)
def test_an_impossible_sheet_is_refused_where_it_was_typed(
    office: Office, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        office.stocks.save(replace(OURS, **change))

    assert caught.value.field == field
    assert office.stocks.own() == ()


def test_two_sheets_of_one_name_and_a_clerk_are_refused(office: Office, session: Session) -> None:
    office.stocks.save(OURS)

    with pytest.raises(Invalid, match="already"):
        office.stocks.save(replace(OURS, name="lab, a4"))
    session.switch_user(a_user(session, role=Role.SECRETARY))
    with pytest.raises(NotAllowed):
        office.stocks.remove(office.stocks.own()[0].id)
