"""Claims from the visit to the payer: made, checked, said to be ready, answered, replaced and voided.

A claim that left the office stays as it is; what comes after is another claim, or a word beside it. It
leaves through `files` and `forms`, which seal what they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.claims import Claim as ClaimTable
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.claims import reading
from medsec_desktop.services.claims.building import Builder
from medsec_desktop.services.claims.checking import counted, require_reason
from medsec_desktop.services.claims.filing import answer_deadlines, gone, with_controls
from medsec_desktop.services.claims.following import Following
from medsec_desktop.services.claims.records import (
    AnswerDraft,
    BuiltAll,
    Checked,
    ClaimDetail,
    ClaimRow,
    Refused,
)
from medsec_desktop.services.claims.settings import payer_rule
from medsec_desktop.services.patients.merged import refuse_merged
from medsec_desktop.services.patients.names import listed_name
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import save_row

_ANSWERS = (ClaimStatus.REJECTED, ClaimStatus.ACCEPTED, ClaimStatus.DECIDED)
# A claim that voids another at the payer bills nothing.
_STANDING = "status NOT IN ('void', 'replaced') AND frequency <> '8'"


class Claims(Following):
    """The claims of the practice."""

    # -- reading ------------------------------------------------------------------------------

    def of_patient(self, patient_id: int) -> tuple[ClaimRow, ...]:
        """Every claim of hers, the latest service first."""
        return reading.rows(
            self._db, self._today, "c.patient_id = ?", (patient_id,), "c.first_on DESC, c.id DESC"
        )

    def of_visit(self, appointment_id: int) -> tuple[ClaimRow, ...]:
        """Every claim made from a visit, the first payer’s first."""
        return reading.rows(
            self._db, self._today, "e.appointment_id = ?", (appointment_id,), "c.rank, c.id"
        )

    # -- making -------------------------------------------------------------------------------

    def build(self, sheet_id: int, rank: str = "P") -> int:
        """A claim from a visit’s charges, as a draft; its number.

        Raises Conflict where she has no insurance, the visit is billed already, the charges are not
        finished or the file is closed, Invalid for a fee of zero, and NotAllowed.
        """
        builder = Builder(self._db, self._practice)
        with self._session.change("Make a claim", Permission.EDIT_CLAIMS):
            return self._build(builder, sheet_id, rank)

    def build_for_visit(self, appointment_id: int) -> int:
        """The same from a visit of the calendar. Raises Conflict where it was not charged yet."""
        sheet_id = self._db.value(
            "SELECT s.id FROM encounter e JOIN charge_sheet s ON s.encounter_id = e.id"
            " WHERE e.appointment_id = ? ORDER BY s.id DESC LIMIT 1",
            (appointment_id,),
        )
        if sheet_id is None:
            raise Conflict(
                "Nothing was charged for this visit yet.",
                "A claim is made from charges.",
                "Charge the visit first.",
                (Link("appointment", str(appointment_id), "The visit"),),
            )
        return self.build(sheet_id)

    def build_all(self, sheet_ids: Sequence[int], progress: Progress | None = None) -> BuiltAll:
        """Claims from many sheets, each for itself; those that cannot be made are told."""
        listener, builder = progress or Quiet(), Builder(self._db, self._practice)
        made: list[int] = []
        refused: list[Refused] = []
        with self._session.change(f"Make {len(sheet_ids):,} claims", Permission.EDIT_CLAIMS):
            for done, sheet_id in enumerate(sheet_ids):
                listener.report(done, len(sheet_ids), "Making claims")
                try:
                    made.append(self._build(builder, sheet_id, "P"))
                except (Conflict, Invalid) as problem:
                    refused.append(Refused(sheet_id, str(problem)))
        return BuiltAll(tuple(made), tuple(refused))

    def _build(self, builder: Builder, sheet_id: int, rank: str) -> int:
        charged = builder.charged(sheet_id)
        self._refuse_second(sheet_id, rank)
        built = builder.build(charged, self.filing.next_number(), rank)
        return self.filing.insert(built)

    def _refuse_second(self, sheet_id: int, rank: str) -> None:
        """Raise Conflict where the visit is billed to that payer already."""
        found = self._db.one(
            f"SELECT id, number, status FROM claim WHERE charge_sheet_id = ? AND rank = ?"
            f" AND {_STANDING} ORDER BY id DESC LIMIT 1",
            (sheet_id, rank),
        )
        if found is not None:
            claim_id, number, status = found
            raise Conflict(
                f"This visit is billed already, with claim {number}.",
                f"That claim is {status}; a second one would come back as a duplicate.",
                "Open it and go on from there: it can be changed, replaced or voided.",
                (Link("claim", str(claim_id), f"Claim {number}"),),
            )

    def blank(self, patient_id: int, coverage_id: int | None = None) -> int:
        """A claim with who and whom only, to be filled by hand; its number. Raises Conflict."""
        refuse_merged(self._db, patient_id)
        builder = Builder(self._db, self._practice)
        held = builder.parties.covers(patient_id, self._today)
        cover = builder.parties.cover(coverage_id) if coverage_id is not None else None
        cover = cover or next(iter(held), None)
        name = listed_name(self._db, patient_id)
        if cover is None:
            raise Conflict(
                f"{name} has no insurance today.",
                remedy="Add a coverage to the file first.",
                links=(Link("patient", str(patient_id), name),),
            )
        with self._session.change(
            f"Begin a claim for {name}", Permission.EDIT_CLAIMS, patient_id=patient_id
        ):
            built = builder.blank(patient_id, cover, self.filing.next_number(), self._today)
            return self.filing.insert(built)

    # -- changing -----------------------------------------------------------------------------

    def save(self, claim_id: int, version: int, content: Claim) -> ClaimDetail:
        """Keep other words for a claim that has not left; it is a draft again.

        Raises Conflict where it has left or somebody was faster, Invalid where its number was changed.
        """
        row = self.row(claim_id)
        if content.id != row.number:
            raise Invalid("A claim keeps its number.", field="id")
        before = self.filing.content(claim_id)
        content = with_controls(content, before)
        if content == before:
            return self.detail(claim_id)
        with self._about(row, f"Change claim {row.number}"):
            rule = payer_rule(self._db, row.payer_id)
            columns: dict[str, Any] = {"errors": 0, "warnings": 0, "checked_at": None}
            if row.status is not ClaimStatus.DRAFT:
                columns["status"] = str(ClaimStatus.DRAFT)
                self.filing.event(claim_id, "change", ClaimStatus.DRAFT, "Its words were changed.")
            self.filing.write(claim_id, version, content, rule, **columns)
        return self.detail(claim_id)

    def rebuild(self, claim_id: int, version: int) -> ClaimDetail:
        """Its content anew from the charges and the files as they are now. Raises Conflict."""
        row = self.row(claim_id)
        if row.sheet_id is None or row.frequency != "1" or row.rank != "P":
            raise Conflict(
                f"Claim {row.number} was not made from charges alone.",
                remedy="Change its fields by hand.",
            )
        builder = Builder(self._db, self._practice)
        built = builder.build(builder.charged(row.sheet_id), row.number, row.rank)
        with self._about(row, f"Make claim {row.number} anew from its charges"):
            self.filing.event(
                claim_id, "change", ClaimStatus.DRAFT, "Made anew from charges and files."
            )
            self.filing.write(
                claim_id,
                version,
                built.content,
                built.rule,
                built.charge_line_ids,
                status=str(ClaimStatus.DRAFT),
                coverage_id=built.cover.id,
                payer_id=built.cover.payer_id,
                provider_id=built.provider_id,
                way=built.rule.way,
                errors=0,
                warnings=0,
                checked_at=None,
            )
        return self.detail(claim_id)

    # -- its life -----------------------------------------------------------------------------

    def make_ready(self, claim_ids: Sequence[int]) -> Checked:
        """Say that they may go. Each is checked first; one that is held back stays a draft."""
        with self._session.change(f"Say that {counted(claim_ids)} may go", Permission.EDIT_CLAIMS):
            checked = self.check(
                [one for one in claim_ids if self.filing.status(one) is not ClaimStatus.READY]
            )
            for claim_id in checked.clean:
                self.filing.move(claim_id, ClaimStatus.READY)
        return checked

    def back_to_draft(self, claim_ids: Sequence[int], note: str = "") -> None:
        """Take them back to work on. Raises Conflict for one that left."""
        with self._session.change(
            f"Take {counted(claim_ids)} back to work on", Permission.EDIT_CLAIMS
        ):
            for claim_id in claim_ids:
                self.filing.require_open(claim_id)
                self.filing.move(claim_id, ClaimStatus.DRAFT, note)

    def void(self, claim_id: int, version: int, reason: str) -> ClaimDetail:
        """Give up a claim that never left. Raises Conflict for one that did: it is voided at the payer."""
        row = self.row(claim_id)
        self.filing.require_open(claim_id)
        require_reason(reason, "why it is given up")
        with self._about(row, f"Void claim {row.number}", reason):
            self.filing.move(claim_id, ClaimStatus.VOID, reason, version=version)
            before = self._db.value("SELECT replaces_claim_id FROM claim WHERE id = ?", (claim_id,))
            if before is not None:
                self.filing.stands_again(before, f"Claim {row.number} for it was given up.")
        return self.detail(claim_id)

    def set_way(self, claim_ids: Sequence[int], way: str) -> None:
        """Let them go by file or on paper, whatever their payers usually get. Raises Conflict, Invalid."""
        if way not in ("file", "paper"):
            raise Invalid("A claim goes in a file or on paper.", field="way")
        words = "on paper" if way == "paper" else "in a file"
        with self._session.change(f"Let {counted(claim_ids)} go {words}", Permission.EDIT_CLAIMS):
            for claim_id in claim_ids:
                self.filing.require_open(claim_id)
                version = self._db.value("SELECT version FROM claim WHERE id = ?", (claim_id,))
                save_row(ClaimTable, claim_id, int(version), way=way)

    def answer(self, claim_id: int, version: int, draft: AnswerDraft) -> ClaimDetail:
        """Note a payer’s word: rejected, accepted or decided. Raises Invalid, Conflict."""
        row = self.row(claim_id)
        if draft.status not in _ANSWERS:
            raise Invalid("A payer rejects, accepts or decides.", field="status")
        if draft.on > self._today:
            raise Invalid("The answer lies in the future.", field="on")
        if row.sent_at is not None and draft.on < row.sent_at.date():
            raise Invalid("The answer came before the claim was sent.", field="on")
        columns: dict[str, Any] = {"answered_on": draft.on.isoformat()}
        if draft.payer_claim_number.strip():
            columns["payer_claim_number"] = draft.payer_claim_number.strip().upper()
        rule = payer_rule(self._db, row.payer_id)
        if draft.status is ClaimStatus.DECIDED:
            columns |= answer_deadlines(rule, draft.on)
        with self._about(row, f"Note that claim {row.number} was {draft.status}"):
            self.filing.move(
                claim_id, draft.status, draft.note, kind="answer", version=version, **columns
            )
        return self.detail(claim_id)

    def close(self, claim_id: int, version: int, note: str = "") -> ClaimDetail:
        """Say that nothing more is expected of it. Raises Conflict before it is decided."""
        row = self.row(claim_id)
        with self._about(row, f"Close claim {row.number}"):
            self.filing.move(claim_id, ClaimStatus.CLOSED, note, version=version)
        return self.detail(claim_id)

    # -- whose it is, and what is next --------------------------------------------------------

    def assign(self, claim_ids: Sequence[int], user_id: int | None) -> None:
        """Say who sees to them; None is nobody."""
        who = self._db.value("SELECT display_name FROM user_account WHERE id = ?", (user_id,))
        if user_id is not None and who is None:
            raise Conflict("This person no longer works here.")
        label = f"Give {counted(claim_ids)} to {who or 'nobody'}"
        self._each(claim_ids, label, f"Given to {who or 'nobody'}.", owner_user_id=user_id)

    def plan(self, claim_ids: Sequence[int], action: str, on: date | None) -> None:
        """Say what is to be done next, and when. Raises Invalid for a day without words."""
        action = " ".join(action.split())
        if on is not None and not action:
            raise Invalid("Say what is to be done that day.", field="next_action")
        day = on.isoformat() if on is not None else None
        label = f"Plan what is next for {counted(claim_ids)}"
        when = f", {self._practice.formats.date(on)}" if on is not None else ""
        words = f"Next{when}: {action}" if action else "Nothing is planned any more."
        self._each(claim_ids, label, words, next_action=action, next_on=day)

    def note(self, claim_id: int, text: str) -> ClaimDetail:
        """Write a note beside a claim, whatever its state. Raises Invalid for an empty one."""
        text = text.strip()
        if not text:
            raise Invalid("The note is empty.", field="note")
        row = self.row(claim_id)
        with self._about(row, f"Note on claim {row.number}"):
            self.filing.event(claim_id, "note", None, text)
        return self.detail(claim_id)

    def _each(
        self, claim_ids: Iterable[int], label: str, words: str, **columns: str | int | None
    ) -> None:
        """Other columns for each, and a line in its history where it had not said so before."""
        names = ", ".join(columns)
        with self._session.change(label, Permission.EDIT_CLAIMS):
            for claim_id in claim_ids:
                row = self._db.one(f"SELECT version, {names} FROM claim WHERE id = ?", (claim_id,))
                if row is None:
                    raise gone()
                if tuple(row[1:]) != tuple(columns.values()):
                    save_row(ClaimTable, claim_id, int(row[0]), **columns)
                    self.filing.event(claim_id, "change", None, words)
