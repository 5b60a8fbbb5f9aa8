"""Patient files: finding, opening, registering, amending."""

from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
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
    DuplicateHit,
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
    "DuplicateHit",
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
