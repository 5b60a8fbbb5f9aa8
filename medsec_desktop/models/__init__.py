"""The tables, and nothing else: one module per part of the office.

Money is whole cents, days and wall-clock times are ISO text, and every journalled row counts its
writes in `version`. The conventions stand at the head of `store/migrations/m0001_the_spine.sql`; the
tables to come keep them: `task`, `template`, `series` (RFC 5545 rule) and `series_exception`,
`waiting_entry`, `recall`, `authorization`, `claim` and `service_line`, `ledger_entry`, `remittance`.
"""

from __future__ import annotations

from medsec_desktop.models.base import Journalled, Table
from medsec_desktop.models.calendar import Appointment, Encounter
from medsec_desktop.models.coverages import Coverage, Payer
from medsec_desktop.models.drafts import Draft
from medsec_desktop.models.imports import ImportRun
from medsec_desktop.models.letters import Document, Letter
from medsec_desktop.models.patients import (
    Patient,
    PatientAddress,
    PatientAlert,
    PatientPhone,
    RelatedPerson,
)
from medsec_desktop.models.practice import (
    AppointmentType,
    Closure,
    Organization,
    Provider,
    Room,
    Setting,
    UserAccount,
    WorkingHours,
)

JOURNALLED: tuple[type[Journalled], ...] = (
    Setting,
    UserAccount,
    Organization,
    Payer,
    Provider,
    Room,
    AppointmentType,
    WorkingHours,
    Closure,
    Patient,
    PatientPhone,
    PatientAddress,
    RelatedPerson,
    Coverage,
    PatientAlert,
    Appointment,
    Encounter,
    Document,
    Letter,
    ImportRun,
)
ALL: tuple[type[Table], ...] = (*JOURNALLED, Draft)

__all__ = [
    "ALL",
    "JOURNALLED",
    "Appointment",
    "AppointmentType",
    "Closure",
    "Coverage",
    "Document",
    "Draft",
    "Encounter",
    "ImportRun",
    "Journalled",
    "Letter",
    "Organization",
    "Patient",
    "PatientAddress",
    "PatientAlert",
    "PatientPhone",
    "Payer",
    "Provider",
    "RelatedPerson",
    "Room",
    "Setting",
    "Table",
    "UserAccount",
    "WorkingHours",
]
