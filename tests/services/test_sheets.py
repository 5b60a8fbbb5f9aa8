"""The calendar on paper as the desk asks for it: what is on each sheet, set-up, printing and records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Closure, GridNote, PatientAddress, WorkingHours
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.calendar.sheets import KINDS, SetUp, Sheets, Subject
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile, settings
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Printing, Ticket, Way
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.documents.conftest import words

THURSDAY = date(2026, 3, 12)


class FakeSpooler:
    """A printer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, str, int, str]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (PrinterRow("Desk"),)

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append((pdf, ticket.printer, ticket.copies, ticket.title))


@pytest.fixture
def spooler() -> FakeSpooler:
    return FakeSpooler()


@pytest.fixture
def sheets(office: Office, session: Session, spooler: FakeSpooler) -> Sheets:
    office.practice.save_profile(
        Profile(name="Lakeside Family Medicine", line1="1200 Harbor Avenue", phone="(413) 555-0142")
    )
    return Sheets(session, office.practice, Printing(session, spooler))


def text_of(sheets: Sheets, kind: str, subject: Subject | None = None, **changed: Any) -> str:
    sheet = sheets.make(replace(sheets.setup(kind), **changed), subject or Subject(THURSDAY))
    return "\n".join(words(sheet.pdf))


def a_booked_day(session: Session) -> dict[str, int]:
    """Ada with Dr. Chen at ten, Bo with Dr. Patel at two, and a cancelled visit at eleven."""
    ada = a_patient(session, phone="+14135550101", language="es")
    bo = a_patient(session, "Sampleton", "Bo")
    chen, patel = a_provider(session), a_provider(session, "Patel", "Asha")
    kind = a_type(session, "Follow-up", preparation="Do not eat.")
    return {
        "ada": ada, "bo": bo, "chen": chen, "patel": patel,
        "ten": an_appointment(session, ada, chen, type_id=kind, reason="Cough"),
        "two": an_appointment(session, bo, patel, "2026-03-12T14:00", type_id=kind),
        "gone": an_appointment(
            session, bo, chen, "2026-03-12T11:00", status="cancelled", cancelled_by="patient"
        ),
    }  # fmt: skip


def test_a_day_sheet_has_a_column_for_each_provider_and_says_who_printed_it(
    sheets: Sheets, session: Session
) -> None:
    a_booked_day(session)

    text = text_of(sheets, "day")

    for said in ("Thursday, March 12, 2026", "Dr. Chen", "Dr. Patel", "10:00", "Testperson, Ada",
                 "(413) 555-0101", "Cough", "Sampleton, Bo", "8 AM", "Lakeside Family Medicine",
                 "Printed 03/11/2026 9:00 AM by Olive Owner"):  # fmt: skip
        assert said in text
    assert "Cancelled" not in text


def test_phone_reason_and_columns_are_left_out_when_not_wanted(
    sheets: Sheets, session: Session
) -> None:
    ids = a_booked_day(session)

    text = text_of(
        sheets, "day", columns=(f"provider:{ids['chen']}",), with_phone=False, with_reason=False
    )

    assert "Testperson, Ada" in text
    for left_out in ("555-0101", "Cough", "Dr. Patel", "Sampleton"):
        assert left_out not in text


def test_cancelled_visits_are_shown_when_asked_for(sheets: Sheets, session: Session) -> None:
    a_booked_day(session)

    assert "Cancelled" in text_of(sheets, "day", with_cancelled=True)
    assert "Cancelled" in text_of(sheets, "list", with_cancelled=True)


def test_a_visit_outside_the_hours_chosen_is_told_on_the_sheet(
    sheets: Sheets, session: Session
) -> None:
    a_booked_day(session)
    setup = replace(sheets.setup("day"), from_min=480, until_min=720)

    sheet = sheets.make(setup, Subject(THURSDAY))

    assert sheet.warnings == ("1 visit outside these hours is not on this sheet.",)
    assert "1 visit outside these hours is not on this sheet." in words(sheet.pdf)[0]


def test_hours_that_end_before_they_begin_are_refused(sheets: Sheets) -> None:
    with pytest.raises(Invalid, match="end after it begins"):
        sheets.make(SetUp("day", from_min=900, until_min=600), Subject(THURSDAY))


def test_notes_and_closures_are_on_the_day_sheet(sheets: Sheets, session: Session) -> None:
    ids = a_booked_day(session)
    with session.change("Note", Permission.EDIT_SETTINGS):
        GridNote.create(day_on="2026-03-12", text="Vaccine delivery")
        GridNote.create(day_on="2026-03-12", text="Call the lab", starts_min=900,
                        provider_id=ids["chen"])  # fmt: skip
        Closure.create(
            name="Congress", provider_id=ids["patel"], first_on="2026-03-12", last_on="2026-03-12"
        )

    text = text_of(sheets, "day")

    for said in ("Vaccine delivery", "Call the lab", "Congress"):
        assert said in text


def test_a_week_has_five_days_or_seven_and_tells_of_weekend_visits(
    sheets: Sheets, session: Session
) -> None:
    ids = a_booked_day(session)
    an_appointment(session, ids["ada"], ids["chen"], "2026-03-14T10:00")

    sheet = sheets.make(sheets.setup("week"), Subject(THURSDAY))
    text = "\n".join(words(sheet.pdf))

    assert "Fri, Mar 13" in text
    assert "Sat, Mar 14" not in text
    assert sheet.warnings == ("1 visit at the weekend is not shown.",)
    assert "Sat, Mar 14" in text_of(sheets, "week", with_weekend=True)


def test_a_week_of_several_providers_is_a_page_for_each(sheets: Sheets, session: Session) -> None:
    a_booked_day(session)

    pages = words(sheets.make(sheets.setup("week"), Subject(THURSDAY)).pdf)

    assert len(pages) == 2
    assert "Dr. Chen" in pages[0]
    assert "Sampleton, Bo" in pages[1]


def test_a_month_too_full_for_names_counts_the_visits_by_provider(
    sheets: Sheets, session: Session
) -> None:
    ids = a_booked_day(session)
    for hour in range(8, 17):
        for minute in (0, 20, 40):
            an_appointment(session, ids["ada"], ids["chen"], f"2026-03-17T{hour:02}:{minute:02}")
    an_appointment(session, ids["bo"], ids["patel"], "2026-03-17T10:00")

    text = text_of(sheets, "month")

    assert "27 visits: Dr. Chen" in text
    assert "1 visit: Dr. Patel" in text


def test_a_month_has_every_visit_on_its_day(sheets: Sheets, session: Session) -> None:
    a_booked_day(session)

    text = text_of(sheets, "month")

    assert "March 2026" in text
    assert "Monday Tuesday" in text  # begins as on the screen: on Sunday, where that is shown
    assert "Sunday Monday" in text_of(sheets, "month", with_weekend=True)
    assert "10:00 Testperson, Ada" in text
    assert "2:00 Sampleton, Bo" in text


def test_a_list_groups_the_visits_by_provider_with_dates_of_birth(
    sheets: Sheets, session: Session
) -> None:
    a_booked_day(session)
    a_provider(session, "Idle", "Ida")

    text = text_of(sheets, "list")

    for said in ("Robin Chen, MD · 1 visit", "Asha Patel, MD · 1 visit", "03/14/1984", "Scheduled",
                 "Ida Idle, MD · 0 visits", "Nothing is booked."):  # fmt: skip
        assert said in text


def test_an_empty_day_is_printed_as_one(sheets: Sheets, session: Session) -> None:
    a_provider(session)

    assert "Dr. Chen" in text_of(sheets, "day")
    assert "Nothing is booked." in text_of(sheets, "list")


@pytest.mark.parametrize("kind", ["day", "week", "month", "list"])
def test_a_practice_without_providers_gets_an_empty_sheet(sheets: Sheets, kind: str) -> None:
    assert len(words(sheets.make(sheets.setup(kind), Subject(THURSDAY)).pdf)) == 1


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_printed_on_the_practice_s_paper(
    sheets: Sheets, session: Session, office: Office, kind: str, paper: str
) -> None:
    import pypdfium2

    a_booked_day(session)
    profile = office.practice.profile()
    office.practice.save_profile(replace(profile, paper=paper))

    sheet = sheets.make(sheets.setup(kind), Subject(THURSDAY))

    with pypdfium2.PdfDocument(sheet.pdf) as document:
        long, short = max(document[0].get_size()), min(document[0].get_size())
    assert (round(short), round(long)) == ((612, 792) if paper == "letter" else (595, 842))


def test_a_card_from_a_visit_is_about_that_visit_in_her_language(
    sheets: Sheets, session: Session
) -> None:
    ids = a_booked_day(session)
    an_appointment(session, ids["ada"], ids["chen"], "2026-03-19T10:00")

    text = text_of(sheets, "card", Subject(THURSDAY, ids["ten"]))

    assert "Su próxima cita" in text
    assert "12 de marzo de 2026" in text
    assert "19 de marzo" not in text


def test_a_slip_has_all_her_coming_visits_and_how_to_prepare(
    sheets: Sheets, session: Session
) -> None:
    ids = a_booked_day(session)
    an_appointment(session, ids["bo"], ids["chen"], "2026-03-19T10:00")
    an_appointment(session, ids["bo"], ids["chen"], "2026-03-10T10:00")

    text = text_of(sheets, "slip", Subject(THURSDAY, patient_ids=(ids["bo"],)))

    assert "Your next appointments: Bo Sampleton" in text
    assert "Thursday, March 12, 2026" in text
    assert "Thursday, March 19, 2026" in text
    assert "March 10" not in text
    assert "How to prepare: Do not eat." in text


def test_cards_of_a_day_are_for_everybody_who_comes(sheets: Sheets, session: Session) -> None:
    a_booked_day(session)

    text = text_of(sheets, "card")

    assert "Ada Testperson" in text
    assert "Bo Sampleton" in text


def test_nobody_booked_or_coming_is_a_sentence(sheets: Sheets, session: Session) -> None:
    ids = a_booked_day(session)
    past = an_appointment(session, a_patient(session, "Past"), ids["chen"], "2026-03-02T10:00")

    with pytest.raises(Invalid, match="Nobody is booked"):
        sheets.make(sheets.setup("label"), Subject(date(2026, 3, 20)))
    with pytest.raises(Invalid, match="no coming visit"):
        sheets.make(sheets.setup("slip"), Subject(THURSDAY, past))


def test_labels_carry_addresses_and_tell_who_has_none(sheets: Sheets, session: Session) -> None:
    ids = a_booked_day(session)
    with session.change("Address", Permission.EDIT_PATIENTS):
        PatientAddress.create(
            patient_id=ids["ada"], line1="45 Elm Street", city="Springfield", state="MA",
            postal_code="01104",
        )  # fmt: skip

    sheet = sheets.make(sheets.setup("label"), Subject(THURSDAY))

    assert "45 Elm Street" in words(sheet.pdf)[0]
    assert sheet.warnings == ("Bo Sampleton has no address that is valid today.",)
    assert "45 Elm Street" in words(sheets.address_labels([ids["ada"]], "L7160", 5))[0]


def test_chart_labels_carry_name_birth_and_chart_number(sheets: Sheets, session: Session) -> None:
    ids = a_booked_day(session)

    text = text_of(sheets, "chart", Subject(THURSDAY, ids["ten"]))

    for said in ("Testperson, Ada", "Born 03/14/1984", "Chart T00001"):
        assert said in text


def test_what_no_font_can_print_is_a_warning(sheets: Sheets, session: Session) -> None:
    an_appointment(session, a_patient(session, "ཀ"), a_provider(session))

    (warning,) = sheets.make(sheets.setup("day"), Subject(THURSDAY)).warnings

    assert "“ཀ”" in warning


def test_the_demo_says_so_on_every_sheet(sheets: Sheets, session: Session, office: Office) -> None:
    a_booked_day(session)
    office.practice.put(settings.IS_DEMO, True)

    for kind in KINDS:
        assert "DEMO" in text_of(sheets, kind)


def test_the_set_up_is_remembered_by_kind_but_not_where_to_start(sheets: Sheets) -> None:
    sheets.remember(SetUp("day", ("provider:1",), 480, 1080, 10, False, stock="", start_at=1))
    sheets.remember(replace(sheets.setup("label"), stock="5163", start_at=4))

    assert sheets.setup("day") == SetUp("day", ("provider:1",), 480, 1080, 10, False)
    assert (sheets.setup("label").stock, sheets.setup("label").start_at) == ("5163", 1)
    assert sheets.setup("week") == SetUp("week")


def test_who_works_on_saturdays_gets_seven_days_from_the_start(
    sheets: Sheets, session: Session
) -> None:
    chen = a_provider(session)
    assert not sheets.setup("week").with_weekend

    with session.change("Hours", Permission.EDIT_SETTINGS):
        WorkingHours.create(provider_id=chen, weekday=5, starts_min=540, ends_min=720)

    assert sheets.setup("week").with_weekend


def test_a_set_up_that_cannot_be_read_is_forgotten(sheets: Sheets, session: Session) -> None:
    session.db.note_meta(f"sheet/{session.workstation}/day", '{"columns": 7}')

    assert sheets.setup("day") == SetUp("day")


def test_a_column_that_is_gone_is_left_out(sheets: Sheets, session: Session) -> None:
    ids = a_booked_day(session)

    text = text_of(sheets, "day", columns=("provider:99", f"provider:{ids['chen']}"))

    assert "Dr. Chen" in text


def test_printing_is_recorded_and_titled_without_a_name(
    sheets: Sheets, session: Session, spooler: FakeSpooler
) -> None:
    ids = a_booked_day(session)
    sheet = sheets.make(sheets.setup("slip"), Subject(THURSDAY, ids["ten"]))

    assert sheets.print(sheet, Way(copies=2)) == "Desk"

    assert spooler.sent == [(sheet.pdf, "Desk", 2, "Appointment slips")]
    last = session.history()[0]
    assert (last.label, last.patient_id) == ("Printed: Appointment slips", ids["ada"])


def test_saving_as_pdf_is_recorded(sheets: Sheets, session: Session, tmp_path: Path) -> None:
    a_booked_day(session)
    sheet = sheets.make(sheets.setup("day"), Subject(THURSDAY))

    sheets.save(sheet, tmp_path / "day.pdf")

    assert (tmp_path / "day.pdf").read_bytes() == sheet.pdf
    assert session.history()[0].label == "Saved as PDF: Day sheet Thursday, March 12, 2026"


def test_a_folder_that_cannot_be_written_is_a_sentence(
    sheets: Sheets, session: Session, tmp_path: Path
) -> None:
    a_booked_day(session)
    sheet = sheets.make(sheets.setup("day"), Subject(THURSDAY))

    with pytest.raises(Unavailable, match="could not be written"):
        sheets.save(sheet, tmp_path / "nowhere" / "day.pdf")


def test_a_sheet_that_does_not_exist_is_refused(sheets: Sheets) -> None:
    with pytest.raises(Invalid, match="no sheet"):
        sheets.make(SetUp("poster"), Subject(THURSDAY))
