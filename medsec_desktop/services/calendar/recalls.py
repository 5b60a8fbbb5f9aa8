"""Who should come back, when, and which reminders have gone out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.calendar.recalls import (
    answered_by,
    due_said,
    read_rounds,
    round_on,
)
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Recall, RecallRound, RecallType
from medsec_desktop.problems import Conflict, Invalid, Link, Problem
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.patients.reached import PREFERENCE
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.printing import AS_REMEMBERED, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.sheets import Sheets
    from medsec_desktop.services.letters import LetterDraft, LetterRow, Letters

_LETTERS = 3  # templates recall_1 to recall_3; further rounds repeat the last
_NOT_ALL_SENT = (
    " AND coalesce((SELECT max(o.round) FROM recall_round o WHERE o.recall_id = r.id), 0)"
    " < CASE r.recall_type_id {} END"
)


@dataclass(frozen=True, slots=True)
class RecallTypeRow:
    """A reason to come back: how often, which visit answers it, and when reminders go out."""

    id: int
    version: int
    name: str
    interval_months: int
    type_id: int | None  # a visit of this type answers it; None: any visit
    type_name: str
    rounds: tuple[int, ...]  # days from the due date
    is_active: bool


@dataclass(frozen=True, slots=True)
class RecallTypeDraft:
    """A reason to come back as the settings hand it in."""

    name: str
    interval_months: int = 12
    type_id: int | None = None
    rounds: tuple[int, ...] = (-30, 0, 30)
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class RecallDraft:
    """One person who should come back."""

    patient_id: int
    recall_type_id: int
    due_on: date
    provider_id: int | None = None
    note: str = ""
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A reminder that went out: the how-manieth, as what, and when."""

    number: int
    how: str  # "letter", "label" or "call"
    sent_on: date


@dataclass(frozen=True, slots=True)
class RecallRow:
    """One recall as lists show it."""

    id: int
    version: int
    patient_id: int
    patient_name: str  # as a list shows it
    phone: str
    language: str
    type: RecallTypeRow
    due_on: date
    provider_id: int | None
    provider_name: str
    status: str  # "open", "booked" or "dropped"
    appointment_id: int | None
    appointment_at: datetime | None
    note: str
    rounds: tuple[RoundRow, ...]
    last_call: str  # what came of the last call, with its day; '' where nobody called
    why_not_write: str  # she asked not to be contacted

    @property
    def next_round(self) -> int | None:
        """The reminder that goes out next, or None when all have."""
        number = max((row.number for row in self.rounds), default=0) + 1
        return number if number <= len(self.type.rounds) else None

    @property
    def next_on(self) -> date | None:
        """When it goes out."""
        number = self.next_round
        last = self.rounds[-1].sent_on if self.rounds else None
        return round_on(self.due_on, self.type.rounds, number, last) if number else None

    def is_round_due(self, today: date) -> bool:
        return self.status == "open" and self.next_on is not None and self.next_on <= today

    @property
    def draft(self) -> RecallDraft:
        return RecallDraft(
            self.patient_id,
            self.type.id,
            self.due_on,
            self.provider_id,
            self.note,
            self.id,
            self.version,
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing to many: the letters filed, and whom none was written to and why."""

    letters: tuple[LetterRow, ...]
    left_out: tuple[tuple[RecallRow, str], ...]


class Recalls:
    """The recalls of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    # -- types --------------------------------------------------------------------------------

    def types(self, active_only: bool = False) -> tuple[RecallTypeRow, ...]:
        """The reasons to come back, in their order."""
        where = " WHERE t.is_active" if active_only else ""
        return tuple(
            RecallTypeRow(
                id=row[0],
                version=row[1],
                name=row[2],
                interval_months=row[3],
                type_id=row[4],
                type_name=row[5],
                rounds=read_rounds(row[6]),
                is_active=bool(row[7]),
            )
            for row in self._db.rows(
                "SELECT t.id, t.version, t.name, t.interval_months, t.type_id,"
                " coalesce(v.name, ''), t.round_days, t.is_active FROM recall_type t"
                " LEFT JOIN appointment_type v ON v.id = t.type_id"
                f"{where} ORDER BY t.position, t.id"
            )
        )

    def save_type(self, draft: RecallTypeDraft) -> int:
        """Add or change a reason to come back; its number. Raises Invalid, Conflict, NotAllowed."""
        name = " ".join(draft.name.split())
        if not name:
            raise Invalid("Give it a name, such as “Yearly visit”.", field="name")
        if not 1 <= draft.interval_months <= 240:
            raise Invalid("Choose between 1 and 240 months.", field="interval_months")
        if any(
            row.name.casefold() == name.casefold() and row.id != draft.id for row in self.types()
        ):
            raise Invalid(f"There is a recall called {name} already.", field="name")
        fields = {
            "name": name,
            "interval_months": draft.interval_months,
            "type_id": draft.type_id,
            "round_days": ",".join(map(str, sorted(set(draft.rounds)))),
            "is_active": draft.is_active,
        }
        verb = "Change" if draft.id else "Add"
        with self._session.change(f"{verb} recall type {name}", Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(RecallType, draft.id, draft.version, **fields)
                return draft.id
            last = self._db.value("SELECT coalesce(max(position), 0) FROM recall_type")
            return insert_row(RecallType, **fields, position=last + 1)

    def remove_type(self, type_id: int) -> None:
        """Take a type away; one that is in use is hidden instead, so that its recalls stay."""
        row = self._type(type_id)
        if self.is_used(type_id):
            self.save_type(_as_draft(row, is_active=False))
            return
        with self._session.change(f"Remove recall type {row.name}", Permission.EDIT_SETTINGS):
            RecallType.delete().where(RecallType.id == type_id).execute()

    def is_used(self, type_id: int) -> bool:
        """Whether anybody is or was recalled for it."""
        found = self._db.value("SELECT 1 FROM recall WHERE recall_type_id = ? LIMIT 1", (type_id,))
        return found is not None

    # -- read ---------------------------------------------------------------------------------

    def of_patient(self, patient_id: int) -> tuple[RecallRow, ...]:
        """Everything a patient is or was to come back for: open ones first, the soonest first."""
        return self._rows(
            "WHERE r.patient_id = ? ORDER BY r.status <> 'open', r.due_on", patient_id
        )

    def name_of(self, patient_id: int) -> str:
        """Her name as lists show it. Raises Invalid, and Conflict for one who cannot come back."""
        return self._person(patient_id)

    def recall(self, recall_id: int) -> RecallRow:
        """One recall. Raises Conflict where it is gone."""
        found = self._rows("WHERE r.id = ?", recall_id)
        if not found:
            raise Conflict("This recall is no longer there.")
        return found[0]

    def due(
        self,
        until: date,
        type_id: int | None = None,
        provider_id: int | None = None,
        reminders_only: bool = False,
        limit: int = 1000,
    ) -> tuple[RecallRow, ...]:
        """Open recalls due by a day, the longest due first; nobody who died or whose file is archived.

        `reminders_only` keeps those a reminder should go out to by now.
        """
        today = self._session.clock.today()
        last, clauses = until, ""
        if reminders_only:
            kinds = self.types()
            reach = max((-min(kind.rounds, default=0) for kind in kinds), default=0)
            last = max(last, today + timedelta(days=max(reach, 0)))
            clauses = _NOT_ALL_SENT.format(
                " ".join(f"WHEN {kind.id} THEN {len(kind.rounds)}" for kind in kinds)
                or "WHEN 0 THEN 0"
            )
        params = [last.isoformat()]
        if type_id is not None:
            clauses, params = f"{clauses} AND r.recall_type_id = ?", [*params, str(type_id)]
        if provider_id is not None:
            clauses, params = f"{clauses} AND r.provider_id = ?", [*params, str(provider_id)]
        rows = self._rows(
            "WHERE r.status = 'open' AND r.due_on <= ?"
            f" AND p.status NOT IN ('deceased', 'archived'){clauses}"
            " ORDER BY r.due_on, r.id LIMIT ?",
            *params,
            # Whose reminder is due is known only afterwards: those before her must not use it up.
            -1 if reminders_only else limit,
        )
        if reminders_only:
            return tuple(row for row in rows if row.is_round_due(today))[:limit]
        return rows

    # -- change -------------------------------------------------------------------------------

    def add(self, draft: RecallDraft, initiator: object | None = None) -> int:
        """Note that somebody should come back; the recall's number.

        Raises Conflict where she is to come back for the same thing already, or cannot any more.
        """
        kind = self._type(draft.recall_type_id)
        who = self._person(draft.patient_id)
        open_one = next(
            (
                row
                for row in self.of_patient(draft.patient_id)
                if row.status == "open" and row.type.id == kind.id
            ),
            None,
        )
        if open_one is not None:
            raise Conflict(
                f"{who} is to come back for {kind.name} already, in {due_said(open_one.due_on)}.",
                remedy="Change that one, or remove it first.",
                links=(Link("patient", str(draft.patient_id), who),),
            )
        label = f"Recall {who}: {kind.name}, {due_said(draft.due_on)}"
        with self._changing(label, draft.patient_id, initiator):
            return insert_row(
                Recall,
                patient_id=draft.patient_id,
                recall_type_id=draft.recall_type_id,
                provider_id=draft.provider_id,
                due_on=draft.due_on.isoformat(),
                note=draft.note.strip(),
            )

    def amend(self, draft: RecallDraft, initiator: object | None = None) -> None:
        """Change when, for what or with whom. Raises Conflict where it was changed meanwhile."""
        before = self.recall(draft.id)
        with self._changing(
            f"Change the recall of {before.patient_name}", before.patient_id, initiator
        ):
            save_row(
                Recall,
                draft.id,
                draft.version,
                recall_type_id=draft.recall_type_id,
                provider_id=draft.provider_id,
                due_on=draft.due_on.isoformat(),
                note=draft.note.strip(),
            )

    def drop(
        self, recall_id: int, version: int, why: str = "", initiator: object | None = None
    ) -> None:
        """She is not to come back after all; `why` is kept with it."""
        row = self.recall(recall_id)
        note = "; ".join(part for part in (row.note, why.strip()) if part)
        with self._changing(f"Remove the recall of {row.patient_name}", row.patient_id, initiator):
            save_row(Recall, recall_id, version, status="dropped", note=note)

    def put_off(
        self, recall_id: int, version: int, due_on: date, initiator: object | None = None
    ) -> None:
        """Another due date; the reminders begin anew from it."""
        row = self.recall(recall_id)
        label = f"Put off the recall of {row.patient_name} to {due_said(due_on)}"
        with self._changing(label, row.patient_id, initiator):
            save_row(Recall, recall_id, version, due_on=due_on.isoformat())
            RecallRound.delete().where(RecallRound.recall == recall_id).execute()

    def mark(self, recall_ids: Sequence[int], how: str, initiator: object | None = None) -> int:
        """Note that the next reminder of each went out today as a "letter", "label" or "call"; how many.

        One that has had all its reminders is passed over.
        """
        rows = [self.recall(recall_id) for recall_id in recall_ids]
        wanting = [row for row in rows if row.next_round is not None]
        patient_id = wanting[0].patient_id if len(wanting) == 1 else None
        with self._changing(_count_label("Mark reminders", wanting), patient_id, initiator):
            for row in wanting:
                self._sent(row, how)
        return len(wanting)

    def called(
        self,
        recall_id: int,
        outcome: CallOutcome,
        note: str = "",
        initiator: object | None = None,
    ) -> None:
        """Write down a call about a recall; one that reached her counts as a reminder.

        Someone who declined is not reminded again.
        """
        row = self.recall(recall_id)
        label = f"Call {row.patient_name}: {CALL_WORDS[outcome]}"
        with self._changing(label, row.patient_id, initiator):
            Calls(self._session, self._practice).note(
                outcome, row.patient_id, recall_id=recall_id, note=note
            )
            if outcome == CallOutcome.DECLINED:
                save_row(Recall, recall_id, row.version, status="dropped")
            elif (outcome.is_answered or outcome.left_a_message) and row.next_round is not None:
                self._sent(row, "call")

    def write(
        self,
        letters: Letters,
        recall_ids: Sequence[int],
        progress: Progress | None = None,
        initiator: object | None = None,
    ) -> Written:
        """File the next reminder's letter to each, in her language, and note that it went out.

        One operation: stopped half-way, nothing is filed. Whoever wants no letter, has had all
        reminders or cannot be written to is left out with the reason.
        """
        progress = progress or Quiet()
        rows = [self.recall(recall_id) for recall_id in recall_ids]
        filed: list[LetterRow] = []
        left_out: list[tuple[RecallRow, str]] = []
        label = _count_label("Write reminders", rows)
        with self._session.change(label, Permission.WRITE_LETTERS, initiator=initiator):
            for done, row in enumerate(rows):
                progress.report(done, len(rows), row.patient_name)
                progress.check()
                why = row.why_not_write or (
                    "" if row.next_round else "All reminders have gone out."
                )
                if why:
                    left_out.append((row, why))
                    continue
                try:
                    filed.append(letters.file(self.letter(letters, row)))
                except Problem as problem:
                    left_out.append((row, str(problem)))
                    continue
                self._sent(row, "letter")
        return Written(tuple(filed), tuple(left_out))

    def labels(self, sheets: Sheets, recall_ids: Sequence[int]) -> bytes:
        """An address label for each, on the labels last used here; the PDF. Raises Invalid."""
        self._session.require(Permission.EDIT_CALENDAR, "send reminders")
        people = [self.recall(recall_id).patient_id for recall_id in recall_ids]
        return sheets.address_labels(people, sheets.setup("label").stock)

    def print_labels(
        self, sheets: Sheets, recall_ids: Sequence[int], way: Way = AS_REMEMBERED
    ) -> int:
        """Print an address label for each, and note that a card goes out; how many.

        Raises Invalid and Unavailable; then nothing is noted.
        """
        pdf = self.labels(sheets, recall_ids)
        about = f"recall-label:{','.join(str(recall_id) for recall_id in recall_ids)}"
        sheets.printing.print_pdf(pdf, "labels", way, title="Address labels", about=about)
        self.went_out(recall_ids)
        return len(recall_ids)

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise NotAllowed where reminders may not be sent, Conflict where a recall is gone."""
        self._session.require(Permission.EDIT_CALENDAR, "send reminders")
        for recall_id in ids:
            self.recall(recall_id)

    def went_out(self, ids: Sequence[int]) -> None:
        """Note that the cards of these recalls were labelled, and go out."""
        self._session.event(f"Printed {len(ids)} address labels for reminders")
        self.mark(ids, "label")

    def letter(self, letters: Letters, row: RecallRow) -> LetterDraft:
        """The draft of the next reminder's letter, or of the last where all have gone out."""
        from medsec_desktop.services.letters import About

        number = min(row.next_round or len(row.rounds) or 1, _LETTERS)
        return letters.composed(About(row.patient_id, recall_id=row.id), f"recall_{number}")

    # -- what happens to visits -----------------------------------------------------------------

    def booked(self, appointment_id: int, draft: BookingDraft) -> None:
        """A visit was booked: the recalls it answers fall away. Runs inside the booking."""
        for row in self.of_patient(draft.patient_id):
            fits = row.type.type_id in (None, draft.type_id)
            in_time = answered_by(row.due_on, row.type.rounds, draft.starts_at.date())
            if row.status == "open" and fits and in_time:
                save_row(
                    Recall, row.id, row.version, status="booked", appointment_id=appointment_id
                )

    def freed(self, appointment_id: int) -> None:
        """A visit was cancelled, missed or left: the recalls it had answered are open again."""
        for recall_id, version in self._db.rows(
            "SELECT id, version FROM recall WHERE appointment_id = ? AND status = 'booked'",
            (appointment_id,),
        ):
            save_row(Recall, recall_id, version, status="open", appointment_id=None)

    # -- inside -------------------------------------------------------------------------------

    def _changing(
        self, label: str, patient_id: int | None, initiator: object | None
    ) -> AbstractContextManager[None]:
        return self._session.change(
            label, Permission.EDIT_CALENDAR, patient_id=patient_id, initiator=initiator
        )

    def _sent(self, row: RecallRow, how: str) -> None:
        assert row.next_round is not None
        insert_row(
            RecallRound,
            recall_id=row.id,
            round=row.next_round,
            how=how,
            sent_on=self._session.clock.today().isoformat(),
        )

    def _type(self, type_id: int) -> RecallTypeRow:
        for row in self.types():
            if row.id == type_id:
                return row
        raise Invalid("Choose what the patient should come back for.", field="recall_type_id")

    def _person(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, status FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Invalid("Choose a patient.", field="patient_id")
        name = PersonName(*row[:6]).listed
        if row[6] == "deceased":
            raise Conflict(f"{name} is recorded as deceased.")
        if row[6] == "archived":
            raise Conflict(f"The file of {name} is archived.", remedy="Open it again first.")
        return name

    def _rows(self, where: str, *params: Any) -> tuple[RecallRow, ...]:
        kinds = {row.id: row for row in self.types()}
        found = self._db.rows(
            "SELECT r.id, r.version, r.patient_id, p.family_name, p.given_name, p.middle_name,"
            " p.name_prefix, p.name_suffix, p.preferred_name,"
            " coalesce((SELECT number FROM patient_phone f WHERE f.patient_id = p.id"
            "           ORDER BY f.position, f.id LIMIT 1), ''), p.language,"
            f" {PREFERENCE},"
            " r.recall_type_id, r.due_on, r.provider_id, d.family_name, d.given_name, d.credential,"
            " r.status, r.appointment_id, a.starts_at, r.note,"
            " (SELECT group_concat(round || ' ' || how || ' ' || sent_on) FROM recall_round o"
            "  WHERE o.recall_id = r.id),"
            " (SELECT outcome || ' ' || at FROM call_attempt c WHERE c.recall_id = r.id"
            "  ORDER BY c.id DESC LIMIT 1)"
            " FROM recall r JOIN patient p ON p.id = r.patient_id"
            " LEFT JOIN provider d ON d.id = r.provider_id"
            f" LEFT JOIN appointment a ON a.id = r.appointment_id {where}",
            params,
        )
        return tuple(self._row(row, kinds) for row in found)

    def _row(self, row: tuple[Any, ...], kinds: dict[int, RecallTypeRow]) -> RecallRow:
        last_call = ""
        if row[23]:
            outcome, at = row[23].split(" ")
            day = self._practice.formats.short_date(datetime.fromisoformat(at).date())
            last_call = f"{CALL_WORDS[CallOutcome(outcome)]}, {day}"
        return RecallRow(
            id=row[0],
            version=row[1],
            patient_id=row[2],
            patient_name=PersonName(*row[3:9]).listed,
            phone=row[9],
            language=row[10],
            type=kinds[row[12]],
            due_on=date.fromisoformat(row[13]),
            provider_id=row[14],
            provider_name=provider_called(*row[15:18]) if row[14] is not None else "",
            status=row[18],
            appointment_id=row[19],
            appointment_at=datetime.fromisoformat(row[20]) if row[20] else None,
            note=row[21],
            rounds=_sent_rounds(row[22]),
            last_call=last_call,
            why_not_write="Asked not to be contacted." if row[11] == "none" else "",
        )


def _as_draft(row: RecallTypeRow, **changes: Any) -> RecallTypeDraft:
    draft = RecallTypeDraft(
        row.name, row.interval_months, row.type_id, row.rounds, row.is_active, row.id, row.version
    )
    return replace(draft, **changes)


def _sent_rounds(text: str | None) -> tuple[RoundRow, ...]:
    rows = []
    for part in (text or "").split(","):
        if part:
            number, how, sent_on = part.split(" ")
            rows.append(RoundRow(int(number), how, date.fromisoformat(sent_on)))
    return tuple(sorted(rows, key=lambda row: row.number))


def _count_label(what: str, rows: Sequence[RecallRow]) -> str:
    who = rows[0].patient_name if len(rows) == 1 else f"{len(rows)} patients"
    return f"{what}: {who}"
