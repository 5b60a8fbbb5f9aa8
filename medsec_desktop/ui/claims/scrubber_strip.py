"""What the scrubber says of the claim on the screen: each message leads to its field, some mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.scrubbing import Finding, Severity
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.widgets import FastList, ListRow, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_TONES = {"danger": "circle-alert", "warning": "triangle-alert", "success": "circle-check"}


class ScrubberStrip(QWidget):
    """`field_wanted` carries the finding (or what could not be read) to lead to; `mend_wanted` one
    that has a fix."""

    field_wanted = Signal(object)
    mend_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._tone = ""
        self._fault: Invalid | None = None
        self._was_led = False  # to the message selected: the next one is the one after it
        self.findings: tuple[Finding, ...] = ()
        self._icon = QLabel()
        self._icon.setFixedWidth(18)
        self.summary = Text("", "strong")
        next_key, mend_key = BY_ID["claim.next_message"].native_key, BY_ID["claim.mend"].native_key
        self.next_button = PlainButton(
            "Next message",
            self.go_to_next,
            kind="quiet",
            tip=f"To the field it is about ({next_key})",
        )
        self.mend_button = PlainButton(
            "Mend", self.mend, tip=f"Do what the message offers ({mend_key})"
        )
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self.summary, 1)
        head.addWidget(self.next_button)
        head.addWidget(self.mend_button)
        self.list = FastList(desk.theme, "Messages of the scrubber", two_lines=True)
        self.list.setProperty("kind", "boxless")
        self.list.clicked.connect(lambda _: self._go())
        self.list.chosen.connect(lambda _: self._go())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._offer())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list)
        desk.theme.changed.connect(self._restyle)
        self._restyle()
        self.show_findings(())

    def _restyle(self) -> None:
        self._make_room()
        self._draw_icon()

    def show_findings(self, findings: Sequence[Finding], fault: Invalid | None = None) -> None:
        """Show these messages; `fault` is what on the screen cannot even be read. The one selected stays."""
        kept = self._key(self.list.current_value())
        self.findings, self._fault = tuple(findings), fault
        rows = [self._row(one) for one in self.findings]
        if fault is not None:
            rows.insert(
                0, ListRow(fault, str(fault), "Not read as it stands", mark="Error", tone="danger")
            )
        self.list.set_rows(rows, preselect=False)
        at = next((at for at, row in enumerate(rows) if self._key(row.value) == kept), 0)
        if rows:
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        self._make_room()
        self._sum_up()
        self._offer()

    def wait(self) -> None:
        """Nothing is known yet: the list of diagnoses is still being read."""
        self.show_findings(())
        self._tone = ""
        self._icon.clear()
        self.summary.setText("The rules are being read…")

    def _make_room(self) -> None:
        """As high as its messages, up to three and a half: that there are more is seen."""
        count = self.list.rows.rowCount()
        row = self.list.sizeHintForRow(0) if count else 0
        self.list.setFixedHeight(min(row * count + 4, round(row * 3.5)))
        self.list.setVisible(bool(count))

    @staticmethod
    def _key(value: object) -> tuple[str, str] | None:
        if isinstance(value, Finding):
            return value.rule.id, value.field
        return None

    @staticmethod
    def _row(finding: Finding) -> ListRow:
        is_error = finding.severity is Severity.ERROR
        parts = [finding.rule.about.capitalize(), finding.rule.source]
        if finding.rule.answer:
            parts.append(f"else comes back as {finding.rule.answer}")
        return ListRow(
            finding,
            finding.sentence,
            "  ·  ".join(parts),
            mark="Error" if is_error else "Check",
            tone="danger" if is_error else "warning",
        )

    def _sum_up(self) -> None:
        errors = sum(one.severity is Severity.ERROR for one in self.findings)
        errors += self._fault is not None
        warnings = len(self.findings) - errors + (self._fault is not None)
        parts = []
        if errors:
            parts.append("1 error" if errors == 1 else f"{errors} errors")
        if warnings:
            parts.append("1 thing to check" if warnings == 1 else f"{warnings} things to check")
        self.summary.setText(", ".join(parts) or "Nothing wrong found")
        self._tone = "danger" if errors else "warning" if warnings else "success"
        self._draw_icon()
        self.list.setAccessibleDescription(self.summary.text())

    def _draw_icon(self) -> None:
        if self._tone:
            self._icon.setPixmap(
                self._desk.theme.pixmap(
                    _TONES[self._tone], self._tone, 18, self.devicePixelRatioF()
                )
            )

    def _offer(self) -> None:
        finding = self.selected
        fix = finding.fix if finding is not None else None
        self.mend_button.setVisible(fix is not None)
        if fix is not None:
            self.mend_button.setText(fix.words.replace("&", "&&"))
            self.mend_button.setAccessibleName(fix.words)
        self.next_button.setVisible(bool(self.list.rows.rows))

    @property
    def selected(self) -> Finding | None:
        value = self.list.current_value()
        return value if isinstance(value, Finding) else None

    def _go(self) -> None:
        value = self.list.current_value()
        if value is not None:
            self.field_wanted.emit(value)

    def go_to_current(self) -> None:
        """Lead to the message selected, the first one at first."""
        self._was_led = True
        self._go()

    def go_to_next(self) -> None:
        """Lead to the message after the one selected; at the end, to the first again."""
        count = self.list.rows.rowCount()
        if not count:
            return
        at = self.list.currentIndex().row()
        at = (at + 1) % count if self._was_led else at
        self._was_led = True
        self.list.setCurrentIndex(self.list.rows.index(at, 0))
        self._go()

    def mend(self) -> None:
        """Do what the selected message offers."""
        finding = self.selected
        if finding is not None and finding.fix is not None:
            self.mend_wanted.emit(finding)

    def why_not_mend(self) -> bool | str:
        """True, or why the selected message cannot be put right by a key."""
        if not self.list.rows.rows:
            return "The scrubber has nothing to say of this claim."
        if self.selected is None or self.selected.fix is None:
            return "This message has to be put right by hand: Enter leads to its field."
        return True
