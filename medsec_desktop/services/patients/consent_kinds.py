"""The consents and forms a practice asks for, as its settings define them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import ConsentKind
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.rights_records import ConsentKindDraft, ConsentKindRow
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

# What a new practice begins with; the first is the HIPAA acknowledgement.
USUAL = (
    ConsentKindDraft("Notice of privacy practices", None, True, True),
    ConsentKindDraft("Consent to treat", 12, True),
    ConsentKindDraft("Financial agreement", 12),
    ConsentKindDraft("Leave to speak with family", 24),
)
_LONGEST = 60


class ConsentKinds:
    """In the practice's own order; one with answers on file is never deleted, only retired."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def all(self) -> tuple[ConsentKindRow, ...]:
        """Every kind, those out of use last."""
        return tuple(
            ConsentKindRow(
                row_id, version, name, months, bool(required), bool(notice), bool(active)
            )
            for row_id, version, name, months, required, notice, active in self._db.rows(
                "SELECT id, version, name, valid_months, is_required, is_privacy_notice, is_active"
                " FROM consent_kind ORDER BY is_active DESC, position, id"
            )
        )

    def answers(self, kind_id: int) -> int:
        """How many answers are on file of a kind."""
        return int(self._db.value("SELECT count(*) FROM consent WHERE kind_id = ?", (kind_id,)))

    def one(self, kind_id: int) -> ConsentKindRow:
        """One of them. Raises Conflict when it is gone."""
        for row in self.all():
            if row.id == kind_id:
                return row
        raise Conflict("This kind of consent is no longer there.", remedy="Choose again.")

    def add_usual(self) -> None:
        """Put in the usual ones that are not there yet, as one change."""
        with self._session.change("Add the usual consents", Permission.EDIT_SETTINGS):
            known = {row.name.casefold() for row in self.all()}
            for draft in USUAL:
                if draft.name.casefold() not in known:
                    self.save(draft)

    def save(self, draft: ConsentKindDraft) -> int:
        """Define or change one; its number. Raises Invalid, Conflict, NotAllowed."""
        rows = self.all()
        name = " ".join(draft.name.split())
        others = [row for row in rows if row.id != draft.id]
        if not name:
            raise Invalid("Type what the consent is called.", field="name")
        if len(name) > _LONGEST:
            raise Invalid(f"A name has up to {_LONGEST} characters.", field="name")
        if any(row.name.casefold() == name.casefold() for row in others):
            raise Invalid(f"There is already a consent “{name}”.", field="name")
        if draft.valid_months is not None and not 1 <= draft.valid_months <= 1200:
            raise Invalid(
                "Type months from 1 to 1200, or nothing for one that holds for good.",
                field="valid_months",
            )
        notice = next((row for row in others if row.is_privacy_notice and row.is_active), None)
        if draft.is_privacy_notice and draft.is_active and notice is not None:
            raise Invalid(
                f"“{notice.name}” is the privacy notice already.",
                remedy="Take the mark off that one first.",
                field="is_privacy_notice",
            )
        values = {
            "name": name,
            "valid_months": draft.valid_months,
            "is_required": draft.is_required,
            "is_privacy_notice": draft.is_privacy_notice,
            "is_active": draft.is_active,
        }
        label = f"{'Change' if draft.id else 'Add'} the consent {name}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(ConsentKind, draft.id, draft.version, **values)
                return draft.id
            return insert_row(ConsentKind, position=len(rows), **values)

    def remove(self, kind_id: int) -> bool:
        """Take a kind away, or retire it where answers are on file; whether it is gone."""
        row = self.one(kind_id)
        with self._session.change(f"Remove the consent {row.name}", Permission.EDIT_SETTINGS):
            if self.answers(kind_id):
                save_row(ConsentKind, row.id, row.version, is_active=False)
                return False
            ConsentKind.delete().where(ConsentKind.id == kind_id).execute()
            return True

    def move(self, kind_id: int, by: int) -> None:
        """One place up (-1) or down (1) among those in use."""
        order = [row.id for row in self.all() if row.is_active]
        if kind_id not in order:
            return
        at = order.index(kind_id)
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return
        order.insert(to, order.pop(at))
        with self._session.change("Change the order of the consents", Permission.EDIT_SETTINGS):
            for position, each in enumerate(order):
                ConsentKind.update(position=position, version=ConsentKind.version + 1).where(
                    ConsentKind.id == each, ConsentKind.position != position
                ).execute()
