"""Her photo in the head of the file, or her initials: chosen, pasted, dropped, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.patients import PatientFile

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_SIDE = 48  # pixels at normal zoom
_KEPT_SIDE = 480  # pixels of the picture that is kept: sharp at ten times the size it is shown in
_MOST_MEGABYTES = 256  # that a picture may take while it is read
_QUALITY = 88
_PICTURES = "Pictures (*.jpg *.jpeg *.png *.bmp *.gif *.webp *.tif *.tiff)"


class PhotoBadge(QAbstractButton):
    """A click, Enter or the menu's key opens what can be done with it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._file: PatientFile | None = None
        self._shown_id: int | None = None
        self._image = QImage()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.open_menu)
        desk.theme.changed.connect(self.updateGeometry)

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; the picture is read here, once, and not while painting."""
        self._file = file
        if file.photo_id != self._shown_id:
            self._shown_id, self._image = file.photo_id, QImage()
            if file.photo_id is not None:
                try:
                    self._image = QImage.fromData(self._desk.office.photos.get(file.photo_id))
                except Problem as problem:
                    self._desk.messages.problem(problem)
        has = "Photo" if not self._image.isNull() else "No photo"
        self.setAccessibleName(f"{has} of {file.name.spoken}")
        self.setToolTip(f"{has}: choose, paste or drop a picture")
        self.update()

    def open_menu(self) -> None:
        """What can be done with the photo."""
        if self._file is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        choose = menu.addAction("&Choose a picture…", self.choose)
        paste = menu.addAction("&Paste a picture", self.paste)
        remove = menu.addAction("&Take the photo out", self.remove)
        choose.setEnabled(may)
        paste.setEnabled(may and not QGuiApplication.clipboard().image().isNull())
        remove.setEnabled(may and not self._image.isNull())
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def choose(self) -> None:
        """Ask for a file."""
        self._desk.prompts.choose_file("Photo", self.take_file, pattern=_PICTURES)

    def paste(self) -> None:
        """Take the picture that is on the clipboard."""
        self._take(QGuiApplication.clipboard().image(), "There is no picture on the clipboard.")

    def take_file(self, path: str) -> None:
        """Take the picture in a file."""
        QImageReader.setAllocationLimit(_MOST_MEGABYTES)
        reader = QImageReader(path)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and size.width() > 2 * _KEPT_SIDE and size.height() > 2 * _KEPT_SIDE:
            # Large cameras: read it small at once where its format can.
            reader.setScaledSize(
                size.scaled(
                    QSize(2 * _KEPT_SIDE, 2 * _KEPT_SIDE),
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                )
            )
        self._take(reader.read(), "This file is not a picture the program can read.")

    def remove(self) -> None:
        """Show initials again; Undo shows the photo."""
        file = self._file
        if file is not None:
            self._write(lambda: self._desk.office.photos.remove(file.id), "Photo taken out.")

    def sizeHint(self) -> QSize:
        side = self._desk.theme.px(_SIDE)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        if data.hasUrls() and data.urls()[0].isLocalFile():
            self.take_file(data.urls()[0].toLocalFile())
        elif data.hasImage():
            self._take(QImage(data.imageData()), "This is not a picture.")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste):  # type: ignore[attr-defined]
            self.paste()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._desk.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(area, 8, 8)
        painter.fillPath(shape, theme.colour("accent_soft"))
        if not self._image.isNull():
            painter.setClipPath(shape)
            painter.drawImage(area, self._image)
            painter.setClipping(False)
        elif self._file is not None:
            painter.setFont(theme.font("heading"))
            painter.setPen(theme.colour("accent"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._file.name.initials)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawPath(shape)
        painter.end()

    def _take(self, image: QImage, otherwise: str) -> None:
        file = self._file
        if file is None:
            return
        if image.isNull():
            self._desk.messages.not_now(otherwise)
            return
        picture = _as_kept(image)
        self._write(lambda: self._desk.office.photos.put(file.id, picture), "Photo kept.")

    def _write(self, write: object, said: str) -> None:
        assert callable(write)
        try:
            write()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._desk.messages.say(said, undo=True)


def _as_kept(image: QImage) -> bytes:
    """The middle of a picture as a square JPEG."""
    side = min(image.width(), image.height())
    square = (
        image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side).scaled(
            QSize(_KEPT_SIDE, _KEPT_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        if side > _KEPT_SIDE
        else image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    )
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    square.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "JPEG", _QUALITY)
    return bytes(content.data())
