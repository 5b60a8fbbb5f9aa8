"""A line for a password: it can be shown, and it says when Caps Lock seems to be on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.domain.passwords import Rule


class PasswordLine(QLineEdit):
    """Hidden as it is typed; the eye (Alt+V) shows it.

    `caps_changed` tells when Caps Lock seems to go on or off, as far as letters typed give it away.
    """

    caps_changed = Signal(bool)

    def __init__(self, theme: Theme, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._caps = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData
        )
        self._eye = self.addAction(theme.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.triggered.connect(self.toggle)
        self._dress()

    @property
    def caps_hint(self) -> str:
        """The sentence to show under the line while Caps Lock seems to be on, else nothing."""
        return "Caps Lock seems to be on." if self._caps else ""

    @property
    def is_shown(self) -> bool:
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def toggle(self) -> None:
        """Show what is typed, or hide it again."""
        mode = QLineEdit.EchoMode
        self.setEchoMode(mode.Password if self.is_shown else mode.Normal)
        self._dress()

    def _dress(self) -> None:
        self._theme.wear(self._eye, "eye-off" if self.is_shown else "eye")
        words = "Hide the password" if self.is_shown else "Show the password"
        self._eye.setText(words)
        self._eye.setToolTip(f"{words} (Alt+V)")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_V and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.toggle()
            return
        self._watch_caps(event)
        super().keyPressEvent(event)

    def _watch_caps(self, event: QKeyEvent) -> None:
        """Qt does not tell the lamp's state: a capital without Shift, or a small one with it, does."""
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps(False)
            return
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.upper() != text.lower():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(text.isupper() != shifted)

    def _set_caps(self, caps: bool) -> None:
        if caps != self._caps:
            self._caps = caps
            self.caps_changed.emit(caps)


class RuleList(QWidget):
    """The password rules, each with a tick once what is typed keeps it."""

    def __init__(self, theme: Theme, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[QLabel, Text]] = []
        self._kept: list[bool] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for rule in _judged(""):
            mark, words = QLabel(), Text(rule.text, "muted")
            mark.setFixedWidth(20)
            row = QHBoxLayout()
            row.setSpacing(4)
            row.addWidget(mark)
            row.addWidget(words, 1)
            column.addLayout(row)
            self._rows.append((mark, words))
            self._kept.append(False)
        theme.changed.connect(self._draw)
        self.judge("", ())

    def judge(self, password: str, names: Iterable[str]) -> bool:
        """Show which rules `password` keeps; whether it keeps all."""
        rules = _judged(password, tuple(name for name in names if name))
        self._kept = [rule.is_kept for rule in rules]
        broken = "; ".join(rule.text for rule in rules if not rule.is_kept)
        self.setAccessibleName(f"Still missing: {broken}" if broken else "All rules are kept")
        self._draw()
        return not broken

    def _draw(self) -> None:
        for kept, (mark, words) in zip(self._kept, self._rows, strict=True):
            icon, colour = ("circle-check", "success") if kept else ("circle-dashed", "muted")
            mark.setPixmap(self._theme.pixmap(icon, colour, 16, self.devicePixelRatioF()))
            words.set_kind("body" if kept else "muted")


def _judged(password: str, names: tuple[str, ...] = ()) -> Sequence[Rule]:
    from medsec_desktop.domain.passwords import judge  # the log-in, the first window, has no rules

    return judge(password, names)
