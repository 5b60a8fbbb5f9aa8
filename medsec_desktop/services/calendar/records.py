"""What the calendar's screens are shown and what they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import Span, VisitStatus
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName

if TYPE_CHECKING:
    from medsec_desktop.services.patients.authorizations import AuthorizationRow


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """A visit as the day view and lists show it; everything a hover says is here already."""

    id: int
    version: int
    patient_id: int
    patient_name: str  # as a list shows it: Testperson, Ada
    provider_id: int
    provider_name: str  # as one speaks of her: Dr. Chen
    type_id: int | None
    type_name: str
    colour: str  # the type's palette name
    starts_at: datetime
    duration_min: int
    status: VisitStatus
    reason: str
    alert: str  # the patient's alerts for booking, one a line
    room_name: str
    room_id: int | None = None
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    provider_colour: str = ""
    payer_name: str = ""  # of her primary coverage
    confirmed_how: str = ""  # "person" or "machine" while it stands confirmed
    series_id: int | None = None
    rescheduled_from_id: int | None = None

    @property
    def has_alert(self) -> bool:
        return bool(self.alert)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_min)

    @property
    def span(self) -> Span:
        return Span.of(self.starts_at, self.duration_min)


@dataclass(frozen=True, slots=True)
class AppointmentDetail:
    """One visit with what its pane can change and what became of it."""

    row: AppointmentRow
    room_id: int | None
    note: str
    cancelled_by: str
    cancel_reason: str
    override_reason: str
    preparation: str  # what the type asks the patient to do
    phone: str  # the patient's first number, as stored
    authorization_id: int | None = None
    series_original_at: datetime | None = None  # when its series meant it
    moved_from: datetime | None = None  # when it stood before it was moved here
    moved_to_id: int | None = None  # the visit it was moved to: this one is its old place
    authorization_units: int = 1

    @property
    def draft(self) -> BookingDraft:
        """The visit as a form hands it back, at the version it was read."""
        row = self.row
        return BookingDraft(
            row.patient_id,
            row.provider_id,
            row.type_id,
            row.starts_at,
            row.duration_min,
            self.room_id,
            row.reason,
            self.note,
            row.version,
            self.authorization_id,
            row.series_id,
            self.series_original_at,
            authorization_units=self.authorization_units,
        )


NEWCOMER = 0  # whose booking it is while nobody on file is chosen; no patient has this number


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """A visit as the booking pane hands it in; `version` is the one it was read at, 0 when new."""

    patient_id: int
    provider_id: int
    type_id: int | None
    starts_at: datetime
    duration_min: int
    room_id: int | None = None
    reason: str = ""
    note: str = ""
    version: int = 0
    authorization_id: int | None = None
    series_id: int | None = None
    series_original_at: datetime | None = None  # when the series' rule meant it
    hold_id: int | None = None  # the slot held for this booking, used up by it
    authorization_units: int = 1  # how much of it this visit uses, where it counts units
    referral_id: int | None = None  # the referral to us that this booking answers


@dataclass(frozen=True, slots=True)
class EventRow:
    """A state a visit took: when, with what remark, and who noted it."""

    status: VisitStatus
    at: datetime  # the clinic's wall clock
    detail: str  # confirmed: "person" or "machine"; else the reason
    is_late: bool  # a cancellation too short before the visit
    is_correction: bool
    user_name: str


@dataclass(frozen=True, slots=True)
class PatientCard:
    """What the booking pane shows of the caller: who she is, alerts, and her visits around now."""

    patient_id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    phone: str
    status: PatientStatus
    alerts: tuple[str, ...]
    upcoming: tuple[AppointmentRow, ...]  # from now on, the next three
    past: tuple[AppointmentRow, ...]  # the last three kept or missed, latest first
    missed: int  # no-shows on file
    usual_provider_id: int | None = None  # her primary provider, where one can book with her
    last_encounter: tuple[datetime, str] | None = (
        None  # took place without a booking: when, with whom
    )
    balance_text: str = ""  # what she owes, in words
    authorizations: tuple[AuthorizationRow, ...] = ()  # what ends last first
    late_cancels: int = 0
