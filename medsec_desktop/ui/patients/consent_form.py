"""An answer to a consent: which, signed or not, on which day, until when, by whom, on which paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.rights import ANSWER_WORDS, Answer, expiry
from medsec_desktop.services.patients.rights_records import ConsentDraft, ConsentRow
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.widgets import Choice, DateEdit

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ConsentForm(InPlaceForm):
    """“Signed today” stands in it already, with the day it runs out: Enter keeps it.

    The last day follows the kind and the day signed until somebody types another.
    """

    draft_kind = "consent"
    noun = "consent"

    def __init__(self, desk: Desk):
        self._row: ConsentRow | None = None
        self._months: dict[int, int | None] = {}
        self._proposed: date | None = None
        super().__init__(desk, "Keep the answer")

    def open_for(
        self, patient_id: int, name: str, row: ConsentRow | None = None, kind_id: int | None = None
    ) -> None:
        """One on file, or a new answer to `kind_id`, else to the first that is due."""
        self._prepare(patient_id, row)
        wanted = row.kind_id if row else kind_id or self._first_due(patient_id)
        self.put(
            {
                "kind_id": wanted,
                "answer": row.answer if row else Answer.GIVEN,
                "signed_on": row.signed_on if row else self._desk.office.clock.today(),
                "expires_on": row.expires_on if row else None,
                "signed_by": row.signed_by if row else "",
                "document_id": row.document_id if row else None,
                "note": row.note if row else "",
            }
        )
        self._proposed = None
        if row is None:
            self._propose()
        self._fit()
        self.begin(patient_id, name)
        self.fields["kind_id" if row is None else "answer"].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        found = [
            row
            for one in self._desk.office.consents.of(patient_id)
            for row in (one.latest, *one.earlier)
            if row is not None
        ]
        row = next((each for each in found if each.id == state.get("id")), None)
        # At the version it was read: what somebody changed meanwhile is found on saving.
        self._prepare(patient_id, row and replace(row, version=int(state["version"])))
        self.restore_state(state)
        self._fit()
        self.begin(patient_id, name, draft_id)
        self.fields["note"].setFocus()

    def _prepare(self, patient_id: int, row: ConsentRow | None) -> None:
        self._row = row
        office = self._desk.office
        formats = office.formats
        kinds = [
            kind
            for kind in office.consents.kinds.all()
            if kind.is_active or (row is not None and kind.id == row.kind_id)
        ]
        self._months = {kind.id: kind.valid_months for kind in kinds}
        self._choice("kind_id").set_pairs([(kind.id, kind.name) for kind in kinds])
        papers: list[tuple[object, str]] = [(None, "No document")]
        papers += [
            (number, f"{title}, {formats.date(on)}")
            for number, title, on in office.consents.papers(patient_id)
        ]
        known = {number for number, _ in papers}
        if row is not None and row.document_id not in known:
            papers.append((row.document_id, row.document_title))
        paper = self._choice("document_id")
        paper.set_pairs(papers)
        paper.setCurrentIndex(0)
        self.heading.setText(f"Change: {row.kind_name}" if row else "A consent or form")
        self._choice("kind_id").setEnabled(row is None)
        self.remove_button.setVisible(row is not None)

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        kind, answer = Choice(), choice(ANSWER_WORDS)
        self._place(self.add("kind_id", "Consent or form", kind), 0, 0)
        self._place(self.add("answer", "Answer", answer), 0, 1)
        self._place(self.add("signed_on", "On", self._date(), required=True), 1, 0)
        until = self.add("expires_on", "Holds until", self._date(), hint="Empty: for good")
        self._place(until, 1, 1)
        by = self._line("Empty: the patient", 80)
        self._place(self.add("signed_by", "Signed by", by), 2, 0)
        self._place(self.add("document_id", "The signed paper", Choice()), 2, 1)
        self._place(self.add("note", "Note", self._line()), 3, 0, 2)
        kind.activated.connect(lambda _: self._propose())
        answer.currentIndexChanged.connect(lambda _: self._fit())
        signed_on = self.fields["signed_on"]
        assert isinstance(signed_on, DateEdit)
        signed_on.textChanged.connect(lambda _: self._propose())

    def title(self) -> str:
        return self._choice("kind_id").currentText() or "Consent"

    def more_state(self) -> dict[str, Any]:
        row = self._row
        return {"id": row.id if row else 0, "version": row.version if row else 0}

    def own_faults(self) -> dict[str, str]:
        faults = super().own_faults()
        if self._choice("kind_id").value() is None:
            faults["kind_id"] = "The settings define what is asked for; nothing is yet."
        elif not faults and self.day("signed_on") is None:
            faults["signed_on"] = "On which day?"
        return faults

    def keep(self, patient_id: int) -> str:
        raw, row, day = self.raw(), self._row, self.day("signed_on")
        assert day is not None
        draft = ConsentDraft(
            int(raw["kind_id"]),
            Answer(raw["answer"]),
            day,
            self.day("expires_on"),
            raw["signed_by"],
            raw["document_id"],
            raw["note"],
            row.id if row else None,
            row.version if row else 0,
        )
        self._desk.office.consents.save(patient_id, draft)
        return f"{self.title()}: {ANSWER_WORDS[draft.answer].lower()}."

    def take_off(self, patient_id: int) -> str:
        assert self._row is not None
        self._desk.office.consents.remove(patient_id, self._row.id)
        return f"{self._row.kind_name}: answer removed."

    # -- inside ---------------------------------------------------------------------------------

    def _choice(self, name: str) -> Choice:
        box = self.fields[name]
        assert isinstance(box, Choice)
        return box

    def _first_due(self, patient_id: int) -> int | None:
        standing = self._desk.office.consents.of(patient_id)
        due = [one for one in standing if one.is_due] or [
            one for one in standing if one.kind.is_active
        ]
        return due[0].kind.id if due else None

    def _propose(self) -> None:
        """Set the last day, unless somebody typed one of her own."""
        until, day = self.fields["expires_on"], self.day("signed_on")
        assert isinstance(until, DateEdit)
        kind_id = self._choice("kind_id").value()
        if day is None or not isinstance(kind_id, int) or self._row is not None:
            return
        if until.text().strip() and until.value() != self._proposed:
            return
        self._proposed = expiry(day, self._months.get(kind_id))
        until.set_value(self._proposed)

    def _fit(self) -> None:
        is_given = self._choice("answer").value() == Answer.GIVEN
        self.labelled["expires_on"].setVisible(is_given)
