"""Settings: what each provider codes often, in the order it is offered and printed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    CodeHit,
    FavouriteRow,
)
from medsec_desktop.ui.claims.charges.code_finder import CodeFinder
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import Choice, FastList, Field, IconButton, ListRow, Text


class FavouritesPage(SettingsPage):
    """Whose at the top; diagnoses and procedures at the left, the search that adds at the right."""

    id = "favourites"
    name = "Favorites"
    icon = "heart-pulse"
    words = (
        "The codes each provider uses often. They stand first while charging, and the diagnoses "
        "are printed on the superbill."
    )
    finds = "favorite favourites usual codes diagnosis procedure provider superbill often"
    tables = ("code_favourite", "provider", "procedure")
    needs = Permission.EDIT_CHARGES

    def build(self) -> None:
        theme = self.desk.theme
        self.whose = Choice()
        self.whose.activated.connect(lambda _: self._show())
        self.lists: dict[str, FastList] = {}
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(Field("Whose", self.whose))
        for kind, title in ((DIAGNOSIS, "Diagnoses"), (PROCEDURE, "Procedures")):
            one = self.lists[kind] = FastList(theme, f"Favorite {title.lower()}", two_lines=True)
            one.setProperty("kind", "boxed")
            one.setFixedHeight(theme.px(160))
            head = QHBoxLayout()
            head.setSpacing(4)
            head.addWidget(Text(title, "strong"), 1)
            for icon, words, act in (
                ("arrow-up", "Move up", lambda kind=kind: self._move(kind, -1)),
                ("arrow-down", "Move down", lambda kind=kind: self._move(kind, 1)),
                ("trash-2", "Take out", lambda kind=kind: self._remove(kind)),
            ):
                head.addWidget(IconButton(theme, icon, f"{words}: {title.lower()}", act))
            left.addLayout(head)
            left.addWidget(one)
        self.finder = CodeFinder(self.desk, "Add a favorite")
        self.finder.chosen.connect(self._add)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(Text("Add: type a code or words, Enter", "small"))
        right.addWidget(self.finder, 1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.inside.addLayout(row)

    def reload(self) -> None:
        super().reload()
        providers = [(row.id, row.name) for row in self.practice.providers(True)]
        is_first = not self.whose.count()
        self.whose.set_pairs([(0, "Everybody"), *providers])
        if is_first and providers:
            self.whose.set_value(providers[0][0])
        self._show()

    @property
    def provider_id(self) -> int | None:
        """Whose are shown; None for everybody's."""
        value: Any = self.whose.value()
        return int(value) if value else None

    def _rows(self, kind: str) -> list[FavouriteRow]:
        return [
            row
            for row in self.desk.office.favourites.all()
            if (row.provider_id, row.kind) == (self.provider_id, kind)
        ]

    def _show(self) -> None:
        office, today = self.desk.office, self.desk.office.clock.today()
        for kind, one in self.lists.items():
            at = one.currentIndex().row()
            hits = [
                (row, office.code_search.hit(kind, row.code, row.modifiers, today))
                for row in self._rows(kind)
            ]
            one.set_rows(
                [
                    ListRow(row.id, hit.written, row.words or hit.words, mark=hit.why_not,
                            tone="warning")
                    for row, hit in hits
                ],
                preselect=False,
            )  # fmt: skip
            if hits:
                one.setCurrentIndex(one.rows.index(min(max(at, 0), len(hits) - 1), 0))
        self.finder.about(self.provider_id, today)

    def _add(self, hit: object) -> None:
        if isinstance(hit, CodeHit):
            favourites, provider = self.desk.office.favourites, self.provider_id
            self.save(
                f"{hit.written} is a favorite.",
                lambda: favourites.add(provider, hit.kind, hit.code, hit.modifiers),
            )
            self.finder.begin()

    def _move(self, kind: str, by: int) -> None:
        number = self.lists[kind].current_value()
        at = self.lists[kind].currentIndex().row()
        if number is not None:
            self.save(
                "Order of the favorites: changed.",
                lambda: self.desk.office.favourites.move(number, by),
            )
            rows = self.lists[kind].rows
            to = min(max(at + by, 0), rows.rowCount() - 1)
            self.lists[kind].setCurrentIndex(rows.index(to, 0))

    def _remove(self, kind: str) -> None:
        number = self.lists[kind].current_value()
        if number is not None:
            self.save("No favorite any more.", lambda: self.desk.office.favourites.remove(number))
