"""A referral as it is written down: who sends whom, to whom, why, and until when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from medsec_desktop.domain.referrals import Direction
from medsec_desktop.services.patients.referral_records import (
    PhysicianDraft,
    ReferralDraft,
    ReferralRow,
)
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.widgets import Choice

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

NEW_PHYSICIAN = -1
_DIRECTIONS = {Direction.OUT: "By us to somebody else", Direction.IN: "To us"}


class ReferralForm(InPlaceForm):
    """For a new one or for one on file."""

    draft_kind = "referral"
    noun = "referral"

    def __init__(self, desk: Desk):
        self._row: ReferralRow | None = None
        self._works_at: dict[object, int | None] = {}  # by who is chosen, where he does
        super().__init__(desk, "Keep the referral")

    def open_for(self, patient_id: int, name: str, row: ReferralRow | None = None) -> None:
        """A new one from us, or one of hers."""
        self._prepare(patient_id, row)
        self.put(
            {
                "direction": row.direction if row else Direction.OUT,
                "other_provider_id": row.other_provider_id if row else None,
                "other_organization_id": row.other_organization_id if row else None,
                "provider_id": row.provider_id if row else None,
                "specialty": row.specialty if row else "",
                "reason": row.reason if row else "",
                "is_urgent": row.is_urgent if row else False,
                "number": row.number if row else "",
                "authorization_id": row.authorization_id if row else None,
                "begun_on": row.begun_on if row else self._desk.office.clock.today(),
                "expires_on": row.expires_on if row else None,
                "chase_on": row.chase_on if row else None,
                "note": row.note if row else "",
                **dict.fromkeys(("family", "given", "credential", "phone", "fax"), ""),
            }
        )
        self.begin(patient_id, name)
        self.fields["direction" if row is None else "reason"].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        rows = {row.id: row for row in self._desk.office.referrals.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        # At the version it was read: what somebody changed meanwhile is found on saving.
        self._prepare(patient_id, row and replace(row, version=int(state["version"])))
        self.restore_state(state)
        self.begin(patient_id, name, draft_id)
        self.fields["reason"].setFocus()

    def _prepare(self, patient_id: int, row: ReferralRow | None) -> None:
        self._row = row
        office = self._desk.office
        people = office.referrals.physicians()
        theirs: list[tuple[object, str]] = [(None, "Nobody in particular")]
        theirs += [
            (one.id, " – ".join(filter(None, (one.name, one.specialty))))
            for one in people
            if not one.is_ours
        ]
        theirs.append((NEW_PHYSICIAN, "Somebody new…"))
        ours: list[tuple[object, str]] = [(None, "Not said")]
        ours += [(one.id, one.name) for one in people if one.is_ours]
        places: list[tuple[object, str]] = [(None, "No place in particular")]
        places += office.referrals.organizations()
        at = row.other_organization_id if row else None
        if row is not None and at not in (number for number, _ in places):
            places.append((at, row.organization_name))  # retired since, and named all the same
        self._works_at = {one.id: one.organization_id for one in people}
        leaves: list[tuple[object, str]] = [(None, "None")]
        leaves += [(one.id, one.number) for one in office.authorizations.of(patient_id)]
        for name, pairs in (
            ("other_provider_id", theirs),
            ("other_organization_id", places),
            ("provider_id", ours),
            ("authorization_id", leaves),
        ):
            box = self.fields[name]
            assert isinstance(box, Choice)
            box.set_pairs(pairs)
            box.setCurrentIndex(0)
        self.heading.setText("Change the referral" if row else "A new referral")
        self.fields["direction"].setEnabled(row is None)
        self.remove_button.setVisible(row is not None)

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        direction, other, place = choice(_DIRECTIONS), Choice(), Choice()
        self._place(self.add("direction", "Which way", direction), 0, 0)
        self._place(self.add("provider_id", "Here", Choice()), 0, 1)
        self._place(self.add("other_provider_id", "To", other), 1, 0)
        self._place(self.add("other_organization_id", "At", place), 1, 1)
        self._fresh = QWidget()
        fresh = QGridLayout(self._fresh)
        fresh.setContentsMargins(0, 0, 0, 0)
        fresh.setHorizontalSpacing(12)
        fresh.setVerticalSpacing(12)
        for place, (name, label, longest) in enumerate(
            (
                ("family", "Family name", 60),
                ("given", "Given name", 60),
                ("credential", "Credential", 20),
                ("phone", "Phone", 40),
                ("fax", "Fax", 40),
            )
        ):
            widget = self.add(name, label, self._line(longest=longest), required=not place)
            fresh.addWidget(widget, place // 3, place % 3)
            fresh.setColumnStretch(place % 3, 1)
        self._place(self._fresh, 2, 0, 2)
        self._place(self.add("specialty", "Specialty", self._line("e.g. Cardiology", 60)), 3, 0)
        self._place(self.add("reason", "Reason", self._line("In a few words")), 3, 1)
        self._place(self.add("number", "The payer’s number", self._line(longest=40)), 4, 0)
        self._place(self.add("authorization_id", "Authorization", Choice()), 4, 1)
        self._place(self.add("begun_on", "Date of the referral", self._date()), 5, 0)
        self._place(self.add("expires_on", "Holds until", self._date()), 5, 1)
        self._place(self.add("chase_on", "Ask how it stands on", self._date()), 6, 0)
        self._place(self.add("note", "Note", self._line()), 6, 1)
        self._place(self.add("is_urgent", "", QCheckBox("Urgent")), 7, 0)
        other.activated.connect(lambda _: self._follow(other.value()))
        direction.currentIndexChanged.connect(self._fit)
        other.currentIndexChanged.connect(self._fit)
        self._fit()

    def _follow(self, physician: object) -> None:
        """Where he works, if that is known."""
        place, at = self.fields["other_organization_id"], self._works_at.get(physician)
        assert isinstance(place, Choice)
        if at is not None:
            place.set_value(at)

    def _fit(self) -> None:
        is_in = self.fields["direction"].value() == Direction.IN  # type: ignore[attr-defined]
        self.labelled["other_provider_id"].label.setText("From" if is_in else "To")
        self.labelled["provider_id"].label.setText("To see" if is_in else "Sent by")
        other = self.fields["other_provider_id"]
        assert isinstance(other, Choice)
        self._fresh.setVisible(other.value() == NEW_PHYSICIAN)

    def title(self) -> str:
        other = self.fields["other_provider_id"]
        assert isinstance(other, Choice)
        named = other.currentText() if other.value() not in (None, NEW_PHYSICIAN) else ""
        place = self.fields["other_organization_id"]
        assert isinstance(place, Choice)
        named = named or (place.currentText() if place.value() is not None else "")
        return f"Referral {named or self.text('specialty')}".strip()

    def more_state(self) -> dict[str, Any]:
        row = self._row
        return {"id": row.id if row else 0, "version": row.version if row else 0}

    def keep(self, patient_id: int) -> str:
        raw, row = self.raw(), self._row
        other_id, new = raw["other_provider_id"], None
        if other_id == NEW_PHYSICIAN:
            other_id = None
            new = PhysicianDraft(
                raw["family"], raw["given"], raw["credential"], raw["specialty"], raw["phone"],
                raw["fax"],
            )  # fmt: skip
        draft = ReferralDraft(
            Direction(raw["direction"]),
            raw["provider_id"],
            other_id,
            raw["specialty"],
            raw["reason"],
            raw["is_urgent"],
            raw["number"],
            raw["authorization_id"],
            row.their_visit_on if row else None,
            self.day("begun_on"),
            self.day("expires_on"),
            self.day("chase_on"),
            raw["note"],
            row.id if row else None,
            row.version if row else 0,
            raw["other_organization_id"],
        )
        self._desk.office.referrals.save(patient_id, draft, new)
        return "Referral kept."

    def take_off(self, patient_id: int) -> str:
        assert self._row is not None
        self._desk.office.referrals.remove(self._row.id)
        return "Referral removed."
