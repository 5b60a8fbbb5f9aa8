"""What can be done with a document, wherever it is listed; each says what it did and offers Undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.documents.records import DocumentDraft, DocumentRow
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import ListRow

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk

_SUFFIX = {
    "application/pdf": ".pdf",
    "image/tiff": ".tif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
_PEOPLE = 12


def print_document(desk: Desk, row: DocumentRow, over: QWidget) -> None:
    """Ask for the printer, then print; the screen it is asked from shows the pages."""

    def chosen(way: Way) -> None:
        desk.jobs.run(
            "Print a document",
            lambda _: _printed(desk, row, way),
            lambda used: desk.messages.say(f"“{row.title}” went to “{used}”.", tone="info"),
            cancellable=False,
        )

    choose_printer(desk, desk.office.printing, "documents", chosen, over, "documents and forms")


def _printed(desk: Desk, row: DocumentRow, way: Way) -> str:
    """Where it went. A form of ours is known from then on when it comes back."""
    form = desk.office.printed_forms.of_document(row.id)
    if form is None:
        return desk.office.documents.print(row.id, way)
    desk.office.printed_forms.print(form.id, way)
    return way.printer or "the printer"


def rename_document(desk: Desk, row: DocumentRow) -> None:
    """Ask for another title."""

    def rename(title: str) -> None:
        draft = DocumentDraft(title, row.category_id, row.dated_on, row.note, row.version)
        done = guarded(desk, lambda: (desk.office.documents.amend(row.id, draft), True))
        if done:
            desk.messages.say(f"“{row.title}” is now “{title.strip()}”.", undo=True)

    desk.prompts.ask_text("Rename the document", "Title", rename, value=row.title, button="Rename")


def discard_document(desk: Desk, row: DocumentRow) -> bool:
    """Put it away; whether it is."""
    done = guarded(desk, lambda: (desk.office.documents.discard(row.id, row.version), True))
    if done:
        desk.messages.say(f"“{row.title}” is put away; it is kept.", undo=True)
    return bool(done)


def restore_document(desk: Desk, row: DocumentRow) -> bool:
    """Bring it back; whether it is."""
    done = guarded(desk, lambda: (desk.office.documents.restore(row.id, row.version), True))
    if done:
        desk.messages.say(f"“{row.title}” is back.", undo=True)
    return bool(done)


def move_document(desk: Desk, row: DocumentRow, patient_id: int) -> DocumentRow | None:
    """Put it into another file; the document as it is then, None where it stayed."""
    moved = guarded(desk, lambda: desk.office.documents.move(row.id, row.version, patient_id))
    if moved is not None:
        (hit,) = desk.office.patients.hits((moved.patient_id or patient_id,))
        desk.messages.say(f"“{row.title}” is now in the file of {hit.name.listed}.", undo=True)
    return moved


def export_document(desk: Desk, row: DocumentRow) -> None:
    """Ask where the original goes, and write it there."""
    allowed = guarded(
        desk,
        lambda: (
            desk.office.session.require(Permission.EXPORT_DATA, "export a document"),
            True,
        ),
    )
    if not allowed:
        return

    def write(path: str) -> None:
        if guarded(desk, lambda: (desk.office.documents.export(row.id, Path(path)), True)):
            desk.messages.say(
                f"The original is written to “{Path(path).name}”. It is not encrypted there."
            )

    desk.prompts.save_file("Save the original", write, name=file_name(row))


def file_name(row: DocumentRow) -> str:
    """What the original is called on a drive: its title, without what a drive does not take."""
    stem = "".join("-" if letter in '\\/:*?"<>|' else letter for letter in row.title).strip(". ")
    return (stem[:100] or "Document") + _SUFFIX.get(row.media_type, "")


def people_found(desk: Desk, text: str, without: int | None = None) -> list[ListRow]:
    """Patients a document may belong to: those the text finds, else those seen of late."""
    patients, formats = desk.office.patients, desk.office.formats
    hits = patients.find(text, _PEOPLE) if text.strip() else patients.recent()[:_PEOPLE]
    return [
        ListRow(
            hit.id,
            hit.name.listed,
            " · ".join(
                part
                for part in (
                    formats.birth(hit.birth),
                    f"Chart {hit.chart_number}",
                    formats.phone(hit.phone) if hit.phone else "",
                )
                if part
            ),
        )
        for hit in hits
        if hit.id != without
    ]
