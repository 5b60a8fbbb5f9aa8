"""A clinic that bills: one provider, a patient with two insurances, a clearing house, charged visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import (
    ChargeDiagnosis,
    ChargeLine,
    ChargeSheet,
    Coverage,
    Encounter,
    PatientAddress,
    Payer,
    Procedure,
)
from medsec_desktop.services.claims.settings import ClearingHouseDraft, PayerRuleDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile, settings
from tests.conftest import a_patient, a_provider, an_appointment

CLINIC = Profile(
    name="Lakeside Test Clinic", line1="1200 Harbor Avenue", city="Springfield", state="MA",
    postal_code="01105-2345", phone="(413) 555-0142", npi="1234567893", tax_id="123456789",
)  # fmt: skip
HOUSE = ClearingHouseDraft(
    "Test House", sender_id="TESTCLINIC", receiver_id="TESTHOUSE", submitter_id="TC0001",
    receiver_number="TH0001", contact_name="Olive Owner", contact_phone="4135550142",
)  # fmt: skip


@dataclass
class Billing:
    """The numbers of what the clinic consists of."""

    office: Office
    provider: int
    patient: int
    payer: int  # Test Health, by file
    second: int  # Second Test Plan, on paper
    coverage: int
    house: int

    def visit(self, at: str = "2026-03-02T10:00", *, fee: int = 12550, **sheet: Any) -> int:
        """A visit that was charged one line for one diagnosis. The sheet’s number."""
        patient = sheet.pop("patient", self.patient)
        lines = sheet.pop("lines", [{}])
        session = self.office.session
        appointment = an_appointment(session, patient, self.provider, at, status="done")
        with session.change("Charge the visit", Permission.EDIT_CLAIMS, patient_id=patient):
            encounter = Encounter.create(
                patient=patient, provider=self.provider, appointment=appointment, starts_at=at
            )
            sheet.setdefault("status", "charged")
            row = ChargeSheet.create(encounter=encounter, **sheet)
            for place, code in enumerate(("J069", "R059")):
                ChargeDiagnosis.create(charge_sheet=row, position=place, code=code)
            for place, line in enumerate(lines):
                values = {"code": "99213", "charge_cents": fee, "pointers": "A", **line}
                ChargeLine.create(charge_sheet=row, position=place, **values)
        return int(row.id)

    def ready(self, at: str = "2026-03-02T10:00", **sheet: Any) -> int:
        """A claim that may go. Its number."""
        claim = self.office.claims.build(self.visit(at, **sheet))
        checked = self.office.claims.make_ready([claim])
        assert checked.clean == (claim,), checked.held
        return claim


def a_billing_clinic(office: Office) -> Billing:
    """Everything a claim without fault needs."""
    session, practice = office.session, office.practice
    practice.save_profile(CLINIC)
    practice.put(settings.CLAIMS_TAXONOMY, "207Q00000X")
    practice.put(settings.CLAIMS_CLIA, "22D1234567")
    provider = a_provider(session, npi="1811901945", taxonomy="207Q00000X")
    patient = a_patient(session, sex="F", birth_date="1984-03-14")
    with session.change("Cover her", Permission.EDIT_PATIENTS):
        PatientAddress.create(
            patient=patient, line1="7 Sample Street", city="Springfield", state="MA",
            postal_code="01105",
        )  # fmt: skip
        payer = Payer.create(name="Test Health", payer_number="TP001")
        second = Payer.create(name="Second Test Plan", payer_number="TP002")
        coverage = Coverage.create(
            patient=patient, payer=payer, member_id="TM 12345", group_number="G77"
        )
        Coverage.create(
            patient=patient, payer=second, rank="secondary", member_id="S9",
            subscriber_relation="spouse", subscriber_name="Testperson, Carl M",
            subscriber_birth_on="1980-01-02", subscriber_sex="M", subscriber_line1="7 Sample Street",
            subscriber_city="Springfield", subscriber_state="MA", subscriber_postal_code="01105",
        )  # fmt: skip
        for code, words in (("99213", "Visit, usual"), ("81003", "Urine test"), ("99214", "Long")):
            Procedure.create(code=code, words=words, charge_cents=12550)
    house = office.claim_settings.save_house(HOUSE)
    office.claim_settings.save_payer(
        PayerRuleDraft(
            payer.id, "CI", "file", house, filing_days=90, appeal_days=60, corrected_days=120
        )
    )
    office.claim_settings.save_payer(PayerRuleDraft(second.id, "BL"))
    return Billing(office, provider, patient, payer.id, second.id, coverage.id, house)
