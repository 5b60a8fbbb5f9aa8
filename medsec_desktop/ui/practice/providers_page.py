"""The step that asks who sees patients here, and when."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.founding import ProviderSetup
from medsec_desktop.services.practice import PALETTE, USUAL_HOURS, HoursRow, ProviderDraft, checks
from medsec_desktop.ui.practice.editors import ProviderForm, WeekEditor
from medsec_desktop.ui.practice.wizard_page import Page
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import FastList, ListRow, PlainButton


class ProvidersPage(Page):
    """Who sees patients, and when; one at least."""

    name = "Providers"
    title = "Providers and their hours"
    words = "Everyone who sees patients gets a column on the calendar. Type hours like 8-12, 1-5."

    def __init__(self, theme: Theme):
        super().__init__()
        self._drafts: list[ProviderDraft] = [_new_provider(0)]
        self._weeks: list[tuple[HoursRow, ...]] = [USUAL_HOURS]
        self._shown = 0
        self.list = FastList(theme, "Providers", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(248))
        self.add = PlainButton("Add another", self.add_provider, kind="quiet")
        theme.wear(self.add, "plus")
        self.remove = PlainButton("Remove", self.remove_provider, kind="quiet")
        theme.wear(self.remove, "trash-2")
        self.form = ProviderForm(theme)
        self.form.is_bookable.hide()
        self.form.fields["visits_at_once"].hide()  # hardly anybody's; it waits in the settings
        self.week = WeekEditor(theme, Formats())
        self.form.edited.connect(self._edited)
        self.form.show_draft(self._drafts[0])
        self.week.set_rows(self._weeks[0])
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.form)
        right.addWidget(self.week)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 2)
        row.addLayout(right, 5)
        self.body.addLayout(row, 1)
        self._show_list()
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def first(self) -> QWidget:
        return self.form.given

    def set_formats(self, formats: Formats) -> None:
        self.week.set_formats(formats)

    def add_provider(self) -> None:
        """A further provider, once the one shown is sound."""
        if not self._keep_shown():
            return
        self._drafts.append(_new_provider(len(self._drafts)))
        self._weeks.append(self._weeks[self._shown])
        self._show(len(self._drafts) - 1)
        self.form.given.setFocus()

    def remove_provider(self) -> None:
        """Take away the one shown; the last stays."""
        if len(self._drafts) > 1:
            del self._drafts[self._shown], self._weeks[self._shown]
            self._show(max(0, self._shown - 1))

    def _show(self, index: int) -> None:
        self._shown = index
        self.form.show_draft(self._drafts[index])
        self.week.set_rows(self._weeks[index])
        self._show_list()

    def _show_list(self) -> None:
        rows = []
        for index, draft in enumerate(self._drafts):
            name = " ".join(part for part in (draft.given_name, draft.family_name) if part.strip())
            rows.append(ListRow(index, name or "New provider", draft.specialty or draft.credential))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        self.list.setCurrentIndex(self.list.rows.index(self._shown, 0))
        model.blockSignals(False)
        self.list.viewport().update()
        self.remove.setEnabled(len(self._drafts) > 1)

    def _chosen(self) -> None:
        index = self.list.current_value()
        if index is None or index == self._shown:
            return
        if self._keep_shown():
            self._show(index)
        else:
            self._show_list()

    def _edited(self) -> None:
        self._drafts[self._shown] = self.form.draft()
        self._show_list()

    def _keep_shown(self) -> bool:
        try:
            self._take_shown()
        except Invalid as problem:
            self.complain(problem)
            return False
        return True

    def _take_shown(self) -> None:
        self._drafts[self._shown] = checks.checked_provider(self.form.draft())
        self._weeks[self._shown] = checks.checked_hours(self.week.rows())
        numbers = [draft.npi for draft in self._drafts if draft.npi]
        if len(set(numbers)) < len(numbers):
            raise Invalid(
                "Two providers have this NPI.", remedy="Each has an own one.", field="npi"
            )

    def check(self) -> None:
        self._take_shown()
        for index, draft in enumerate(self._drafts):
            try:
                checks.checked_provider(draft)
            except Invalid:
                self._show(index)
                raise

    def complain(self, problem: Problem) -> bool:
        # The week marks its own line as it is read.
        return self.form.complain(problem) or getattr(problem, "field", "") == "hours"

    def setups(self) -> tuple[ProviderSetup, ...]:
        return tuple(
            ProviderSetup(draft, week)
            for draft, week in zip(self._drafts, self._weeks, strict=True)
        )


def _new_provider(index: int) -> ProviderDraft:
    return ProviderDraft("", colour=PALETTE[index % len(PALETTE)])
