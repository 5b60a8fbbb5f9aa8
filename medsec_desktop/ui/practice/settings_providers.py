"""Settings: who sees patients, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import PALETTE, USUAL_HOURS, ProviderDraft, ProviderRow
from medsec_desktop.ui.practice.dated_week import DatedWeek
from medsec_desktop.ui.practice.editors import ProviderForm
from medsec_desktop.ui.practice.other_hours import OtherHours
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.widgets import ListRow, Section


class ProvidersPage(PickPage):
    """Who sees patients: details, calendar column, weekly hours and other hours on some days."""

    id = "providers"
    name = "Providers and hours"
    icon = "stethoscope"
    words = "Everyone who sees patients. Changes count at once; visits already booked stay."
    finds = (
        "doctor npi credential specialty color colour column working hours week break schedule overlap"
        " summer exception vacation training"
    )
    tables = ("provider", "working_hours", "hours_exception")
    moves_hours = True
    noun = "provider"
    new_hint = "Type the last name"
    empty_words = "Visits are booked with a provider who has a column on the calendar."
    has_order = True

    def build_right(self) -> None:
        self.form = ProviderForm(self.desk.theme)
        self.form.left.connect(self._save_form)
        self.fields = self.form.fields
        self.hours = DatedWeek(self.desk)
        self.week = self.hours.week
        self.hours.left.connect(self._save_week)
        weekly = Section("Weekly hours")
        weekly.body.addWidget(self.hours)
        self.other = OtherHours(self.desk, self.save, "provider")
        for part in (self.form, weekly, self.other):
            self.beside.addWidget(part)

    def read(self) -> Sequence[ProviderRow]:
        return self.practice.providers()

    def listed(self, row: ProviderRow) -> ListRow:
        return ListRow(
            row.id, row.name, row.specialty if row.is_bookable else _not_bookable(row.specialty)
        )

    def words_of(self, row: ProviderRow) -> str:
        return f"{row.name} {row.specialty} {row.npi}"

    def show_row(self, row: ProviderRow | None) -> None:
        for button in (self.up, self.down):
            button.setEnabled(row is not None and row.is_bookable)
        self.other.show_owner(row.id if row is not None else None)
        if row is not None:
            again = self.form.draft().id == row.id
            self.form.show_draft(row.draft())
            self.hours.set_rows(self.practice.hours(row.id), again=again)
        else:
            colour = PALETTE[len(self.practice.providers(bookable_only=True)) % len(PALETTE)]
            self.form.show_draft(ProviderDraft("", colour=colour))
            self.hours.set_rows(USUAL_HOURS)

    def begin(self) -> None:
        super().begin()
        self.form.given.setFocus()

    def _save_form(self) -> None:
        draft = self.form.draft()
        if not draft.id:
            if draft.family_name.strip():
                self._save_new(draft)
            return
        known = self.row.draft() if self.row is not None else None
        if known is not None and not known.colour and draft.colour == PALETTE[0]:
            draft = replace(draft, colour="")  # shown as the first one, which nobody chose
        if known is None or draft == known:
            return
        self.save(f"{draft.family_name}: changed.", lambda: self.practice.save_provider(draft))

    def _save_new(self, draft: ProviderDraft) -> None:
        def write() -> None:
            rows = self.hours.rows()  # what makes no sense there is said before anything is saved
            provider_id = self.practice.save_provider(draft)
            self.saved_as(provider_id)
            self.practice.save_hours(provider_id, rows)

        self.save(f"{draft.family_name}: added.", write)
        self.reload()

    def _save_week(self) -> None:
        row = self.row
        if row is None:
            return
        try:
            rows = self.hours.rows()
        except Problem:
            return  # the line itself says what is wrong
        if rows != self.practice.hours(row.id):
            self.save("Working hours: changed.", lambda: self.practice.save_hours(row.id, rows))

    def move_row(self, row: ProviderRow, by: int) -> None:
        self.save(
            "Order of the columns: changed.", lambda: self.practice.move("provider", row.id, by)
        )

    def take_away(self, row: ProviderRow) -> None:
        self.save(f"{row.name}: removed.", lambda: self.practice.remove_provider(row.id))


def _not_bookable(specialty: str) -> str:
    """What stands under the name of a provider who only refers or is referred to."""
    return f"{specialty} · not on the calendar" if specialty else "Not on the calendar"
