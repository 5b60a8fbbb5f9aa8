"""The card of a coverage in a patient's file: front and back as small pictures that open large."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.services.documents.records import Incoming, Source
from medsec_desktop.services.patients.card_scans import Side
from medsec_desktop.services.patients.coverage_records import CoverageDetail
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.widgets import LinkButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_WIDTH, _HEIGHT = 112, 72
_PATTERN = "Pictures and PDF (*.pdf *.png *.jpg *.jpeg *.tif *.tiff);;All files (*)"


class CardStrip(QWidget):
    """The sides that are there, as pictures; `may` offers to choose, paste and take off.

    `links` offer the sides that are not there; whoever shows the strip puts them where there is room.
    """

    def __init__(self, desk: Desk, patient_id: int, detail: CoverageDetail, *, may: bool):
        super().__init__()
        self._desk, self._patient_id, self._detail = desk, patient_id, detail
        self.pictures: dict[Side, QToolButton] = {}
        self.links: dict[Side, LinkButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        for side, document_id in (
            (Side.FRONT, detail.card_front_id),
            (Side.BACK, detail.card_back_id),
        ):
            if document_id is not None:
                row.addWidget(self._picture(side, document_id, may))
            elif may:
                link = LinkButton(f"Card {side}…", lambda side=side: self.open_menu(side))
                link.setAccessibleName(f"Keep the {side} of the card of {detail.payer_name}")
                link.setObjectName(f"card.{detail.id}.{side}")
                self.links[side] = link
        row.addStretch(1)
        if not self.pictures:
            self.hide()  # never shown from here: without a parent yet it would be a window

    # -- what one does --------------------------------------------------------------------------

    def look(self, side: Side) -> None:
        """Open that side large."""
        document_id = self._document(side)
        if document_id is not None:
            open_preview(self._desk, document_id, self.window())

    def open_menu(self, side: Side) -> None:
        """Ask how that side of the card comes in, or what to do with the one that is there."""
        near = self.links.get(side) or self.pictures[side]
        menu = self.menu(side)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(near.mapToGlobal(QPoint(0, near.height())))

    def menu(self, side: Side) -> QMenu:
        """The ways in; what cannot be done now is grey."""
        menu = QMenu(self)
        theme = self._desk.theme
        there = self._document(side) is not None
        for text, icon, run, is_offered in (
            ("Look at it", "eye", lambda: self.look(side), there),
            ("Choose a file…", "folder-open", lambda: self.choose(side), True),
            ("Paste", "clipboard-paste", lambda: self.paste(side), True),
            ("Take off", "trash-2", lambda: self.take_off(side), there),
        ):
            if is_offered:
                entry = menu.addAction(text)
                entry.triggered.connect(lambda _=False, run=run: run())
                theme.wear(entry, icon)
        return menu

    def choose(self, side: Side) -> None:
        """Keep a file of this computer as that side."""

        def take(path: str) -> None:
            file = Path(path)
            try:
                content = file.read_bytes()
            except OSError as error:
                self._desk.messages.not_now(
                    f"“{file.name}” could not be read: {error.strerror or 'no reason was given'}."
                )
                return
            self._keep(side, Incoming(content, file.name, Source.CHOSEN))

        self._desk.prompts.choose_file(f"The {side} of the card", take, pattern=_PATTERN)

    def paste(self, side: Side) -> None:
        """Keep the picture of the clipboard as that side."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._desk.messages.not_now("There is no picture in the clipboard: copy one first.")
            return
        self._keep(side, Incoming(_png(image), "Pasted card.png", Source.PASTED))

    def take_off(self, side: Side) -> None:
        """The card no longer shows that side; the document stays in the file."""
        from medsec_desktop.ui.report import guarded

        cards, detail = self._desk.office.cards, self._detail

        def do() -> bool:
            cards.take_off(self._patient_id, detail.id, side)
            return True

        if guarded(self._desk, do):
            self._desk.messages.say(f"The {side} of the card was taken off.", undo=True)

    # -- inside ---------------------------------------------------------------------------------

    def _keep(self, side: Side, incoming: Incoming) -> None:
        desk, patient_id, detail = self._desk, self._patient_id, self._detail

        def kept(_: int) -> None:
            desk.messages.say(f"{detail.payer_name}: {side} of the card kept.", undo=True)

        desk.jobs.run(
            "Insurance card",
            lambda progress: desk.office.cards.put(patient_id, detail.id, side, incoming, progress),
            kept,
        )

    def _document(self, side: Side) -> int | None:
        detail = self._detail
        return detail.card_front_id if side is Side.FRONT else detail.card_back_id

    def _picture(self, side: Side, document_id: int, may: bool) -> QToolButton:
        px = self._desk.theme.px
        button = QToolButton()
        button.setObjectName(f"card.{self._detail.id}.{side}")
        button.setAccessibleName(f"{side.capitalize()} of the card of {self._detail.payer_name}")
        button.setToolTip("Look at it (Enter)" + ("; the right button offers more" if may else ""))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setText(side.capitalize())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(px(_WIDTH), px(_HEIGHT)))
        # Not worn from the theme, which would put its icon over the picture when it comes to it.
        button.setIcon(QIcon(self._desk.theme.pixmap("credit-card", "muted", px(32), 1)))
        button.clicked.connect(lambda: self.look(side))
        if may:
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(lambda _: self.open_menu(side))
        self.pictures[side] = button
        width = round(px(_WIDTH) * self.devicePixelRatioF())
        cards = self._desk.office.cards
        self._desk.jobs.quietly(
            lambda _: cards.small(document_id, width), lambda image: _show_small(button, image)
        )
        return button


class CardPreview(QDialog):
    """A document large, to be read; Escape closes it."""

    def __init__(self, desk: Desk, title: str, pages: tuple[PageImage, ...], parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(desk.theme.px(760), desk.theme.px(600))
        self.view = PageView(desk.theme, title)
        self.view.show_pages(pages)
        close = PrimaryButton("Close", self.accept, tip="Esc")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(Text(title, "heading"))
        column.addWidget(self.view, 1)
        column.addLayout(foot)


def open_preview(desk: Desk, document_id: int, parent: QWidget) -> None:
    """Show a document large, drawn away from the screen."""

    def show(answer: tuple[str, tuple[PageImage, ...]]) -> None:
        CardPreview(desk, *answer, parent).open()

    desk.jobs.run("Open the card", lambda _: desk.office.cards.pages(document_id), show)


def _show_small(button: QToolButton, image: PageImage | None) -> None:
    if image is None:
        return
    picture = QImage(
        image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
    )
    try:
        button.setIcon(QIcon(QPixmap.fromImage(picture)))
    except RuntimeError:  # the file was drawn anew meanwhile, and this button is gone
        return


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
