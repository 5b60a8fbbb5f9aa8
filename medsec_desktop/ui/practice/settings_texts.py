"""Settings: “Copy for…” formats with their preview, and quick texts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from medsec_desktop.domain.copy_formats import FIELDS
from medsec_desktop.services.patients.copying import CopyFormatDraft, CopyFormatRow
from medsec_desktop.services.practice.quick_texts import QuickTextDraft, QuickTextRow
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.prose import Prose
from medsec_desktop.ui.quick_texts import LITERAL
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, Field, ListRow, PlainButton, Text


class CopyFormatsPage(PickPage):
    """A name and a text with fields of a closed list; below it what comes out for somebody."""

    id = "copying"
    name = "Copy for…"
    icon = "copy"
    words = "How a patient is put on the clipboard for portals, labels and other programs."
    finds = "copy clipboard format portal label template export line"
    tables = ("copy_format",)
    noun = "format"
    empty_words = "Write one, or begin with the address label, portal line and phone line shipped."
    has_order = True

    def build_right(self) -> None:
        theme = self.desk.theme
        self._example = self.desk.office.copy_formats.example_patient()
        self.name_line = QLineEdit()
        self.text = Prose()
        self.text.setProperty(LITERAL, True)
        self.text.setFixedHeight(theme.px(112))
        pairs: list[tuple[object, str]] = [("", "Put in a field…")]
        pairs += [(name, f"{label}  {{{name}}}") for name, label in FIELDS.items()]
        self.insert = Choice(pairs)
        self.insert.setMaxVisibleItems(20)
        self.insert.setMinimumWidth(theme.px(280))
        self.insert.setAccessibleName("Put in a field")
        self.insert.activated.connect(lambda _: self._put_in())
        self.fields["name"] = Field("Name in the menu", self.name_line, required=True)
        self.fields["text"] = Field("Text", self.text, required=True)
        self.preview = Text("", wrap=True)
        self.preview.setAccessibleName("Preview")
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 12, 12, 12)
        self.whose = Text("", "small")
        inside.addWidget(self.whose)
        inside.addWidget(self.preview)
        self.beside.addWidget(self.fields["name"])
        self.beside.addWidget(self.fields["text"])
        self.beside.addWidget(self.insert, 0, Qt.AlignmentFlag.AlignLeft)
        self.beside.addWidget(card)
        self.shipped = PlainButton("Add the shipped formats", self._add_shipped, kind="quiet")
        self.inside.addWidget(self.shipped, 0, Qt.AlignmentFlag.AlignLeft)
        self.name_line.editingFinished.connect(self._save_form)
        self.text.left.connect(self._save_form)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.text.textChanged.connect(self._show_preview)

    def reload(self) -> None:
        super().reload()
        self.shipped.setVisible(not self._rows)

    def read(self) -> Sequence[CopyFormatRow]:
        return self.desk.office.copy_formats.all()

    def listed(self, row: CopyFormatRow) -> ListRow:
        return ListRow(row.id, row.name, " ".join(row.text.split()))

    def show_row(self, row: CopyFormatRow | None) -> None:
        for field in self.fields.values():
            field.problem("")
        self.name_line.setText(row.name if row else "")
        self.text.setPlainText(row.text if row else "")
        self._show_preview()

    def begin(self) -> None:
        super().begin()
        self.name_line.setFocus()

    def _show_preview(self) -> None:
        self.fields["text"].problem("")
        formats = self.desk.office.copy_formats
        shown = guarded(self.desk, lambda: formats.preview(self.text.toPlainText(), self._example))
        self.preview.setText(shown or "")
        hits = self.desk.office.patients.hits((self._example,)) if self._example else ()
        self.whose.setText(f"For {hits[0].name.spoken}:" if hits else "There is no patient yet:")

    def _put_in(self) -> None:
        name = str(self.insert.value() or "")
        self.insert.setCurrentIndex(0)
        if name:
            self.text.insertPlainText(f"{{{name}}}")
            self.text.setFocus()

    def _add_shipped(self) -> None:
        self.save("Shipped formats: added.", self.desk.office.copy_formats.add_shipped)

    def _save_form(self) -> None:
        row: CopyFormatRow | None = self.row
        name, text = self.name_line.text().strip(), self.text.toPlainText()
        if row is None and not (name and text.strip()):
            return
        if row is not None and (row.name, row.text) == (name, text):
            return
        draft = CopyFormatDraft(name, text, row.id if row else 0, row.version if row else 0)
        formats = self.desk.office.copy_formats

        def write() -> None:
            self.saved_as(formats.save(draft))

        if self.save(f"{name}: {'changed' if row else 'added'}.", write) and row is None:
            self.reload()

    def take_away(self, row: CopyFormatRow) -> None:
        self.save(f"{row.name}: removed.", lambda: self.desk.office.copy_formats.remove(row.id))

    def move_row(self, row: CopyFormatRow, by: int) -> None:
        self.save(
            "Order of the formats: changed.", lambda: self.desk.office.copy_formats.move(row.id, by)
        )


class QuickTextsPage(PickPage):
    """An abbreviation and what it becomes, in every text field of the program."""

    id = "quick-texts"
    name = "Quick texts"
    icon = "keyboard"
    words = "Type the abbreviation and a blank, or Tab, anywhere; Ctrl+Z brings it back."
    finds = "abbreviation shortcut snippet expand phrase macro autotext"
    tables = ("quick_text",)
    noun = "quick text"
    new_hint = "Type the abbreviation"
    empty_words = "Such as lmom for “Left message on machine; asked to call back.”"

    def build_right(self) -> None:
        self.short = QLineEdit()
        self.short.setProperty(LITERAL, True)
        self.short.setMaximumWidth(self.desk.theme.px(240))
        self.text = Prose()
        self.text.setFixedHeight(self.desk.theme.px(160))
        self.fields["abbreviation"] = Field("Abbreviation", self.short, required=True)
        self.fields["text"] = Field("Becomes", self.text, required=True)
        self.beside.addWidget(self.fields["abbreviation"])
        self.beside.addWidget(self.fields["text"])
        self.short.editingFinished.connect(self._save_form)
        self.text.left.connect(self._save_form)
        self.short.textEdited.connect(lambda _: self.fields["abbreviation"].problem(""))
        self.text.textChanged.connect(lambda: self.fields["text"].problem(""))

    def read(self) -> Sequence[QuickTextRow]:
        return self.desk.office.quick_texts.all()

    def listed(self, row: QuickTextRow) -> ListRow:
        return ListRow(row.id, row.abbreviation, " ".join(row.text.split()))

    def words_of(self, row: QuickTextRow) -> str:
        return f"{row.abbreviation} {row.text}"

    def show_row(self, row: QuickTextRow | None) -> None:
        for field in self.fields.values():
            field.problem("")
        self.short.setText(row.abbreviation if row else "")
        self.text.setPlainText(row.text if row else "")

    def begin(self) -> None:
        super().begin()
        self.short.setFocus()

    def _save_form(self) -> None:
        row: QuickTextRow | None = self.row
        short, text = self.short.text().strip(), self.text.toPlainText()
        if row is None and not (short and text.strip()):
            return
        if row is not None and (row.abbreviation, row.text) == (short, text.strip()):
            return
        draft = QuickTextDraft(short, text, row.id if row else 0, row.version if row else 0)
        texts = self.desk.office.quick_texts

        def write() -> None:
            self.saved_as(texts.save(draft))

        if self.save(f"{short}: {'changed' if row else 'added'}.", write) and row is None:
            self.reload()

    def take_away(self, row: QuickTextRow) -> None:
        said = f"{row.abbreviation}: removed."
        self.save(said, lambda: self.desk.office.quick_texts.remove(row.id))
