"""A link that keeps to a narrow pane: a button's text never wraps, and would push the pane wider."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import LinkButton


def short_link(theme: Theme, text: str, pressed: Callable[[], object], room: int) -> LinkButton:
    """A link cut to `room` pixels at normal zoom; its tip and accessible name say it whole."""
    link = LinkButton(text, pressed)
    link.ensurePolished()  # else it measures with another font than it paints with
    shown = link.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, theme.px(room))
    link.setText(shown.replace("&", "&&"))
    link.setToolTip(text if shown != text else "")
    link.setAccessibleName(text)
    return link
