"""A small practice that charges: two procedures, a visit kept today, one before it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Coverage, Payer
from medsec_desktop.services.claims.charge_records import ProcedureDraft
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.services.claims.practice import Billing, a_billing_clinic


@dataclass(frozen=True)
class Clinic:
    """The ids of what is there."""

    office: Office
    patient: int
    provider: int
    payer: int
    coverage: int
    earlier: int
    visit: int


@pytest.fixture
def clinic(office: Office) -> Clinic:
    """The small practice."""
    return a_clinic(office)


def a_clinic(office: Office) -> Clinic:
    """Ada, insured with Lantern Mutual, was here in February and is today."""
    session = office.session
    patient, provider = a_patient(session), a_provider(session)
    with session.change("Insure her", Permission.EDIT_PATIENTS):
        payer = Payer.create(name="Lantern Mutual").id
        coverage = Coverage.create(patient_id=patient, payer_id=payer, member_id="M-1").id
    kind = a_type(session)
    earlier = an_appointment(
        session, patient, provider, "2026-02-11T10:00", type_id=kind, status="done"
    )
    visit = an_appointment(
        session, patient, provider, "2026-03-11T08:00", type_id=kind, status="done",
        reason="blood pressure",
    )  # fmt: skip
    office.procedures.save(
        ProcedureDraft("99213", words="Visit, middle", section="Visits", charge_cents=12_500)
    )
    office.procedures.save(
        ProcedureDraft("J1885", words="Pain shot", section="Drugs", needs_drug=True,
                       ndc="00409-3795-01", ndc_unit="ML", units="2", charge_cents=3_000)
    )  # fmt: skip
    return Clinic(office, patient, provider, payer, coverage, earlier, visit)


@pytest.fixture
def billing(office: Office) -> Billing:
    """A clinic that bills."""
    return a_billing_clinic(office)
