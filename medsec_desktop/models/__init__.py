"""The tables, and nothing else: one module per part of the office.

Money is whole cents, days and wall-clock times are ISO text, and every journalled row counts its
writes in `version`. The conventions stand at the head of `store/migrations/m0001_the_spine.sql`.

Tables to come keep them, and the names and keys below, so that what is here need not move:

* calendar: `appointment_series` (patient, provider, RFC 5545 `rule`, `starts_at`, `ends_on`) with
  `appointment.series_id` and `series_exception` (series, `original_at`, appointment or none);
  `block_out` (provider or room, span, repeat, admitted types), `hours_exception` (provider, day, spans),
  `appointment_event` (appointment, status, `at`) for stamped times, `waiting_entry`, `recall` (patient,
  kind, `due_on`, round), `grid_note`, `hold` (span, `expires_at`); rooms book as `appointment.room_id`.
* patients: `authorization` (coverage, number, units allowed; used ones are counted, never stored),
  `referral`, `consent`, `records_request` and `disclosure`, `patient_merge` (survivor, absorbed, the
  operation that did it), `custom_field` and `custom_value`; `related_person.is_guarantor` owes,
  `coverage.subscriber_*` holds the policy, and neither is ever derived from the other.
* letters: `letter_template` (key, language, our own document format as JSON) and `template_edition`;
  `letter_step` (letter, dictated to sent, who, when); a sent letter's `document_id` never changes.
* claims: `claim` (patient, coverage, state, `control_number`, `replaces_id`) with `service_line`
  (procedure code, `modifier_1`…`4`, diagnosis pointers, units, `charge_cents`) and `claim_diagnosis`;
  `claim_batch` (control numbers never given twice), `fee` (payer, code, `valid_from_on`, cents),
  `remittance`, `remittance_line` and `adjustment` (group, reason, cents).
* money: `ledger_entry` (patient, guarantor, kind, `amount_cents`, what it answers); entries are only
  added, a correction is an entry that reverses another.
* practice: `task` (due, priority, assignee, and one nullable key for each thing it may be about),
  `phone_message`, `supply`; the directory is `organization` and `provider`, not a copy of them.

What can be counted from rows is not stored beside them; what left the building is replaced, not edited.
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
