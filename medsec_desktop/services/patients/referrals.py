"""Referrals to us and by us: each step stamped, chased by date, tied to its visit and its letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.referrals import (
    CHASE_WORDS,
    STEP_WORDS,
    Chase,
    Direction,
    Step,
    chased_again,
    next_chase,
)
from medsec_desktop.models import Provider, Referral, ReferralEvent
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.patients.referral_records import (
    PhysicianChoice,
    PhysicianDraft,
    ReferralDraft,
    ReferralRow,
    ReferralStep,
)
from medsec_desktop.services.saving import insert_row, require_patient, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import BookingDraft
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


_SELECT = f"""
SELECT r.id, r.version, r.patient_id, {NAME_COLUMNS}, r.direction, r.status, r.provider_id,
       trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, '')), r.other_provider_id,
       trim(coalesce(o.given_name, '') || ' ' || coalesce(o.family_name, '')),
       coalesce(o.credential, ''), coalesce(nullif(o.phone, ''), g.phone, ''),
       coalesce(nullif(o.fax, ''), g.fax, ''),
       CASE WHEN r.specialty <> '' THEN r.specialty ELSE coalesce(o.specialty, '') END, r.reason,
       r.is_urgent, r.number, r.authorization_id, r.appointment_id, a.starts_at,
       coalesce(a.status, ''), r.their_visit_on, r.document_id, coalesce(f.title, ''), r.begun_on,
       r.expires_on, r.chase_on, r.note, r.other_organization_id, coalesce(g.name, '')
FROM referral r JOIN patient p ON p.id = r.patient_id
LEFT JOIN provider d ON d.id = r.provider_id
LEFT JOIN provider o ON o.id = r.other_provider_id
LEFT JOIN organization g ON g.id = r.other_organization_id
LEFT JOIN appointment a ON a.id = r.appointment_id
LEFT JOIN document f ON f.id = r.document_id
"""


class Referrals:
    """The referrals of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    # -- reading ------------------------------------------------------------------------------

    def of(self, patient_id: int) -> tuple[ReferralRow, ...]:
        """Hers, those that still wait for something first, then the latest; each with its steps."""
        steps = self._steps(patient_id)
        rows = self._db.rows(
            f"{_SELECT} WHERE r.patient_id = ? ORDER BY r.chase_on IS NULL, r.chase_on,"
            " r.begun_on DESC, r.id DESC",
            (patient_id,),
        )
        return tuple(_row(row, tuple(steps[row[0]])) for row in rows)

    def one(self, referral_id: int) -> ReferralRow:
        """One of them, without its steps. Raises Conflict when it is gone."""
        row = self._db.one(f"{_SELECT} WHERE r.id = ?", (referral_id,))
        if row is None:
            raise _gone()
        return _row(row)

    def due(self, on: date | None = None) -> tuple[ReferralRow, ...]:
        """Those somebody should ask about by that day, today if none is said: urgent ones first,
        then the longest overdue."""
        day = on or self._session.clock.today()
        return self._listed("r.chase_on <= ?", day.isoformat())

    def open(self) -> tuple[ReferralRow, ...]:
        """All that wait for something, in the order of `due`."""
        return self._listed("r.chase_on IS NOT NULL")

    def physicians(self) -> tuple[PhysicianChoice, ...]:
        """The directory's, by name; ours are marked."""
        return tuple(
            PhysicianChoice(
                row_id,
                ", ".join(part for part in (f"{family} {given}".strip(), credential) if part),
                specialty,
                phone,
                bool(ours),
                at,
            )
            for row_id, family, given, credential, specialty, phone, ours, at in self._db.rows(
                "SELECT id, family_name, given_name, credential, specialty, phone, is_bookable,"
                " organization_id"
                " FROM provider WHERE is_active AND merged_into_id IS NULL"
                " ORDER BY family_name COLLATE NOCASE, given_name COLLATE NOCASE, id"
            )
        )

    def organizations(self) -> tuple[tuple[int, str], ...]:
        """Practices, hospitals and the like of the directory, by name."""
        return tuple(
            self._db.rows(
                "SELECT id, name FROM organization WHERE is_active AND merged_into_id IS NULL"
                " ORDER BY name COLLATE NOCASE, id"
            )
        )

    def letters_for(self, row: ReferralRow) -> tuple[tuple[int, str], ...]:
        """Her documents filed since the referral began, newest first: one may be its letter."""
        return tuple(
            (number, f"{title}, {self._practice.formats.date(date.fromisoformat(at[:10]))}")
            for number, title, at in self._db.rows(
                "SELECT id, title, filed_at FROM document WHERE patient_id = ? AND status = 'filed'"
                " AND filed_at >= ? ORDER BY filed_at DESC, id DESC LIMIT 50",
                (row.patient_id, row.begun_on.isoformat()),
            )
        )

    # -- writing ------------------------------------------------------------------------------

    def save(
        self, patient_id: int, draft: ReferralDraft, new_physician: PhysicianDraft | None = None
    ) -> int:
        """Write one down or change what is said of it; its number.

        With `new_physician` he is added to the directory in the same operation. Raises Invalid,
        NotAllowed, and Conflict when stale.
        """
        if new_physician is not None:
            label = f"Add referral of {listed_name(self._db, patient_id)}"
            with self._changing(label, patient_id):
                other_id = self.add_physician(new_physician)
                return self.save(patient_id, replace(draft, other_provider_id=other_id))
        columns = self._checked(patient_id, draft)
        name = listed_name(self._db, patient_id)
        whither = self._whom(draft)
        verb = "Change" if draft.id is not None else "Add"
        with self._changing(f"{verb} referral of {name}{whither}", patient_id):
            if draft.id is not None:
                require_patient(Referral, draft.id, patient_id)
                self._save(draft.id, draft.version, **columns)
                return draft.id
            if columns["chase_on"] is None:
                columns["chase_on"] = self._iso(
                    next_chase(
                        Step.READY,
                        self._session.clock.today(),
                        self._chase_days,
                        is_urgent=draft.is_urgent,
                    )
                )
            number = insert_row(
                Referral, patient_id=patient_id, direction=str(draft.direction), **columns
            )
            self._stamp(number, Step.READY)
            return number

    def take_step(
        self,
        referral_id: int,
        version: int,
        step: Step,
        note: str = "",
        *,
        their_visit_on: date | None = None,
        document_id: int | None = None,
        initiator: object | None = None,
    ) -> None:
        """It has come so far; its next date follows from it. Raises Invalid, NotAllowed, Conflict.

        A step back is allowed: it puts right what was noted too early.
        """
        row = self.one(referral_id)
        if step in (Step.DECLINED, Step.WITHDRAWN) and not note.strip():
            raise Invalid("Say in a few words why.", field="note")
        day = their_visit_on or row.their_visit_on
        columns: dict[str, Any] = {"status": str(step)}
        if row.direction is Direction.OUT:
            if step is Step.BOOKED and day is None:
                raise Invalid("On which day is the visit there?", field="their_visit_on")
            columns["their_visit_on"] = self._iso(day)
        elif step in (Step.BOOKED, Step.TOLD) and row.appointment_id is None:
            raise Invalid("Book the visit first.", remedy="“Book a visit” opens the calendar.")
        if document_id is not None:
            columns["document_id"] = document_id
        visit_on = row.visit_at.date() if row.visit_at is not None else day
        columns["chase_on"] = self._iso(
            next_chase(
                step,
                self._session.clock.today(),
                self._chase_days,
                is_urgent=row.is_urgent,
                visit_on=visit_on,
            )
        )
        label = f"Referral of {row.patient_name}: {STEP_WORDS[row.direction][step].lower()}"
        with self._changing(label, row.patient_id, initiator):
            self._save(referral_id, version, **columns)
            self._stamp(referral_id, step, note)

    def chase(
        self,
        referral_id: int,
        version: int,
        outcome: Chase,
        note: str = "",
        on: date | None = None,
        initiator: object | None = None,
    ) -> date:
        """Somebody asked, and nothing is settled: when to ask again, `on` where she says so.

        Raises Invalid, NotAllowed, Conflict.
        """
        row, today = self.one(referral_id), self._session.clock.today()
        if row.step.is_final:
            raise Conflict(
                f"This referral is {row.word.lower()}: nobody is awaited.",
                remedy="Put it back to an earlier step first.",
            )
        if on is not None and on <= today:
            raise Invalid("Choose a day to come.", field="chase_on")
        again = on or chased_again(outcome, today, self._chase_days, is_urgent=row.is_urgent)
        said = ": ".join(part for part in (CHASE_WORDS[outcome], note.strip()) if part)
        with self._changing(
            f"Ask about the referral of {row.patient_name}", row.patient_id, initiator
        ):
            self._save(referral_id, version, chase_on=again.isoformat())
            self._stamp(referral_id, None, said)
        return again

    def remove(self, referral_id: int) -> None:
        """Take one off that was never made. Raises NotAllowed, and Conflict once it was under way."""
        row = self.one(referral_id)
        if row.step is not Step.READY:
            raise Conflict(
                f"This referral is {row.word.lower()} already.",
                remedy="Withdraw it instead: what was done stays on file.",
            )
        with self._changing(f"Remove referral of {row.patient_name}", row.patient_id):
            ReferralEvent.delete().where(ReferralEvent.referral == referral_id).execute()
            Referral.delete().where(Referral.id == referral_id).execute()

    def add_physician(self, draft: PhysicianDraft) -> int:
        """Somebody new for the directory; the number, or that of the one so called with that phone.

        Who may write files may do this, unlike the rest of the settings. Raises Invalid, NotAllowed.
        """
        family, given = " ".join(draft.family.split()), " ".join(draft.given.split())
        if not family:
            raise Invalid("Type the physician’s family name.", field="family")
        formats = self._practice.formats
        phone = formats.parse_phone(draft.phone) if draft.phone.strip() else ""
        known = self._db.value(
            "SELECT id FROM provider WHERE family_name = ? COLLATE NOCASE"
            " AND given_name = ? COLLATE NOCASE AND phone IN ('', ?) AND merged_into_id IS NULL",
            (family, given, phone),
        )
        if known is not None:
            return int(known)
        with self._session.change(f"Add {family} to the directory", Permission.EDIT_PATIENTS):
            return insert_row(
                Provider,
                family_name=family,
                given_name=given,
                credential=draft.credential.strip(),
                specialty=draft.specialty.strip(),
                phone=phone,
                fax=formats.parse_phone(draft.fax) if draft.fax.strip() else "",
            )

    # -- what the calendar tells --------------------------------------------------------------

    def booked(self, appointment_id: int, draft: BookingDraft) -> None:
        """A visit was booked: the referral to us it answers has its visit. Runs inside the booking.

        The one the booking was opened from; else her only one to this provider that has none yet.
        """
        waiting = self._listed(
            "r.direction = 'in' AND r.appointment_id IS NULL AND r.patient_id = ?"
            " AND r.status IN ('ready', 'accepted')",
            draft.patient_id,
        )
        if draft.referral_id is not None:
            waiting = tuple(row for row in waiting if row.id == draft.referral_id)
        else:
            waiting = tuple(row for row in waiting if row.provider_id == draft.provider_id)
        if len(waiting) != 1:
            return
        (row,) = waiting
        self._save(
            row.id,
            row.version,
            status=str(Step.BOOKED),
            appointment_id=appointment_id,
            chase_on=self._iso(
                next_chase(Step.BOOKED, self._session.clock.today(), self._chase_days)
            ),
        )
        formats = self._practice.formats
        when = f"{formats.short_date(draft.starts_at.date())}, {formats.time(draft.starts_at)}"
        self._stamp(row.id, Step.BOOKED, when)

    def freed(self, appointment_id: int) -> None:
        """Its visit fell away: the referral waits for another one. Runs inside that change."""
        for referral_id, version in self._db.rows(
            "SELECT id, version FROM referral WHERE appointment_id = ?"
            " AND status IN ('booked', 'told')",
            (appointment_id,),
        ):
            self._save(
                referral_id,
                version,
                status=str(Step.ACCEPTED),
                appointment_id=None,
                chase_on=self._session.clock.today().isoformat(),
            )
            self._stamp(referral_id, Step.ACCEPTED, "The visit fell away.")

    # -- inside -------------------------------------------------------------------------------

    @property
    def _chase_days(self) -> int:
        from medsec_desktop.services.practice.settings import REFERRAL_CHASE_DAYS

        return self._practice.get(REFERRAL_CHASE_DAYS)

    def _listed(self, where: str, *params: Any) -> tuple[ReferralRow, ...]:
        rows = self._db.rows(
            f"{_SELECT} WHERE {where} ORDER BY r.is_urgent DESC, r.chase_on, r.id", params
        )
        return tuple(_row(row) for row in rows)

    def _changing(self, label: str, patient_id: int, initiator: object | None = None) -> Any:
        return self._session.change(
            label, Permission.EDIT_PATIENTS, patient_id=patient_id, initiator=initiator
        )

    def _save(self, referral_id: int, version: int, **columns: Any) -> None:
        try:
            save_row(Referral, referral_id, version, **columns)
        except Conflict as stale:
            if self._db.value("SELECT 1 FROM referral WHERE id = ?", (referral_id,)) is None:
                raise _gone() from stale
            raise

    def _stamp(self, referral_id: int, step: Step | None, note: str = "") -> None:
        insert_row(
            ReferralEvent,
            referral_id=referral_id,
            at=self._session.clock.now().isoformat(timespec="minutes"),
            status=str(step or ""),
            note=note.strip(),
        )

    def _checked(self, patient_id: int, draft: ReferralDraft) -> dict[str, Any]:
        today = self._session.clock.today()
        begun = draft.begun_on or today
        if begun > today:
            raise Invalid("This day is in the future.", field="begun_on")
        named = (draft.other_provider_id, draft.other_organization_id)
        if named == (None, None) and not draft.specialty.strip():
            what = "Who sent the patient?" if draft.direction is Direction.IN else "Whom is it to?"
            raise Invalid(
                what,
                remedy="Choose somebody or a place, or type the specialty.",
                field="other_provider_id",
            )
        if draft.expires_on is not None and draft.expires_on < begun:
            raise Invalid("It would end before it begins.", field="expires_on")
        if draft.authorization_id is not None and not self._db.value(
            "SELECT EXISTS (SELECT 1 FROM authorization WHERE id = ? AND patient_id = ?)",
            (draft.authorization_id, patient_id),
        ):
            raise Invalid("This authorization is no longer in the file.", field="authorization_id")
        return {
            "provider_id": draft.provider_id,
            "other_provider_id": draft.other_provider_id,
            "other_organization_id": draft.other_organization_id,
            "specialty": draft.specialty.strip(),
            "reason": draft.reason.strip(),
            "is_urgent": draft.is_urgent,
            "number": draft.number.strip(),
            "authorization_id": draft.authorization_id,
            "their_visit_on": self._iso(draft.their_visit_on),
            "begun_on": begun.isoformat(),
            "expires_on": self._iso(draft.expires_on),
            "chase_on": self._iso(draft.chase_on),
            "note": draft.note.strip(),
        }

    def _whom(self, draft: ReferralDraft) -> str:
        """“ to Dr. Vega”, “ from Bayview Hospital”, “ to cardiology”; '' where nothing is said."""
        family = self._db.value(
            "SELECT family_name FROM provider WHERE id = ?", (draft.other_provider_id,)
        )
        place = self._db.value(
            "SELECT name FROM organization WHERE id = ?", (draft.other_organization_id,)
        )
        word = "from" if draft.direction is Direction.IN else "to"
        name = f"Dr. {family}" if family else place or draft.specialty.strip().lower()
        return f" {word} {name}" if name else ""

    def _steps(self, patient_id: int) -> dict[int, list[ReferralStep]]:
        found: dict[int, list[ReferralStep]] = defaultdict(list)
        for referral_id, at, status, note, who in self._db.rows(
            "SELECT e.referral_id, e.at, e.status, e.note, coalesce((SELECT o.user_name"
            " FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'referral_event' AND c.row_id = e.id ORDER BY c.id LIMIT 1), '')"
            " FROM referral_event e JOIN referral r ON r.id = e.referral_id"
            " WHERE r.patient_id = ? ORDER BY e.id DESC",
            (patient_id,),
        ):
            step = Step(status) if status else None
            found[referral_id].append(ReferralStep(datetime.fromisoformat(at), step, note, who))
        return found

    @staticmethod
    def _iso(day: date | None) -> str | None:
        return day.isoformat() if day else None


def _row(row: Sequence[Any], steps: tuple[ReferralStep, ...] = ()) -> ReferralRow:
    row_id, version, patient_id, *rest = row
    name, rest = PersonName(*rest[:6]).listed, rest[6:]
    direction, status, provider_id, provider, other_id, other, credential, *rest = rest
    phone, fax, specialty, reason, is_urgent, number, authorization_id, *rest = rest
    appointment_id, visit_at, visit_status, their_visit_on, document_id, title, *rest = rest
    begun_on, expires_on, chase_on, note, organization_id, organization = rest
    return ReferralRow(
        row_id,
        version,
        patient_id,
        name,
        Direction(direction),
        Step(status),
        provider_id,
        provider,
        other_id,
        ", ".join(part for part in (other, credential) if part),
        phone,
        fax,
        specialty,
        reason,
        bool(is_urgent),
        number,
        authorization_id,
        appointment_id,
        datetime.fromisoformat(visit_at) if visit_at else None,
        visit_status,
        _day(their_visit_on),
        document_id,
        title,
        date.fromisoformat(begun_on),
        _day(expires_on),
        _day(chase_on),
        note,
        steps,
        organization_id,
        organization,
    )


def _gone() -> Conflict:
    return Conflict("This referral is no longer on file.", remedy="Look at the file as it is.")


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
