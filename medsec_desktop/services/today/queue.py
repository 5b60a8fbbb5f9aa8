"""The work queue: everything that waits at the desk, in one order.

What has a list of its own is one row that opens the list; what has not is a row for each. The order is
by how soon somebody is hurt by its being left: visits nobody answered for, visits at times nobody
works, insurance and confirmations of the next clinic days, then what can wait for a quiet hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import days_left_words
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Link
from medsec_desktop.services.today.claim_rows import claim_rows
from medsec_desktop.services.today.records import QueueRow

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

# Of one kind without a list of its own: enough to begin with, the rest is counted.
MOST_OF_A_KIND = 5
MOST_COUNTED = 99
_OUTSIDE_AHEAD = timedelta(days=30)
_FREE_SOON = timedelta(days=7)
_WAITING_TRIED = 30
_CHARGED_WITHIN = timedelta(days=3)
_REQUEST_SOON = 7  # days left from which a records request is pressing
_CONSENTS_AHEAD = 3  # days, today among them
_ON_THE_LINE = {"dictated": "write", "typed": "check", "checked": "sign", "signed": "send"}
_NAME = "p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name"


def queue(office: Office) -> tuple[QueueRow, ...]:
    """Every row, most pressing first."""
    return tuple(_Queue(office).rows())


class _Queue:
    """Reads each kind of work once."""

    def __init__(self, office: Office):
        self._office = office
        self._db = office.session.db
        self._formats = office.formats
        self._now = office.clock.now()
        self._today = self._now.date()

    def rows(self) -> Iterator[QueueRow]:
        days = self._office.confirmations.days()
        yield from self._unresolved()
        yield from self._outside()
        yield from self._uncharged()
        yield from claim_rows(self._office)
        yield from self._to_confirm(days)
        yield from self._unverified()
        yield from self._waiting()
        yield from self._referrals()
        yield from self._records_requests()
        yield from self._consents()
        yield from self._to_sort()
        yield from self._letter_line()
        yield from self._letters()
        yield from self._faxes()
        yield from self._recalls()
        yield from self._duplicates()
        yield from self._drafts()

    def _unresolved(self) -> Iterator[QueueRow]:
        visits = self._office.calendar.unresolved(limit=500)
        if visits:
            first = self._formats.short_date(visits[0].starts_at.date())
            yield QueueRow(
                "unresolved",
                f"{counted(len(visits), 'visit')} without an answer",
                f"The oldest is of {first}",
                Link("calendar-page", "unresolved", "Unresolved visits"),
                "circle-question-mark",
                is_late=True,
            )

    def _outside(self) -> Iterator[QueueRow]:
        found = self._office.hours.outside(last=self._today + _OUTSIDE_AHEAD)
        visits = [row.visit for row in found if not row.kept]
        if visits:
            first = min(visit.starts_at for visit in visits)
            soon = first - self._now < timedelta(days=3)
            yield QueueRow(
                "outside",
                f"{counted(len(visits), 'visit')} outside the hours",
                f"The first is {self._when(first)}",
                Link("calendar-page", "outside", "Visits outside hours"),
                "calendar-clock",
                is_late=soon,
            )

    def _uncharged(self) -> Iterator[QueueRow]:
        """Kept visits of which nobody has said what they cost; those of today can wait for tonight."""
        count, first = self._office.charges.how_many_uncharged()
        if first is not None and first < self._today and self._may_charge():
            yield QueueRow(
                "uncharged",
                f"{counted(count, 'visit')} without charges",
                f"The oldest is of {self._formats.short_date(first)}",
                Link("calendar-page", "uncharged", "Visits without charges"),
                "receipt",
                is_late=self._today - first > _CHARGED_WITHIN,
            )

    def _may_charge(self) -> bool:
        return self._office.session.may(Permission.EDIT_CHARGES)

    def _unverified(self) -> Iterator[QueueRow]:
        """The coverages to ask payers about before the visits of the next clinic days."""
        rows = self._office.verifications.to_verify()
        if rows:
            first = rows[0]
            without = sum(1 for row in rows if row.coverage_id is None)
            to_verify = len(rows) - without
            title = counted(to_verify, "insurance") + " to verify"
            if not to_verify:
                title = counted(without, "patient") + " without insurance"
            also = f" · {without} without any" if without and to_verify else ""
            yield QueueRow(
                "insurance",
                title,
                f"{self._weekday(first.visit_at)}, {first.patient_name}{also}",
                Link("list", "insurance", "Insurance to verify"),
                "shield-alert",
                is_late=first.visit_at.date() == self._today,
            )

    def _to_sort(self) -> Iterator[QueueRow]:
        """Scans of which nobody has said yet whose they are."""
        count, oldest = self._db.rows(
            "SELECT count(*), min(filed_at) FROM document WHERE status = 'sorting'"
        )[0]
        if count:
            since = datetime.fromisoformat(oldest)
            is_late = since.date() < self._today
            yield QueueRow(
                "sorting",
                f"{counted(count, 'document')} to sort",
                f"The oldest since {self._when(since)}",
                Link("list", "sorting", "Documents to sort"),
                "inbox",
                is_late=is_late,
            )

    def _referrals(self) -> Iterator[QueueRow]:
        rows = self._office.referrals.due()
        if rows:
            first = rows[0]
            assert first.chase_on is not None
            urgent = sum(1 for row in rows if row.is_urgent)
            yield QueueRow(
                "referral",
                f"{counted(len(rows), 'referral')} to chase"
                + (f", {urgent} urgent" if urgent else ""),
                f"The oldest: {first.patient_name}, since {self._formats.date(first.chase_on)}",
                Link("list", "referrals", "Referrals"),
                "arrow-right-left",
                is_late=bool(urgent),
            )

    def _records_requests(self) -> Iterator[QueueRow]:
        """The requests for records whose clock runs, and how long the soonest has left."""
        rows = self._office.records_requests.open()
        if rows:
            first = rows[0]
            yield QueueRow(
                "records-request",
                f"{counted(len(rows), 'records request')} open",
                f"The next: {first.patient_name}, {days_left_words(first.days_left)}",
                Link("list", "records-requests", "Records requests"),
                "folder-open",
                is_late=first.days_left <= _REQUEST_SOON,
            )

    def _consents(self) -> Iterator[QueueRow]:
        """What is to be signed by those who come on the next days."""
        due = self._office.consents.due_at_visits(_CONSENTS_AHEAD)
        if due:
            people = len({row.patient_id for row in due})
            first = due[0]
            assert first.visit_at is not None
            yield QueueRow(
                "consent",
                f"{counted(people, 'patient')} with consents to sign",
                f"The first: {first.patient_name}, {self._weekday(first.visit_at)}",
                Link("list", "consents", "Consents due"),
                "square-pen",
            )

    def _to_confirm(self, days: tuple[date, ...]) -> Iterator[QueueRow]:
        found = self._office.confirmations.to_confirm(days)
        waiting = [row for row in found.rows if row.is_open]
        if waiting:
            called = sum(1 for row in waiting if row.last_call is not None)
            names = " and ".join(self._formats.short_date(day) for day in days)
            tried = f", {called} called before" if called else ""
            yield QueueRow(
                "confirm",
                f"{counted(len(waiting), 'visit')} to confirm",
                f"{names}{tried}",
                Link("calendar-page", "confirm", "To confirm"),
                "phone-call",
            )

    def _waiting(self) -> Iterator[QueueRow]:
        """Entries of the waiting list that a free slot of the next days would suit."""
        if not self._db.value("SELECT EXISTS (SELECT 1 FROM waiting_entry WHERE status = 'open')"):
            return
        from medsec_desktop.domain.calendar.finding import FindQuery

        finder = self._office.finder
        until, fitting, first = self._today + _FREE_SOON, 0, ("", "")
        for row in self._office.waiting.open()[:_WAITING_TRIED]:
            draft = row.draft
            latest = min(draft.latest_on or until, until)
            if latest < max(draft.earliest_on or self._today, self._today):
                continue
            interim = draft.interim_appointment_id
            found = finder.next(
                FindQuery(
                    type_id=draft.type_id,
                    duration_min=draft.duration_min,
                    provider_ids=(draft.provider_id,) if draft.provider_id else (),
                    earliest_on=draft.earliest_on,
                    latest_on=latest,
                    not_before=self._now + timedelta(minutes=draft.notice_min),
                    patient_id=draft.patient_id,
                    available=draft.times,
                    ignoring_ids=frozenset({interim} if interim else ()),
                    count=1,
                )
            )
            sooner = found and (row.interim_at is None or found[0].starts_at < row.interim_at)
            if sooner:
                fitting += 1
                if not first[0]:
                    first = (row.patient_name, self._when(found[0].starts_at))
        if fitting:
            people = f"{fitting} on the waiting list"
            yield QueueRow(
                "waiting",
                f"{people} would fit a free time",
                f"{first[0]}, {first[1]}",
                Link("calendar-page", "waiting", "Waiting list"),
                "hourglass",
            )

    def _letter_line(self) -> Iterator[QueueRow]:
        """The letters on their way, a row for each thing that is to be done with them."""
        for status, what in _ON_THE_LINE.items():
            count, soonest, late = self._db.rows(
                "SELECT count(*), min(wanted_on), coalesce(sum(wanted_on < ?), 0) FROM letter"
                " WHERE status = ?",
                (self._today.isoformat(), status),
            )[0]
            if count:
                told = f"{late} should be out by now" if late else "None is wanted by a day"
                if soonest and not late:
                    told = f"The first is wanted {self._formats.date(date.fromisoformat(soonest))}"
                yield QueueRow(
                    "letter-line",
                    f"{counted(count, 'letter')} to {what}",
                    told,
                    Link("list", "letter_line", "Letters on their way"),
                    "list-checks",
                    is_late=bool(late),
                )

    def _faxes(self) -> Iterator[QueueRow]:
        """Packets that wait at the machine, tried or not."""
        rows = self._office.faxes.waiting()
        if rows:
            first = rows[-1]
            yield QueueRow(
                "fax",
                f"{len(rows)} fax{'' if len(rows) == 1 else 'es'} to send",
                f"The oldest: to {first.recipient}",
                Link("list", "faxes", "Faxes"),
                "file-up",
                is_late=first.made_at.date() < self._today,
            )

    def _letters(self) -> Iterator[QueueRow]:
        oldest = (self._today - timedelta(days=60)).isoformat()
        rows = self._db.rows(
            f"SELECT l.id, l.subject, l.written_on, {_NAME}"
            " FROM letter l JOIN patient p ON p.id = l.patient_id WHERE l.status = 'filed'"
            " AND l.batch_id IS NULL AND l.written_on >= ? ORDER BY l.written_on, l.id",
            (oldest,),
        )
        for letter_id, subject, written_on, *name in rows[:MOST_OF_A_KIND]:
            day = date.fromisoformat(written_on)
            yield QueueRow(
                "letter",
                PersonName(*name).listed,
                f"Print: {subject or 'letter'}",
                Link("letter", str(letter_id), subject or "Letter"),
                "printer",
                self._formats.short_date(day) if day != self._today else "today",
            )
        if len(rows) > MOST_OF_A_KIND:
            yield QueueRow(
                "letter",
                f"{len(rows) - MOST_OF_A_KIND} more letters to print",
                "Filed, but not printed",
                Link("tab", "letters", "Letters"),
                "printer",
            )
        for title, made_at, count in self._db.rows(
            "SELECT b.title, b.made_at, count(*) FROM letter l"
            " JOIN letter_batch b ON b.id = l.batch_id"
            " WHERE l.status = 'filed' AND l.written_on >= ? GROUP BY b.id ORDER BY b.id",
            (oldest,),
        ):
            day = date.fromisoformat(made_at[:10])
            yield QueueRow(
                "letter",
                title,
                f"Print: {counted(count, 'letter')}",
                Link("list", "letter_line", "Letters on their way"),
                "printer",
                self._formats.short_date(day) if day != self._today else "today",
            )

    def _recalls(self) -> Iterator[QueueRow]:
        due, oldest = self._db.rows(
            "SELECT count(*), min(r.due_on) FROM recall r JOIN patient p ON p.id = r.patient_id"
            " WHERE r.status = 'open' AND r.due_on <= ? AND p.status NOT IN ('deceased', 'archived')",
            (self._today.isoformat(),),
        )[0]
        if due:
            since = self._formats.date(date.fromisoformat(oldest))
            yield QueueRow(
                "recall",
                f"{counted(due, 'recall')} due",
                f"The oldest since {since}",
                Link("calendar-page", "recalls", "Recalls"),
                "bell-ring",
            )

    def _duplicates(self) -> Iterator[QueueRow]:
        first = self._office.duplicates.pairs(1)
        if first:
            count = self._office.duplicates.count(MOST_COUNTED + 1)
            told = f"More than {MOST_COUNTED}" if count > MOST_COUNTED else str(count)
            (pair,) = first
            yield QueueRow(
                "duplicates",
                f"{told} pair{'' if count == 1 else 's'} of files may be one person",
                f"The likeliest: {pair.one.name.listed}",
                Link("list", "duplicates", "People on file twice"),
                "users-round",
            )

    def _drafts(self) -> Iterator[QueueRow]:
        for row in self._office.drafts.all():
            if row.is_parked:
                yield QueueRow(
                    "draft",
                    row.title,
                    "Parked: go on where you left it",
                    Link("draft", str(row.id), row.title),
                    "bookmark",
                )

    def _weekday(self, at: datetime) -> str:
        """Thu 8:20 AM: within the week no date is needed."""
        return f"{WEEKDAYS[at.weekday()][:3]} {self._formats.time(at)}"

    def _when(self, at: datetime) -> str:
        return f"{self._formats.short_date(at.date())}, {self._formats.time(at)}"
