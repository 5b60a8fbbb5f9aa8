from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.form_codes import barcode_text
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Coverage
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.claims.charge_records import DIAGNOSIS, PROCEDURE
from medsec_desktop.services.page_images import page_count, page_text
from medsec_desktop.services.printing import Way
from tests.conftest import a_patient, a_user, an_appointment
from tests.services.claims.conftest import Clinic
from tests.services.test_sheets import FakeSpooler

DAY = date(2026, 3, 11)


def test_a_superbill_has_what_is_known_of_the_visit(clinic: Clinic):
    office = clinic.office
    with office.session.change("Copay", Permission.EDIT_PATIENTS):
        Coverage.update(copay_cents=2_500).where(Coverage.id == clinic.coverage).execute()
    earlier = office.charges.open(clinic.earlier)
    line = office.charges.line_for(
        office.code_search.hit(PROCEDURE, "99213", "", DAY), clinic.payer, DAY, (1,)
    )
    office.charges.save(replace(earlier.draft, diagnoses=("I10",), lines=(line,)))
    office.favourites.add(clinic.provider, DIAGNOSIS, "E785")

    bills = office.superbills.of_visit(clinic.visit)
    words = page_text(bills.pdf)

    (bill,) = bills.bills
    assert page_count(bills.pdf) == bill.pages == 1
    for text in ("Ada Testperson", "Lantern Mutual", "M-1", "copay $25.00", "blood pressure",
                 "99213 ·", "125.00", "I10 ·", "E78.5", "J1885"):  # fmt: skip
        assert text in words
    assert bill.sheet.code.texts == (barcode_text(bill.code, 1),)


def test_a_days_superbills_are_those_of_the_visits_that_stand(clinic: Clinic):
    session = clinic.office.session
    other = a_patient(session, "Sampleton", "Bo")
    an_appointment(session, other, clinic.provider, "2026-03-11T09:30")
    an_appointment(session, other, clinic.provider, "2026-03-11T10:30", status="cancelled")

    bills = clinic.office.superbills.of_day(DAY)

    assert [bill.patient_id for bill in bills.bills] == [clinic.patient, other]
    assert "No insurance on this day" in page_text(bills.pdf)
    with pytest.raises(Invalid, match="no visits"):
        clinic.office.superbills.of_day(date(2026, 3, 14))
    with pytest.raises(Conflict):
        clinic.office.superbills.of_visit(999)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    with pytest.raises(NotAllowed):
        clinic.office.superbills.of_day(DAY)


def test_printing_keeps_each_superbill_and_seals_it(clinic: Clinic):
    office = clinic.office
    spooler = FakeSpooler()
    office.printing.offer(spooler)
    bills = office.superbills.of_day(DAY)

    assert office.superbills.print(bills, Way("Desk")) == "Desk"

    assert [pdf for pdf, *_ in spooler.sent] == [bills.pdf]
    (form,) = office.printed_forms.of_patient(clinic.patient)
    assert form.code == bills.bills[0].code
    assert form.printed_at is not None
    assert page_text(office.documents.content(form.printed_document_id)) == page_text(bills.pdf)
    assert "sealed" in {row.state for row in office.session.history()[:3]}
