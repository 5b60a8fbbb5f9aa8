"""What the payer said of a coverage: filled in with what it says most often, so that Enter keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.insurance import RESULT_WORDS, Result
from medsec_desktop.services.patients.coverage_records import (
    HOW_WORDS,
    CoverageDetail,
    VerificationDraft,
)
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

HOWS = {how: word[:1].upper() + word[1:] for how, word in HOW_WORDS.items()}


class VerificationForm(InPlaceForm):
    """“Active, by phone, now” stands in it already; the reference has the focus."""

    draft_kind = "verification"
    noun = "answer of the payer"

    def __init__(self, desk: Desk):
        self._detail: CoverageDetail | None = None
        self._how = "phone"  # as the last one was asked: one sits on the portal all morning
        super().__init__(desk, "Keep the answer")
        self.remove_button.hide()

    def open_for(self, patient_id: int, name: str, detail: CoverageDetail) -> None:
        """For one of her coverages."""
        self._detail = detail
        phone = self._desk.office.formats.phone(detail.payer_phone)
        self.heading.setText("  ·  ".join(filter(None, (f"{detail.payer_name} says", phone))))
        self.put(
            {
                "result": Result.ACTIVE,
                "how": self._how,
                "reference": "",
                "copay_cents": "",
                "on": self._desk.office.clock.today(),
                "note": "",
            }
        )
        self.begin(patient_id, name)
        self.fields["reference"].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> bool:
        """Go on where it was left; False where its coverage is gone."""
        found = {one.id: one for one in self._desk.office.coverages.of(patient_id)}
        self._detail = found.get(state.get("coverage_id") or 0)
        if self._detail is None:
            return False
        self.heading.setText(f"{self._detail.payer_name} says")
        self.restore_state(state)
        self.begin(patient_id, name, draft_id)
        self.fields["reference"].setFocus()
        return True

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        reference = self._line("Call or transaction number, who it was")
        self._place(self.add("result", "Answer", choice(RESULT_WORDS)), 0, 0)
        self._place(self.add("how", "Asked", choice(HOWS)), 0, 1)
        self._place(self.add("reference", "Reference", reference), 1, 0)
        self._place(self.add("copay_cents", "Copay it named", self._line("0.00", 12)), 1, 1)
        self._place(self.add("on", "On", self._date()), 2, 0)
        self._place(self.add("note", "Note", self._line()), 2, 1)

    def title(self) -> str:
        payer = self._detail.payer_name if self._detail else "insurance"
        return f"Verify {payer}"

    def more_state(self) -> dict[str, Any]:
        return {"coverage_id": self._detail.id if self._detail else 0}

    def keep(self, patient_id: int) -> str:
        assert self._detail is not None
        raw = self.raw()
        draft = VerificationDraft(
            Result(raw["result"]),
            raw["how"],
            raw["reference"],
            self._cents("copay_cents"),
            raw["note"],
            self.day("on"),
        )
        self._desk.office.verifications.record(self._detail.id, draft)
        self._how = raw["how"]
        return f"{self._detail.payer_name}: {RESULT_WORDS[draft.result].lower()}."
