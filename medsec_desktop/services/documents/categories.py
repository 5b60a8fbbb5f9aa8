"""The kinds of paper a practice sorts its documents into."""

from __future__ import annotations

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import DocumentCategory, PrintedForm
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents.records import CategoryRow
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

# What a new practice begins with.
USUAL = (
    "Registration",
    "Consents",
    "Insurance cards",
    "Identification",
    "Referrals",
    "Lab results",
    "Imaging",
    "Letters from others",
    "Records requests",
    "Other",
)
REGISTRATION, CONSENTS, INSURANCE = USUAL[:3]  # where our own forms go when they come back
RECORDS_REQUESTS = USUAL[8]  # where the packages go that we made
_LONGEST = 60


class Categories:
    """The practice's list of them, in its own order."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def all(self, *, active_only: bool = False) -> tuple[CategoryRow, ...]:
        """Every category in order, those out of use last."""
        return tuple(
            CategoryRow(row[0], row[1], row[2], bool(row[3]), row[4])
            for row in self._db.rows(
                "SELECT c.id, c.version, c.name, c.is_active,"
                " (SELECT count(*) FROM document d WHERE d.category_id = c.id)"
                " FROM document_category c WHERE c.is_active OR NOT ?"
                " ORDER BY c.is_active DESC, c.position, c.name, c.id",
                (int(active_only),),
            )
        )

    def named(self, name: str) -> int | None:
        """The category of that name, whatever its capitals; None where there is none in use."""
        wanted = name.casefold()
        return next(
            (row.id for row in self.all(active_only=True) if row.name.casefold() == wanted), None
        )

    def add_usual(self) -> None:
        """Put in those of the usual ones that are not there yet, as one change."""
        with self._session.change("Add the usual categories", Permission.EDIT_SETTINGS):
            known = {row.name.casefold() for row in self.all()}
            for name in USUAL:
                if name.casefold() not in known:
                    self._insert(name)

    def save(self, name: str, category_id: int | None = None, version: int = 0) -> int:
        """Add a category or give one another name; its number. Raises Invalid, Conflict."""
        name = " ".join(name.split())
        if not name:
            raise Invalid("Type what the category is called.", field="name")
        if len(name) > _LONGEST:
            raise Invalid(f"A category’s name has up to {_LONGEST} characters.", field="name")
        same = [row for row in self.all() if row.name.casefold() == name.casefold()]
        if any(row.id != category_id for row in same):
            raise Invalid(f"There is already a category “{name}”.", field="name")
        verb = "Rename" if category_id else "Add"
        with self._session.change(f"{verb} category {name}", Permission.EDIT_SETTINGS):
            if category_id is None:
                return self._insert(name)
            save_row(DocumentCategory, category_id, version, name=name)
            return category_id

    def put_in_order(self, ids: tuple[int, ...]) -> None:
        """Offer the categories in this order."""
        rows = {row.id: row for row in self.all()}
        with self._session.change("Put the categories in order", Permission.EDIT_SETTINGS):
            for position, category_id in enumerate(ids):
                save_row(
                    DocumentCategory, category_id, rows[category_id].version, position=position
                )

    def remove(self, category_id: int) -> bool:
        """Take a category off the list; one with documents in it is only not offered any more.

        Whether it is gone altogether.
        """
        row = next((one for one in self.all() if one.id == category_id), None)
        if row is None:
            raise Conflict("This category is no longer there.")
        forms = PrintedForm.select().where(PrintedForm.category == category_id).exists()
        with self._session.change(f"Remove category {row.name}", Permission.EDIT_SETTINGS):
            if row.documents or forms:
                save_row(DocumentCategory, category_id, row.version, is_active=False)
                return False
            DocumentCategory.delete().where(DocumentCategory.id == category_id).execute()
            return True

    def bring_back(self, category_id: int, version: int) -> None:
        """Offer a category again that was taken out of use."""
        with self._session.change("Bring a category back", Permission.EDIT_SETTINGS):
            save_row(DocumentCategory, category_id, version, is_active=True)

    def check(self, category_id: int | None) -> None:
        """Raise Invalid where that category is gone or out of use."""
        if category_id is not None and category_id not in {
            row.id for row in self.all(active_only=True)
        }:
            raise Invalid("Choose a category from the list.", field="category_id")

    def _insert(self, name: str) -> int:
        last = self._db.value("SELECT coalesce(max(position), -1) FROM document_category")
        return insert_row(DocumentCategory, name=name, position=int(last) + 1)
