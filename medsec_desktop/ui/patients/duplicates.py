"""Beside a new file: who on file may be this person already, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.patients import DuplicateHit
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import LinkButton, Text


class DuplicatesPane(QFrame):
    """Always in its place, so that nothing jumps while one types."""

    opened = Signal(int)

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._formats = formats
        self.setAccessibleName("Already on file?")
        self.heading = Text("Already on file?", "heading")
        self.words = Text("", "muted", wrap=True)
        self._hits = QVBoxLayout()
        self._hits.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addLayout(self._hits)
        column.addStretch(1)
        self.show_hits((), is_known=False)

    def show_hits(self, hits: tuple[DuplicateHit, ...], *, is_known: bool) -> None:
        """Show these; `is_known` says whether enough was typed to tell that there is nobody."""
        while (item := self._hits.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()
                item.widget().deleteLater()
        if hits:
            self.words.setText(
                "This may be the same person. A click opens the file; what you typed is parked."
            )
        elif is_known:
            self.words.setText("Nobody like this is on file.")
        else:
            self.words.setText("Names, date of birth and phone are compared while you type.")
        for hit in hits:
            self._hits.addWidget(self._card(hit))
        self.setAccessibleDescription(
            "; ".join(f"{one.hit.name.listed}: {', '.join(one.reasons)}" for one in hits)
        )

    def _card(self, found: DuplicateHit) -> QFrame:
        hit = found.hit
        card = QFrame()
        card.setProperty("tone", "warning" if found.is_nearly_certain else "info")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        link = LinkButton(hit.name.listed, lambda: self.opened.emit(hit.id))
        link.setToolTip("Open this file; what you typed is parked")
        column.addWidget(link)
        facts = [self._formats.birth(hit.birth), f"Chart {hit.chart_number}"]
        facts += [self._formats.phone(hit.phone)] if hit.phone else []
        column.addWidget(_wrapped("  ·  ".join(fact for fact in facts if fact), "small"))
        column.addWidget(_wrapped(words.likeness(found.reasons), "body"))
        return card


def _wrapped(text: str, kind: str) -> QLabel:
    return Text(text, kind, wrap=True)
