"""Settings: the folder the scanner writes to, and the kinds of paper documents are sorted into."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from medsec_desktop.services.documents.records import CategoryRow
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.settings_page import SettingsPage, below_label
from medsec_desktop.ui.widgets import (
    EmptyState,
    FastList,
    Field,
    ListRow,
    PlainButton,
    Section,
    Text,
)


class DocumentsPage(SettingsPage):
    """Where scans come from, and what they are sorted into."""

    id = "documents"
    name = "Documents"
    icon = "file-text"
    words = "Where the scanner saves, and the kinds of paper that documents are sorted into."
    finds = "scan folder scanner watch category categories pdf tiff sorting taken refused"
    tables = ("setting", "document_category", "document")

    def build(self) -> None:
        theme = self.desk.theme
        folder = self.setting(settings.SCAN_FOLDER)
        choose = PlainButton("Choose…", self._choose)
        choose.setAccessibleName("Choose the scan folder")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(folder, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(below_label(choose))
        self.inside.addLayout(row)
        self.inside.addWidget(
            Text(
                "PDF, TIFF, JPEG and PNG files are taken. An original is moved into the folder “taken”"
                " once its content is kept here, encrypted; what cannot be read goes into “refused”."
                " Empty “taken” now and then: what lies there is not encrypted.",
                "muted",
                wrap=True,
            )
        )
        section = Section("Categories", "Offered for each document, in this order.")
        self.name_line = QLineEdit()
        self.name_line.setMaxLength(60)
        self.name_line.returnPressed.connect(self.add_category)
        self.fields["name"] = Field("New category", self.name_line)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.add = PlainButton("Add", self.add_category)
        adding = QHBoxLayout()
        adding.setSpacing(12)
        adding.addWidget(self.fields["name"], 1, Qt.AlignmentFlag.AlignTop)
        adding.addLayout(below_label(self.add))
        section.body.addLayout(adding)
        self.list = FastList(theme, "Categories")
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(32) * 7 + 8)  # what is below it stays in sight
        self.list.chosen.connect(lambda _: self._rename())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())
        section.body.addWidget(self.list)
        self.rename = PlainButton("Rename…", self._rename, kind="quiet")
        self.up = PlainButton("Earlier", lambda: self._move(-1), kind="quiet")
        self.down = PlainButton("Later", lambda: self._move(1), kind="quiet")
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button, icon in (
            (self.rename, "pencil"), (self.up, "arrow-up"), (self.down, "arrow-down"),
            (self.remove, "trash-2"),
        ):  # fmt: skip
            theme.wear(button, icon)
            buttons.addWidget(button)
        buttons.addStretch(1)
        section.body.addLayout(buttons)
        self.empty = EmptyState(
            theme,
            "tags",
            "No categories yet",
            "Type a name above, or begin with the usual ones.",
            "Add the usual ones",
            self._add_usual,
        )
        section.body.addWidget(self.empty)
        self.inside.addWidget(section)
        self._shown: int | None = None

    @property
    def row(self) -> CategoryRow | None:
        """The category picked in the list."""
        row: CategoryRow | None = self.list.current_value()
        return row

    def reload(self) -> None:
        super().reload()
        rows = self.desk.office.documents.categories.all()
        ids = [row.id for row in rows]
        at = ids.index(self._shown) if self._shown in ids else 0
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(
            [
                ListRow(
                    row,
                    row.name,
                    trailing=f"{row.documents:,}" if row.documents else "",
                    mark="" if row.is_active else "Not offered",
                )
                for row in rows
            ]
        )
        if rows:
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        model.blockSignals(False)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        for button in (self.rename, self.up, self.down, self.remove):
            button.setVisible(bool(rows))
        self._tell()

    def add_category(self) -> None:
        name = self.name_line.text()
        categories = self.desk.office.documents.categories

        def write() -> None:
            self._shown = categories.save(name)

        if self.save(f"{name.strip()}: added.", write):
            self.name_line.clear()
            self.reload()
        self.name_line.setFocus()

    # -- inside

    def _tell(self) -> None:
        row = self.row
        if row is None:
            return
        self._shown = row.id
        self.remove.setText("Remove" if row.is_active else "Offer again")
        rows = [one.value for one in self.list.rows.rows if one.value.is_active]
        at = rows.index(row) if row in rows else -1
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(rows) - 1)

    def _rename(self) -> None:
        row = self.row
        if row is None:
            return

        def rename(name: str) -> None:
            self.save(
                f"{row.name}: renamed.",
                lambda: self.desk.office.documents.categories.save(name, row.id, row.version),
                {},
            )

        self.desk.prompts.ask_text(
            "Rename the category", "Name", rename, value=row.name, button="Rename"
        )

    def _move(self, steps: int) -> None:
        row = self.row
        if row is None:
            return
        ids = [one.value.id for one in self.list.rows.rows if one.value.is_active]
        at = ids.index(row.id)
        ids.insert(at + steps, ids.pop(at))
        self.save(
            f"{row.name}: moved.",
            lambda: self.desk.office.documents.categories.put_in_order(tuple(ids)),
        )

    def _remove(self) -> None:
        row = self.row
        if row is None:
            return
        categories = self.desk.office.documents.categories
        if row.is_active:
            word = "removed" if not row.documents else "not offered any more"
            self.save(f"{row.name}: {word}.", lambda: categories.remove(row.id))
        else:
            self.save(
                f"{row.name}: offered again.", lambda: categories.bring_back(row.id, row.version)
            )

    def _add_usual(self) -> None:
        self.save("The usual categories: added.", self.desk.office.documents.categories.add_usual)

    def _choose(self) -> None:
        start = self.practice.get(settings.SCAN_FOLDER) or str(Path.home())
        self.desk.prompts.choose_folder("Scan folder", self._chosen, folder=start)

    def _chosen(self, path: str) -> None:
        self.save("Scan folder: changed.", lambda: self.practice.put(settings.SCAN_FOLDER, path))
