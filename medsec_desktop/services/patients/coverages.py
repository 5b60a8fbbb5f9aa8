"""Who pays for a patient: her coverages, their order, what came before, and who holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.insurance import CoverageFacts, Held, Result, overlap_sentence
from medsec_desktop.domain.patients import RANKS, CoverageDraft, checked_coverage, coverage_faults
from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Coverage, CoverageVerification, Payer
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.patients.coverage_records import (
    CoverageDetail,
    NewPayer,
    PayerChoice,
    SubscriberChoice,
    SubscriberRow,
    VerificationRow,
)
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.saving import insert_row, require_patient, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_DRAFT_COLUMNS = (
    "c.payer_id, c.rank, c.plan_name, c.member_id, c.group_number, c.subscriber_relation,"
    " c.subscriber_name, c.copay_cents, c.starts_on, c.ends_on, c.id, c.version,"
    " c.subscriber_patient_id, c.subscriber_birth_on, c.subscriber_sex, c.subscriber_line1,"
    " c.subscriber_line2, c.subscriber_city, c.subscriber_state, c.subscriber_postal_code,"
    " c.deductible_note, c.note, c.needs_authorization, c.needs_referral"
)
_DAYS = {"starts_on", "ends_on", "subscriber_birth_on"}


class Coverages:
    """The coverages on file."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    # -- reading ------------------------------------------------------------------------------

    def of(self, patient_id: int) -> tuple[CoverageDetail, ...]:
        """Her coverages: those that hold in their order, those to come, then what has ended,
        the latest first. Three statements."""
        answers = self._answers(patient_id)
        found = [
            self._detail(row, answers)
            for row in self._db.rows(
                f"SELECT {_DRAFT_COLUMNS}, y.name, y.phone, y.portal, c.verified_on,"
                " c.verified_note, c.card_front_document_id, c.card_back_document_id,"
                f" {NAME_COLUMNS}, p.birth_date, p.sex, h.line1, h.line2, h.city, h.state,"
                " h.postal_code FROM coverage c JOIN payer y ON y.id = c.payer_id"
                " LEFT JOIN patient p ON p.id = c.subscriber_patient_id"
                " LEFT JOIN patient_address h ON h.id = (SELECT k.id FROM patient_address k"
                "  WHERE k.patient_id = p.id AND k.kind <> 'former' ORDER BY k.position, k.id LIMIT 1)"
                " WHERE c.patient_id = ?",
                (patient_id,),
            )
        ]
        return tuple(sorted(found, key=_place))

    def one(self, patient_id: int, coverage_id: int) -> CoverageDetail:
        """One of hers. Raises Conflict when it is no longer on file."""
        for detail in self.of(patient_id):
            if detail.id == coverage_id:
                return detail
        raise _gone()

    def payers(self) -> tuple[PayerChoice, ...]:
        """Those one may choose from, by name."""
        return tuple(
            PayerChoice(*row)
            for row in self._db.rows(
                "SELECT id, name, payer_number, phone FROM payer WHERE is_active"
                " AND merged_into_id IS NULL ORDER BY name COLLATE NOCASE, id"
            )
        )

    def subscribers(self, patient_id: int) -> tuple[SubscriberChoice, ...]:
        """The people around her, any of whom may hold a policy of hers."""
        return tuple(
            SubscriberChoice(name, relation, linked, _day(born), *address)
            for name, relation, linked, born, *address in self._db.rows(
                "SELECT r.name, r.relation, r.linked_patient_id, r.birth_on, r.line1, r.line2,"
                " r.city, r.state, r.postal_code FROM related_person r WHERE r.patient_id = ?"
                " ORDER BY r.position, r.id",
                (patient_id,),
            )
        )

    def overlap(self, patient_id: int, draft: CoverageDraft) -> str:
        """A sentence where another coverage of hers holds the same rank on one of its days."""
        if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
            return ""
        others = [
            CoverageFacts(row_id, payer, rank, Held(_day(since), _day(until)))
            for row_id, payer, rank, since, until in self._db.rows(
                "SELECT c.id, y.name, c.rank, c.starts_on, c.ends_on FROM coverage c"
                " JOIN payer y ON y.id = c.payer_id WHERE c.patient_id = ? AND c.id <> ?"
                " ORDER BY c.id",
                (patient_id, draft.id),
            )
        ]
        held = Held(draft.starts_on, draft.ends_on)
        return overlap_sentence(draft.rank, held, others, self._practice.formats)

    # -- writing ------------------------------------------------------------------------------

    def save(self, patient_id: int, draft: CoverageDraft, new_payer: NewPayer | None = None) -> int:
        """Add or change a coverage; its number. Raises Invalid, NotAllowed, and Conflict if stale.

        Two of one rank on a day are kept, for papers are late and payers disagree; `overlap` says
        so. With `new_payer` the payer is added in the same operation.
        """
        if new_payer is not None:
            with self._adding(new_payer, patient_id):
                payer_id = self.add_payer(new_payer)
                return self.save(patient_id, replace(draft, payer_id=payer_id))
        kept = self._checked(patient_id, draft)
        verb = "Change" if draft.id else "Add"
        label = f"{verb} {self._payer(kept)} of {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if not draft.id:
                return insert_row(Coverage, patient_id=patient_id, **_columns(kept))
            require_patient(Coverage, draft.id, patient_id)
            self._save_row(draft.id, draft.version, **_columns(kept))
            return draft.id

    def faults(self, draft: CoverageDraft) -> tuple[Invalid, ...]:
        """All that is wrong with what is typed, each naming its field; `save` raises the first."""
        return coverage_faults(draft, self._session.clock.today())

    def replace_from(
        self,
        patient_id: int,
        coverage_id: int,
        version: int,
        day: date,
        draft: CoverageDraft,
        new_payer: NewPayer | None = None,
    ) -> int:
        """From `day` on another coverage stands in the place of one, which ends the day before.

        One operation; the number of the new one. Raises Invalid, NotAllowed, Conflict.
        """
        if new_payer is not None:
            with self._adding(new_payer, patient_id):
                draft = replace(draft, payer_id=self.add_payer(new_payer))
                return self.replace_from(patient_id, coverage_id, version, day, draft)
        old = self.one(patient_id, coverage_id)
        formats = self._practice.formats
        if old.draft.starts_on is not None and day <= old.draft.starts_on:
            raise Invalid(
                f"{old.payer_name} begins {formats.date(old.draft.starts_on)}.",
                remedy="Choose a later day, or change that coverage instead.",
                field="starts_on",
            )
        kept = self._checked(patient_id, replace(draft, id=0, version=0, starts_on=day))
        label = f"Replace {old.payer_name} by {self._payer(kept)} of {listed_name(self._db, patient_id)}"
        last = day - timedelta(days=1)
        if old.draft.ends_on is not None:
            last = min(last, old.draft.ends_on)
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            self._save_row(coverage_id, version, ends_on=last.isoformat())
            return insert_row(Coverage, patient_id=patient_id, **_columns(kept))

    def end(self, patient_id: int, coverage_id: int, version: int, last: date) -> None:
        """Let a coverage end with that day. Raises Invalid, NotAllowed, Conflict."""
        old = self.one(patient_id, coverage_id)
        if old.draft.starts_on is not None and last < old.draft.starts_on:
            raise Invalid("It would end before it begins.", field="ends_on")
        label = f"End {old.payer_name} of {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            self._save_row(coverage_id, version, ends_on=last.isoformat())

    def move(self, patient_id: int, coverage_id: int, by: int) -> bool:
        """Pay earlier (-1) or later (1): it changes places with its neighbour among those that
        hold now. Whether anything changed. Raises NotAllowed, Conflict."""
        order = [one for one in self.of(patient_id) if one.when == "current"]
        at = next((place for place, one in enumerate(order) if one.id == coverage_id), None)
        if at is None:
            raise Conflict(
                "Only coverages that hold today stand in an order.",
                remedy="Change its dates first.",
            )
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return False
        name = listed_name(self._db, patient_id)
        label = f"Put {order[at].payer_name} {'before' if by < 0 else 'after'} {order[to].payer_name}: {name}"
        order.insert(to, order.pop(at))
        return self._set_order(patient_id, order, label)

    def put_in_order(self, patient_id: int, coverage_ids: Sequence[int]) -> bool:
        """Let those that hold now pay in this order. Raises NotAllowed, Conflict."""
        current = {one.id: one for one in self.of(patient_id) if one.when == "current"}
        if set(coverage_ids) != set(current):
            raise _gone()
        label = f"Put the coverages of {listed_name(self._db, patient_id)} in order"
        return self._set_order(patient_id, [current[one] for one in coverage_ids], label)

    def remove(self, patient_id: int, coverage_id: int) -> None:
        """Take one off that was never hers, with what payers said of it.

        Raises Conflict where an authorization names it, and NotAllowed.
        """
        old = self.one(patient_id, coverage_id)
        named = self._db.value(
            "SELECT number FROM authorization WHERE coverage_id = ? LIMIT 1", (coverage_id,)
        )
        if named is not None:
            raise Conflict(
                f"{old.payer_name} cannot be taken off.",
                f"Authorization {named} names it.",
                "Set its last day instead: it stays on file as history.",
                (Link("patient", str(patient_id), listed_name(self._db, patient_id)),),
            )
        label = f"Remove {old.payer_name} of {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            for row in old.verifications:
                CoverageVerification.delete().where(CoverageVerification.id == row.id).execute()
            Coverage.delete().where(Coverage.id == coverage_id).execute()

    def add_payer(self, new: NewPayer) -> int:
        """A payer met for the first time; its number, or that of the one so called.

        Who may write files may do this, unlike the rest of the settings. Raises Invalid, NotAllowed.
        """
        name = " ".join(new.name.split())
        if not name:
            raise Invalid("Type the payer’s name.", field="payer_name")
        phone = new.phone.strip()
        phone = self._practice.formats.parse_phone(phone) if phone else ""
        known = self._db.value(
            "SELECT id FROM payer WHERE name = ? COLLATE NOCASE AND merged_into_id IS NULL", (name,)
        )
        if known is not None:
            return int(known)
        with self._session.change(f"Add payer {name}", Permission.EDIT_PATIENTS):
            return insert_row(Payer, name=name, payer_number=new.payer_number.strip(), phone=phone)

    # -- inside -------------------------------------------------------------------------------

    def _adding(self, new: NewPayer, patient_id: int) -> AbstractContextManager[None]:
        label = f"Add {new.name.strip()} for {listed_name(self._db, patient_id)}"
        return self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id)

    def _set_order(self, patient_id: int, order: Sequence[CoverageDetail], label: str) -> bool:
        ranks = {one.id: RANKS[min(place, len(RANKS) - 1)] for place, one in enumerate(order)}
        if all(one.draft.rank == ranks[one.id] for one in order):
            return False
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            for one in order:
                self._save_row(one.id, one.draft.version, rank=ranks[one.id])
        return True

    def _checked(self, patient_id: int, draft: CoverageDraft) -> CoverageDraft:
        holder_id = draft.subscriber_patient_id
        if holder_id is not None and draft.subscriber_relation != "self":
            if holder_id == patient_id:
                raise Invalid(
                    "This is the patient.",
                    remedy="Choose Self, or somebody else.",
                    field="subscriber_name",
                )
            draft = replace(draft, subscriber_name=listed_name(self._db, holder_id))
        return checked_coverage(draft, self._session.clock.today())

    def _payer(self, draft: CoverageDraft) -> str:
        name = self._db.value("SELECT name FROM payer WHERE id = ?", (draft.payer_id,))
        if name is None:
            raise Invalid("This payer is no longer there.", field="payer_id")
        return str(name)

    def _save_row(self, coverage_id: int, version: int, **columns: Any) -> None:
        try:
            save_row(Coverage, coverage_id, version, **columns)
        except Conflict as stale:
            if self._db.value("SELECT 1 FROM coverage WHERE id = ?", (coverage_id,)) is None:
                raise _gone() from stale
            raise

    def _answers(self, patient_id: int) -> dict[int, list[VerificationRow]]:
        found: dict[int, list[VerificationRow]] = defaultdict(list)
        for coverage_id, row_id, at, by, how, reference, result, copay, note in self._db.rows(
            "SELECT v.coverage_id, v.id, v.verified_at, v.verified_by, v.how, v.reference, v.result,"
            " v.copay_cents, v.note FROM coverage_verification v JOIN coverage c"
            " ON c.id = v.coverage_id WHERE c.patient_id = ?"
            " ORDER BY v.verified_at DESC, v.id DESC",
            (patient_id,),
        ):
            found[coverage_id].append(
                VerificationRow(
                    row_id, datetime.fromisoformat(at), by, how, reference, Result(result), copay,
                    note,
                )
            )  # fmt: skip
        return found

    def _detail(
        self, row: tuple[Any, ...], answers: dict[int, list[VerificationRow]]
    ) -> CoverageDetail:
        columns = [name.strip().removeprefix("c.") for name in _DRAFT_COLUMNS.split(",")]
        values: dict[str, Any] = dict(zip(columns, row, strict=False))
        for name in _DAYS:
            values[name] = _day(values[name])
        for name in ("needs_authorization", "needs_referral"):
            values[name] = bool(values[name])
        draft = CoverageDraft(**values)
        payer, phone, portal, verified_on, note, front, back, *holder = row[len(columns) :]
        return CoverageDetail(
            draft,
            payer,
            phone,
            portal,
            _subscriber(draft, holder),
            _day(verified_on),
            note,
            tuple(answers.get(draft.id, ())),
            front,
            back,
            _when(draft, self._session.clock.today()),
        )


def _subscriber(draft: CoverageDraft, holder: Sequence[Any]) -> SubscriberRow | None:
    if draft.subscriber_relation == "self":
        return None
    if draft.subscriber_patient_id is None:
        born = draft.subscriber_birth_on
        return SubscriberRow(
            draft.subscriber_name,
            PartialDate.from_iso(born.isoformat()) if born else None,
            draft.subscriber_sex,
            _lines(
                draft.subscriber_line1,
                draft.subscriber_line2,
                draft.subscriber_city,
                draft.subscriber_state,
                draft.subscriber_postal_code,
            ),
            None,
        )
    *name, born, sex, line1, line2, city, state, code = holder
    return SubscriberRow(
        PersonName(*name).listed,
        PartialDate.from_iso(born) if born else None,
        sex,
        _lines(line1 or "", line2 or "", city or "", state or "", code or ""),
        draft.subscriber_patient_id,
    )


def _lines(line1: str, line2: str, city: str, state: str, code: str) -> tuple[str, ...]:
    place = " ".join(part for part in (state, code) if part)
    place = ", ".join(part for part in (city, place) if part)
    return tuple(part for part in (line1, line2, place) if part)


def _when(draft: CoverageDraft, today: date) -> str:
    if draft.ends_on is not None and draft.ends_on < today:
        return "ended"
    return "coming" if draft.starts_on is not None and draft.starts_on > today else "current"


def _place(one: CoverageDetail) -> tuple[int, int, int, int]:
    """Current by rank, then what comes, then what has ended, the latest first."""
    groups = {"current": 0, "coming": 1, "ended": 2}
    rank = RANKS.index(one.draft.rank)
    if one.when == "ended":
        assert one.draft.ends_on is not None
        return groups["ended"], -one.draft.ends_on.toordinal(), rank, one.id
    starts = one.draft.starts_on or date.min
    order = starts.toordinal() if one.when == "coming" else rank
    return groups[one.when], order, rank, one.id


def _columns(draft: CoverageDraft) -> dict[str, Any]:
    columns = [name.strip().removeprefix("c.") for name in _DRAFT_COLUMNS.split(",")]
    values = {name: getattr(draft, name) for name in columns if name not in ("id", "version")}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _gone() -> Conflict:
    return Conflict("This insurance is no longer on file.", remedy="Look at the file as it is.")


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
