"""An authorization as it is written down: how much of what it allows, for whom, until when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from medsec_desktop.services.patients.authorizations import AuthorizationDraft, AuthorizationRow
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.widgets import Choice

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_COUNTS = {"visits": "Visits", "units": "Units of its codes"}


class AuthorizationForm(InPlaceForm):
    """For a new one or for one on file."""

    draft_kind = "authorization"
    noun = "authorization"

    def __init__(self, desk: Desk):
        self._row: AuthorizationRow | None = None
        super().__init__(desk, "Keep the authorization")

    def open_for(self, patient_id: int, name: str, row: AuthorizationRow | None = None) -> None:
        """A new one, on the coverage that pays first, or one of hers."""
        self._prepare(patient_id, row)
        current = (
            one.id for one in self._desk.office.coverages.of(patient_id) if one.when == "current"
        )
        self.put(
            {
                "number": row.number if row else "",
                "visits_allowed": str(row.allowed) if row else "",
                "counts": row.counts if row else "visits",
                "used_elsewhere": str(row.used_elsewhere or "") if row else "",
                "starts_on": row.starts_on if row else None,
                "ends_on": row.ends_on if row else None,
                "coverage_id": row.coverage_id if row else next(current, None),
                "provider_id": row.provider_id if row else None,
                "codes": row.codes if row else "",
                "note": row.note if row else "",
            }
        )
        self.begin(patient_id, name)
        self.fields["number"].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        rows = {row.id: row for row in self._desk.office.authorizations.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        # At the version it was read: what somebody changed meanwhile is found on saving.
        self._prepare(patient_id, row and replace(row, version=int(state["version"])))
        self.restore_state(state)
        self.begin(patient_id, name, draft_id)
        self.fields["number"].setFocus()

    def _prepare(self, patient_id: int, row: AuthorizationRow | None) -> None:
        self._row = row
        office = self._desk.office
        pairs: list[tuple[object, str]] = [(None, "Not said")]
        pairs += [(one.id, one.payer_name) for one in office.coverages.of(patient_id)]
        providers: list[tuple[object, str]] = [(None, "Anybody here")]
        providers += [
            (one.id, f"{one.given_name} {one.family_name}".strip())
            for one in office.practice.providers(bookable_only=True)
        ]
        for name, choices in (("coverage_id", pairs), ("provider_id", providers)):
            box = self.fields[name]
            assert isinstance(box, Choice)
            box.set_pairs(choices)
            box.setCurrentIndex(0)
        self.heading.setText("Change the authorization" if row else "A new authorization")
        self.remove_button.setVisible(row is not None)

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        amount = self._line(longest=5)
        self._place(self.add("number", "Number", self._line(longest=40), required=True), 0, 0)
        self._place(self.add("coverage_id", "Payer", Choice()), 0, 1)
        self._place(self.add("visits_allowed", "Allowed", amount, required=True), 1, 0)
        self._place(self.add("counts", "Of what", choice(_COUNTS)), 1, 1)
        self._place(self.add("starts_on", "From", self._date()), 2, 0)
        self._place(self.add("ends_on", "Until", self._date()), 2, 1)
        codes = self._line("e.g. 97110 97140")
        self._place(self.add("codes", "Codes", codes), 3, 0)
        elsewhere = self._line("0", 5)
        self._place(self.add("used_elsewhere", "Used elsewhere", elsewhere), 3, 1)
        self._place(self.add("provider_id", "For", Choice()), 4, 0)
        self._place(self.add("note", "Note", self._line()), 4, 1)

    def title(self) -> str:
        return f"Authorization {self.text('number').strip()}".strip()

    def more_state(self) -> dict[str, Any]:
        row = self._row
        return {"id": row.id if row else 0, "version": row.version if row else 0}

    def keep(self, patient_id: int) -> str:
        raw, row = self.raw(), self._row
        noun = "units" if raw["counts"] == "units" else "visits"
        allowed = self._number("visits_allowed", f"Type how many {noun} it allows.")
        elsewhere = 0
        if self.text("used_elsewhere").strip():
            elsewhere = self._number("used_elsewhere", "Type a number, or nothing.")
        draft = AuthorizationDraft(
            raw["number"],
            allowed,
            self.day("starts_on"),
            self.day("ends_on"),
            raw["coverage_id"],
            raw["note"],
            row.id if row else None,
            row.version if row else 0,
            raw["counts"],
            raw["codes"],
            elsewhere,
            raw["provider_id"],
        )
        self._desk.office.authorizations.save(patient_id, draft)
        return f"Authorization {draft.number.strip()} kept."

    def take_off(self, patient_id: int) -> str:
        assert self._row is not None
        self._desk.office.authorizations.remove(patient_id, self._row.id)
        return f"Authorization {self._row.number} removed."
