"""The small forms of the practice, shared by the first-run wizard and the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.weekly_hours import Stretch, parse_stretches, spell_stretches
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.practice import (
    PALETTE,
    WEEKDAYS,
    HoursRow,
    ProviderDraft,
    TypeDraft,
)
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Choice, Field, IconButton, NumberBox, PlainButton, Text


class ColourChoice(Choice):
    """One of the palette's colours, each shown as it will look on the calendar."""

    def __init__(self, theme: Theme, value: str = PALETTE[0], *, parent: QWidget | None = None):
        super().__init__([(name, name.capitalize()) for name in PALETTE], value, parent=parent)
        self._theme = theme
        self.setIconSize(QSize(16, 16))
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        for index in range(self.count()):
            self.setItemIcon(index, _swatch(self._theme, str(self.itemData(index))))


def _swatch(theme: Theme, name: str) -> QIcon:
    category = theme.category(name)
    pixmap = QPixmap(32, 32)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(category.fill)
    painter.setPen(QPen(category.edge, 2))
    painter.drawRoundedRect(QRectF(2, 2, 12, 12), 3, 3)
    painter.end()
    return QIcon(pixmap)


class ProviderForm(QWidget):
    """Who sees patients: name, credential, specialty, NPI, colour. `edited` as anything is typed."""

    edited = Signal()
    left = Signal()  # a field was left or a choice made: time to save

    def __init__(self, theme: Theme, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._known = ProviderDraft("")
        self.given, self.family = QLineEdit(), QLineEdit()
        self.credential, self.specialty, self.npi = QLineEdit(), QLineEdit(), QLineEdit()
        self.taxonomy = QLineEdit()
        self.taxonomy.setPlaceholderText("207Q00000X")
        self.credential.setPlaceholderText("MD")
        self.colour = ColourChoice(theme)
        self.is_bookable = QCheckBox("Has a column on the calendar")
        self.is_bookable.setAccessibleName("Has a column on the calendar")
        self.is_bookable.setChecked(True)
        self.at_once = NumberBox(1, 20, "")
        self.at_once.setValue(1)
        self.fields = {
            "given_name": Field("First name", self.given),
            "family_name": Field("Last name", self.family, required=True),
            "credential": Field("Credential", self.credential),
            "specialty": Field("Specialty", self.specialty),
            "npi": Field("NPI", self.npi),
            "taxonomy": Field("Taxonomy code (for claims)", self.taxonomy),
            "colour": Field("Color", self.colour),
            "visits_at_once": Field("Patients at a time", self.at_once),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["given_name"], 0, 0, 1, 2, top)
        grid.addWidget(self.fields["family_name"], 0, 2, 1, 3, top)
        grid.addWidget(self.fields["credential"], 0, 5, 1, 1, top)
        grid.addWidget(self.fields["specialty"], 1, 0, 1, 2, top)
        grid.addWidget(self.fields["npi"], 1, 2, 1, 2, top)
        grid.addWidget(self.fields["taxonomy"], 1, 4, 1, 2, top)
        grid.addWidget(self.fields["colour"], 2, 0, 1, 2, top)
        grid.addWidget(self.fields["visits_at_once"], 2, 2, 1, 2, top)
        grid.addWidget(self.is_bookable, 3, 0, 1, 6, Qt.AlignmentFlag.AlignBottom)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        for name, line in (
            ("given_name", self.given),
            ("family_name", self.family),
            ("credential", self.credential),
            ("specialty", self.specialty),
            ("npi", self.npi),
            ("taxonomy", self.taxonomy),
        ):
            line.textEdited.connect(lambda _, name=name: self._typed(name))
            line.editingFinished.connect(self.left)
        self.colour.activated.connect(lambda _: (self.edited.emit(), self.left.emit()))
        self.is_bookable.clicked.connect(lambda _: (self.edited.emit(), self.left.emit()))
        self.at_once.editingFinished.connect(self.left)

    def _typed(self, name: str) -> None:
        self.fields[name].problem("")
        self.edited.emit()

    def show_draft(self, draft: ProviderDraft) -> None:
        """Show a provider, new or known."""
        self._known = draft
        self.given.setText(draft.given_name)
        self.family.setText(draft.family_name)
        self.credential.setText(draft.credential)
        self.specialty.setText(draft.specialty)
        self.npi.setText(draft.npi)
        self.taxonomy.setText(draft.taxonomy)
        self.colour.set_value(draft.colour or PALETTE[0])
        self.is_bookable.setChecked(draft.is_bookable)
        self.at_once.setValue(draft.visits_at_once)
        for field in self.fields.values():
            field.problem("")

    def draft(self) -> ProviderDraft:
        """What is typed now, unchecked."""
        return replace(
            self._known,
            family_name=self.family.text(),
            given_name=self.given.text(),
            credential=self.credential.text(),
            specialty=self.specialty.text(),
            npi=self.npi.text(),
            taxonomy=self.taxonomy.text().strip(),
            colour=str(self.colour.value()),
            is_bookable=self.is_bookable.isChecked(),
            visits_at_once=self.at_once.value(),
        )

    def complain(self, problem: Problem) -> bool:
        """Show a problem beside the field it names; False where it names none of these."""
        return complain(self.fields, problem)


def complain(fields: dict[str, Field], problem: Problem) -> bool:
    """Show `problem` beside the field it names and go there; False where it names none of them."""
    field = fields.get(getattr(problem, "field", ""))
    if field is None:
        return False
    field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
    field.editor.setFocus()
    return True


class DayBar(QWidget):
    """A day from six to nine in the evening as a thin bar, working time in colour."""

    FIRST_MIN, LAST_MIN = 6 * 60, 21 * 60

    def __init__(self, theme: Theme, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._stretches: tuple[Stretch, ...] = ()
        self.setFixedHeight(8)
        self.setMinimumWidth(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_stretches(self, stretches: tuple[Stretch, ...]) -> None:
        self._stretches = stretches
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setBrush(self._theme.colour("accent"))
        scale = self.width() / (self.LAST_MIN - self.FIRST_MIN)
        for first, last in self._stretches:
            left = max(first, self.FIRST_MIN) - self.FIRST_MIN
            right = min(last, self.LAST_MIN) - self.FIRST_MIN
            if right > left:
                painter.drawRoundedRect(
                    QRectF(left * scale, 0, (right - left) * scale, self.height()), 3, 3
                )
        painter.end()


class WeekEditor(QWidget):
    """A week in seven lines, each typed as “8-12, 1-5”; an empty one is a day off.

    Hours valid only for some months are kept as they are and not shown here.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, theme: Theme, formats: Formats, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._formats = formats
        self._dated: tuple[HoursRow, ...] = ()
        self.lines: list[QLineEdit] = []
        self._bars: list[DayBar] = []
        self._notes: list[Text] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for weekday, name in enumerate(WEEKDAYS):
            line, bar, note = QLineEdit(), DayBar(theme), Text("", "problem", wrap=True)
            line.setPlaceholderText("Closed")
            line.setAccessibleName(f"Hours on {name}")
            line.setAccessibleDescription("Such as 8-12, 1-5; empty for a day off")
            line.setMinimumWidth(theme.px(256))
            line.textEdited.connect(lambda _, weekday=weekday: self._typed(weekday))
            line.editingFinished.connect(lambda weekday=weekday: self._leave(weekday))
            note.hide()
            label = Text(name)
            label.setBuddy(line)
            label.setMinimumWidth(theme.px(84))
            grid.addWidget(label, weekday * 2, 0)
            grid.addWidget(line, weekday * 2, 1)
            grid.addWidget(bar, weekday * 2, 2)
            grid.addWidget(note, weekday * 2 + 1, 1, 1, 2)
            self.lines.append(line)
            self._bars.append(bar)
            self._notes.append(note)
        grid.setColumnStretch(2, 1)
        self.copy = PlainButton("Same hours Monday to Friday", self.copy_monday, kind="quiet")
        self.copy.setToolTip("Copies Monday’s line to Tuesday, Wednesday, Thursday and Friday")
        grid.addWidget(self.copy, 14, 1, Qt.AlignmentFlag.AlignLeft)

    def set_formats(self, formats: Formats) -> None:
        """Write times the practice's way from now on; what is typed is kept."""
        try:
            rows = self.rows()
        except Invalid:
            rows = None
        self._formats = formats
        if rows is not None:
            self.set_rows(rows)

    def set_rows(self, rows: Sequence[HoursRow]) -> None:
        """Show a week."""
        self._dated = tuple(row for row in rows if row.valid_from_on or row.valid_to_on)
        always = sorted(row for row in rows if row not in self._dated)
        for weekday, line in enumerate(self.lines):
            stretches = tuple(
                (row.starts_min, row.ends_min) for row in always if row.weekday == weekday
            )
            line.setText(spell_stretches(stretches, self._formats))
            line.setCursorPosition(0)
            self._bars[weekday].show_stretches(stretches)
            self._complain(weekday, "")

    def rows(self) -> tuple[HoursRow, ...]:
        """The week as typed. Raises Invalid, with the line marked, for what cannot be understood."""
        rows: list[HoursRow] = list(self._dated)
        for weekday, line in enumerate(self.lines):
            try:
                stretches = parse_stretches(line.text(), self._formats)
            except Invalid as problem:
                self._complain(weekday, f"{problem.what} {problem.remedy}")
                line.setFocus()
                raise
            rows += (HoursRow(weekday, first, last) for first, last in stretches)
        return tuple(sorted(rows, key=lambda row: (row.weekday, row.starts_min)))

    def copy_monday(self) -> None:
        """Give Tuesday to Friday the hours of Monday."""
        for weekday in range(1, 5):
            self.lines[weekday].setText(self.lines[0].text())
            self._read(weekday, tidy=True)
        self.edited.emit()
        self.left.emit()

    def _typed(self, weekday: int) -> None:
        self._complain(weekday, "")
        self._read(weekday, tidy=False)
        self.edited.emit()

    def _leave(self, weekday: int) -> None:
        if self._read(weekday, tidy=True):
            self.left.emit()

    def _read(self, weekday: int, *, tidy: bool) -> bool:
        line = self.lines[weekday]
        try:
            stretches = parse_stretches(line.text(), self._formats)
        except Invalid as problem:
            if tidy:
                self._complain(weekday, f"{problem.what} {problem.remedy}")
            return False
        self._bars[weekday].show_stretches(stretches)
        if tidy:
            line.setText(spell_stretches(stretches, self._formats))
            line.setCursorPosition(0)
        return True

    def _complain(self, weekday: int, text: str) -> None:
        note, line = self._notes[weekday], self.lines[weekday]
        note.setText(text)
        note.setVisible(bool(text))
        if bool(line.property("wrong")) != bool(text):
            line.setProperty("wrong", bool(text))
            line.style().unpolish(line)
            line.style().polish(line)


class TypeLine(QWidget):
    """One kind of appointment on one line: name, minutes, colour, and a button that takes it away."""

    left = Signal()
    removed = Signal()

    def __init__(
        self, theme: Theme, draft: TypeDraft, *, step: int = 5, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self._draft = draft
        self.name = QLineEdit(draft.name)
        self.name.setAccessibleName("Name of the appointment type")
        self.minutes = NumberBox(1, 9_999, " min")  # too many are refused with a sentence
        self.minutes.setSingleStep(step)
        self.minutes.setValue(draft.duration_min)
        self.minutes.setAccessibleName("Minutes")
        self.minutes.setFixedWidth(theme.px(104))
        self.colour = ColourChoice(theme, draft.colour or PALETTE[0])
        self.colour.setAccessibleName("Color")
        self.colour.setFixedWidth(theme.px(136))
        self.remove = IconButton(
            theme, "trash-2", f"Remove {draft.name}".strip(), self.removed.emit
        )
        self.note = Text("", "problem", wrap=True)
        self.note.hide()
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(self.name, 1)
        self.row.addWidget(self.minutes)
        self.row.addWidget(self.colour)
        self.row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.row)
        column.addWidget(self.note)
        self.name.textEdited.connect(lambda _: self.problem(""))
        self.name.editingFinished.connect(self.left)
        self.minutes.editingFinished.connect(self.left)
        self.colour.activated.connect(lambda _: self.left.emit())

    @property
    def known(self) -> TypeDraft:
        """The type as it was when shown."""
        return self._draft

    def draft(self) -> TypeDraft:
        """What is typed now, unchecked."""
        return replace(
            self._draft,
            name=self.name.text(),
            duration_min=self.minutes.value(),
            colour=str(self.colour.value()),
        )

    def problem(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.name.setProperty("wrong", bool(text))
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)


class TypeHeads(QWidget):
    """What stands above lines of appointment types: `more` heads stretch as their editors do."""

    def __init__(self, theme: Theme, *more: str, buttons: int = 1):
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        heads = (("Name", 0), ("Length", 104), ("Color", 136), *((head, 0) for head in more))
        for head, width in heads:
            label = Text(head, "small")
            if width:
                label.setFixedWidth(theme.px(width))
            row.addWidget(label, 0 if width else 1)
        row.addSpacing(buttons * (theme.px(18) + 10 + 8))  # icons, their frames, the gaps


class TypesEditor(QWidget):
    """A few kinds of appointment to look through at set-up: change, take away, add."""

    def __init__(self, theme: Theme, drafts: Sequence[TypeDraft], *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self.lines: list[TypeLine] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.add = PlainButton("Add a type", lambda: self.add_line(focus=True), kind="quiet")
        theme.wear(self.add, "plus")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(TypeHeads(theme))
        lines.addLayout(self._column)
        outer.addLayout(lines)
        outer.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        for draft in drafts:
            self.add_line(draft)

    def add_line(self, draft: TypeDraft | None = None, *, focus: bool = False) -> TypeLine:
        colour = PALETTE[len(self.lines) % len(PALETTE)]
        line = TypeLine(self._theme, draft or TypeDraft("", 20, colour))
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.addWidget(line)
        if focus:
            line.name.setFocus()
        return line

    def _remove(self, line: TypeLine) -> None:
        at = self.lines.index(line)
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        (self.lines[min(at, len(self.lines) - 1)].name if self.lines else self.add).setFocus()

    def drafts(self, check: Callable[[TypeDraft], TypeDraft]) -> tuple[TypeDraft, ...]:
        """What is typed, checked. Raises Invalid with the line marked."""
        drafts: list[TypeDraft] = []
        for line in self.lines:
            try:
                draft = check(line.draft())
                if any(draft.name.casefold() == other.name.casefold() for other in drafts):
                    raise Invalid(f"There is already a type “{draft.name}”.", field="name")
            except Invalid as problem:
                line.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
                line.name.setFocus()
                raise
            drafts.append(draft)
        return tuple(drafts)
