"""What goes with a letter, or with each of many: asked in one list, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.documents.records import DocumentRow, Source
from medsec_desktop.services.letters.enclosing import Alike
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.patients.documents.intake import PATTERN, read_file
from medsec_desktop.ui.widgets import ListRow

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FROM_A_FILE = object()


def pick_enclosure(
    desk: Desk, over: QWidget, take: Callable[[Alike], object], patient_id: int | None = None
) -> None:
    """Ask for a document of that patient's file; for letters to many, the newest of each one's own.

    Or for a leaflet, one taken in just now among them, or something only named.
    """

    def find(text: str) -> list[ListRow]:
        words = text.casefold().split()
        offered = [
            *(_of_file(desk, patient_id) if patient_id else _of_each(desk)),
            *_leaflets(desk),
            ListRow(
                _FROM_A_FILE, "A leaflet from a file…", "Kept for other letters", icon="file-plus"
            ),
        ]
        found = [row for row in offered if all(word in row.title.casefold() for word in words)]
        if typed := " ".join(text.split()):
            found.append(ListRow(Alike(typed), typed, "Named only; put in by hand", icon="pencil"))
        return found

    def chosen(value: object) -> None:
        if isinstance(value, Alike):
            take(value)
        else:
            take_in_leaflet(desk, lambda row: take(Alike(row.title, row.id)))

    PickSheet(
        desk,
        "What goes with the letter?" if patient_id else "What goes with each letter?",
        "Title of a document",
        find,
        chosen,
        over.window(),
    ).open()


def take_in_leaflet(desk: Desk, then: Callable[[DocumentRow], object]) -> None:
    """Ask for a file, and keep it as a leaflet away from the screen."""

    def taken(row: DocumentRow) -> None:
        then(row)
        desk.messages.say(f"The leaflet “{row.title}” is kept for other letters, too.", undo=True)

    def take_in(path: str) -> None:
        desk.jobs.run(
            "Taking in a leaflet",
            lambda progress: desk.office.leaflets.take_in(
                read_file(Path(path), Source.CHOSEN), progress=progress
            ),
            taken,
        )

    desk.prompts.choose_file("Take in a leaflet", take_in, pattern=PATTERN)


def _of_file(desk: Desk, patient_id: int) -> list[ListRow]:
    return [
        ListRow(
            Alike(row.title, row.id),
            row.title,
            row.category,
            desk.office.formats.date(row.shown_on),
            icon="file-text",
        )
        for row in desk.office.documents.of_patient(patient_id)
    ]


def _of_each(desk: Desk) -> list[ListRow]:
    return [
        ListRow(
            Alike(row.name, category_id=row.id),
            f"The newest under “{row.name}”",
            "Each one’s own",
            icon="users",
        )
        for row in desk.office.documents.categories.all(active_only=True)
    ]


def _leaflets(desk: Desk) -> list[ListRow]:
    return [
        ListRow(Alike(row.title, row.id), row.title, "Leaflet of the practice", icon="file-text")
        for row in desk.office.leaflets.all()
    ]
