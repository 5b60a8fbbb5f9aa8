"""Write a small practice of today's format, with a row in every part of the office."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.recurrence import weekly
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import (
    ChargeDiagnosis,
    ChargeLine,
    ChargeSheet,
    CodeFavourite,
    CodeList,
    Consent,
    ConsentKind,
    Coverage,
    CoverageVerification,
    CustomField,
    CustomValue,
    Disclosure,
    Document,
    Encounter,
    Fee,
    FeeSchedule,
    ListedCode,
    Payer,
    Procedure,
    RecordsRequest,
    Referral,
    ReferralEvent,
)
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.calendar.hours import ExceptionDraft
from medsec_desktop.services.calendar.notes import HoldDraft, NoteDraft
from medsec_desktop.services.calendar.recalls import RecallDraft, RecallTypeDraft
from medsec_desktop.services.calendar.views import ColumnKey, SavedViewDraft
from medsec_desktop.services.calendar.waiting import WaitingDraft
from medsec_desktop.services.claims.files import FilePlan
from medsec_desktop.services.claims.settings import (
    ClearingHouseDraft,
    NumberDraft,
    PayerRuleDraft,
)
from medsec_desktop.services.founding import OwnerDraft, ProviderSetup, Setup
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.authorizations import AuthorizationDraft
from medsec_desktop.services.patients.merging import MergeDraft
from medsec_desktop.services.practice import USUAL_HOURS, Profile, ProviderDraft
from medsec_desktop.store.files import Files
from tests.conftest import CHEAP, PASSWORD, a_patient, a_type, an_appointment


def write(folder: Path) -> None:
    """One provider, two patients, visits and lists, a letter, an undone change and a parked draft."""
    clock = FixedClock(datetime(2026, 3, 11, 9, 0))
    setup = Setup(
        Profile(name="Testville Clinic", line1="1 Test Street", phone="(617) 555-0142"),
        OwnerDraft("Olive Owner", "olive", PASSWORD),
        (ProviderSetup(ProviderDraft("Chen", "Robin", "MD"), USUAL_HOURS),),
    )
    founding.create_practice(folder, setup, clock, CHEAP)
    office = welcome.sign_in(folder, "olive", PASSWORD, clock)
    session = office.session
    ada = a_patient(session, phone="+16175550123", former_name="Müller")
    a_patient(session, "Sampleton", "Bob", birth_date="1990")
    (provider,) = office.practice.providers()
    visit = an_appointment(session, ada, provider.id, type_id=a_type(session))
    office.letters.file(office.letters.compose(visit))
    _fill_calendar(office, ada, visit)
    _fill_cabinet(office, ada)
    _bill(office, ada, provider.id)
    a_patient(session, "Mustermann", "Undone")
    session.undo()
    office.drafts.park(office.drafts.save(None, "booking", "Book Ada", ada, {"reason": "cough"}))
    office.close()
    for beside in ("practice.ballast", "practice.lock", "practice.slots.lock"):
        (folder / beside).unlink(missing_ok=True)


def _fill_calendar(office: Office, ada: int, visit: int) -> None:
    """A visit moved and confirmed, a series, and something on each list and on the grid."""
    day, ten = date(2026, 3, 12), datetime(2026, 3, 12, 10)
    draft = office.calendar.appointment(visit).draft
    moved = office.calendar.amend(visit, replace(draft, starts_at=ten + timedelta(hours=1)))
    office.calendar.confirm(moved, 1, "machine")
    again = replace(draft, starts_at=ten + timedelta(days=4), version=0)
    office.series.book(office.series.plan(again, weekly([0, 3], 4)))
    office.waiting.add(WaitingDraft(ada, 30, interim_appointment_id=moved, note="Mornings"))
    kind = office.recalls.save_type(RecallTypeDraft("Yearly visit"))
    office.recalls.add(RecallDraft(ada, kind, date(2027, 3, 1)))
    Calls(office.session, office.practice).note(CallOutcome.NO_ANSWER, ada, appointment_id=moved)
    office.notes.save_note(NoteDraft(day, "Printer service at four"))
    office.notes.save_hold(
        HoldDraft("For a call back", ten + timedelta(hours=4), 20, ten, draft.provider_id)
    )
    office.hours.save_exception(
        ExceptionDraft(date(2026, 4, 1), date(2026, 4, 2), (), provider_id=draft.provider_id)
    )
    office.views.save(SavedViewDraft("Dr. Chen", (ColumnKey("provider", draft.provider_id),)))
    office.authorizations.save(ada, AuthorizationDraft("A-1", 6))


def _fill_cabinet(office: Office, ada: int) -> None:
    """A payer asked, a referral, a scan, a consent, a request, a disclosure, an own field, and a file
    that was merged into hers."""
    session = office.session
    twin = a_patient(session, "Testperson", "Adda", phone="+16175550123")
    with session.change("Fill the cabinet", Permission.EDIT_PATIENTS, patient_id=ada):
        payer = Payer.create(name="Invented Health")
        cover = Coverage.create(patient=ada, payer=payer, member_id="M-1", starts_on="2026-01-01")
        CoverageVerification.create(coverage=cover, verified_at="2026-03-02T10:00", result="active")
        referral = Referral.create(patient=ada, direction="out", begun_on="2026-03-04")
        ReferralEvent.create(referral=referral, at="2026-03-04T12:00", status="sent")
        scan = Document.create(
            patient=ada, kind="scan", title="Blood count", sha256=Files.of(session.db).put(b"a scan"),
            size_bytes=6, filed_at="2026-03-03T11:00", media_type="text/plain",
        )  # fmt: skip
        kind = ConsentKind.create(name="Treatment, as one says here")
        Consent.create(patient=ada, kind=kind, signed_on="2026-03-05", document=scan)
        request = RecordsRequest.create(
            patient=ada, requester="Ada herself", received_on="2026-03-06", due_on="2026-04-05"
        )
        Disclosure.create(
            patient=ada, disclosed_at="2026-03-07T09:30", recipient="Example Law", what="Letters",
            request=request,
        )  # fmt: skip
        field = CustomField.create(name="Shoe size", kind="number")
        CustomValue.create(patient=ada, field=field, value="39")
    read = office.merging.preview(ada, twin).read
    office.merging.merge(MergeDraft(ada, twin, frozenset(), frozenset(), read))


def _bill(office: Office, ada: int, provider: int) -> None:
    """Codes, fees, a visit charged, its claim sent in a file, and one in work; numbers of everybody."""
    session, settings = office.session, office.claim_settings
    house = settings.save_house(
        ClearingHouseDraft(
            "Test House", sender_id="TESTCLINIC", receiver_id="TESTHOUSE", submitter_id="TC1",
            receiver_number="TH1", is_test=False,
        )
    )  # fmt: skip
    payer = session.db.value("SELECT id FROM payer WHERE name = 'Invented Health'")
    settings.save_payer(PayerRuleDraft(payer, "CI", "file", house, filing_days=120))
    settings.save_number(NumberDraft("G2", "77A", provider_id=provider, payer_id=payer))
    sheets = []
    with session.change("Charge two visits", Permission.EDIT_CLAIMS, patient_id=ada):
        release = CodeList.create(
            kind="hcpcs", name="2026", codes=1, taken_in_at="2026-03-01T09:00"
        )
        ListedCode.create(kind="hcpcs", code="G0008", words="A shot", code_list=release)
        procedure = Procedure.create(code="99213", words="Visit", charge_cents=12550)
        CodeFavourite.create(provider=provider, kind="diagnosis", code="J069")
        schedule = FeeSchedule.create(name="Ours", payer=payer, valid_from_on="2026-01-01")
        Fee.create(fee_schedule=schedule, code="99213", amount_cents=12000)
        for day in (2, 3):
            visit = Encounter.create(
                patient=ada, provider=provider, starts_at=f"2026-03-{day:02}T10:00"
            )
            sheet = ChargeSheet.create(encounter=visit, status="charged", note="Seen twice")
            ChargeDiagnosis.create(charge_sheet=sheet, position=0, code="J069")
            ChargeLine.create(
                charge_sheet=sheet, procedure=procedure, code="99213", charge_cents=12550
            )
            sheets.append(sheet.id)
    first, second = (office.claims.build(sheet) for sheet in sheets)
    with session.change("Let the first one go", Permission.EDIT_CLAIMS):
        for status in (ClaimStatus.CHECKED, ClaimStatus.READY):
            office.claims.filing.move(first, status)
    row = office.claims.row(first)
    with TemporaryDirectory() as folder:
        plan = FilePlan(house, "Test House", (row,), (), (), False, "")
        office.claim_files.write(plan, Path(folder))
    office.claims.note(second, "Her new card is wanted")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
