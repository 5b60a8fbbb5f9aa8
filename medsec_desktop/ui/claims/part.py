"""What the form of a claim is put together from: a part that shows some of the claim, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.ui.patients.forms import Form
from medsec_desktop.ui.widgets import Choice, DateEdit


class ClaimPart(QWidget):
    """`steps` fills it, and makes what it is filled into where that is not there yet.

    Each step takes a few milliseconds at most, so that making some hundred fields holds up no key. Only
    after the last one it may be asked what it holds.
    """

    changed = Signal()
    added = Signal(QWidget)  # a row that somebody wants to type into, all of it

    @property
    def size_of_list(self) -> int:
        """How many rows there are, of a part that is a list."""
        return 0

    def steps(self, claim: Claim, *, is_read_only: bool) -> Iterator[None]:
        """Show the claim's part, as something to be looked at only or to be typed into."""
        raise NotImplementedError

    def raw(self) -> Any:
        """What stands in the widgets, fit for JSON, whether it makes sense or not."""
        raise NotImplementedError

    def restore(self, raw: Any) -> None:
        """Show what was typed, over what of the claim is shown."""
        raise NotImplementedError

    def taken(self, claim: Claim) -> Claim:
        """The claim with what stands here. Raises Invalid with the place of what cannot be read."""
        raise NotImplementedError

    def widget_at(self, place: str) -> QWidget | None:
        """The widget in which a place of the claim is typed, such as “lines[1].pointers”."""
        raise NotImplementedError

    def problem(self, place: str, text: str) -> None:
        """Say at its field what is wrong there, where the field has room for words."""


def look_only(form: Form, is_read_only: bool) -> None:
    """Let what a form shows be typed into, or only be looked at."""
    for widget in form.fields.values():
        if isinstance(widget, QLineEdit) and not isinstance(widget, DateEdit):
            if widget.isReadOnly() != is_read_only:
                widget.setReadOnly(is_read_only)
        elif widget.isEnabled() == is_read_only:
            widget.setEnabled(not is_read_only)


def chosen(form: Form, name: str) -> str:
    """The code of what is chosen in a field."""
    widget = form.fields[name]
    assert isinstance(widget, Choice)
    return str(widget.value() or "")


def ticked(form: Form, name: str) -> bool:
    """Whether a field is ticked."""
    widget = form.fields[name]
    assert isinstance(widget, QCheckBox)
    return widget.isChecked()


def a_line(longest: int, placeholder: str = "") -> QLineEdit:
    """A line one types into, with as many characters as the place has."""
    line = QLineEdit()
    line.setMaxLength(longest)
    line.setPlaceholderText(placeholder)
    return line
