"""Which column of a table is what: one line a column, and the first patients as they would be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.imports import Mapping, PreviewRow, TableChoice, targets
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, Choice, ElidedLabel, Field, Text
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

_CUSTOM = "custom:"
_OWN_FIELD = "custom:*"  # an own field called like the column
_ORDERS = [
    ("", "Choose …"),
    ("mdy", "Month first"),
    ("dmy", "Day first"),
    ("ymd", "Year first"),
]


def preview_columns(formats: Formats) -> tuple[Column, ...]:
    """The first rows as the columns chosen read them."""
    return (
        Column("Row", lambda row: str(row.row), lambda row: row.row, 4, "right"),
        Column("Name", lambda row: row.name or f"Left out: {row.problem}", width=24),
        Column("Born", lambda row: formats.birth(row.birth), lambda row: str(row.birth), 11),
        Column("Sex", lambda row: {"F": "Female", "M": "Male"}.get(row.sex, ""), width=7),
        Column("Phones", lambda row: row.phone, width=16),
        Column("Address", lambda row: row.address, width=24),
        Column("Insurance", lambda row: row.insurance, width=16, gives_way=1),
        Column("More", lambda row: row.rest, width=0, least=12, gives_way=2),
    )


class TargetModel(QStandardItemModel):
    """Everything a column can become, under headings that cannot be chosen; shared by all lines."""

    def __init__(self, custom_names: tuple[str, ...], parent: QObject):
        super().__init__(parent)
        self._add("Leave out", "")
        self._add("Note in the file", "note")
        self._add("Own field, called like the column", _OWN_FIELD)
        for name in custom_names:
            self._add(f"Own field “{name}”", f"{_CUSTOM}{name}")
        group = ""
        for target in targets():
            if target.key == "note":
                continue
            if target.group != group:
                group = target.group
                heading = QStandardItem(group.upper())
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.appendRow(heading)
            self._add(target.label, target.key)

    def _add(self, text: str, key: str) -> None:
        item = QStandardItem(text)
        item.setData(key, Qt.ItemDataRole.UserRole)
        self.appendRow(item)


class MappingPage(QWidget):
    """The columns on the left, what they make of the first rows below; every change shows at once."""

    changed = Signal()

    def __init__(self, theme: Theme, formats: Formats):
        super().__init__()
        self._theme = theme
        self._formats = formats
        self._choice: TableChoice | None = None
        self.choices: list[Choice] = []
        self.banner = Banner(theme, "info", "")
        self.order = Choice(_ORDERS, "")
        self.order.setMinimumContentsLength(14)
        self.order.activated.connect(lambda _: self._tell())
        self.order_field = Field("Dates in this file", self.order)
        self.order_field.setMaximumWidth(theme.px(320))
        self.lines = ScrolledColumn("What each column is")
        self.lines.column.setContentsMargins(0, 0, 12, 0)
        self.preview = RowsView(theme, preview_columns(formats), "The first rows as they are read")
        self.preview.setFrameShape(RowsView.Shape.NoFrame)
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 8, 0, 0)
        under.setSpacing(4)
        under.addWidget(Text("The first rows as they would be read", "small"))
        under.addWidget(self.preview, 1)
        self.lines.setMinimumHeight(theme.px(150))
        below.setMinimumHeight(theme.px(130))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setAccessibleName("Columns and preview")
        split.addWidget(self.lines)
        split.addWidget(below)
        split.setSizes([theme.px(320), theme.px(190)])
        split.setStretchFactor(0, 1)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.banner, 1)
        top.addWidget(self.order_field, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(split, 1)

    def show_table(self, choice: TableChoice, custom_names: tuple[str, ...]) -> None:
        """The columns of a table, with what they were guessed or remembered to be."""
        self._choice = choice
        self.order.set_value(choice.mapping.date_order)
        model = TargetModel(custom_names, self)
        known = {model.item(at).data(Qt.ItemDataRole.UserRole) for at in range(model.rowCount())}
        for target in choice.mapping.targets:
            if target.startswith(_CUSTOM) and target not in known:
                known.add(target)
                model._add(f"Own field “{target.removeprefix(_CUSTOM)}”", target)
        grid_page = QFrame()
        grid = QGridLayout(grid_page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        self.choices = []
        for at, (look, target) in enumerate(
            zip(choice.look.columns, choice.mapping.targets, strict=True)
        ):
            heading = look.heading or f"(column {at + 1}, without a heading)"
            name = ElidedLabel(heading, "strong")
            samples = ElidedLabel(" · ".join(look.samples) or "always empty", "muted")
            chooser = _TargetChoice(model, target, self._tell)
            chooser.setFixedWidth(self._theme.px(320))
            chooser.setAccessibleName(f"What “{heading}” is")
            chooser.setAccessibleDescription(f"For example {samples.text()}")
            chooser.installEventFilter(self)
            grid.addWidget(name, at, 0)
            grid.addWidget(samples, at, 1)
            grid.addWidget(chooser, at, 2)
            self.choices.append(chooser)
        column = self.lines.column
        while (item := column.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()
                item.widget().deleteLater()
        column.addWidget(grid_page)
        column.addStretch(1)
        self._tell()

    @property
    def mapping(self) -> Mapping:
        """What is chosen at the moment."""
        assert self._choice is not None
        chosen = []
        for heading, chooser in zip(self._choice.look.headings, self.choices, strict=True):
            target = str(chooser.value() or "")
            chosen.append(f"{_CUSTOM}{heading or 'Column'}" if target == _OWN_FIELD else target)
        mapping = Mapping(self._choice.look.headings, tuple(chosen))
        return self._choice.ordered(mapping, str(self.order.value()))

    @property
    def is_ready(self) -> bool:
        """Whether it can be looked at: nothing double, nothing missing, the dates' order known."""
        mapping = self.mapping
        return not mapping.faults() and bool(mapping.date_order or not mapping.has_dates)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, from top to bottom."""
        return (self.order, *self.choices, self.preview)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Going through the lines by Tab keeps the one in front in sight."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.lines.ensureWidgetVisible(watched, 0, 48)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        choice = self._choice
        assert choice is not None
        mapping = self.mapping
        asks = mapping.has_dates and choice.asks_for_order(mapping)
        self.order_field.setVisible(asks)
        self.order_field.hint(_how_read(choice.example_date(mapping), mapping, self._formats))
        faults = list(mapping.faults())
        if asks and not mapping.date_order:
            faults.append("Say whether the month or the day comes first in its dates.")
        left = sum(not target for target in mapping.targets)
        said = f"{choice.look.rows:,} rows, {choice.facts}."
        if choice.is_remembered:
            said += " The columns are as you chose them last time."
        if left:
            noun = "column is" if left == 1 else "columns are"
            said += f" {left} {noun} left out; any can become a note or a field of your own."
        if faults:
            self.banner.show_message("warning", " ".join(faults), title="Something is missing.")
        else:
            self.banner.show_message("info", said, title="Check what each column is.")
        rows: tuple[PreviewRow, ...] = () if mapping.faults() else choice.preview(mapping)
        if asks and not mapping.date_order:  # a date shown now would be half a guess
            rows = tuple(replace(row, birth=None) for row in rows)
        self.preview.set_rows(rows)
        self.changed.emit()


class _TargetChoice(Choice):
    """What one column becomes; the list is shared, so that a wide table opens at once."""

    def __init__(self, model: TargetModel, target: str, chosen: Callable[[], object]):
        super().__init__()
        self.setModel(model)
        self.setMaxVisibleItems(24)
        self.set_value(target)
        self.activated.connect(lambda _: chosen())


def _how_read(example: str, mapping: Mapping, formats: Formats) -> str:
    """What the order chosen makes of a date of the file: “03/04/1984 is March 4, 1984”."""
    if not example:
        return ""
    parts = [int(part) for part in example.replace("-", "/").replace(".", "/").split("/")[:2]
             if part.strip().isdigit()]  # fmt: skip
    if len(parts) < 2 or mapping.date_order not in ("mdy", "dmy"):
        return f"“{example}” can be read two ways."
    from medsec_desktop.domain.formats import MONTHS

    month, day = parts if mapping.date_order == "mdy" else reversed(parts)
    if not 1 <= month <= 12:
        return f"“{example}” is no date that way."
    return f"“{example}” is {MONTHS[month - 1]} {day}."
