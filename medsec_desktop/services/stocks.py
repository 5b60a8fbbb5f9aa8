"""The stock one prints on: the makers' sheets, rolls and envelopes, and those the practice measured itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.stocks import (
    CARDS,
    ENVELOPES,
    LABELS,
    WRISTBANDS,
    LabelStock,
    own_stock,
    stock_named,
)
from medsec_desktop.models import PaperStock
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice

KINDS = {"labels": "Labels", "cards": "Cards", "envelope": "Envelope"}
_BUILT_IN = {"labels": LABELS, "cards": CARDS, "wristband": WRISTBANDS, "envelope": ENVELOPES}
_MM = 1000  # micrometres
_OWN = "own-"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A sheet as the settings hand it in, in millimetres; `id` 0 when new.

    An envelope has only its own width and height. `across` and `down` of 0: the labels touch.
    """

    kind: str = "labels"
    name: str = ""
    sheet_width: float = 215.9
    sheet_height: float = 279.4
    columns: int = 1
    rows: int = 1
    width: float = 0.0
    height: float = 0.0
    left: float = 0.0
    top: float = 0.0
    across: float = 0.0
    down: float = 0.0
    id: int = 0
    version: int = 0

    @property
    def stock(self) -> LabelStock:
        """The sheet as it would be printed. Raises Invalid, naming the measure that is wrong."""
        key = f"{_OWN}{self.id}"
        if self.kind == "envelope":
            size = self.sheet_width, self.sheet_height
            return own_stock(self.name, size, (1, 1), size, key=key)
        return own_stock(
            self.name,
            (self.sheet_width, self.sheet_height),
            (self.columns, self.rows),
            (self.width, self.height),
            (self.left, self.top),
            (self.across or self.width, self.down or self.height),
            key,
        )


class Stocks:
    """What a practice prints labels, cards and envelopes on."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    def all(self, kind: str) -> tuple[LabelStock, ...]:
        """The makers' of a kind, those for the practice's paper before the others, then the practice's
        own. Kinds are `labels`, `cards`, `wristband` and `envelope`."""
        paper = self._practice.profile().paper
        built_in = sorted(
            _BUILT_IN[kind], key=lambda stock: _is_for_other_paper(kind, stock, paper)
        )
        return (*built_in, *(draft.stock for draft in self.own() if draft.kind == kind))

    def named(self, key: str) -> LabelStock:
        """The stock of that key. Raises Invalid for one that is not known, or no longer there."""
        if not key.startswith(_OWN):
            return stock_named(key)
        for draft in self.own():
            if draft.stock.key == key:
                return draft.stock
        raise Invalid(
            "This sheet was removed from the settings.",
            remedy="Choose another one.",
            field="stock",
        )

    def own(self) -> tuple[StockDraft, ...]:
        """Those the practice measured itself, by name."""
        return tuple(
            StockDraft(
                kind, name,
                sheet_width / _MM, sheet_height / _MM, columns, rows,
                width / _MM, height / _MM, left / _MM, top / _MM, across / _MM, down / _MM,
                stock_id, version,
            )
            for (
                stock_id, version, kind, name, sheet_width, sheet_height, columns, rows,
                width, height, left, top, across, down,
            ) in self._db.rows(
                "SELECT id, version, kind, name, sheet_width_um, sheet_height_um, columns, rows,"
                " width_um, height_um, left_um, top_um, across_um, down_um FROM paper_stock"
                " ORDER BY folded(name), id"
            )
        )  # fmt: skip

    def save(self, draft: StockDraft) -> int:
        """Keep a sheet; its number. Raises Invalid, naming what is wrong, Conflict and NotAllowed."""
        name = " ".join(draft.name.split())
        if not name:
            raise Invalid("Give it a name.", remedy="Such as “Lab labels, A4”.", field="name")
        if len(name) > _LONGEST_NAME:
            raise Invalid(f"A name has at most {_LONGEST_NAME} letters.", field="name")
        for other in self.own():
            if other.name.casefold() == name.casefold() and other.id != draft.id:
                raise Invalid(f"There is a sheet “{name}” already.", field="name")
        stock = draft.stock
        values = {
            "kind": draft.kind,
            "name": name,
            "columns": stock.columns,
            "rows": stock.rows,
            "sheet_width_um": round(stock.sheet_width * _MM),
            "sheet_height_um": round(stock.sheet_height * _MM),
            "width_um": round(stock.width * _MM),
            "height_um": round(stock.height * _MM),
            "left_um": round(stock.left * _MM),
            "top_um": round(stock.top * _MM),
            "across_um": round(stock.across * _MM),
            "down_um": round(stock.down * _MM),
        }
        label = f"{'Change' if draft.id else 'Add'} the sheet “{name}”"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(PaperStock, draft.id, draft.version, **values)
                return draft.id
            return insert_row(PaperStock, **values)

    def remove(self, stock_id: int) -> None:
        """Take a sheet off the list."""
        found = [draft for draft in self.own() if draft.id == stock_id]
        if not found:
            raise Conflict("This sheet is no longer there.")
        with self._session.change(f"Remove the sheet “{found[0].name}”", Permission.EDIT_SETTINGS):
            PaperStock.delete().where(PaperStock.id == stock_id).execute()

    def proof(self, draft: StockDraft) -> bytes:
        """A page with every label's outline and number, to be held against the real sheet. Raises Invalid."""
        from medsec_desktop.documents.envelopes import Envelope, envelopes_pdf
        from medsec_desktop.documents.labels import Label, labels_pdf

        stock = draft.stock
        if draft.kind == "envelope":
            return envelopes_pdf(
                stock, [Envelope(("Sender", draft.name), ("Recipient", draft.name))], outlines=True
            )
        numbers = [Label((f"{place}", stock.name)) for place in range(1, stock.count + 1)]
        return labels_pdf(stock, numbers, title="Proof", outlines=True)


def _is_for_other_paper(kind: str, stock: LabelStock, paper: str) -> bool:
    if kind == "envelope":
        return (stock.key in ("DL", "C5", "C6")) != (paper == "a4")
    if stock.count == 1:
        return True
    return (stock.sheet_height > 290) != (paper == "a4")
