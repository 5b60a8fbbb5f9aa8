"""The tables, and nothing else: one module per part of the office.

Money is whole cents, days and wall-clock times are ISO text, and every journalled row counts its
writes in `version`. The conventions stand at the head of `store/migrations/m0001_the_spine.sql`.

Tables to come keep them, and the names and keys below, so that what is here need not move:

* patients: `related_person.is_guarantor` owes, `coverage.subscriber_*` holds the policy, and neither is
  ever derived from the other.
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
from medsec_desktop.models.calendar import (
    Appointment,
    AppointmentEvent,
    AppointmentSeries,
    CalendarView,
    Encounter,
    GridNote,
    Hold,
    SeriesException,
)
from medsec_desktop.models.coverages import (
    Authorization,
    Coverage,
    CoverageVerification,
    Payer,
)
from medsec_desktop.models.documents import Document, DocumentCategory, PrintedForm
from medsec_desktop.models.drafts import Draft
from medsec_desktop.models.filling import CallAttempt, Recall, RecallRound, RecallType, WaitingEntry
from medsec_desktop.models.hours import (
    BlockOut,
    BlockOutException,
    BlockOutType,
    HoursException,
    PublicHoliday,
    RoomHours,
)
from medsec_desktop.models.imports import ImportMapping, ImportRun
from medsec_desktop.models.letters import (
    Fax,
    FaxAttempt,
    FaxNumber,
    Letter,
    LetterBatch,
    LetterStep,
    LetterTemplate,
)
from medsec_desktop.models.merges import NotDuplicate, PatientMerge, PatientMergeRow
from medsec_desktop.models.patients import (
    CustomField,
    CustomValue,
    Patient,
    PatientAddress,
    PatientAlert,
    PatientPhone,
    RelatedPerson,
)
from medsec_desktop.models.practice import (
    AppointmentType,
    Closure,
    CopyFormat,
    Organization,
    Provider,
    QuickText,
    Room,
    Setting,
    UserAccount,
    WorkingHours,
)
from medsec_desktop.models.printing import KeptPrint, PaperStock
from medsec_desktop.models.referrals import Referral, ReferralEvent
from medsec_desktop.models.rights import (
    Consent,
    ConsentKind,
    Disclosure,
    RecordsRequest,
    RecordsRequestItem,
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
    LetterTemplate,
    Letter,
    LetterStep,
    LetterBatch,
    FaxNumber,
    Fax,
    FaxAttempt,
    ImportRun,
    Authorization,
    AppointmentSeries,
    SeriesException,
    AppointmentEvent,
    RoomHours,
    HoursException,
    PublicHoliday,
    BlockOut,
    BlockOutType,
    BlockOutException,
    Hold,
    GridNote,
    CalendarView,
    WaitingEntry,
    RecallType,
    Recall,
    RecallRound,
    CallAttempt,
    CustomField,
    CustomValue,
    CoverageVerification,
    Referral,
    ReferralEvent,
    DocumentCategory,
    PrintedForm,
    NotDuplicate,
    PatientMerge,
    PatientMergeRow,
    ConsentKind,
    Consent,
    RecordsRequest,
    RecordsRequestItem,
    Disclosure,
    QuickText,
    CopyFormat,
    ImportMapping,
    PaperStock,
)
ALL: tuple[type[Table], ...] = (*JOURNALLED, Draft, KeptPrint)

__all__ = [
    "ALL",
    "JOURNALLED",
    "Appointment",
    "AppointmentEvent",
    "AppointmentSeries",
    "AppointmentType",
    "Authorization",
    "BlockOut",
    "BlockOutException",
    "BlockOutType",
    "CalendarView",
    "CallAttempt",
    "Closure",
    "Consent",
    "ConsentKind",
    "CopyFormat",
    "Coverage",
    "CoverageVerification",
    "CustomField",
    "CustomValue",
    "Disclosure",
    "Document",
    "DocumentCategory",
    "Draft",
    "Encounter",
    "Fax",
    "FaxAttempt",
    "FaxNumber",
    "GridNote",
    "Hold",
    "HoursException",
    "ImportMapping",
    "ImportRun",
    "Journalled",
    "KeptPrint",
    "Letter",
    "LetterBatch",
    "LetterStep",
    "LetterTemplate",
    "NotDuplicate",
    "Organization",
    "PaperStock",
    "Patient",
    "PatientAddress",
    "PatientAlert",
    "PatientMerge",
    "PatientMergeRow",
    "PatientPhone",
    "Payer",
    "PrintedForm",
    "Provider",
    "PublicHoliday",
    "QuickText",
    "Recall",
    "RecallRound",
    "RecallType",
    "RecordsRequest",
    "RecordsRequestItem",
    "Referral",
    "ReferralEvent",
    "RelatedPerson",
    "Room",
    "RoomHours",
    "SeriesException",
    "Setting",
    "Table",
    "UserAccount",
    "WaitingEntry",
    "WorkingHours",
]
