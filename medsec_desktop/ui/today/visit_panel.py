"""The visit selected on the board: what to do next, what to ask on arrival, what to arrange on leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medsec_desktop.domain.insurance import Light
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.today.records import (
    GROUP_WORDS,
    Check,
    CheckKind,
    Departure,
    Group,
)
from medsec_desktop.ui.letters.print_sheet import print_or_ask
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from medsec_desktop.ui.widgets.labels import Text

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.theme import Theme
    from medsec_desktop.ui.today.tab import TodayTab
    from medsec_desktop.ui.today.wording import BoardLine

_STEPS = {
    Group.EXPECTED: ("Arrived", "F3"),
    Group.UNRESOLVED: ("Arrived", "F3"),
    Group.WAITING: ("To room", "F4"),
    Group.IN_ROOM: ("Done", "F4"),
}
_IN_FILE = (CheckKind.INSURANCE, CheckKind.AUTHORIZATION, CheckKind.REFERRAL)
_LIGHTS = {
    Light.GREEN: ("circle-check", "success"),
    Light.AMBER: ("triangle-alert", "warning"),
    Light.RED: ("circle-alert", "danger"),
}


class CheckLine(QWidget):
    """One point of a list: how it stands, and the button that settles it."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        colour: str,
        text: str,
        button: str = "",
        pressed: Callable[[], object] | None = None,
        tip: str = "",
        *,
        is_tick: bool = False,
    ):
        super().__init__()
        self.text = Text(text, wrap=True)
        picture = QLabel()
        side = theme.px(16)
        picture.setFixedWidth(side)
        picture.setPixmap(theme.pixmap(icon, colour, side, self.devicePixelRatioF()))
        picture.setContentsMargins(0, 3, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(picture, 0, top)
        row.addWidget(self.text, 1)
        self.button: QAbstractButton | None = None
        if button:
            self.button = QCheckBox(button) if is_tick else LinkButton(button)
            if pressed is not None:
                self.button.clicked.connect(lambda: pressed())
            self.button.setAccessibleName(f"{button}: {text}")
            self.button.setToolTip(tip)
            row.addWidget(self.button, 0, top)


class VisitPanel(QWidget):
    """Told what to show; what is pressed goes through the same actions as the keys."""

    def __init__(self, tab: TodayTab):
        super().__init__()
        self._tab, self._desk = tab, tab.desk
        self._shown: tuple[object, ...] = ()
        self.state = Text("", "caption")
        self.name = Text("", "heading", wrap=True)
        self.about = Text("", "muted", wrap=True)
        self.reason = Text("", wrap=True)
        self.step_button = PrimaryButton("Next step", lambda: tab.verbs.step())
        trigger = tab.desk.actions.trigger
        self.others = {
            action_id: PlainButton(words, lambda action_id=action_id: trigger(action_id))
            for action_id, words in (
                ("visit.confirm", "Confirm…"),
                ("visit.no_show", "Did not come"),
                ("visit.left", "Left"),
                ("visit.correct", "Correct…"),
            )
        }
        self.file_button = LinkButton("Open the file", lambda: trigger("visit.open_patient"))
        self.calendar_button = LinkButton("Show in the calendar", self._show_in_calendar)
        self.checks_heading = Text("", "strong")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.lines: list[CheckLine] = []
        tab.desk.theme.changed.connect(self._forget)
        self._lay_out()

    def show_line(
        self, line: BoardLine, checks: Sequence[Check], departure: Departure | None
    ) -> None:
        """Show a visit; what has not changed since is left as it stands, focus and all."""
        row, formats = line.value, self._desk.office.formats
        over = f", more than {row.wait_limit_min}" if row.waits_too_long(self._now()) else ""
        self.state.setText((line.trailing or GROUP_WORDS[line.group]) + over)
        self.name.setText(row.patient_name)
        about = (
            formats.span(row.starts_at, row.duration_min),
            row.type_name,
            row.provider_name,
            row.room_name,
        )
        # A dot stays with what it follows: none begins a line.
        self.about.setText("\N{NO-BREAK SPACE}· ".join(part for part in about if part))
        self.reason.setText(row.reason)
        self.reason.setVisible(bool(row.reason))
        user_id = self._desk.office.session.user.id
        shown = (row.id, row.version, line.group, tuple(checks), departure, user_id)
        if shown != self._shown:
            self._shown = shown
            self._offer_steps(line.group)
            self._show_lines(line, checks, departure)

    # -- inside ---------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Icons are drawn in the colours of the theme in force."""
        self._shown = ()
        line = self._tab.list.current_line()
        if line is not None and self.isVisible():
            self._tab.beside.show_visit(line)

    def _offer_steps(self, group: Group) -> None:
        may = self._desk.office.session.may(Permission.EDIT_CALENDAR)
        words, key = _STEPS.get(group, ("", ""))
        self.step_button.setText(words)
        self.step_button.setAccessibleName(words)
        self.step_button.setToolTip(f"{words} ({key})")
        self.step_button.setVisible(may and bool(words))
        expected = group in (Group.EXPECTED, Group.UNRESOLVED)
        here = group in (Group.WAITING, Group.IN_ROOM)
        begun = expected and self._has_begun()
        for action_id, wanted in (
            ("visit.confirm", expected and not begun),
            ("visit.no_show", begun),
            ("visit.left", here),
            ("visit.correct", group in (Group.DONE, Group.OFF)),
        ):
            known = self._desk.actions.is_known(action_id)
            self.others[action_id].setVisible(may and wanted and known)

    def _has_begun(self) -> bool:
        line = self._tab.list.current_line()
        return line is not None and line.value.starts_at <= self._now()

    def _now(self) -> datetime:
        return self._desk.office.clock.now()

    def _show_lines(
        self, line: BoardLine, checks: Sequence[Check], departure: Departure | None
    ) -> None:
        for old in self.lines:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        if departure is not None:
            self.checks_heading.setText("Before leaving")
            self.lines = self._departure_lines(departure)
        else:
            self.checks_heading.setText("At the desk" if checks else "")
            self.lines = [self._check_line(line, check) for check in checks]
            if not checks and line.group in (Group.EXPECTED, Group.WAITING):
                self.checks_heading.setText("At the desk")
                self.lines = [self._line("circle-check", "success", "Nothing to ask")]
        self.checks_heading.setVisible(bool(self.lines))
        for one in self.lines:
            self._lines.addWidget(one)
            one.show()

    def _line(
        self,
        icon: str,
        colour: str,
        text: str,
        button: str = "",
        pressed: Callable[[], object] | None = None,
        tip: str = "",
        *,
        is_tick: bool = False,
    ) -> CheckLine:
        theme = self._desk.theme
        return CheckLine(theme, icon, colour, text, button, pressed, tip, is_tick=is_tick)

    def _check_line(self, line: BoardLine, check: Check) -> CheckLine:
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        if check.light is not None:
            line_of_light = self._line(*_LIGHTS[check.light], check.text)
            line_of_light.text.set_kind("strong")
            return line_of_light
        if check.is_settled:
            return self._line("circle-check", "success", check.text)
        icon, colour = (
            ("triangle-alert", "warning") if check.is_urgent else ("circle-dashed", "muted")
        )
        if check.kind is CheckKind.ALERT:
            patient_id = line.value.patient_id
            return self._line(
                icon, colour, check.text, "Read", lambda: self._note_read(patient_id, check.text),
                "Read today; kept in the audit trail", is_tick=True,
            )  # fmt: skip
        if not may:
            return self._line(icon, colour, check.text)
        if check.coverage_id is not None:
            number = check.coverage_id
            return self._line(
                icon, colour, check.text, "Verified", lambda: self._verify(number),
                check.remedy or "The payer was asked today and the insurance holds", is_tick=True,
            )  # fmt: skip
        patient = line.value.patient_id
        if check.consent_kind_id is not None:
            kind_id = check.consent_kind_id
            return self._line(
                icon, colour, check.text, "Signed", lambda: self._signed(patient, kind_id),
                "Signed today by the patient; anything else is put down in the file", is_tick=True,
            )  # fmt: skip
        in_file = check.kind in _IN_FILE  # the file's own sections, not its editor
        go = self._desk.go
        open_file = partial(go.open_patient if in_file else go.edit_patient, patient)
        word = "Add" if "missing" in check.text or check.text.startswith("No ") else "Change"
        return self._line(
            icon, colour, check.text, word, open_file,
            check.remedy or "Opens the file to edit it",
        )  # fmt: skip

    def _departure_lines(self, row: Departure) -> list[CheckLine]:
        formats, go = self._desk.office.formats, self._desk.go
        if row.next_visit_at is not None:
            when = (
                f"{formats.short_date(row.next_visit_at.date())}, {formats.time(row.next_visit_at)}"
            )
            number = row.next_visit_id or 0
            next_visit = self._line(
                "circle-check", "success", f"Next visit {when}", "Print",
                lambda: self._print_slip(number), "Print a slip with the next visit to take home",
            )  # fmt: skip
        else:
            next_visit = self._line(
                "circle-dashed", "muted", "No next visit", "Rebook",
                lambda: go.book(row.patient_id, None, row.provider_id),
                "Book the next visit with the same provider",
            )  # fmt: skip
        if row.recall:
            recall = self._line("circle-check", "success", f"Recall: {row.recall}")
        else:
            recall = self._line(
                "circle-dashed", "muted", "No recall", "Recall",
                lambda: self._desk.actions.trigger("visit.recall"), "Ask to come back later",
            )  # fmt: skip
        about = row.next_visit_id or row.visit_id
        if row.letter_id is not None:
            number = row.letter_id
            letter = self._line(
                "circle-check", "success", "Letter written today", "Open",
                lambda: go.show_letter(number),
            )  # fmt: skip
        else:
            letter = self._line(
                "circle-dashed", "muted", "No letter", "Write",
                lambda: go.write_letter(about), "A letter about the next visit, or this one",
            )  # fmt: skip
        alerts = [self._line("triangle-alert", "warning", text) for text in row.billing_alerts]
        return [*alerts, self._charges_line(row), next_visit, recall, letter]

    def _charges_line(self, row: Departure) -> CheckLine:
        number = row.visit_id
        return self._line(
            "circle-check" if row.is_charged else "circle-dashed",
            "success" if row.is_charged else "muted",
            "Charged" if row.is_charged else "No charges",
            "Open" if row.is_charged else "Charge",
            lambda: self._desk.go.open_charges(number),
            "What was done at the visit, and why (Shift+F4)",
        )

    def _verify(self, coverage_id: int) -> None:
        office = self._desk.office

        def do() -> bool:
            office.board.verify_coverage(coverage_id)
            return True

        if guarded(self._desk, do):
            self._desk.messages.say("Insurance verified today.", undo=True)
        else:
            self._forget()  # the tick goes again

    def _signed(self, patient_id: int, kind_id: int) -> None:
        consents = self._desk.office.consents

        if guarded(self._desk, lambda: consents.record(patient_id, kind_id)) is not None:
            self._desk.messages.say("Signed today.", undo=True)
        else:
            self._forget()  # the tick goes again

    def _note_read(self, patient_id: int, text: str) -> None:
        office = self._desk.office

        def do() -> bool:
            office.board.note_alert_read(patient_id, text)
            return True

        if guarded(self._desk, do):
            self._tab.beside.read_again()
        else:
            self._forget()  # the tick goes again

    def _print_slip(self, visit_id: int) -> None:
        from medsec_desktop.services.calendar.sheets import Subject

        sheets, today = self._desk.office.sheets, self._desk.office.clock.today()

        subject = Subject(today, appointment_id=visit_id)
        sheet = guarded(self._desk, lambda: sheets.make(sheets.setup("slip"), subject))
        if sheet is None:
            return

        def give(way: Way) -> None:
            print_away(self._desk, "The slip", lambda: sheets.print(sheet, way))

        print_or_ask(
            self._desk, sheets.printing, "lists", give, self.window(), "lists", lambda: sheet.pdf
        )

    def _show_in_calendar(self) -> None:
        line = self._tab.list.current_line()
        if line is not None:
            self._desk.go.show_day(line.value.starts_at.date(), line.value.id)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.step_button)
        for button in self.others.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.file_button)
        links.addWidget(self.calendar_button)
        links.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.state, self.name, self.about, self.reason):
            words.addWidget(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 0, 12)
        column.setSpacing(12)
        column.addLayout(words)
        column.addLayout(buttons)
        column.addLayout(links)
        checks = QVBoxLayout()
        checks.setSpacing(8)
        checks.addWidget(self.checks_heading)
        checks.addLayout(self._lines)
        column.addLayout(checks)
