"""Patient files: finding, opening, registering, amending."""

from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    CustomDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.services.patients.filing import chart_numbers
from medsec_desktop.services.patients.patients import Patients
from medsec_desktop.services.patients.records import (
    AddressRow,
    AlertRow,
    CoverageRow,
    CustomRow,
    DuplicateHit,
    FamilyRow,
    LetterLine,
    PatientFile,
    PatientHit,
    PersonRow,
    PhoneRow,
    VisitRow,
)

__all__ = [
    "AddressDraft",
    "AddressRow",
    "AlertDraft",
    "AlertRow",
    "CoverageDraft",
    "CoverageRow",
    "CustomDraft",
    "CustomRow",
    "DuplicateHit",
    "FamilyRow",
    "LetterLine",
    "PatientDraft",
    "PatientFile",
    "PatientHit",
    "Patients",
    "PersonDraft",
    "PersonRow",
    "PhoneDraft",
    "PhoneRow",
    "VisitRow",
    "chart_numbers",
]
