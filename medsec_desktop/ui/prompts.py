"""Questions to the person at the desk. The answer comes by callback; nothing here blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.ui.widgets.buttons import PlainButton, PrimaryButton
from medsec_desktop.ui.widgets.fields import Field
from medsec_desktop.ui.widgets.labels import Text

Answer = Callable[[str], object]

_DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation


class Prompts:
    """Asks in a sheet over the window. We ask only before something that cannot be undone.

    Escape is the last button of `ask`, and no answer at all for the others.
    """

    def __init__(self, parent: QWidget | None = None):
        self.parent = parent
        # Else a dialog would begin wherever the program happens to have been started.
        self._folder = QStandardPaths.writableLocation(_DOCUMENTS)

    def _asker(self) -> QWidget | None:
        """The window that asks: ours in front, or a dialog over it, where the focus then returns."""
        in_front = QApplication.activeWindow()
        above = in_front
        while above is not None and above is not self.parent:
            above = above.parentWidget()
        return self.parent if above is None else in_front

    def ask(self, title: str, text: str, buttons: Sequence[str], then: Answer) -> None:
        """Put a question with `buttons`, the first being the one Enter presses."""
        sheet = _Sheet(title, text, self._asker())
        for index, label in enumerate(buttons):
            sheet.add_button(label, primary=index == 0)
        sheet.answered.append(then)
        sheet.fallback = buttons[-1]
        sheet.open()

    def ask_text(
        self,
        title: str,
        label: str,
        then: Answer,
        *,
        text: str = "",
        value: str = "",
        button: str = "OK",
        secret: bool = False,
    ) -> None:
        """Ask for one line; `then` gets it, and is not called when the question is left."""
        sheet = _Sheet(title, text, self._asker())
        line = QLineEdit(value)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        sheet.body.addWidget(Field(label, line))
        sheet.add_button(button, primary=True)
        sheet.add_button("Cancel")
        sheet.answered.append(lambda pressed: then(line.text()) if pressed == button else None)
        sheet.open()
        line.selectAll()
        line.setFocus()

    def choose_file(self, title: str, then: Answer, *, pattern: str = "", folder: str = "") -> None:
        """Ask for an existing file; `then` gets its path."""
        self._files(title, QFileDialog.FileMode.ExistingFile, then, pattern, folder)

    def choose_files(
        self,
        title: str,
        then: Callable[[list[str]], object],
        *,
        pattern: str = "",
        folder: str = "",
    ) -> None:
        """Ask for existing files, several at once; `then` gets their paths."""
        mode = QFileDialog.FileMode.ExistingFiles
        dialog = self._asking(title, mode, pattern, folder)
        dialog.filesSelected.connect(lambda paths: self._remember(paths[0], mode))
        dialog.filesSelected.connect(lambda paths: then(list(paths)))
        dialog.open()

    def choose_folder(self, title: str, then: Answer, *, folder: str = "") -> None:
        """Ask for an existing folder; `then` gets its path."""
        self._files(title, QFileDialog.FileMode.Directory, then, "", folder)

    def save_file(
        self, title: str, then: Answer, *, name: str = "", pattern: str = "", folder: str = ""
    ) -> None:
        """Ask where to write; the dialog itself asks before an existing file is replaced."""
        dialog = self._files(title, QFileDialog.FileMode.AnyFile, then, pattern, folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)

    def _files(
        self, title: str, mode: QFileDialog.FileMode, then: Answer, pattern: str, folder: str
    ) -> QFileDialog:
        dialog = self._asking(title, mode, pattern, folder)
        dialog.fileSelected.connect(lambda path: self._remember(path, mode))
        dialog.fileSelected.connect(lambda path: then(path))
        dialog.open()
        return dialog

    def _asking(
        self, title: str, mode: QFileDialog.FileMode, pattern: str, folder: str
    ) -> QFileDialog:
        dialog = QFileDialog(self._asker(), title, folder or self._folder, pattern)
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.Directory:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _remember(self, path: str, mode: QFileDialog.FileMode) -> None:
        """The next question begins where this one ended."""
        is_folder = mode is QFileDialog.FileMode.Directory
        self._folder = path if is_folder else str(Path(path).parent)


class _Sheet(QDialog):
    """A small window-modal question."""

    def __init__(self, title: str, text: str, parent: QWidget | None):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        self.answered: list[Answer] = []
        self.fallback = ""
        self._pressed = ""
        heading = Text(title, "heading", wrap=True)
        words = Text(text, wrap=True)
        if not text:
            words.hide()
        self.body = QVBoxLayout()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(words)
        column.addLayout(self.body)
        column.addSpacing(4)
        column.addLayout(self._buttons)
        self.finished.connect(self._tell)

    def add_button(self, label: str, *, primary: bool = False) -> None:
        kind = PrimaryButton if primary else PlainButton
        button = kind(label, lambda: self._press(label))
        self._buttons.insertWidget(1, button)  # the primary ends up at the right

    def _press(self, label: str) -> None:
        self._pressed = label
        self.accept()

    def _tell(self) -> None:
        answer = self._pressed or self.fallback
        self.deleteLater()
        if answer:
            for then in self.answered:
                then(answer)
