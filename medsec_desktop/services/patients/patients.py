"""The secretary's verbs over patient files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.patients import (
    NOTHING_ASKED,
    Asked,
    PatientDraft,
    check,
    checked,
)
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.required import BY_NAME, read_required
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.patients import drafting, family, filing, reading
from medsec_desktop.services.patients.custom_fields import fields_of
from medsec_desktop.services.patients.family import Member
from medsec_desktop.services.patients.merged import current, refuse_merged
from medsec_desktop.services.patients.parts import PartDraft, mark_of, merged, of_part
from medsec_desktop.services.patients.records import (
    DuplicateHit,
    PatientFile,
    PatientHit,
    VisitRow,
)
from medsec_desktop.store import search

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_RECENT_OPERATIONS = 20_000  # how far back the journal is asked whom somebody dealt with


class Patients:
    """Finding, opening and writing patient files."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    # -- finding ------------------------------------------------------------------------------

    def find(self, query: str, limit: int = 50) -> tuple[PatientHit, ...]:
        """Who may be meant by a piece of a name, a date of birth, a phone or another number."""
        return self.hits(self.find_ids(query, limit))

    def find_ids(self, query: str, limit: int = 50) -> tuple[int, ...]:
        """Whom `find` finds, before anything is read about them: `hits` does that, page by page."""
        self._session.require(Permission.VIEW_PATIENTS, "look for patients")
        return search.find(
            self._db,
            query,
            self._session.clock.today(),
            day_first=self._practice.formats.date_order == "dmy",
            limit=limit,
        )

    def hits(self, patient_ids: tuple[int, ...]) -> tuple[PatientHit, ...]:
        """The list's line for each of these patients, in this order."""
        return reading.hits(self._db, patient_ids, self._session.clock.today())

    def recent(self, limit: int = 12) -> tuple[PatientHit, ...]:
        """Those whose files the person logged in saw or changed last, the latest first."""
        rows = self._db.rows(
            "SELECT coalesce(p.merged_into_id, o.patient_id) FROM operation o"
            " LEFT JOIN patient p ON p.id = o.patient_id"
            " WHERE +o.patient_id IS NOT NULL AND o.user_id = ?"
            " AND o.id > (SELECT max(id) FROM operation) - ? ORDER BY o.id DESC LIMIT 300",
            (self._session.user.id, _RECENT_OPERATIONS),
        )
        latest = tuple(dict.fromkeys(patient_id for (patient_id,) in rows))
        return self.hits(latest)[:limit]

    def is_empty(self) -> bool:
        """Whether there is no patient on file at all."""
        return self._db.one("SELECT 1 FROM patient LIMIT 1") is None

    def has_more_than(self, count: int) -> bool:
        """Whether more patients than this are on file."""
        return self._db.one("SELECT 1 FROM patient LIMIT 1 OFFSET ?", (count,)) is not None

    # -- reading ------------------------------------------------------------------------------

    def open(self, patient_id: int, why: str = "Opened the file") -> PatientFile:
        """Everything the file's screen shows; recorded as seen. Raises Conflict if it is gone.

        A file that was merged into another opens that one: its `id` is not the one asked for.
        """
        self._session.require(Permission.VIEW_PATIENTS, "open a patient’s file")
        patient_id = current(self._db, patient_id)
        file = self._file(patient_id)
        self._session.viewed(patient_id, why)
        return file

    def reread(self, patient_id: int) -> PatientFile:
        """A file already open, after something in it changed: the same look goes on."""
        self._session.require(Permission.VIEW_PATIENTS, "open a patient’s file")
        return self._file(current(self._db, patient_id))

    def full_ssn(self, patient_id: int) -> str:
        """Her whole social security number; recorded as seen. Raises NotAllowed."""
        self._session.require(Permission.VIEW_FULL_SSN, "see a whole social security number")
        patient_id = current(self._db, patient_id)
        ssn = self._db.value("SELECT ssn FROM patient WHERE id = ?", (patient_id,))
        if ssn is None:
            raise _gone()
        self._session.viewed(patient_id, "Saw the whole social security number")
        return reading.shown_ssn(str(ssn), in_full=True)

    def visits(self, patient_id: int) -> tuple[VisitRow, ...]:
        """Appointments and what took place elsewhere, newest first."""
        self._session.require(Permission.VIEW_PATIENTS, "see a patient’s visits")
        return reading.visits(self._db, patient_id)

    def draft(self, patient_id: int | None = None) -> PatientDraft:
        """The file as a form edits it; an empty one for a new patient."""
        self._session.require(Permission.VIEW_PATIENTS, "open a patient’s file")
        if patient_id is None:
            return PatientDraft()
        draft = drafting.draft_of(
            self._db,
            current(self._db, patient_id),
            shows_ssn=self._session.may(Permission.VIEW_FULL_SSN),
        )
        if draft is None:
            raise _gone()
        return draft

    # -- writing ------------------------------------------------------------------------------

    def check(self, draft: PatientDraft) -> tuple[Invalid, ...]:
        """Everything that cannot be accepted about a draft, each naming its field."""
        return self._checked(draft, self.asked())[1]

    def register(self, draft: PatientDraft, *, in_a_hurry: bool = False) -> int:
        """A new file; its number. Raises Invalid, Conflict for a chart number taken, NotAllowed.

        `in_a_hurry`, as with a caller on the line, what the practice asks of everybody may follow
        later: the file then says what is missing.
        """
        asked = NOTHING_ASKED if in_a_hurry else self.asked()
        draft = checked(draft, self._practice.formats, self._session.clock.today(), asked)
        patient_id = filing.next_patient_id(self._db)
        label = f"Register {draft.name.spoken}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if patient_id != filing.next_patient_id(self._db):
                raise Conflict(
                    "Another patient was registered at the same moment.", remedy="Save again."
                )
            if draft.chart_number:
                self._require_free(draft.chart_number, patient_id)
            number = draft.chart_number or self.next_chart_number()
            filing.insert(draft, patient_id, number)
            family.keep_both_ways(self._db, patient_id, (), draft.people)
        return patient_id

    def amend(self, patient_id: int, draft: PatientDraft) -> None:
        """Keep what changed about a file. Raises Invalid, NotAllowed, and Conflict when somebody
        else changed the file since the draft was read, naming who and when."""
        draft = checked(draft, self._practice.formats, self._session.clock.today(), self.asked())
        draft = checked(draft, self._practice.formats, self._session.clock.today())
        refuse_merged(self._db, patient_id)
        number = draft.chart_number or self._chart_number_of(patient_id)
        label = f"Change the file of {draft.name.spoken}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            self._require_free(number, patient_id)
            try:
                filing.require_unchanged(draft.rows_read, drafting.child_rows(self._db, patient_id))
                before = self.draft(patient_id)
                filing.update(draft, patient_id, number)
                family.keep_both_ways(self._db, patient_id, before.people, draft.people)
            except Conflict as stale:
                raise self._stale(patient_id) from stale

    # -- one part in place --------------------------------------------------------------------

    def part(self, patient_id: int, names: tuple[str, ...]) -> PartDraft:
        """These fields of a file, as a section edits them in place."""
        draft = self.draft(patient_id)
        return PartDraft(names, draft, mark_of(draft, names))

    def check_part(self, patient_id: int, part: PartDraft) -> tuple[Invalid, ...]:
        """Everything that cannot be accepted about a part, each naming its field."""
        draft = merged(self.draft(patient_id), part, over=True)
        return of_part(self._checked(draft, self.asked())[1], part.names)

    def amend_part(
        self,
        patient_id: int,
        part: PartDraft,
        what: str,
        *,
        over: bool = False,
        same_address_for: Sequence[int] = (),
    ) -> tuple[int, ...]:
        """Keep one part of a file, `what` in words; nothing else of it is checked or touched. Those
        who moved with her.

        Where the part itself was changed since it was read it is a Conflict, naming who and when,
        unless it shall go `over` that. `same_address_for` names others who get her home address in
        the same operation. Raises Invalid and NotAllowed as well.
        """
        label = f"Change {what} of {self.draft(patient_id).name.spoken}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            refuse_merged(self._db, patient_id)
            now = self.draft(patient_id)
            try:
                wanted = merged(now, part, over=over)
            except Conflict as stale:
                raise self._stale(patient_id) from stale
            kept, faults = self._checked(wanted, self.asked())
            for fault in of_part(faults, part.names):
                raise fault
            draft = replace(now, **{name: getattr(kept, name) for name in part.names})
            number = draft.chart_number or self._chart_number_of(patient_id)
            self._require_free(number, patient_id)
            filing.update(draft, patient_id, number)
            if "people" in part.names:
                family.keep_both_ways(self._db, patient_id, now.people, draft.people)
            return family.give_address(self._db, now.addresses, draft.addresses, same_address_for)

    def family(self, patient_id: int) -> tuple[Member, ...]:
        """Those with files of their own who are linked to her, and who of them lives with her."""
        self._session.require(Permission.VIEW_PATIENTS, "see a patient’s family")
        return family.members(self._db, patient_id)

    def asked(self) -> Asked:
        """What this practice wants in every file."""
        from medsec_desktop.services.practice.settings import REQUIRED_FIELDS

        required = read_required(self._practice.get(REQUIRED_FIELDS))
        return Asked(required, fields_of(self._db))

    def next_chart_number(self) -> str:
        """The chart number the next new file will get."""
        return next(filing.chart_numbers(self._db, self._chart_mask()))

    def choose_chart_mask(self, mask: str) -> None:
        """Number new files after this pattern from now on. Raises Invalid, NotAllowed."""
        from medsec_desktop.services.practice.settings import CHART_MASK

        try:
            next(filing.chart_numbers(self._db, mask))
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field=CHART_MASK.name) from fault
        self._practice.put(CHART_MASK, mask)

    # -- one person, one file -----------------------------------------------------------------

    def possible_duplicates(
        self, draft: PatientDraft, ignoring_id: int | None = None
    ) -> tuple[DuplicateHit, ...]:
        """Files that may already be about this person, the likeliest first, each with reasons."""
        from medsec_desktop.services.patients.duplicates import Duplicates

        return Duplicates(self._session, self._practice).of_draft(draft, ignoring_id)

    # -- inside -------------------------------------------------------------------------------

    def _checked(
        self, draft: PatientDraft, asked: Asked
    ) -> tuple[PatientDraft, tuple[Invalid, ...]]:
        return check(draft, self._practice.formats, self._session.clock.today(), asked)

    def _file(self, patient_id: int) -> PatientFile:
        asked = self.asked()
        file = reading.file_of(
            self._db, patient_id, self._session.clock.today(), self._practice.formats, asked.custom
        )
        if file is None:
            raise _gone()
        labels = [BY_NAME[name].label for name in BY_NAME if name in asked.required
                  and not BY_NAME[name].has(file)]  # fmt: skip
        labels += [row.field.name for row in file.custom
                   if row.field.is_required and row.field.is_active and not row.value]  # fmt: skip
        return replace(file, missing=tuple(labels))

    def _chart_mask(self) -> str:
        from medsec_desktop.services.practice.settings import CHART_MASK

        return self._practice.get(CHART_MASK)

    def _chart_number_of(self, patient_id: int) -> str:
        number = self._db.value("SELECT chart_number FROM patient WHERE id = ?", (patient_id,))
        if number is None:
            raise _gone()
        return str(number)

    def _require_free(self, chart_number: str, patient_id: int) -> None:
        holder = self._db.value(
            "SELECT id FROM patient WHERE chart_number = ? AND id <> ?", (chart_number, patient_id)
        )
        if holder is not None:
            (hit,) = self.hits((holder,))
            raise Invalid(
                f"Chart number {chart_number} belongs to {hit.name.spoken}.",
                remedy="Leave it empty for the next free one.",
                links=(Link("patient", str(holder), hit.name.listed),),
                field="chart_number",
            )

    def _stale(self, patient_id: int) -> Conflict:
        (hit, *_) = self.hits((patient_id,)) or (None,)
        if hit is None:
            return _gone()
        who, when = reading.last_change(self._db, patient_id)
        by = f"{who} changed it" if who else "It was changed"
        if who and who == self._session.user.name:
            by = "You changed it elsewhere"
        return Conflict(
            f"The file of {hit.name.spoken} has changed since you opened it.",
            f"{by} on {self._practice.formats.when(self.wall_clock(when))}." if when else f"{by}.",
            "Nothing of yours is lost: compare, then keep yours or take what is on file.",
            (Link("patient", str(patient_id), hit.name.listed),),
        )

    def wall_clock(self, utc_text: str) -> datetime:
        """An instant of the journal as the clinic's clock showed it."""
        from medsec_desktop.services.practice.time_zone import wall_clock

        return wall_clock(self._practice, self._session.clock)(utc_text).replace(second=0)


def _gone() -> Conflict:
    return Conflict(
        "This patient is no longer on file.",
        "The registration was undone, or the file was merged into another.",
        "Look for the person again.",
    )
